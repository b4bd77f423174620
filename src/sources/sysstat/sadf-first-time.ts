import type { Input } from '../../inputs/input.ts'
import { wholeText } from '../measured/whole-text.ts'
import { emptyReport } from '../reading.ts'
import { wallOf } from './sadf-statistic.ts'

const STAMP = /"date"\s*:\s*"([^"\\]*)"\s*,\s*"time"\s*:\s*"([^"\\]*)"/gu
const PARTS = /"(?:date|time)"/gu
/** A time that is not said to be UTC's. */
const OTHER_CLOCK = /"utc"\s*:(?!\s*1[\s,}])/u

/**
 * Epoch ms of the earliest statistic of a document, without reading what it says: nothing in it is earlier. Null
 * where it is written otherwise than sadf does, or in another zone.
 */
export async function firstSadfTime(input: Input): Promise<number | null> {
  const text = await wholeText(input, emptyReport(input.name))
  return text === null ? null : earliestStamp(text)
}

export function earliestStamp(text: string): number | null {
  // An escape may hide a name, and a name that comes twice in an object counts once, the last time.
  if (text.includes('\\') || OTHER_CLOCK.test(text)) return null
  let first = Infinity
  let stamps = 0
  for (const [, date = '', time = ''] of text.matchAll(STAMP)) {
    stamps++
    const wall = wallOf(date, time)
    if (wall !== null && wall < first) first = wall
  }
  const parts = text.match(PARTS)?.length ?? 0
  return parts === 2 * stamps && Number.isFinite(first) ? first : null
}
