import { identifier, type Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import type { LineRules } from '../programs/line-rules.ts'
import { dialectOfProgram } from '../programs/program-names.ts'
import { dialectOf, type ProgramRecord } from '../programs/read-programs.ts'
import { countBytes, counted, noteTime, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import { entryOf, type JournalEntry, parseEntry, realtimeOf } from './entry.ts'
import { ExportReader } from './export.ts'
import { SOURCE_ID } from './id.ts'
import { ObjectFinder } from './objects.ts'

/** Of an entry, and of the message in it, no more is kept: many are held at once. sshd cuts its own below 1 kB. */
const MAX_KEPT_CHARS = 8192
const MAX_MESSAGE_CHARS = 2048

/** The records of one input; entries of other programs are only counted, unless a rule asks for them. */
export async function* readRecords(
  input: Input,
  report: InputReport,
  { isExport, rules }: { readonly isExport: boolean; readonly rules: LineRules },
): AsyncIterable<ProgramRecord[]> {
  const reader = new RecordReader(input.name, report, rules)
  const chunks = countBytes(
    input.chunks((text) => tellProblem(report, text)),
    report,
  )
  yield* isExport ? readExport(chunks, reader) : readObjects(chunks, reader)
  reader.end()
}

async function* readObjects(
  chunks: AsyncIterable<Uint8Array>,
  reader: RecordReader,
): AsyncIterable<ProgramRecord[]> {
  const finder = new ObjectFinder()
  for await (const batch of splitLines(chunks)) {
    const records: ProgramRecord[] = []
    for (const { text, line, offset } of finder.find(batch)) reader.takeObject(text, line, offset, records)
    yield records
  }
  const rest = finder.end()
  if (rest === null) return
  const records: ProgramRecord[] = []
  reader.takeObject(rest.text, rest.line, rest.offset, records)
  yield records
}

async function* readExport(
  chunks: AsyncIterable<Uint8Array>,
  reader: RecordReader,
): AsyncIterable<ProgramRecord[]> {
  const entries = new ExportReader()
  const take = (found: ReturnType<ExportReader['push']>): ProgramRecord[] => {
    const records: ProgramRecord[] = []
    for (const { fields, raw, line, offset } of found)
      reader.take(entryOf(fields), { raw, line, offset }, records)
    return records
  }
  for await (const chunk of chunks) yield take(entries.push(chunk))
  yield take(entries.end())
  if (entries.isIncomplete) reader.take(null, { raw: '', line: 1, offset: 0 }, [])
}

interface Place {
  readonly raw: string
  readonly line: number
  readonly offset: number
}

interface Writer {
  readonly lane: string
  readonly observer: Identifier
  readonly subjects: Identifier[]
}

class RecordReader {
  readonly #file: string
  readonly #report: InputReport
  readonly #rules: LineRules
  #writer: Writer = { lane: '', observer: '', subjects: [] }

  constructor(file: string, report: InputReport, rules: LineRules) {
    this.#file = file
    this.#report = report
    this.#rules = rules
  }

  takeObject(raw: string, line: number, offset: number, records: ProgramRecord[]): void {
    // Parsing an entry takes ten times as long as seeing that it is of another program.
    const time = this.#isWanted(raw) ? null : quickTime(raw)
    if (time === null) this.take(parseEntry(raw), { raw, line, offset }, records)
    else {
      this.#report.records++
      this.#report.unused++
      noteTime(this.#report, time)
    }
  }

  take(entry: JournalEntry | null, { raw, line, offset }: Place, records: ProgramRecord[]): void {
    const report = this.#report
    report.records++
    const writer = entry === null ? null : this.#writerOf(entry)
    if (entry === null || writer === null) {
      report.bad++
      return
    }
    noteTime(report, entry.time)
    const dialect = dialectOf(entry.program, entry.message, 0)
    const asked = this.#rules.askedOf(entry.program)
    if (dialect === null && asked === null) {
      report.unused++
      return
    }
    const text = kept(raw, MAX_KEPT_CHARS)
    records.push({
      time: entry.time,
      timeQuality: 'exact',
      observer: writer.observer,
      subjects: writer.subjects,
      program: entry.program,
      dialect,
      asked,
      pid: entry.pid,
      message: kept(entry.message, MAX_MESSAGE_CHARS),
      count: 1,
      source: SOURCE_ID,
      file: this.#file,
      line,
      recordId: entry.cursor,
      offset,
      raw: text,
      identity: entry.cursor ?? text,
      lane: writer.lane,
      report,
    })
  }

  end(): void {
    const { bad } = this.#report
    if (bad > 0)
      tellProblem(
        this.#report,
        counted(
          bad,
          'entry is not a journal entry with time and host',
          'entries are not journal entries with time and host',
        ),
      )
  }

  /** Whether an entry has to be parsed: its program is understood, a PAM module speaks, a rule asks, or only parsing can tell. */
  #isWanted(raw: string): boolean {
    const at = raw.indexOf(IDENTIFIER)
    const open = at < 0 ? -1 : raw.indexOf('"', at + IDENTIFIER.length)
    const close = open < 0 ? -1 : raw.indexOf('"', open + 1)
    if (close < 0) return true
    const program = raw.slice(open + 1, close)
    return (
      dialectOfProgram(program) !== null || raw.includes('"pam_') || this.#rules.askedOf(program) !== null
    )
  }

  #writerOf({ host, machineId }: JournalEntry): Writer | null {
    const lane = `${host ?? ''} ${machineId ?? ''}`
    if (lane === this.#writer.lane) return this.#writer
    const subjects: Identifier[] = []
    if (host !== null) subjects.push(identifier('host', host))
    if (machineId !== null) subjects.push(identifier('machine', machineId))
    const [observer] = subjects
    if (observer === undefined) return null
    this.#writer = { lane, observer, subjects }
    return this.#writer
  }
}

const IDENTIFIER = '"SYSLOG_IDENTIFIER"'

const REALTIME = '"__REALTIME_TIMESTAMP"'

/** The time of a whole entry without parsing it; null where only parsing can tell. */
function quickTime(raw: string): number | null {
  const at = raw.indexOf(REALTIME)
  if (at < 0 || raw.charCodeAt(0) !== 123 || raw.charCodeAt(raw.length - 1) !== 125) return null
  const open = raw.indexOf('"', at + REALTIME.length)
  return open < 0 ? null : realtimeOf(raw.slice(open + 1, raw.indexOf('"', open + 1)))
}

/** A string of its own: a slice would keep the whole in memory. */
function kept(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : Buffer.from(text.slice(0, maxChars)).toString('utf8')
}
