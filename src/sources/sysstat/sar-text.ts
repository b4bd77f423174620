import { identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import { machineCpu, metricEvent } from '../measured/events.ts'
import type { Measurement } from '../measured/record.ts'
import { type MeasuredRun, runOf } from '../measured/run.ts'
import { countBytes, counted, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { readHeader, type SarHeader } from './sar-header.ts'

const DAY_MS = 86_400_000
const HALF_DAY_MS = DAY_MS / 2
const CLOCK = /^(\d{2}):(\d{2}):(\d{2})(?: (AM|PM))?\s/u
const DEFAULT_STEP_MS = 600_000
const MAX_STEP_MS = 3_600_000

interface Row {
  readonly wall: number
  readonly cells: readonly string[]
}

/** What `sar` prints for people: tables, each under a line of column names. */
export async function* readSar(
  input: Input,
  report: InputReport,
  env: SourceEnv,
): AsyncIterable<MeasuredRun> {
  const zone = env.zoneOf(input.name)
  tellDecision(report, zone === null ? 'zone UTC: assumed' : `zone: ${zone.why}`)
  const reader = new SarReader(input, report, (wall) =>
    zone === null ? wall : wall - zone.minutesAt(wall) * 60_000,
  )
  const isExact = zone !== null
  const chunks = countBytes(
    input.chunks((problem) => tellProblem(report, problem)),
    report,
  )
  const events: Measurement[] = []
  for await (const { texts, offsets, firstLine } of splitLines(chunks, { maxLineBytes: 4096 })) {
    for (const [index, text] of texts.entries())
      reader.line(text, firstLine + index, offsets[index] ?? 0, isExact, events)
    // A table after the other goes over the same hours: they are sorted at the end.
    if (events.length > MAX_EVENTS) {
      tellProblem(report, 'more measurements than are held at once: read in parts')
      yield runOf(events.splice(0))
    }
  }
  if (report.bad > 0) tellProblem(report, counted(report.bad, 'line makes no sense', 'lines make no sense'))
  yield runOf(events)
}

const MAX_EVENTS = 400_000

class SarReader {
  readonly #input: Input
  readonly #report: InputReport
  readonly #toEpoch: (wall: number) => number
  #header: SarHeader | null = null
  #columns: readonly string[] = []
  #day = 0
  #last = Number.NaN

  constructor(input: Input, report: InputReport, toEpoch: (wall: number) => number) {
    this.#input = input
    this.#report = report
    this.#toEpoch = toEpoch
  }

  line(text: string, line: number, offset: number, isExact: boolean, into: Measurement[]): void {
    if (text.trim() === '') return
    const header = readHeader(text)
    if (header !== null) {
      this.#begin(header)
      return
    }
    const row = this.#rowOf(text)
    if (row === null || this.#header === null) {
      if (!isAside(text)) {
        this.#report.records++
        this.#report.bad++
      }
      return
    }
    if (row.cells.some((cell) => /[%a-z]/iu.test(cell) && cell !== 'all' && cell !== 'LINUX')) {
      this.#columns = row.cells
      this.#last = Number.NaN
      this.#day = this.#header.day
      this.#last = row.wall
      return
    }
    this.#report.records++
    this.#values(row, { line, offset, text, isExact }, into)
  }

  #begin(header: SarHeader): void {
    this.#header = header
    this.#day = header.day
    this.#last = Number.NaN
    this.#columns = []
    if (header.isAmbiguous)
      tellDecision(
        this.#report,
        'its date is read month first (LC_TIME=C); sadf -j writes dates that are clear',
      )
  }

  /** A time of day goes back where midnight has passed. */
  #rowOf(text: string): Row | null {
    const match = CLOCK.exec(text)
    if (match === null) return null
    const [whole, hours = '', minutes = '', seconds = '', half] = match
    const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === 'PM' ? 12 : 0)
    const ofDay = ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
    if (ofDay >= DAY_MS) return null
    let wall = this.#day + ofDay
    if (!Number.isNaN(this.#last) && wall < this.#last - HALF_DAY_MS) {
      this.#day += DAY_MS
      wall += DAY_MS
    }
    return { wall, cells: text.slice(whole.length).trim().split(/\s+/u) }
  }

  #values(
    row: Row,
    place: { line: number; offset: number; text: string; isExact: boolean },
    into: Measurement[],
  ): void {
    const header = this.#header
    if (header === null) return
    const step = row.wall - this.#last
    const isStep = step > 0 && step <= MAX_STEP_MS
    const observer = identifier('host', header.host)
    const time = this.#toEpoch(row.wall)
    const start = time - (isStep ? step : DEFAULT_STEP_MS)
    const { line, offset, text, isExact } = place
    const base = {
      time,
      timeQuality: isExact ? ('exact' as const) : ('zone-assumed' as const),
      observer,
      subjects: [observer],
      origin: { source: 'sysstat', file: this.#input.name, line, offset, raw: text },
    }
    const at = (...names: readonly string[]): number => {
      for (const name of names) {
        const index = this.#columns.indexOf(name)
        if (index >= 0) return Number((row.cells[index] ?? '').replace(',', '.'))
      }
      return 0
    }
    if (this.#columns.includes('%idle')) {
      if (this.#columns[0] === 'CPU' && row.cells[0] !== 'all') return
      const event = machineCpu(
        base,
        start,
        {
          user: at('%user', '%usr') + at('%nice') + at('%guest') + at('%gnice'),
          system: at('%system', '%sys') + at('%irq') + at('%soft'),
          idle: at('%idle'),
          ioWait: at('%iowait'),
          steal: at('%steal'),
        },
        { cores: header.cores },
      )
      if (event === null) this.#report.bad++
      else into.push(event)
    } else if (this.#columns.includes('ldavg-1')) {
      for (const [column, name] of [
        ['ldavg-1', 'load-1'],
        ['ldavg-5', 'load-5'],
        ['ldavg-15', 'load-15'],
      ] as const) {
        const value = at(column)
        if (Number.isFinite(value)) into.push(metricEvent(base, name, column, value))
      }
    } else {
      this.#report.unused++
      return
    }
    this.#last = row.wall
  }
}

/** Means under a table, in the languages that sar speaks most, and notes that the machine was started. */
function isAside(text: string): boolean {
  return /^(?:Average|Durchschn|Moyenne|Media|Summary|Średnia)/u.test(text) || text.includes('RESTART')
}
