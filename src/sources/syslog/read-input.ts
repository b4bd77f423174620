import { identifier, type Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { type LineBatch, splitLines } from '../../inputs/lines.ts'
import { isKnownProgram, type ProgramRecord } from '../programs/read-programs.ts'
import { countBytes, counted, noteTime, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import type { InputClock } from './clock.ts'
import { type Header, newHeader, readHeader } from './header.ts'
import { repeatsOfLast, unfold } from './repeats.ts'

export const SOURCE_ID = 'syslog'

/** sshd cuts its messages below 1 kB, most daemons what they get below 8 kB; many lines are held at once. */
const MAX_LINE_BYTES = 4096

/** The records of one input; lines of other programs are only counted. */
export async function* readRecords(
  input: Input,
  report: InputReport,
  clock: InputClock,
): AsyncIterable<ProgramRecord[]> {
  const reader = new RecordReader(input.name, report, clock)
  const chunks = input.chunks((text) => tellProblem(report, text))
  for await (const batch of splitLines(countBytes(chunks, report), { maxLineBytes: MAX_LINE_BYTES }))
    yield reader.read(batch)
  reader.end()
}

interface Writer {
  readonly host: string
  readonly observer: Identifier
  readonly subjects: Identifier[]
}

class RecordReader {
  readonly #file: string
  readonly #report: InputReport
  readonly #clock: InputClock
  readonly #header: Header = newHeader()
  #writer: Writer = { host: '', observer: '', subjects: [] }
  /** What the last line of the log said, if it was a record: `last message repeated` means that. */
  #last: ProgramRecord | null = null
  #year = 0
  #cut = 0
  #timeless = 0
  #impossible = 0

  constructor(file: string, report: InputReport, clock: InputClock) {
    this.#file = file
    this.#report = report
    this.#clock = clock
  }

  read(batch: LineBatch): ProgramRecord[] {
    const records: ProgramRecord[] = []
    const { texts, offsets, firstLine, cut } = batch
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index] ?? ''
      if (text.length === 0) continue
      const record = this.#readLine(text, firstLine + index, offsets[index] ?? 0)
      if (record === null) continue
      records.push(record)
      if (cut.length > 0 && cut.includes(index)) this.#cut++
    }
    return records
  }

  end(): void {
    const told: [number, string, string][] = [
      [
        this.#timeless,
        'line does not begin with a time and a host',
        'lines do not begin with a time and a host',
      ],
      [this.#impossible, 'line has a time that cannot be', 'lines have a time that cannot be'],
      [this.#cut, 'line was too long and lost its end', 'lines were too long and lost their ends'],
    ]
    for (const [count, one, many] of told) if (count > 0) tellProblem(this.#report, counted(count, one, many))
  }

  #readLine(text: string, line: number, offset: number): ProgramRecord | null {
    const report = this.#report
    const header = this.#header
    report.records++
    const state = readHeader(text, header)
    const time = state === 'ok' ? this.#clock.timeOf(header.stamp) : Number.NaN
    if (Number.isNaN(time)) {
      report.bad++
      if (state === 'no-time') this.#timeless++
      else this.#impossible++
      return null
    }
    noteTime(report, time)
    if (header.stamp.year === 0 && this.#clock.year !== this.#year) this.#noteYear(line)
    const last = this.#last
    this.#last = null
    if (isRelevant(text, header)) this.#last = this.#recordOf(text, time, line, offset)
    else if (last !== null && header.programStart === header.programEnd) {
      const count = repeatsOfLast(text, header.programStart)
      if (count > 0) this.#last = { ...last, time, count, line, offset, raw: text, identity: text }
    }
    if (this.#last === null) report.unused++
    return this.#last
  }

  #recordOf(text: string, time: number, line: number, offset: number): ProgramRecord {
    const header = this.#header
    const { host, observer, subjects } = this.#writerOf(text)
    const { message, count } = unfold(text, header.messageStart)
    this.#report.format = 'sshd'
    return {
      time,
      timeQuality: this.#clock.qualityOf(header.stamp),
      observer,
      subjects,
      pid: Number.isNaN(header.pid) ? null : header.pid,
      message,
      count,
      source: SOURCE_ID,
      file: this.#file,
      line,
      recordId: null,
      offset,
      raw: text,
      identity: text,
      lane: host,
      report: this.#report,
    }
  }

  #writerOf(text: string): Writer {
    const { hostStart, hostEnd } = this.#header
    const known = this.#writer.host
    if (known.length === hostEnd - hostStart && text.startsWith(known, hostStart)) return this.#writer
    const host = text.slice(hostStart, hostEnd)
    const observer = identifier('host', host)
    this.#writer = { host, observer, subjects: [observer] }
    return this.#writer
  }

  #noteYear(line: number): void {
    const year = this.#clock.year
    if (this.#year !== 0)
      tellDecision(this.#report, `year ${year} from line ${line} on: a New Year lies before it`)
    this.#year = year
  }
}

function isRelevant(text: string, { programStart, programEnd }: Header): boolean {
  return text.startsWith('sshd', programStart) && isKnownProgram(text.slice(programStart, programEnd))
}
