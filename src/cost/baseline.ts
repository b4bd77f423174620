import type { StepSeries } from './step-series.ts'

const HOUR_MS = 3_600_000
const WEEK_HOURS = 168
const DAY_HOURS = 24
/** So many equal hours make a habit. */
const MIN_ALIKE = 3
/** Half a day of hours is the least that says what is normal at all. */
const MIN_HOURS = 12
/** Scales a median absolute deviation to a standard deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826
/** A machine that is always as idle still varies by that much. */
const LEAST_SPREAD = 0.02

/** What is normal at an hour: median, and how far hours lie from it as a rule. */
export interface Normal {
  readonly value: number
  readonly spread: number
  readonly basis: 'hour-of-week' | 'hour-of-day' | 'all-hours'
}

/**
 * What is normal for a machine at each hour, by its own past: the same hour of the week where there were three of them,
 * else the same hour of the day, else all its hours; null where there are fewer than twelve. Medians, so that a few odd hours
 * change nothing. Whoever knows from elsewhere when the anomaly began may ask with fewer. The past ends where the anomaly begins: else the miner would become normal.
 */
export class Baseline {
  readonly #hours: readonly (readonly [hour: number, value: number])[]
  readonly #known = new Map<number, Normal | null>()

  readonly #minHours: number

  constructor(series: StepSeries, until: number, minHours = MIN_HOURS) {
    this.#minHours = minHours
    const sums = new Map<number, { sum: number; weight: number }>()
    for (const { from, to, value } of series.steps(-Infinity, until)) {
      if (to > until) continue
      const hour = Math.floor(from / HOUR_MS)
      const entry = sums.get(hour) ?? { sum: 0, weight: 0 }
      entry.sum += value
      entry.weight++
      sums.set(hour, entry)
    }
    this.#hours = [...sums].map(([hour, { sum, weight }]) => [hour, sum / weight] as const)
  }

  /** Hours of past that it stands on. */
  get hours(): number {
    return this.#hours.length
  }

  at(time: number): Normal | null {
    const hour = Math.floor(time / HOUR_MS)
    const key = modulo(hour, WEEK_HOURS)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const normal = normalAt(this.#hours, hour, this.#minHours)
    this.#known.set(key, normal)
    return normal
  }

  /** What is normal over all hours. */
  overall(): Normal | null {
    return overall(this.#hours, this.#minHours)
  }
}

/** What is normal at an hour (counted from the epoch) by hours of the past. */
export function normalAt(
  past: readonly (readonly [hour: number, value: number])[],
  hour: number,
  minHours = MIN_HOURS,
): Normal | null {
  if (past.length < minHours) return null
  for (const [period, basis] of [
    [WEEK_HOURS, 'hour-of-week'],
    [DAY_HOURS, 'hour-of-day'],
  ] as const) {
    const alike: number[] = []
    for (const [other, value] of past) if (modulo(other - hour, period) === 0) alike.push(value)
    if (alike.length >= MIN_ALIKE) return normalOf(alike, basis)
  }
  return overall(past, minHours)
}

function overall(past: readonly (readonly [hour: number, value: number])[], minHours: number): Normal | null {
  return past.length < minHours
    ? null
    : normalOf(
        past.map(([, value]) => value),
        'all-hours',
      )
}

function modulo(value: number, period: number): number {
  return ((value % period) + period) % period
}

function normalOf(values: readonly number[], basis: Normal['basis']): Normal {
  const value = median(values)
  const deviation = median(values.map((one) => Math.abs(one - value)))
  return { value, spread: Math.max(LEAST_SPREAD, deviation * MAD_TO_SIGMA), basis }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
