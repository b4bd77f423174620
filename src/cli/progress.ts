import type { Input, Skipped } from '../inputs/input.ts'
import { STANDARD_INPUT } from '../inputs/open.ts'
import type { Progress } from '../pipeline/analyse.ts'
import type { InputReports } from '../pipeline/input-reports.ts'
import { FileNames } from '../reports/proof-name.ts'
import type { InputReport } from '../sources/source.ts'
import { formatBytes, formatCount } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import { cutWidth, displayWidth, padWidth } from '../text/width.ts'

const REDRAW_MS = 100
const BAR_CELLS = 20
const NARROW_CELLS = 8
const DEFAULT_COLUMNS = 80
/** From so many columns on there is room for long bars. */
const WIDE = 100
const BYTES_WIDTH = 7
const RECORDS_WIDTH = 15
const FORMAT_WIDTH = 10
/** Files with a row of their own: the largest. The others share one. */
const MAX_ROWS = 12
/** Below so many files left out each is named; from there they are told by reason. */
const MAX_SKIPPED = 4
const MAX_NAME = 44
const MIN_NAME = 12
/** Logs shrink to about an eighth; how far a compressed file has been read is an estimate. */
const COMPRESSION = 8
const COMPRESSED = /\.(?:gz|tgz|zst|zip)(?:!|$)/iu

export interface ProgressOptions {
  readonly out: NodeJS.WriteStream
  readonly inputs: readonly Input[]
  readonly skipped: readonly Skipped[]
  readonly reports: InputReports
  readonly isQuiet: boolean
  readonly unicode: boolean
}

interface Row {
  readonly name: string
  readonly inputs: readonly Input[]
}

/**
 * A row per file on a terminal: how far it has been read, how much is in it, what it is. It stays above
 * the answer. Draws nothing where nobody watches or the terminal cannot go back a line.
 */
export class ProgressTable {
  readonly isShown: boolean
  private readonly options: ProgressOptions
  private readonly rows: readonly Row[]
  private readonly footer: readonly string[]
  private drawnAt = Number.NEGATIVE_INFINITY
  private linesDrawn = 0
  private bytesBefore = 0
  private isSecondReading = false

  constructor(options: ProgressOptions, env: NodeJS.ProcessEnv) {
    this.options = options
    this.isShown = options.out.isTTY && !options.isQuiet && env['TERM'] !== 'dumb'
    const nameOf = namer([
      ...options.inputs.map((input) => input.name),
      ...options.skipped.map((one) => one.file),
    ])
    this.rows = rowsOf(options.inputs, nameOf)
    this.footer = skippedLines(options.skipped, nameOf)
  }

  show(progress: Progress): void {
    if (!this.isShown) return
    // Zones that turn out wrong are put right by reading everything once more.
    if (progress.bytes < this.bytesBefore) this.isSecondReading = true
    this.bytesBefore = progress.bytes
    const now = performance.now()
    if (now - this.drawnAt < REDRAW_MS) return
    this.drawnAt = now
    const found = progress.findings === 1 ? '1 finding' : `${formatCount(progress.findings)} findings`
    const again = this.isSecondReading ? ', once more with the time zones put right' : ''
    this.draw([...this.rows.map((row) => this.rowLine(row, false)), `reading${again}: ${found} so far`])
  }

  /** Leaves the table standing with everything read. */
  finish(): void {
    if (!this.isShown) return
    this.draw([...this.rows.map((row) => this.rowLine(row, true)), ...this.footer, ''])
    this.linesDrawn = 0
  }

  /** Takes the table away, for whatever ends the reading early. */
  clear(): void {
    if (!this.isShown || this.linesDrawn === 0) return
    this.options.out.write(`\u001B[${this.linesDrawn}A\u001B[J`)
    this.linesDrawn = 0
  }

  private draw(lines: readonly string[]): void {
    const { out } = this.options
    const room = Math.max(20, out.columns || DEFAULT_COLUMNS) - 1
    const back = this.linesDrawn === 0 ? '' : `\u001B[${this.linesDrawn}A`
    const text = lines
      .map((line) => `\u001B[K${line === '' ? '' : cutWidth(`  ${line}`, room, this.ellipsis)}\n`)
      .join('')
    out.write(`${back}${text}\u001B[J`)
    this.linesDrawn = lines.length
  }

