import { type FileMetaData, parquetMetadataAsync, parquetReadObjects, type SchemaElement } from 'hyparquet'
import type { Input } from '../../inputs/input.ts'
import { systemReason } from '../../inputs/system-error.ts'
import { decimalText } from '../../text/decimal.ts'
import { bytesInMemory, bytesOnDisk, HeldFiles, type ParquetBytes } from '../parquet/bytes.ts'
import { BOUNDED_COMPRESSORS, checkPages } from '../parquet/pages.ts'
import { counted, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import { Charges } from './charges.ts'
import { type Columns, columnsOf, NO_BILL, type Role, ROLES } from './columns.ts'
import type { BillFile } from './events.ts'
import { RowBytes } from './row-bytes.ts'
import type { SeenRows } from './seen-rows.ts'
import type { Tally } from './tally.ts'

/** Rows decoded at once: a page is decoded again for each window that it reaches into. */
const WINDOW_ROWS = 65_536
/** Adds up one bill in Parquet. Of a row all cells that tell apart or count are compared where copies are looked for. */
export async function readParquet(
  input: Input,
  report: InputReport,
  tally: Tally,
  seen: SeenRows | null,
  number: number,
): Promise<BillFile> {
  const problem = (text: string): void => tellProblem(report, text)
  const held = new HeldFiles()
  const onDisk = bytesOnDisk(input)
  const inMemory = onDisk === null ? await bytesInMemory(input.chunks(problem), held) : null
  const file = onDisk ?? inMemory
  if (file === null) {
    problem('a packed Parquet file, too large to be held: unpack it first')
    return { name: input.name, columns: NO_BILL }
  }
  report.bytes = file.byteLength
  let columns = NO_BILL
  try {
    const found = await parquetMetadataAsync(file)
    const names = flatColumns(found)
    columns = columnsOf(names) ?? NO_BILL
    report.format = columns.format
    for (const decision of columns.decisions) tellDecision(report, decision)
    if (columns === NO_BILL) problem('a Parquet file without the columns of a bill: not read')
    else if (columns.obstacle !== null) problem(columns.obstacle)
    else await readRows(file, found, names, new Reading(report, columns, tally, seen, number))
  } catch (error) {
    problem(`cannot be read further: ${systemReason(error)}`)
  } finally {
    inMemory?.release()
  }
  return { name: input.name, columns }
}

class Reading {
  readonly columns: Columns
  readonly #report: InputReport
  readonly #charges: Charges
  readonly #seen: SeenRows | null
  readonly #rows = new RowBytes()

  constructor(report: InputReport, columns: Columns, tally: Tally, seen: SeenRows | null, file: number) {
    this.columns = columns
    this.#report = report
    this.#seen = seen
    this.#charges = new Charges(tally, columns, report, file, false)
  }

  take(cells: Readonly<Partial<Record<Role, string>>>, line: number): void {
    const row = this.#rows.row(cells)
    if (this.#seen !== null && !this.#seen.admit(row.bytes, 0, row.length)) this.#report.duplicates++
    else this.#charges.take(row.bytes, row, line, 0)
  }

  end(): void {
    const { duplicates } = this.#report
    if (duplicates > 0)
      tellDecision(
        this.#report,
        `${counted(duplicates, 'row is', 'rows are')} in another file already: counted once`,
      )
    this.#charges.end()
  }
}

async function readRows(
  file: ParquetBytes,
  metadata: FileMetaData,
  names: readonly string[],
  reading: Reading,
): Promise<void> {
  const { at } = reading.columns
  const wanted = ROLES.flatMap((role) => {
    const name = at[role] < 0 ? undefined : names[at[role]]
    return name === undefined ? [] : [{ role, name }]
  })
  const columns = [...new Set(wanted.map(({ name }) => name))]
  const scales = decimalScales(metadata)
  const raw = withoutDecimals(metadata)
  let rowsBefore = 0
  try {
    for (const group of metadata.row_groups) {
      checkPages(file, group, new Set(columns))
      const rows = Number(group.num_rows)
      for (let from = 0; from < rows; from += WINDOW_ROWS) {
        const rowStart = rowsBefore + from
        const objects = await parquetReadObjects({
          file,
          metadata: raw,
          rowStart,
          rowEnd: rowsBefore + Math.min(rows, from + WINDOW_ROWS),
          columns,
          compressors: BOUNDED_COMPRESSORS,
          utf8: false,
        })
        for (const [index, object] of objects.entries()) {
          const cells: Partial<Record<Role, string>> = {}
          for (const { role, name } of wanted) {
            const text = textOf(object[name], scales.get(name) ?? null)
            if (text !== null) cells[role] = text
          }
          reading.take(cells, rowStart + index + 1)
        }
      }
      rowsBefore += rows
    }
  } finally {
    reading.end()
  }
}

/** Names of the columns without anything nested; `tags` and `product` of a bill are maps, and not asked for. */
function flatColumns({ schema }: FileMetaData): string[] {
  const names: string[] = []
  for (let at = 1; at < schema.length;) {
    const element = schema[at]
    if (element === undefined) break
    if (element.num_children === undefined && element.repetition_type !== 'REPEATED') names.push(element.name)
    at = behind(schema, at)
  }
  return names
}

/** The place behind an element and all that is nested in it. */
function behind(schema: readonly SchemaElement[], at: number): number {
  let open = 1
  let next = at
  while (open > 0 && next < schema.length) {
    open += (schema[next]?.num_children ?? 0) - 1
    next++
  }
  return next
}

function decimalScales({ schema }: FileMetaData): ReadonlyMap<string, number> {
  const decimals = schema.filter((element) => element.converted_type === 'DECIMAL')
  return new Map(decimals.map(({ name, scale }) => [name, scale ?? 0]))
}

/** The decoder makes floats of decimals: it gets them as plain whole numbers, and their places are put in here. */
function withoutDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    if (element.converted_type !== 'DECIMAL') return element
    const { converted_type: _, logical_type: __, ...plain } = element
    return plain
  })
  return { ...metadata, schema }
}

/** A value as a bill in text would write it; null where there is none. */
function textOf(value: unknown, scale: number | null): string | null {
  if (value === null || value === undefined) return null
  if (scale !== null) return decimalOf(value, scale)
  if (typeof value === 'string') return value
  // The shortest text that gives the same float: what a writer of CSV puts there.
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : null
}

function decimalOf(value: unknown, scale: number): string | null {
  if (scale < 0 || scale > 60) return null
  if (typeof value === 'number' && Number.isSafeInteger(value))
    return decimalText({ units: BigInt(value), scale })
  if (typeof value === 'bigint') return decimalText({ units: value, scale })
  // Two's complement, big-endian.
  if (!(value instanceof Uint8Array) || value.length === 0 || value.length > 32) return null
  const size = BigInt(`0x${Buffer.from(value).toString('hex')}`)
  return decimalText({ units: BigInt.asIntN(value.length * 8, size), scale })
}
