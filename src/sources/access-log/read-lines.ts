import { identifier, type Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { type LineBatch, splitLines } from '../../inputs/lines.ts'
import type { EventRecord } from '../json/merge-events.ts'
import { lineRecords } from '../line-records.ts'
import { countBytes, counted, noteTime, tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { httpEvent, logRecord } from './access.ts'
import { parseAlbLine } from './alb-line.ts'
import { isErrorLine, parseClfLine } from './clf-line.ts'
import { SOURCE_ID } from './definition.ts'

/** Servers take request lines of 8 kB, and the referrer and agent may be as long. */
const MAX_LINE_BYTES = 32_768

export interface TextInput {
  readonly input: Input
  readonly report: InputReport
  readonly env: SourceEnv
  readonly observer: Identifier
}

/** The requests of one input in the common or combined format, or that of a load balancer; lines of an error log are counted and left. */
export async function* readLines(text: TextInput): AsyncIterable<readonly EventRecord[]> {
  const { input, report } = text
  const reader = new LineReader(text)
  const chunks = input.chunks((problem) => tellProblem(report, problem))
  for await (const batch of splitLines(countBytes(chunks, report), { maxLineBytes: MAX_LINE_BYTES }))
    yield reader.read(batch)
  reader.end()
}

class LineReader {
  readonly #text: TextInput
  readonly #subjects: Identifier[]

  constructor(text: TextInput) {
    this.#text = text
    this.#subjects = [text.observer]
  }

  read(batch: LineBatch): EventRecord[] {
    return lineRecords(batch, (raw, line, offset) => this.#recordOf(raw, line, offset))
  }

  end(): void {
    const { report } = this.#text
    if (report.bad === 0) return
    tellProblem(report, counted(report.bad, 'line is no request', 'lines are no requests'))
  }

  #recordOf(raw: string, line: number, offset: number): EventRecord | null {
    const { report, env, observer, input } = this.#text
    report.records++
    const balanced = parseAlbLine(raw)
    const access = balanced ?? parseClfLine(raw)
    if (access === null) {
      if (isErrorLine(raw)) report.unused++
      else report.bad++
      return null
    }
    noteTime(report, access.time)
    const origin = { source: SOURCE_ID, file: input.name, line, offset, raw }
    const answering = balanced?.dstIp ?? null
    const subjects = answering === null ? this.#subjects : [identifier('ip', answering)]
    const event = httpEvent(access, { timeQuality: 'exact', observer, subjects, origin })
    const matches = env.matchesOf(logRecord(event))
    const events = matches.length === 0 ? [event] : [event, ...matches]
    return { time: access.time, identity: raw, raw, hasOwnId: false, events, report }
  }
}
