import { identifier, type Identifier } from '../../event/identifier.ts'
import type { LogSource } from '../../event/log-record.ts'
import type { Input } from '../../inputs/input.ts'
import { type LineBatch, splitLines } from '../../inputs/lines.ts'
import type { LineRules } from '../programs/line-rules.ts'
import { type DialectId, dialectOfProgram } from '../programs/program-names.ts'
import type { ProgramRecord } from '../programs/read-programs.ts'
import { countBytes, counted, noteTime, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import type { InputClock } from './clock.ts'
import { SOURCE_ID } from './id.ts'
import { type Header, newHeader, readHeader } from './header.ts'
import { repeatsOfLast, unfold } from './repeats.ts'

/** sshd cuts its messages below 1 kB, most daemons what they get below 8 kB; many lines are held at once. */
const MAX_LINE_BYTES = 4096

interface ReadingOfLines {
  readonly clock: InputClock
  /** Whose lines without a host are. */
  readonly nameless: Identifier
  readonly rules: LineRules
}

/** The records of one input; lines of other programs are only counted, unless a rule asks for them. */
export async function* readRecords(
  input: Input,
  report: InputReport,
  how: ReadingOfLines,
): AsyncIterable<ProgramRecord[]> {
  const reader = new RecordReader(input.name, report, how)
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

/** Who signed the last line: the next one is often of the same program. */
interface Signed {
  readonly program: string
  readonly dialect: DialectId | null
  readonly asked: readonly LogSource[] | null
}

class RecordReader {
  readonly #file: string
  readonly #report: InputReport
  readonly #clock: InputClock
  readonly #rules: LineRules
  readonly #header: Header = newHeader()
  readonly #nameless: Writer
  #writer: Writer
  #signed: Signed = { program: '', dialect: null, asked: null }
  /** What the last line of the log said, if it was a record: `last message repeated` means that. */
  #last: ProgramRecord | null = null
  #year = 0
  #cut = 0
  #timeless = 0
  #impossible = 0

  constructor(file: string, report: InputReport, { clock, nameless, rules }: ReadingOfLines) {
    this.#file = file
    this.#report = report
    this.#clock = clock
    this.#rules = rules
    this.#nameless = { host: '', observer: nameless, subjects: [nameless] }
    this.#writer = this.#nameless
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
    const dialect = this.#dialectOf(text)
    if (dialect !== null || (this.#signed.asked !== null && isSigned(header)))
      this.#last = this.#recordOf(text, dialect, time, { line, offset })
    else if (last !== null && header.programStart === header.programEnd) {
      const count = repeatsOfLast(text, header.programStart)
      if (count > 0) this.#last = { ...last, time, count, line, offset, raw: text, identity: text }
    }
    if (this.#last === null) report.unused++
    return this.#last
  }

  #recordOf(
    text: string,
    dialect: DialectId | null,
    time: number,
    { line, offset }: { readonly line: number; readonly offset: number },
  ): ProgramRecord {
    const header = this.#header
    const { host, observer, subjects } = this.#writerOf(text)
    const { message, count } = unfold(text, header.messageStart)
    if (dialect === 'sshd') this.#report.format = 'sshd'
    return {
      time,
      timeQuality: this.#clock.qualityOf(header.stamp),
      observer,
      subjects,
      program: this.#signed.program,
      dialect,
      asked: this.#signed.asked,
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

  /** The dialect in which a line is to be read; null for lines that nobody understands. */
  #dialectOf(text: string): DialectId | null {
    const { programStart, programEnd, messageStart } = this.#header
    const known = this.#signed.program
    const isKnown = known.length === programEnd - programStart && text.startsWith(known, programStart)
    if (!isKnown) {
      const program = text.slice(programStart, programEnd)
      this.#signed = { program, dialect: dialectOfProgram(program), asked: this.#rules.askedOf(program) }
    }
    return this.#signed.dialect ?? (text.startsWith('pam_', messageStart) ? 'pam' : null)
  }

  #writerOf(text: string): Writer {
    const { hostStart, hostEnd } = this.#header
    const known = this.#writer.host
    if (known.length === hostEnd - hostStart && text.startsWith(known, hostStart)) return this.#writer
    if (hostEnd === hostStart) this.#writer = this.#nameless
    else {
      const host = text.slice(hostStart, hostEnd)
      const observer = identifier('host', host)
      this.#writer = { host, observer, subjects: [observer] }
    }
    return this.#writer
  }

  #noteYear(line: number): void {
    const year = this.#clock.year
    if (this.#year !== 0)
      tellDecision(this.#report, `year ${year} from line ${line} on: a New Year lies before it`)
    this.#year = year
  }
}

function isSigned({ programStart, programEnd }: Header): boolean {
  return programEnd > programStart
}
