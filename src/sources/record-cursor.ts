import type { InputReport } from './source.ts'

/** What the merge needs to know of a record. */
export interface MergeableRecord {
  /** Epoch ms. */
  readonly time: number
  /** What makes two records of one time the same evidence: the raw text, or an id that its producer gave it. */
  readonly identity: string
  /** Who wrote it (a host, a node), where one input can hold several writers. */
  readonly lane?: string
}

/** Less than the microsecond between two times, more than the rounding of an epoch-ms float. */
const NEXT_TIME_MS = 0.0005

/** The reading end of one input: holds the records of its reorder window, sorted by time. */
export class RecordCursor<R extends MergeableRecord> {
  readonly report: InputReport
  /** Records before this time are complete: later ones come late. */
  committed = -Infinity
  /** What of that can be promised to others; less than `committed` where the window had to be cut short. */
  promised = -Infinity
  isEnded = false

  readonly #batches: AsyncIterator<readonly R[]>
  readonly #disorderMs: number
  #held: R[] = []
  #at = 0
  /** Highest time since the clock was last set back. */
  #newest = -Infinity
  #firstTaken = Infinity

  constructor(stream: { report: InputReport; records(): AsyncIterable<readonly R[]> }, disorderMs: number) {
    this.report = stream.report
    this.#batches = stream.records()[Symbol.asyncIterator]()
    this.#disorderMs = disorderMs
  }

  get nextTime(): number {
    return this.#held[this.#at]?.time ?? Infinity
  }

  get isDrained(): boolean {
    return this.isEnded && this.#at >= this.#held.length
  }

  isBegunBefore(time: number): boolean {
    return this.#firstTaken < time
  }

  /** Reads one more batch. Beyond `maxHeld` records the older half is given free, whatever may still come. */
  async fill(maxHeld: number): Promise<void> {
    const next = await this.#batches.next()
    if (next.done === true) {
      this.isEnded = true
      this.committed = Infinity
      this.promised = Infinity
      return
    }
    this.#hold(next.value)
    this.committed = this.#newest - this.#disorderMs
    this.promised = this.committed
    const middle = this.#held.length > maxHeld ? this.#held[this.#held.length >> 1]?.time : undefined
    if (middle !== undefined && middle >= this.committed) {
      this.committed = middle + NEXT_TIME_MS
      this.promised = middle
    }
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
    if (record.time < watermark) this.report.late++
    if (record.time < this.#firstTaken) this.#firstTaken = record.time
    out.push(record)
  }

  #hold(batch: readonly R[]): void {
    const held = this.#held.slice(this.#at)
    let last = held.at(-1)?.time ?? -Infinity
    let isSorted = true
    for (const record of batch) {
      const time = record.time
      if (time < last) isSorted = false
      last = time
      if (time > this.#newest || time < this.#newest - this.#disorderMs) this.#newest = time
      held.push(record)
    }
    if (!isSorted) held.sort((a, b) => a.time - b.time)
    this.#held = held
    this.#at = 0
  }
}
