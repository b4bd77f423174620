import type { Input } from '../../inputs/input.ts'
import { Utf8Text } from '../json/utf8.ts'
import { headLines } from '../head-lines.ts'
import { counted, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import { Charges } from './charges.ts'
import { cellsOf } from './cells.ts'
import { type Columns, columnsOf, ROLES } from './columns.ts'
import { CsvScanner, type RowTaker } from './csv-scanner.ts'
import type { SeenRows } from './seen-rows.ts'
import type { Tally } from './tally.ts'

/** A bill as text: how its first line reads. */
export interface CsvForm {
  readonly columns: Columns
  readonly separator: string
}

const SEPARATORS = [',', ';', '\t', '|'] as const

/** Null where the head is no bill as text. */
export function csvForm(head: Uint8Array): CsvForm | null {
  const first = headLines(head).find((line) => line.trim() !== '')
  if (first === undefined || first.startsWith('{')) return null
  const separator = SEPARATORS.toSorted((a, b) => first.split(b).length - first.split(a).length)[0] ?? ','
  const columns = columnsOf(cellsOf(first, separator))
  return columns === null ? null : { columns, separator }
}

/** Adds up one bill as text. */
export async function readCsv(
  input: Input,
  report: InputReport,
  form: CsvForm,
  tally: Tally,
  seen: SeenRows | null,
  file: number,
): Promise<void> {
  const { columns, separator } = form
  const charges = new Charges(tally, columns, report, file, separator === ';')
  const taker = new BillRows(charges, columns, seen)
  const wanted = ROLES.map((role) => columns.at[role])
  const scanner = new CsvScanner(separator.charCodeAt(0), wanted, taker)
  const text = new Utf8Text()
  for await (const chunk of input.chunks((problem) => tellProblem(report, problem))) {
    report.bytes += chunk.length
    scanner.push(text.push(chunk))
  }
  scanner.push(text.end())
  scanner.end()
  charges.end()
  report.duplicates = taker.doubled
  if (scanner.tooLong > 0) {
    report.records += scanner.tooLong
    report.bad += scanner.tooLong
    tellProblem(report, counted(scanner.tooLong, 'row is longer than 1 MiB', 'rows are longer than 1 MiB'))
  }
  if (scanner.isCut) tellProblem(report, 'it ends inside a quoted cell: the rest is missing')
  if (taker.doubled > 0)
    tellDecision(
      report,
      `${counted(taker.doubled, 'row is', 'rows are')} in another file already: counted once`,
    )
}

/** Rows but the first; none that another file has given. */
class BillRows implements RowTaker {
  doubled = 0
  readonly #charges: Charges
  readonly #seen: SeenRows | null
  readonly #minCells: number
  #isHeader = true

  constructor(charges: Charges, columns: Columns, seen: SeenRows | null) {
    this.#charges = charges
    this.#seen = seen
    this.#minCells = Math.max(columns.at.start, columns.at.billed, columns.at.category) + 1
  }

  row(bytes: Buffer, start: number, end: number, scanner: CsvScanner): void {
    if (this.#isHeader) {
      this.#isHeader = false
      return
    }
    if (scanner.cells < this.#minCells) {
      this.#charges.short()
      return
    }
    if (this.#seen !== null && !this.#seen.admit(bytes, start, end)) {
      this.doubled++
      return
    }
    this.#charges.take(bytes, scanner, scanner.line, scanner.offset)
  }
}
