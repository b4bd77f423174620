/** What was counted of the shares of the last quarter of an hour. */
export interface RecentCount {
  /** Epoch ms: when that time begins. */
  readonly from: number
  readonly to: number
  readonly accepted: number
  /** Sum of the difficulty of the accepted ones, in hashes, and sum of its squares. */
  readonly expectedHashes: number
  readonly hashesVariance: number
}

/** What miners print as their rate of 15 minutes; older shares say little of what goes on now. */
const WINDOW_MS = 15 * 60_000
const STEP_MS = 15_000
const STEPS = WINDOW_MS / STEP_MS
/** Per step: its number, accepted shares, hashes, squares of hashes. */
const FIELDS = 4

/** Accepted shares of the last quarter of an hour, in steps of 15 s: 2 kB however many there are. */
export class RecentWork {
  private readonly steps = new Float64Array(STEPS * FIELDS)

  add(timeMs: number, count: number, hashes: number): void {
    const step = Math.floor(timeMs / STEP_MS)
    const at = (step % STEPS) * FIELDS
    const { steps } = this
    if (steps[at] !== step) {
      // An older step than the one that stands there came too late to count.
      if ((steps[at] ?? 0) > step) return
      steps.fill(0, at, at + FIELDS)
      steps[at] = step
    }
    steps[at + 1]! += count
    steps[at + 2]! += count * hashes
    steps[at + 3]! += count * hashes ** 2
  }

  /** Of the quarter of an hour before `nowMs` (epoch ms), its first step whole. */
  count(nowMs: number): RecentCount {
    const first = Math.floor((nowMs - WINDOW_MS) / STEP_MS) + 1
    const sum = { from: first * STEP_MS, to: nowMs, accepted: 0, expectedHashes: 0, hashesVariance: 0 }
    for (let at = 0; at < this.steps.length; at += FIELDS) {
      if (this.steps[at]! < first) continue
      sum.accepted += this.steps[at + 1]!
      sum.expectedHashes += this.steps[at + 2]!
      sum.hashesVariance += this.steps[at + 3]!
    }
    return sum
  }
}
