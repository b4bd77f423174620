import type { InputReport } from './source.ts'

/** What the merge needs to know of a record. */
export interface MergeableRecord {
  /** Epoch ms. */
  readonly time: number
  /** What makes two records of one time the same evidence: the raw text, or an id that its producer gave it. */
  readonly identity: string
  /** The text that it holds, where that is not its identity. */
  readonly raw?: string
  /** Who wrote it (a host, a node), where one input can hold several writers. */
  readonly lane?: string
}

/** What one cursor may hold before it gives its older half free. */
export interface Room {
  readonly records: number
  readonly chars: number
}

const FEW_RECORDS = 64
/** Taken records that are let go at the latest. */
const MANY_TAKEN = 1024

/** Less than the microsecond between two times, more than the rounding of an epoch-ms float. */
const NEXT_TIME_MS = 0.0005

/** The reading end of one input: holds the records of its reorder window, sorted by time. */
export class RecordCursor<R extends MergeableRecord> {
  readonly report: InputReport
  /** Its own among all inputs that are merged, from 1. */
  readonly number: number
  /** Records before this time are complete: later ones come late. */
  committed = -Infinity
  /** What of that can be promised to others; less than `committed` where the window had to be cut short. */
  promised = -Infinity
  isEnded = false

  readonly #batches: AsyncIterator<readonly R[]>
  readonly #disorderMs: number
  /** A batch that was read and is not held yet. */
  #ahead: IteratorResult<readonly R[]> | null = null
  #held: R[] = []
  #at = 0
  /** Of the texts of what is held. */
  #chars = 0
  /** Highest time since the clock was last set back. */
  #newest = -Infinity
  #firstTaken = Infinity

  constructor(
    stream: { report: InputReport; records(): AsyncIterable<readonly R[]> },
    number: number,
    disorderMs: number,
  ) {
    this.report = stream.report
    this.number = number
    this.#batches = stream.records()[Symbol.asyncIterator]()
    this.#disorderMs = disorderMs
  }

  get nextTime(): number {
    return this.#held[this.#at]?.time ?? Infinity
  }

  get heldCount(): number {
    return this.#held.length - this.#at
  }

  get isDrained(): boolean {
    return this.isEnded && this.#at >= this.#held.length
  }

  isBegunBefore(time: number): boolean {
    return this.#firstTaken < time
  }

  /** Reads one more batch. Where it holds more than there is room for the older half is given free, whatever may still come. */
  async readOn(room: Room): Promise<void> {
    const next = this.#ahead ?? (await this.#batches.next())
    this.#ahead = null
    if (next.done === true) return this.#end()
    this.#hold(next.value)
    // So that an input of a few records shows its end at once: there may be thousands.
    if (next.value.length < FEW_RECORDS) this.#ahead = await this.#batches.next()
    if (this.#ahead?.done === true) return this.#end()
    this.committed = this.#newest - this.#disorderMs
    this.promised = this.committed
    const isFull = this.heldCount > room.records || this.#chars > room.chars
    const middle = isFull ? this.#held[(this.#at + this.#held.length) >> 1]?.time : undefined
    if (middle !== undefined && middle >= this.committed) {
      this.committed = middle + NEXT_TIME_MS
      this.promised = middle
    }
  }

  #end(): void {
    this.isEnded = true
    this.committed = Infinity
    this.promised = Infinity
  }

  takeBefore(time: number, watermark: number, out: R[]): void {
    for (; this.nextTime < time; this.#at++) this.#take(watermark, out)
  }

  takeTime(time: number, watermark: number, out: R[]): void {
    for (; this.nextTime === time; this.#at++) this.#take(watermark, out)
  }

  async close(): Promise<void> {
    await this.#batches.return?.()
  }

  #take(watermark: number, out: R[]): void {
    const record = this.#held[this.#at]
    if (record === undefined) return
    this.#chars -= charsOf(record)
    if (record.time < watermark) this.report.late++
    if (record.time < this.#firstTaken) this.#firstTaken = record.time
    out.push(record)
  }

  #hold(batch: readonly R[]): void {
    // A window may be long and a batch short: what was taken goes when it is worth copying the rest.
    if (this.#at >= MANY_TAKEN || this.#at * 2 >= this.#held.length) {
      this.#held = this.#held.slice(this.#at)
      this.#at = 0
    }
    const held = this.#held
    let last = held.at(-1)?.time ?? -Infinity
    let isSorted = true
    for (const record of batch) {
      const time = record.time
      if (time < last) isSorted = false
      last = time
      if (time > this.#newest || time < this.#newest - this.#disorderMs) this.#newest = time
      this.#chars += charsOf(record)
    }
    if (isSorted) for (const record of batch) held.push(record)
    else mergeInto(held, this.#at, batch)
  }
}

/** Puts records into `held`, which is in order of time from `from` on. Of one time, what was held comes first. */
function mergeInto<R extends MergeableRecord>(held: R[], from: number, batch: readonly R[]): void {
  const added = batch.toSorted((a, b) => a.time - b.time)
  const start = firstAfter(held, from, added[0]?.time ?? Infinity)
  const moved = held.splice(start)
  let at = 0
  for (const record of added) {
    for (let next = moved[at]; next !== undefined && next.time <= record.time; next = moved[++at])
      held.push(next)
    held.push(record)
  }
  for (const next of moved.slice(at)) held.push(next)
}

/** Index of the first record after `time`. */
function firstAfter(held: readonly MergeableRecord[], from: number, time: number): number {
  let low = from
  let high = held.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((held[middle]?.time ?? Infinity) <= time) low = middle + 1
    else high = middle
  }
  return low
}

function charsOf(record: MergeableRecord): number {
  return (record.raw ?? record.identity).length
}
