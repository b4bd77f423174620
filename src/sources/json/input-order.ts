import { counted, tellDecision } from '../reading.ts'
import type { EventRecord } from './merge-events.ts'
import type { InputReport } from '../source.ts'

const MIN_TIMES = 3
/** So much is held of one input to be turned round. */
const MAX_HELD = 50_000
const MAX_HELD_CHARS = 2 ** 25

/** Times (epoch ms) as consoles and command lines list them: the latest first. */
export function isNewestFirst(times: readonly number[]): boolean {
  if (times.length < MIN_TIMES || (times[0] ?? 0) <= (times.at(-1) ?? 0)) return false
  let steps = 0
  for (let at = 1; at < times.length; at++) if ((times[at] ?? 0) > (times[at - 1] ?? 0)) steps++
  return steps * 8 < times.length
}

/** An input of so many records is put in order whatever its order was. */
const SHORT = 1000
const SHORT_CHARS = 2 ** 19

/** Records of an input; in order of time where there are few, else as they come. */
export async function* sortedIfShort(
  batches: AsyncIterable<readonly EventRecord[]>,
): AsyncIterable<readonly EventRecord[]> {
  let held: EventRecord[] | null = []
  let chars = 0
  for await (const batch of batches) {
    if (held === null) {
      yield batch
      continue
    }
    for (const record of batch) {
      held.push(record)
      chars += record.raw.length
    }
    if (held.length > SHORT || chars > SHORT_CHARS) {
      yield held
      held = null
    }
  }
  if (held !== null) yield held.toSorted((a, b) => a.time - b.time)
}

/** Records in order of time, of an input that has them the other way round. Of a long one only piece by piece. */
export async function* oldestFirst(
  batches: AsyncIterable<readonly EventRecord[]>,
  report: InputReport,
): AsyncIterable<readonly EventRecord[]> {
  let held: EventRecord[] = []
  let chars = 0
  let pieces = 0
  const give = (): EventRecord[] => {
    const records = held.toSorted((a, b) => a.time - b.time)
    held = []
    chars = 0
    pieces++
    return records
  }
  for await (const batch of batches) {
    for (const record of batch) {
      held.push(record)
      chars += record.raw.length
    }
    if (held.length > MAX_HELD || chars > MAX_HELD_CHARS) yield give()
  }
  yield give()
  const why = pieces > 1 ? `, in ${counted(pieces, 'piece', 'pieces')} because it is long` : ''
  tellDecision(report, `turned round: the newest record comes first${why}`)
}
