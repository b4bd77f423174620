import { decimalNumber } from '../text/decimal.ts'
import { median } from './baseline.ts'
import type { Consumed } from './consumption.ts'
import type { Span } from './stolen.ts'

const DAY_MS = 86_400_000

/** The bill of the days on which a machine was held, beside what was reckoned for the same days. */
export interface Reconciled {
  readonly days: number
  readonly billedUsd: number
  readonly estimatedUsd: number
  /** |estimate − bill| of the bill; null for a bill of nothing. */
  readonly error: number | null
  /** Surplus credits on those days, beyond what is normal for a day of this machine. */
  readonly surplusUsd: number
  /** The bill has all days of the tenure, and goes beyond them. */
  readonly isComplete: boolean
}

/** Null where no bill in dollars names the machine on those days. */
export function reconcile(
  consumed: Consumed,
  spans: readonly Span[],
  usdPerHour: number,
  surplusUsd: number,
): Reconciled | null {
  const bills = consumed.bills.filter(({ currency }) => currency === 'USD')
  if (bills.length === 0) return null
  const byDay = new Map<number, { surplus: number; compute: number; hours: number }>()
  for (const bill of bills) {
    for (const { day, surplus, compute, hours } of bill.days.values()) {
      const entry = byDay.get(day) ?? { surplus: 0, compute: 0, hours: 0 }
      entry.hours = Math.max(entry.hours, hours)
      entry.surplus += decimalNumber(surplus)
      entry.compute += decimalNumber(compute)
      byDay.set(day, entry)
    }
  }
  const held = daysOf(spans)
  const billed = held.filter((day) => byDay.has(day))
  if (billed.length === 0) return null
  const firstHeld = held[0] ?? 0
  const normalDays = [...byDay].filter(([day]) => day < firstHeld).map(([, entry]) => entry.surplus)
  const normalSurplus = normalDays.length === 0 ? 0 : median(normalDays)
  const sum = (of: 'surplus' | 'compute' | 'hours'): number =>
    billed.reduce((total, day) => total + (byDay.get(day)?.[of] ?? 0), 0)
  const billedUsd = sum('compute') + sum('surplus')
  // The bill is of all hours that the machine ran, held or not.
  const estimatedUsd =
    usdPerHour * sum('hours') + (surplusUsd * billed.length) / held.length + normalSurplus * billed.length
  return {
    days: billed.length,
    billedUsd,
    estimatedUsd,
    error: billedUsd > 0 ? Math.abs(estimatedUsd - billedUsd) / billedUsd : null,
    surplusUsd: Math.max(0, sum('surplus') - normalSurplus * billed.length),
    // The last day of a bill is seldom whole.
    isComplete: billed.length === held.length && Math.max(...byDay.keys()) > (held.at(-1) ?? 0),
  }
}

const MAX_DAYS = 4000

function daysOf(spans: readonly Span[]): number[] {
  const days = new Set<number>()
  for (const { from, to } of spans)
    for (let day = Math.floor(from / DAY_MS); day * DAY_MS < to && days.size < MAX_DAYS; day++) days.add(day)
  return [...days].toSorted((a, b) => a - b)
}
