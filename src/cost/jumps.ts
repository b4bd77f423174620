import { type Decimal, decimalNumber, decimalText, ZERO } from '../text/decimal.ts'
import { median } from './baseline.ts'
import type { BillBook } from './bill-book.ts'
import type { JumpEntry } from './document.ts'

/** Days of past without which nothing is normal. */
const MIN_DAYS = 7
/** Nobody gets up for less, in the currency of the bill. */
const MIN_RISE = 0.5
const MIN_TIMES = 1.3
const MIN_SPREADS = 4
const MAD_TO_SIGMA = 1.4826
const MAX_JUMPS = 100
const WEEK = 7
const DAY_MS = 86_400_000

/**
 * Days on which usage was far above what is normal for that machine, or for the bill: median of the same weekday where
 * there were three, else of all days before. The last day of a bill is not judged: it is seldom whole. Of days that follow
 * each other the first is told.
 */
export function jumpsIn(bills: BillBook): JumpEntry[] {
  const found: JumpEntry[] = []
  for (const [currency, days] of bills.days) found.push(...jumps(null, currency, days))
  const lastDays = new Map([...bills.days].map(([currency, days]) => [currency, Math.max(...days.keys())]))
  for (const { id, currency, days } of bills.resources.values()) {
    const usage = new Map([...days].map(([day, entry]) => [day, entry.usage]))
    found.push(...jumps(id, currency, usage, lastDays.get(currency)))
  }
  return found
    .toSorted((a, b) => Number(b.amount) - b.normal - (Number(a.amount) - a.normal))
    .slice(0, MAX_JUMPS)
}

function jumps(
  resource: string | null,
  currency: string,
  days: ReadonlyMap<number, Decimal>,
  lastDay = Math.max(...days.keys()),
): JumpEntry[] {
  return spendRises(days, lastDay)
    .map(({ from, normal }) => {
      const usage = days.get(from) ?? ZERO
      const times = normal > 0 ? decimalNumber(usage) / normal : Infinity
      return { resource, day: dayText(from), amount: decimalText(usage), normal, times, currency }
    })
    .filter(({ times }) => Number.isFinite(times))
}

/** Days that follow each other on which far more was spent than is normal. */
export interface SpendRise {
  /** Day numbers, both of it. */
  readonly from: number
  readonly to: number
  /** A day: of the days before it, and the mean of its own. */
  readonly normal: number
  readonly amount: number
  /** All of it beyond normal. */
  readonly beyond: number
  /** It goes on until the bill ends. */
  readonly isOpen: boolean
}

/** `lastDay` is not judged: it is seldom whole. */
export function spendRises(days: ReadonlyMap<number, Decimal>, lastDay: number): SpendRise[] {
  const ordered = [...days].toSorted(([a], [b]) => a - b)
  const past: [day: number, amount: number][] = []
  const found: { from: number; to: number; normal: number; sum: number; count: number; beyond: number }[] = []
  let isUp = false
  for (const [day, usage] of ordered) {
    if (day === lastDay) continue
    const amount = decimalNumber(usage)
    const normal = normalOf(past, day)
    const isHigh =
      normal !== null &&
      amount >= normal.value * MIN_TIMES &&
      amount - normal.value >= Math.max(MIN_RISE, MIN_SPREADS * normal.spread)
    const last = found.at(-1)
    if (isHigh && isUp && last !== undefined) {
      last.to = day
      last.sum += amount
      last.count++
      last.beyond += amount - normal.value
    } else if (isHigh) {
      const { value } = normal
      found.push({ from: day, to: day, normal: value, sum: amount, count: 1, beyond: amount - value })
    }
    // What has jumped does not become normal.
    if (!isHigh) past.push([day, amount])
    isUp = isHigh
  }
  return found.map(({ sum, count, ...rise }) => ({
    ...rise,
    amount: sum / count,
    isOpen: rise.to >= lastDay - 1,
  }))
}

function normalOf(
  past: readonly (readonly [day: number, amount: number])[],
  day: number,
): { value: number; spread: number } | null {
  if (past.length < MIN_DAYS) return null
  const sameDay = past.filter(([other]) => (day - other) % WEEK === 0).map(([, amount]) => amount)
  const amounts = sameDay.length >= 3 ? sameDay : past.map(([, amount]) => amount)
  const value = median(amounts)
  return { value, spread: median(amounts.map((one) => Math.abs(one - value))) * MAD_TO_SIGMA }
}

export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}
