import type { Event } from '../event/event.ts'
import type { Batch } from '../sources/source.ts'

/** Events in time order, and the promise that nothing older follows (save what is counted as late). */
export interface Ordered {
  readonly events: readonly Event[]
  readonly watermark: number
}

/** Sorting and handing on costs: it waits until so many events, or half of what is held, came in anew. */
const PATIENCE = 4096

class Lane {
  pending: Event[] = []
  watermark = Number.NEGATIVE_INFINITY
  isDone = false
  private readonly batches: AsyncIterator<Batch>

  constructor(batches: AsyncIterable<Batch>) {
    this.batches = batches[Symbol.asyncIterator]()
  }

  /** Takes in the next batch; gives the number of its events. */
  async pull(): Promise<number> {
    const next = await this.batches.next()
    if (next.done === true) {
      this.isDone = true
      this.watermark = Number.POSITIVE_INFINITY
      return 0
    }
    for (const event of next.value.events) this.pending.push(event)
    this.watermark = Math.max(this.watermark, next.value.watermark)
    return next.value.events.length
  }

  /** Hands over what is older than `watermark`, in the order it came. */
  release(watermark: number, into: Event[]): void {
    const kept: Event[] = []
    for (const event of this.pending) (event.time < watermark ? into : kept).push(event)
    this.pending = kept
  }

  async close(): Promise<void> {
    await this.batches.return?.()
  }
}

/**
 * Merges sources by event time. The slowest clock is read first, so no source runs ahead of the others
 * by more than a batch, and nothing is handed on that an earlier event could still overtake.
 * Events of the same time keep the order of the sources as given, then the order within the source.
 */
export async function* inTimeOrder(sources: readonly AsyncIterable<Batch>[]): AsyncGenerator<Ordered> {
  const lanes = sources.map((source) => new Lane(source))
  let fresh = 0
  let released = Number.NEGATIVE_INFINITY
  try {
    while (lanes.some((lane) => !lane.isDone)) {
      fresh += await slowest(lanes).pull()
      const watermark = Math.min(...lanes.map((lane) => lane.watermark))
      const held = lanes.reduce((sum, lane) => sum + lane.pending.length, 0)
      const isLast = watermark === Number.POSITIVE_INFINITY
      if (!isLast && (watermark <= released || fresh < Math.max(PATIENCE, held / 2))) continue
      fresh = 0
      released = watermark
      yield { events: takeOrdered(lanes, watermark), watermark }
    }
  } finally {
    for (const lane of lanes) await lane.close()
  }
}

function slowest(lanes: readonly Lane[]): Lane {
  let slowestLane: Lane | undefined
  for (const lane of lanes) {
    if (!lane.isDone && (slowestLane === undefined || lane.watermark < slowestLane.watermark))
      slowestLane = lane
  }
  if (slowestLane === undefined) throw new Error('no lane left to read')
  return slowestLane
}

function takeOrdered(lanes: readonly Lane[], watermark: number): Event[] {
  const events: Event[] = []
  for (const lane of lanes) lane.release(watermark, events)
  let isSorted = true
  for (let at = 1; at < events.length && isSorted; at++) {
    isSorted = (events[at - 1]?.time ?? 0) <= (events[at]?.time ?? 0)
  }
  return isSorted ? events : events.toSorted((a, b) => a.time - b.time)
}
