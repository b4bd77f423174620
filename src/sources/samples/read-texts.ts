import { emptyReport } from '../reading.ts'
import type { Event } from '../../event/event.ts'
import type { Input } from '../../inputs/input.ts'
import type { InputReport, Source, SourceEnv } from '../source.ts'

/** Evidence in memory, for tests. */
export interface TextFile {
  readonly name: string
  readonly text: string | Uint8Array
  readonly group?: string
  readonly modifiedAt?: number | null
  /** False as for a compressed file: only reading it shows its end. */
  readonly hasTail?: boolean
  readonly chunkBytes?: number
}

const HEAD_BYTES = 65_536

function textInput({
  name,
  text,
  group = '',
  modifiedAt = null,
  hasTail = true,
  chunkBytes = 4096,
}: TextFile): Input {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  return {
    name,
    group,
    storedSize: bytes.length,
    modifiedAt,
    head: bytes.subarray(0, HEAD_BYTES),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
    },
    tail: () => (hasTail ? bytes.subarray(Math.max(0, bytes.length - HEAD_BYTES)) : null),
  }
}

/** Everything a source tells about some texts. Holds the source to its promise about watermarks. */
export async function readTexts(
  source: Source,
  files: readonly TextFile[],
  settings: Partial<Pick<SourceEnv, 'now' | 'zoneOf' | 'datedRanges' | 'matchesOf' | 'isAsked'>> = {},
): Promise<{ events: Event[]; reports: InputReport[] }> {
  const inputs = files.map((file) => textInput(file))
  const reports = new Map(inputs.map((input) => [input, emptyReport(input.name)]))
  const env: SourceEnv = {
    now: Date.UTC(2026, 5, 15),
    zoneOf: () => null,
    matchesOf: () => [],
    isAsked: () => false,
    datedRanges: [],
    ...settings,
    reportOf: (input) => reports.get(input) ?? emptyReport(input.name),
  }
  const events: Event[] = []
  let watermark = -Infinity
  for await (const batch of source.read(inputs, env)) {
    const isLateAllowed = [...reports.values()].some(({ late }) => late > 0)
    for (const event of batch.events) {
      if (event.time < watermark && !isLateAllowed)
        throw new Error(`${event.origin.raw} came behind the watermark`)
      events.push(event)
    }
    watermark = batch.watermark
  }
  if (watermark !== Infinity) throw new Error('the last watermark is not the end of time')
  return { events, reports: [...reports.values()] }
}
