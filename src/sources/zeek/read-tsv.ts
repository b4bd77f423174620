import type { Input } from '../../inputs/input.ts'
import { type LineBatch, splitLines } from '../../inputs/lines.ts'
import type { EventRecord } from '../json/merge-events.ts'
import { lineRecords } from '../line-records.ts'
import { countBytes, counted, noteTime, tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { zeekRecords } from './definition.ts'
import { TsvReader } from './tsv.ts'

/** URLs and certificates make long lines. */
const MAX_LINE_BYTES = 65_536

/** The records of one input in Zeek's own format. */
export async function* readTsv(
  input: Input,
  report: InputReport,
  env: SourceEnv,
): AsyncIterable<readonly EventRecord[]> {
  const reader = new RecordReader(input.name, report, env)
  const chunks = input.chunks((problem) => tellProblem(report, problem))
  for await (const batch of splitLines(countBytes(chunks, report), { maxLineBytes: MAX_LINE_BYTES }))
    yield reader.read(batch)
  reader.end()
}

class RecordReader {
  readonly #file: string
  readonly #report: InputReport
  readonly #env: SourceEnv
  readonly #tsv = new TsvReader()

  constructor(file: string, report: InputReport, env: SourceEnv) {
    this.#file = file
    this.#report = report
    this.#env = env
  }

  read(batch: LineBatch): EventRecord[] {
    return lineRecords(batch, (raw, line, offset) => this.#recordOf(raw, line, offset))
  }

  end(): void {
    const { bad } = this.#report
    if (bad > 0)
      tellProblem(
        this.#report,
        counted(bad, 'line does not fit its heading', 'lines do not fit their heading'),
      )
  }

  #recordOf(raw: string, line: number, offset: number): EventRecord | null {
    const report = this.#report
    const values = this.#tsv.read(raw)
    if (values === 'head') return null
    report.records++
    const { path } = this.#tsv
    const fields = values === 'none' || path === null ? null : { ...values, _path: path }
    const time = fields === null ? null : zeekRecords.timeOf(fields)
    if (fields === null || time === null) {
      report.bad++
      return null
    }
    noteTime(report, time)
    const origin = { source: zeekRecords.id, file: this.#file, line, offset, raw }
    const meaning = zeekRecords.normalise({ fields, time, timeQuality: 'exact', origin }, () => {})
    if (meaning === null) {
      report.unused++
      return null
    }
    const { logSource, observer, subjects, events } = meaning
    const record = { logSource, fields, time, timeQuality: 'exact', observer, subjects, origin } as const
    const matches = this.#env.matchesOf(record)
    return {
      time,
      identity: raw,
      raw,
      hasOwnId: false,
      events: matches.length === 0 ? events : [...events, ...matches],
      report,
    }
  }
}
