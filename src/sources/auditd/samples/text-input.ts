import { emptyReport } from '../../reading.ts'
import type { Event } from '../../../event/event.ts'
import type { Input } from '../../../inputs/input.ts'
import type { InputReport, SourceEnv } from '../../source.ts'
import { auditd } from '../index.ts'

/** Text as an input of its own; `group` as if all lay in one folder unless said. */
export function textInput(name: string, text: string | Uint8Array, group = 'evidence'): Input {
  const bytes = Buffer.from(text)
  return {
    name,
    group,
    storedSize: bytes.length,
    modifiedAt: null,
    head: bytes.subarray(0, 65_536),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 997) yield bytes.subarray(at, at + 997)
    },
    tail: () => bytes.subarray(-65_536),
  }
}

export interface ReadResult {
  readonly events: Event[]
  readonly reports: InputReport[]
  /** Whose zone was asked for. */
  readonly zonesAsked: string[]
}

/** Everything the source makes of the inputs; checks its promise about watermarks on the way. */
export async function readAll(inputs: readonly Input[]): Promise<ReadResult> {
  const reports = new Map(inputs.map((input) => [input.name, emptyReport(input.name)]))
  const zonesAsked: string[] = []
  const env: SourceEnv = {
    now: Date.UTC(2026, 10, 1),
    zoneOf: (file) => {
      zonesAsked.push(file)
      return null
    },
    matchesOf: () => [],
    isAsked: () => false,
    datedRanges: [],
    reportOf: (input) => reports.get(input.name) ?? emptyReport(input.name),
  }
  const events: Event[] = []
  let watermark = -Infinity
  for await (const batch of auditd.read(inputs, env)) {
    const late = batch.events.find((event) => event.time < watermark)
    if (late !== undefined && [...reports.values()].every((report) => report.late === 0)) {
      throw new Error(`an event at ${late.time} came behind the watermark ${watermark}`)
    }
    watermark = Math.max(watermark, batch.watermark)
    for (const event of batch.events) events.push(event)
  }
  if (watermark !== Infinity) throw new Error('the last watermark is not Infinity')
  return { events, reports: [...reports.values()], zonesAsked }
}

/** What an event says, without where it stands. */
export function contentOf(event: Event): string {
  const { origin, ...rest } = event
  return JSON.stringify({ ...rest, raw: origin.raw, recordId: origin.recordId })
}
