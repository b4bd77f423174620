/** A stretch of time and the mean in it. */
export interface Step {
  readonly from: number
  readonly to: number
  readonly value: number
}

const MINUTE_MS = 60_000
/** A step longer than this says nothing about hours: what would take one is left out. */
const LONGEST_STEP_MS = 6 * 60 * MINUTE_MS

/** Steps that people count in. */
const NICE_MINUTES = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10_080, 40_320]

/** The shortest step (ms) that people count in, not below `least`, of which `span` holds at most `count`. */
export function niceStep(span: number, count: number, least: number): number {
  const wanted = Math.max(least, span / count)
  return (NICE_MINUTES.find((minutes) => minutes * MINUTE_MS >= wanted) ?? 525_600) * MINUTE_MS
}

/**
 * Means over equal steps of time. It holds at most `maxSteps`: where the time it spans takes more, steps get twice as
 * long. Values may come in any order, and each counts for the time it was measured over.
 */
export class StepSeries {
  stepMs = MINUTE_MS
  readonly #maxSteps: number
  /** Number of the step that stands first, counted from the epoch. */
  #first = 0
  #sums = new Float64Array(0)
  #weights = new Float64Array(0)
  /** What was measured begins and ends here (epoch ms). */
  #begin = Infinity
  #until = -Infinity

  constructor(maxSteps = 10_080) {
    this.#maxSteps = maxSteps
  }

  get isEmpty(): boolean {
    return this.#sums.length === 0
  }

  /** A value measured from `from` to `to` (epoch ms). */
  add(from: number, to: number, value: number): void {
    if (!Number.isFinite(value + from + to) || !(to > from) || !this.#hold(from, to)) return
    const last = Math.ceil(to / this.stepMs) - 1
    for (let step = Math.floor(from / this.stepMs); step <= last; step++) {
      const begin = Math.max(from, step * this.stepMs)
      const end = Math.min(to, (step + 1) * this.stepMs)
      this.#put(step - this.#first, value, end - begin)
    }
  }

  /** A value of one moment: moments count alike within a step. */
  addMoment(time: number, value: number): void {
    if (!Number.isFinite(value + time) || !this.#hold(time, time + 1)) return
    this.#put(Math.floor(time / this.stepMs) - this.#first, value, 1)
  }

  /** Takes over what another series holds. */
  merge(other: StepSeries): void {
    for (const { from, to, value } of other.steps()) this.add(from, to, value)
  }

  /** Steps with something in them, oldest first. */
  *steps(from = -Infinity, to = Infinity): Generator<Step> {
    const begin = Math.max(0, Math.floor(from / this.stepMs) - this.#first)
    for (let index = Number.isFinite(begin) ? begin : 0; index < this.#sums.length; index++) {
      const weight = this.#weights[index] ?? 0
      const at = (this.#first + index) * this.stepMs
      if (at >= to) return
      if (weight === 0 || at + this.stepMs <= from) continue
      yield { from: at, to: at + this.stepMs, value: (this.#sums[index] ?? 0) / weight }
    }
  }

  /** The mean over steps that touch a time, and how much of it they cover; null where there is none. */
  mean(from: number, to: number): { value: number; coveredMs: number } | null {
    let sum = 0
    let coveredMs = 0
    for (const step of this.steps(from, to)) {
      const ms = Math.min(to, step.to) - Math.max(from, step.from)
      sum += step.value * ms
      coveredMs += ms
    }
    return coveredMs > 0 ? { value: sum / coveredMs, coveredMs } : null
  }

  get from(): number | null {
    return this.isEmpty ? null : Math.floor(this.#begin / this.stepMs) * this.stepMs
  }

  get to(): number | null {
    return this.isEmpty ? null : Math.ceil(this.#until / this.stepMs) * this.stepMs
  }

  #put(index: number, value: number, weight: number): void {
    this.#sums[index] = (this.#sums[index] ?? 0) + value * weight
    this.#weights[index] = (this.#weights[index] ?? 0) + weight
  }

  /** Makes room for a time; false where that would take steps that are too long. */
  #hold(from: number, to: number): boolean {
    const begin = Math.min(this.#begin, from)
    const until = Math.max(this.#until, to)
    let stepMs = this.stepMs
    while (Math.ceil(until / stepMs) - Math.floor(begin / stepMs) > this.#maxSteps) stepMs *= 2
    if (!(stepMs <= LONGEST_STEP_MS)) return false
    while (this.stepMs < stepMs) this.#coarsen()
    this.#begin = begin
    this.#until = until
    const first = Math.floor(begin / stepMs)
    const last = Math.ceil(until / stepMs)
    if (this.isEmpty) this.#resize(first, Math.max(last - first, Math.min(64, this.#maxSteps)))
    else if (first < this.#first) this.#resize(first, this.#first + this.#sums.length - first)
    if (last > this.#first + this.#sums.length)
      this.#resize(this.#first, Math.max(last - this.#first, Math.min(this.#maxSteps, this.#sums.length * 2)))
    return true
  }

  #resize(first: number, length: number): void {
    const sums = new Float64Array(length)
    const weights = new Float64Array(length)
    if (!this.isEmpty) {
      sums.set(this.#sums.subarray(0, length - (this.#first - first)), this.#first - first)
      weights.set(this.#weights.subarray(0, length - (this.#first - first)), this.#first - first)
    }
    this.#first = first
    this.#sums = sums
    this.#weights = weights
  }

  #coarsen(): void {
    const first = Math.floor(this.#first / 2)
    const length = Math.ceil((this.#first + this.#sums.length) / 2) - first
    const sums = new Float64Array(length)
    const weights = new Float64Array(length)
    for (let index = 0; index < this.#sums.length; index++) {
      const into = Math.floor((this.#first + index) / 2) - first
      sums[into] = (sums[into] ?? 0) + (this.#sums[index] ?? 0)
      weights[into] = (weights[into] ?? 0) + (this.#weights[index] ?? 0)
    }
    this.stepMs *= 2
    this.#first = first
    this.#sums = sums
    this.#weights = weights
  }
}
