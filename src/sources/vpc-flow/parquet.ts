import { type FileMetaData, parquetMetadata, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import type { Input } from '../../inputs/input.ts'
import { systemReason } from '../../inputs/system-error.ts'
import type { Fields } from '../json/fields.ts'
import type { EventRecord } from '../json/merge-events.ts'
import { tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { columnOf, columnsOf } from './columns.ts'
import { bytesInMemory, bytesOnDisk, type HeldFiles, type ParquetBytes } from '../parquet/bytes.ts'
import { BOUNDED_COMPRESSORS, checkPages } from '../parquet/pages.ts'
import { FlowReader, SOURCE_ID } from './record.ts'

/** Rows decoded at once: a page is decoded again for each window that it reaches into. */
const WINDOW_ROWS = 65_536
/** Rows handed on at once. */
const BATCH_ROWS = 4096

/**
 * The records of a Parquet file (https://parquet.apache.org/docs/file-format/), row group by row group and some
 * thousand rows at a time. What is damaged ends the file, and is told.
 */
export async function* readParquet(
  input: Input,
  report: InputReport,
  env: SourceEnv,
  held: HeldFiles,
): AsyncIterable<readonly EventRecord[]> {
  const problem = (text: string): void => tellProblem(report, text)
  const onDisk = bytesOnDisk(input)
  const inMemory = onDisk === null ? await bytesInMemory(input.chunks(problem), held) : null
  const file = onDisk ?? inMemory
  if (file === null) {
    problem('a packed Parquet file, too large to be held: unpack it first')
    return
  }
  report.bytes = file.byteLength
  const reader = new FlowReader(report, env)
  try {
    yield* readFile(file, reader, input.name, problem)
  } catch (error) {
    problem(`cannot be read further: ${systemReason(error)}`)
  } finally {
    inMemory?.release()
    reader.end()
  }
}

async function* readFile(
  file: ParquetBytes,
  reader: FlowReader,
  name: string,
  problem: (text: string) => void,
): AsyncIterable<readonly EventRecord[]> {
  const metadata = await parquetMetadataAsync(file)
  const columns = flatColumns(metadata)
  if (columnsOf(columns) === null) {
    problem('a Parquet file without the columns of a flow log: not read')
    return
  }
  const known = columns.filter((column) => columnOf(column) !== null)
  const names = known.map((column) => columnOf(column) ?? column)
  let rowsBefore = 0
  for (const group of metadata.row_groups) {
    checkPages(file, group, new Set(known))
    const rows = Number(group.num_rows)
    const offset = Number(group.columns[0]?.meta_data?.data_page_offset ?? 0)
    for (let at = 0; at < rows; at += WINDOW_ROWS) {
      const rowStart = rowsBefore + at
      const rowEnd = rowsBefore + Math.min(rows, at + WINDOW_ROWS)
      const objects = await parquetReadObjects({
        file,
        metadata,
        rowStart,
        rowEnd,
        columns: known,
        compressors: BOUNDED_COMPRESSORS,
      })
      for (let first = 0; first < objects.length; first += BATCH_ROWS) {
        yield objects.slice(first, first + BATCH_ROWS).flatMap((object, index) => {
          const row = rowOf(object, known, names)
          const raw = names.map((column) => textOf(row[column])).join(' ')
          const recordId = `row ${rowStart + first + index + 1}`
          return reader.read(row, { source: SOURCE_ID, file: name, recordId, offset, raw }) ?? []
        })
      }
    }
    rowsBefore += rows
  }
}

/** Names of the columns without anything nested. */
function flatColumns({ schema }: FileMetaData): string[] {
  return schema
    .slice(1)
    .flatMap(({ name, num_children: children, repetition_type: repetition }) =>
      children === undefined && repetition !== 'REPEATED' ? [name] : [],
    )
}

function rowOf(
  object: Readonly<Record<string, unknown>>,
  columns: readonly string[],
  names: readonly string[],
): Fields {
  const row: Record<string, unknown> = {}
  for (const [index, name] of names.entries()) {
    const value = object[columns[index] ?? '']
    if (value === null || value === undefined || value === '-') continue
    row[name] = typeof value === 'bigint' ? Number(value) : value
  }
  return row
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '-'
}

/** Epoch ms at which the earliest record ends, where the end of the file tells. */
export function firstParquetTime(input: Input): number | null {
  const tail = input.tail()
  if (tail === null) return null
  try {
    const { row_groups: groups } = parquetMetadata(Uint8Array.from(tail).buffer)
    const seconds = groups.map(({ columns }) => {
      const end = columns.find(
        ({ meta_data: column }) => columnOf(column?.path_in_schema.join('.') ?? '') === 'end',
      )
      return Number(end?.meta_data?.statistics?.min_value ?? Number.NaN)
    })
    const first = Math.min(...seconds) * 1000
    return Number.isFinite(first) ? first : null
  } catch {
    return null
  }
}
