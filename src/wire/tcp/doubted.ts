import type { HeldTotal } from '../kept-bytes.ts'
import type { Segment } from './segment.ts'

/** So many wait at once, and for so long (ms of packet time). */
const MAX_DOUBTED = 16
const MAX_WAIT_MS = 10_000
/** So many were taken by their receiver, and nothing else in their place, that no more are doubted. */
const ENOUGH_RIGHT = 4

/** Segments of one direction that their receiver may not have taken, oldest first. */
export class Doubted {
  readonly #segments: Segment[] = []
  readonly #total: HeldTotal
  #right = 0

  constructor(total: HeldTotal) {
    this.#total = total
  }

  /** Doubts have turned out to be groundless. */
  get isGroundless(): boolean {
    return this.#right >= ENOUGH_RIGHT
  }

  /** One that was acknowledged had nothing else in its place. */
  clear(): void {
    this.#right++
  }

  add(segment: Segment): void {
    this.#segments.push(segment)
    this.#total.bytes += segment.data.length
  }

  /** The oldest that was taken by its receiver, as it acknowledges; null where there is none. */
  taken(acknowledged: number): Segment | null {
    const at = this.#segments.findIndex(({ data, seq }) => ((acknowledged - seq - data.length) | 0) >= 0)
    return at < 0 ? null : this.#remove(at)
  }

  /** The oldest that need not wait any longer. */
  overdue(timeMs: number): Segment | null {
    const first = this.#segments[0]
    if (first === undefined) return null
    const isDue =
      this.#segments.length > MAX_DOUBTED ||
      timeMs - first.timeMs > MAX_WAIT_MS ||
      this.#total.bytes > this.#total.limit
    return isDue ? this.#remove(0) : null
  }

  drop(): void {
    for (const { data } of this.#segments) this.#total.bytes -= data.length
    this.#segments.length = 0
  }

  #remove(at: number): Segment | null {
    const [segment] = this.#segments.splice(at, 1)
    if (segment === undefined) return null
    this.#total.bytes -= segment.data.length
    return segment
  }
}
