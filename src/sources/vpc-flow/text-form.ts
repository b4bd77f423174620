import { headLines } from '../head-lines.ts'
import { cells } from '../json/table.ts'
import { type Fields, textAt } from '../json/fields.ts'
import { columnsOf, DEFAULT_COLUMNS } from './columns.ts'
import { aggregateOf, statusOf } from './flow-row.ts'

/** How the lines of an input are to be read. */
export interface TextForm {
  readonly columns: readonly string[]
  /** ` `, `,` or tab. */
  readonly separator: string
}

const DEFAULT_FORM: TextForm = { columns: DEFAULT_COLUMNS, separator: ' ' }
/** CloudWatch Logs writes the time of the event before each line of an export to S3. */
const EXPORT_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z /u
const MAX_LOOKED_AT = 40

/** What a header line says, of any format; null where it is none. */
export function formOfHeader(line: string): TextForm | null {
  const separator = line.includes('\t') ? '\t' : line.includes(',') ? ',' : ' '
  const names = splitLine(line.trim(), separator)
  if (names.some((name) => /^\d/u.test(name))) return null
  const columns = columnsOf(names)
  return columns === null ? null : { columns, separator }
}

/** The form of the first lines, how many of them (0 to 1) are of it, and the earliest end among them (epoch ms). */
export interface FoundForm {
  readonly form: TextForm
  readonly share: number
  readonly firstTime: number | null
}

/** Null where it is none. */
export function formOf(head: Uint8Array): FoundForm | null {
  const lines = headLines(head)
    .slice(0, MAX_LOOKED_AT)
    .filter((line) => line !== '')
  const header = formOfHeader(withoutExportTime(lines[0] ?? ''))
  const form = header ?? DEFAULT_FORM
  const rows = lines.slice(header === null ? 0 : 1)
  const found = rows.map((line) => rowOfLine(withoutExportTime(line), form))
  const flows = found.filter((row) => isFlow(row)).filter((row) => header !== null || isDefault(row))
  if (header === null && flows.length === 0) return null
  const ends = flows.flatMap((row) => aggregateOf(row)?.end ?? [])
  return {
    form,
    share: rows.length === 0 ? 1 : flows.length / rows.length,
    firstTime: ends.length === 0 ? null : Math.min(...ends),
  }
}

/** Any fourteen words could stand there. */
function isDefault(row: Fields): boolean {
  return /^\d{1,2}$/u.test(textAt(row, 'version') ?? '') && STATES.has(statusOf(row))
}

const STATES: ReadonlySet<string> = new Set(['OK', 'NODATA', 'SKIPDATA'])

function isFlow(row: Fields | null): row is Fields {
  return row !== null && aggregateOf(row) !== null
}

export function withoutExportTime(line: string): string {
  return EXPORT_TIME.test(line) ? line.slice(line.indexOf(' ') + 1) : line
}

/** The fields of a line, `-` left out; null where it has not as many as the form. */
export function rowOfLine(line: string, { columns, separator }: TextForm): Fields | null {
  const values = splitLine(line.trim(), separator)
  if (values.length !== columns.length) return null
  const row: Record<string, string> = {}
  for (let at = 0; at < columns.length; at++) {
    const value = values[at] ?? '-'
    if (value !== '-') row[columns[at] ?? ''] = value
  }
  return row
}

function splitLine(line: string, separator: string): string[] {
  if (separator === ' ') return line.split(' ')
  return cells(line, separator).map((cell) => cell.trim())
}
