import { lowest } from '../extremes.ts'
import type { Event } from '../event/event.ts'
import type { Batch } from '../sources/source.ts'
import { EventHeap } from './event-heap.ts'

/** Events in time order, and the promise that nothing older follows (save what is counted as late). */
export interface Ordered {
  readonly events: readonly Event[]
  readonly watermark: number
}

/** Handing on costs a little: it waits until so many events came in anew. Few, so that they die young in the garbage collector's nursery. */
const PATIENCE = 128
/** So many events of one lane wait for others of their instant, and no more: a flood must not fill the memory. */
const MAX_WAITING = 16_384

/** The events of one source that wait for the others: a run in order of time, and a heap of those that came out of order. */
class Lane {
  watermark = Number.NEGATIVE_INFINITY
  isDone = false
  private readonly batches: AsyncIterator<Batch>
  private run: Event[] = []
  private at = 0
  private readonly strays = new EventHeap()

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
    let last = this.run.at(-1)?.time ?? Number.NEGATIVE_INFINITY
    for (const event of next.value.events) {
      if (event.time >= last) {
        this.run.push(event)
        last = event.time
      } else {
        this.strays.push(event)
      }
    }
    this.watermark = Math.max(this.watermark, next.value.watermark)
    return next.value.events.length
  }

  /** Hands over what is older than `watermark`, in order of time; what came first goes first. */
  release(watermark: number, into: Event[]): void {
    for (;;) {
      const next = this.run[this.at]
      const stray = this.strays.first
      const isStray = stray !== null && (next === undefined || stray.time < next.time)
      const event = isStray ? stray : next
      if (event === undefined || !(event.time < watermark)) break
      into.push(event)
      if (isStray) this.strays.shift()
      else this.at++
    }
    if (this.at > 0) {
      this.run = this.run.slice(this.at)
      this.at = 0
    }
  }

  get waiting(): number {
    return this.run.length + this.strays.size
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
      const watermark = lowest(lanes.map((lane) => lane.watermark))
      const isLast = watermark === Number.POSITIVE_INFINITY
      // Also where the watermark stands still: after a clock was set back every event comes late, and none may be kept.
      if (!isLast && fresh < PATIENCE) continue
      fresh = 0
      const isFlooded = lanes.some((lane) => lane.waiting > MAX_WAITING)
      const events = takeOrdered(lanes, isFlooded ? justAfter(watermark) : watermark)
      if (events.length > 0 || watermark > released) yield { events, watermark }
      released = watermark
    }
  } finally {
    for (const lane of lanes) await lane.close()
  }
}

/** Less than a microsecond later: takes in the events of that very time. */
function justAfter(time: number): number {
  return time + 0.0005
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
