import type { Event } from '../../event/event.ts'

/** Events that may wait for flows that are still open, in memory of whoever puts events in order: a kilobyte or two each. */
const MAX_WAITING = 32_768

/**
 * What a run of captures can promise. A flow is told when it has been silent for minutes, at the time of
 * its last packet, so all that comes later has to wait for it. Where traffic is so dense that too much
 * would wait, the older half is let go, and flows that end before that come late.
 */
export class Horizon {
  /** Epoch ms: what comes now is not older, save what is counted in `late`. */
  watermark = Number.NEGATIVE_INFINITY
  late = 0
  /** Of events at or after the watermark. */
  #waiting: number[] = []
  readonly #maxWaiting: number

  constructor(maxWaiting: number = MAX_WAITING) {
    this.#maxWaiting = maxWaiting
  }

  /** `events` are given out now; flows that are open end at `settledBefore` (epoch ms) at the earliest. */
  move(events: readonly Event[], settledBefore: number): void {
    for (const { time } of events) {
      if (time < this.watermark) this.late++
      else this.#waiting.push(time)
    }
    if (settledBefore > this.watermark) this.watermark = settledBefore
    if (this.#waiting.length > this.#maxWaiting) this.#letGo()
  }

  #letGo(): void {
    this.#waiting = this.#waiting.filter((time) => time >= this.watermark)
    if (this.#waiting.length * 2 < this.#maxWaiting) return
    const times = this.#waiting.toSorted((a, b) => a - b)
    const half = times.length >> 1
    this.watermark = times[half] ?? this.watermark
    this.#waiting = times.slice(half)
  }
}