  private rowLine({ name, inputs }: Row, isDone: boolean): string {
    const reports = inputs.map((input) => this.options.reports.of(input))
    const share = isDone ? 1 : shareOf(inputs, reports)
    const bytes = reports.reduce((sum, report) => sum + report.bytes, 0)
    const layout = layoutFor(this.options.out.columns || DEFAULT_COLUMNS)
    const room = Math.min(this.nameWidth(), layout.nameRoom)
    const drawn = bar(share, layout.barCells, this.options.unicode)
    const facts = [formatBytes(bytes).padStart(BYTES_WIDTH)]
    if (layout.hasRecords) facts.push(recordsOf(reports).padStart(RECORDS_WIDTH), formatsOf(reports))
    return `${padWidth(cutStart(name, room, this.ellipsis), room)}  ${drawn} ${facts.join('  ')}`
  }

  private get ellipsis(): string {
    return this.options.unicode ? '…' : '...'
  }

  private nameWidth(): number {
    return Math.min(MAX_NAME, Math.max(...this.rows.map((row) => displayWidth(row.name))))
  }
}

/** What a row has room for on a terminal of so many columns. */
function layoutFor(columns: number): { barCells: number; nameRoom: number; hasRecords: boolean } {
  const hasRecords = columns >= DEFAULT_COLUMNS
  const barCells = columns >= WIDE ? BAR_CELLS : NARROW_CELLS
  const facts = BYTES_WIDTH + (hasRecords ? RECORDS_WIDTH + FORMAT_WIDTH + 4 : 0)
  return { hasRecords, barCells, nameRoom: Math.max(MIN_NAME, columns - barCells - facts - 7) }
}

function bar(share: number, cells: number, unicode: boolean): string {
  const full = Math.round(share * cells)
  const [done, left] = unicode ? ['█', '░'] : ['#', '.']
  return done.repeat(full) + left.repeat(cells - full)
}

function rowsOf(inputs: readonly Input[], nameOf: (file: string) => string): Row[] {
  const own = new Set(
    inputs.length <= MAX_ROWS
      ? inputs
      : inputs.toSorted((a, b) => (b.storedSize ?? 0) - (a.storedSize ?? 0)).slice(0, MAX_ROWS - 1),
  )
  const rows = inputs
    .filter((input) => own.has(input))
    .map((input) => ({ name: nameOf(input.name), inputs: [input] }))
  const others = inputs.filter((input) => !own.has(input))
  return others.length === 0
    ? rows
    : [...rows, { name: `${formatCount(others.length)} smaller files`, inputs: others }]
}

/** Names as they were given where all of them are short enough, else as short as tells them apart. */
function namer(files: readonly string[]): (file: string) => string {
  const isLong = files.some((file) => displayWidth(visible(file)) > MAX_NAME)
  const short = new FileNames(files)
  return (file) => {
    if (file === STANDARD_INPUT) return 'standard input'
    return isLong ? short.nameOf(file) : visible(file)
  }
}

function shareOf(inputs: readonly Input[], reports: readonly InputReport[]): number {
  let size = 0
  let read = 0
  for (const [i, input] of inputs.entries()) {
    const expected = (input.storedSize ?? 0) * (COMPRESSED.test(input.name) ? COMPRESSION : 1)
    size += expected
    read += Math.min(expected, reports[i]?.bytes ?? 0)
  }
  return size === 0 ? 0 : read / size
}

const RECORDS: Readonly<Record<string, string>> = { capture: 'packets', auditd: 'records' }

function recordsOf(reports: readonly InputReport[]): string {
  const count = reports.reduce((sum, report) => sum + report.records, 0)
  const words = new Set(
    reports.filter((report) => report.records > 0).map((one) => RECORDS[one.format] ?? 'lines'),
  )
  const [word = 'records'] = words
  return `${formatCount(count)} ${words.size > 1 ? 'records' : word}`
}

function formatsOf(reports: readonly InputReport[]): string {
  const formats = [...new Set(reports.map((report) => report.format).filter((format) => format !== ''))]
  return formats.length > 1 ? `${formats.length} formats` : formats.join('')
}

/** The end of a path says more than its beginning. */
function cutStart(name: string, columns: number, ellipsis: string): string {
  if (displayWidth(name) <= columns) return name
  const characters = Array.from(name)
  const room = columns - displayWidth(ellipsis)
  while (characters.length > 0 && displayWidth(characters.join('')) > room) characters.shift()
  return ellipsis + characters.join('')
}

function skippedLines(skipped: readonly Skipped[], nameOf: (file: string) => string): string[] {
  if (skipped.length <= MAX_SKIPPED)
    return skipped.map(({ file, reason }) => `${nameOf(file)}  skipped: ${visible(reason)}`)
  return [...Map.groupBy(skipped, ({ reason }) => reason)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, MAX_SKIPPED)
    .map(([reason, files]) =>
      files.length === 1
        ? `${nameOf(files[0]?.file ?? '')}  skipped: ${visible(reason)}`
        : `${formatCount(files.length)} files skipped: ${visible(reason)}`,
    )
}
