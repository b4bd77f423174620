import { isLeapYear, type Timestamp } from './timestamp.ts'

const DAY_MS = 86_400_000
/** A line may be so much older than the one before and still belong to the old year. */
const BACK_MS = 31 * DAY_MS
const HALF_YEAR_MS = 183 * DAY_MS

/** What the clock on the wall showed in `year`, as epoch ms as if it showed UTC; NaN for 29 February of a year without. */
export function wallTime(year: number, { month, day, msOfDay }: Timestamp): number {
  if (month === 2 && day === 29 && !isLeapYear(year)) return Number.NaN
  return Date.UTC(year, month - 1, day) + msOfDay
}

/** Wall times without year, line after line: the year of the first is given, and it moves on at a New Year. */
export class YearClock {
  year: number
  readonly #latest: number
  #last = Number.NaN
  #day = -1
  #midnight = 0

  /** No line is younger than `latest` (wall time): where the next year would be, the clock was set back instead. */
  constructor(year: number, latest: number) {
    this.year = year
    this.#latest = latest
  }

  /** Wall time as `wallTime` gives it; NaN for a date that the year does not have. */
  wallTimeOf(stamp: Timestamp): number {
    const day = stamp.month * 32 + stamp.day
    // Most lines are of the same day as the one before.
    const time = day === this.#day ? this.#midnight + stamp.msOfDay : this.#ofOtherDay(stamp, day)
    if (!Number.isNaN(time)) this.#last = time
    return time
  }

  #ofOtherDay(stamp: Timestamp, day: number): number {
    const year = this.#yearOf(stamp)
    const time = wallTime(year, stamp)
    // A stray line of the old year does not turn the year back.
    if (Number.isNaN(time) || year < this.year) return time
    this.year = year
    this.#day = day
    this.#midnight = time - stamp.msOfDay
    return time
  }

  #yearOf(stamp: Timestamp): number {
    const last = this.#last
    if (Number.isNaN(last)) return this.year
    const now = wallTime(this.year, stamp)
    const next = wallTime(this.year + 1, stamp)
    const isBehind = !(now >= last - HALF_YEAR_MS)
    if (isBehind && next - last < HALF_YEAR_MS && next <= this.#latest) return this.year + 1
    const before = wallTime(this.year - 1, stamp)
    const isAhead = !(now - last < HALF_YEAR_MS)
    if (isAhead && last - before < BACK_MS) return this.year - 1
    return now > this.#latest && before <= this.#latest ? this.year - 1 : this.year
  }
}
