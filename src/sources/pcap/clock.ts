/** Further back than this, a packet counts as late: captures from several queues are a little out of order. */
export const LATE_MS = 1_000
/** A leap forward by more than this is believed only once a second packet confirms it. */
const LEAP_MS = 86_400_000

/**
 * The time one capture has come to: never goes back, and one packet with a mad time stamp does not
 * carry it away. `nowMs`: evidence cannot be younger.
 */
export class CaptureClock {
  /** Epoch ms; -Infinity until the first believable packet. */
  time = Number.NEGATIVE_INFINITY
  late = 0
  /** The first believable packet's, once there is one. */
  first: number | null = null
  readonly #latestMs: number
  #leapMs: number | null = null

  constructor(nowMs: number) {
    this.#latestMs = nowMs + LEAP_MS
  }

  observe(timeMs: number): void {
    if (timeMs <= this.time) {
      if (this.time - timeMs > LATE_MS) this.late++
      return
    }
    const isLeap =
      this.time === Number.NEGATIVE_INFINITY ? timeMs > this.#latestMs : timeMs - this.time > LEAP_MS
    if (isLeap && (this.#leapMs === null || Math.abs(timeMs - this.#leapMs) > LEAP_MS)) {
      this.#leapMs = timeMs
      return
    }
    this.#leapMs = null
    this.time = timeMs
    this.first ??= timeMs
  }
}
