import { type Decimal, decimalNumber, decimalText } from '../text/decimal.ts'
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
  const ordered = [...days].toSorted(([a], [b]) => a - b)
  const past: [day: number, amount: number][] = []
  const found: JumpEntry[] = []
  let isUp = false
  for (const [day, usage] of ordered) {
    const amount = decimalNumber(usage)
    const normal = day === lastDay ? null : normalOf(past, day)
    const isHigh =
      normal !== null &&
      amount >= normal.value * MIN_TIMES &&
      amount - normal.value >= Math.max(MIN_RISE, MIN_SPREADS * normal.spread)
    if (isHigh && !isUp)
      found.push({
        resource,
        day: dayText(day),
        amount: decimalText(usage),
        normal: normal.value,
        times: normal.value > 0 ? amount / normal.value : Infinity,
        currency,
      })
    // What has jumped does not become normal.
    if (!isHigh) past.push([day, amount])
    isUp = isHigh
  }
  return found.filter(({ times }) => Number.isFinite(times))
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
