/** Further back than this, a packet counts as late: captures from several queues are a little out of order. */
const LATE_MS = 1_000
/** A time stamp further away from the one before is believed only if the packet behind it agrees. */
const LEAP_MS = 3_600_000
/** Evidence cannot be younger than the reference "now", give or take a wrong clock or zone. */
const FUTURE_MS = 86_400_000

/** The time one capture has come to: never goes back, and a packet with a mad time stamp does not carry it away. */
export class CaptureClock {
  /** Epoch ms; -Infinity before the first packet. */
  time = Number.NEGATIVE_INFINITY
  /** The first packet's. */
  first: number | null = null
  late = 0
  readonly #nowMs: number

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  /** The time to take for a packet stamped `timeMs`; `peek` tells the stamp of the packet behind it, null if there is none in hand. */
  observe(timeMs: number, peek: () => number | null): number {
    const time = this.#isLeap(timeMs) ? this.#settle(timeMs, peek()) : timeMs
    this.first ??= time
    if (this.time - timeMs > LATE_MS) this.late++
    if (time > this.time) this.time = time
    return time
  }

  #isLeap(timeMs: number): boolean {
    if (this.first === null) return timeMs > this.#nowMs + FUTURE_MS || timeMs < LEAP_MS
    return Math.abs(timeMs - this.time) > LEAP_MS
  }

  #settle(timeMs: number, next: number | null): number {
    if (next === null || Number.isNaN(next)) return timeMs
    if (this.first === null) return Math.abs(next - timeMs) > LEAP_MS ? next : timeMs
    return Math.abs(next - this.time) < Math.abs(next - timeMs) ? this.time : timeMs
  }
}
