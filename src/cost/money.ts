import { formatShare, formatUsd } from '../text/units.ts'
import { Baseline } from './baseline.ts'
import { burstOf, steadySurplusUsdPerHour } from './burst.ts'
import type { Consumed } from './consumption.ts'
import { type PriceQuestion, priceFor, usd } from './price.ts'
import { reconcile } from './reconcile.ts'
import { type Span, type Stolen, stolenIn } from './stolen.ts'
import { surplusIn } from './surplus.ts'

export interface MoneyQuestion extends PriceQuestion {
  /** When the machine was held (epoch ms), as far as the evidence goes; apart from each other, oldest first. */
  readonly held: readonly Span[]
  /** Still held when the evidence ended. */
  readonly isOngoing: boolean
  /** What was measured of the machine and billed for it, if anything. */
  readonly consumed: Consumed | null
}

export interface Reckoning {
  readonly usdPerHour: number | null
  /** Price of the hours held, and the surplus that the intruder's load brought with it: docs/cost.md. */
  readonly usdSoFar: number | null
  readonly usdPerMonth: number | null
  /** Cost of an hour as a multiple of a normal one; null where nothing says what the machine works. */
  readonly timesNormal: number | null
  /** Of the machine's processors, taken from its owner's work: 0 to 1. */
  readonly stolenShare: number | null
  /** The price is that of the assumed type. */
  readonly isAssumed: boolean
  /** How it was reckoned, with every assumption, in words. */
  readonly basis: string
}

/** What clouds call a month. */
export const HOURS_PER_MONTH = 730
const HOUR_MS = 3_600_000
/** When the machine was taken is known from elsewhere: the hour before it says what was normal, if not very well. */
const LEAST_PAST_HOURS = 1
const SHORT_PAST_HOURS = 24
/** The load at the end says what comes next. */
const RECENT_MS = HOUR_MS

/**
 * What the machine costs in the hands of whoever holds it. A machine at a fixed price costs the same with or without a
 * miner, so that is the price of what was taken, not a rise of the bill; a burstable one is billed for the load itself.
 */
export function reckon(question: MoneyQuestion): Reckoning {
  const { consumed, held } = question
  const price = priceFor(question, consumed)
  const hours = held.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0) / HOUR_MS
  const { usdPerHour, isAssumed } = price
  if (usdPerHour === null || !Number.isFinite(hours)) {
    const none = { usdSoFar: null, usdPerMonth: null, timesNormal: null, stolenShare: null }
    return { usdPerHour, ...none, isAssumed, basis: price.words }
  }
  const burst = burstOf(price.instanceType)
  const baseline = consumed === null ? null : new Baseline(consumed.cpu, held[0]?.from ?? 0, LEAST_PAST_HOURS)
  const stolen = consumed === null || baseline === null ? null : stolenIn(consumed.cpu, baseline, held)
  const reckoned =
    consumed === null || baseline === null || burst === null
      ? null
      : surplusIn(burst, consumed, baseline, held)
  const bill = consumed === null ? null : reconcile(consumed, held, usdPerHour, reckoned?.usd ?? 0)
  // What a bill has of it so far is the least; the load says what will follow.
  const isByBill = bill !== null && (bill.isComplete || reckoned === null)
  const surplusUsd = isByBill ? bill.surplusUsd : (reckoned?.usd ?? 0)
  const usualSurplus = burst === null ? 0 : steadySurplusUsdPerHour(burst, baseline?.overall()?.value ?? 0)
  const nowSurplus = burst === null || consumed === null ? 0 : surplusNow(question, consumed, burst)
  const ownPerHour = hours > 0 ? surplusUsd / hours : 0
  const heldPerHour =
    usdPerHour + Math.max(0, question.isOngoing ? Math.max(nowSurplus - usualSurplus, 0) : ownPerHour)
  const isLoadKnown = reckoned !== null || (bill !== null && burst !== null)
  const until = question.isOngoing ? ' up to the end of the evidence' : ''
  return {
    usdPerHour: heldPerHour,
    usdSoFar: usdPerHour * hours + surplusUsd,
    usdPerMonth: heldPerHour * HOURS_PER_MONTH,
    timesNormal: isLoadKnown ? (heldPerHour + usualSurplus) / (usdPerHour + usualSurplus) : null,
    stolenShare: stolen?.stolenShare ?? null,
    isAssumed,
    basis: [
      `${price.words}; ${hoursInWords(hours)}${until}; a month is ${HOURS_PER_MONTH} h.`,
      isLoadKnown
        ? surplusNote(surplusUsd, isByBill ? 'bill' : (reckoned?.basis ?? 'bill'))
        : billNote(burst, isAssumed),
      ...stolenNote(stolen, burst === null && !isAssumed, baseline?.hours ?? 0),
      ...(bill === null ? [] : [billedNote(bill)]),
    ].join(' '),
  }
}

/** Surplus an hour at the load of the last hour. */
function surplusNow(
  { held }: MoneyQuestion,
  { cpu }: Consumed,
  burst: NonNullable<ReturnType<typeof burstOf>>,
): number {
  const end = held.at(-1)?.to ?? 0
  const busy = cpu.mean(end - RECENT_MS, end)?.value ?? 0
  return steadySurplusUsdPerHour(burst, busy)
}

function hoursInWords(hours: number): string {
  return hours < 1 ? `${Math.round(hours * 60)} min` : `${hours.toFixed(1).replace(/\.0$/u, '')} h`
}

function billNote(burst: ReturnType<typeof burstOf>, isAssumed: boolean): string {
  if (isAssumed && burst === null)
    return 'Whether mining raises its bill is not known: that of a burstable type grows with the load, a fixed price does not.'
  if (burst === null)
    return 'At a fixed price mining does not raise the bill: this is the price of the machine that they use.'
  const most = steadySurplusUsdPerHour(burst, 1)
  if (most === 0)
    return 'In standard mode mining does not raise the bill: the machine slows down when its CPU credits are spent.'
  return `At full load surplus CPU credits can add up to ${usd(most)} an hour to the bill (unlimited mode); not counted, because no CPU measurements and no bill of the machine were given.`
}

function surplusNote(amount: number, basis: 'bill' | 'charged' | 'reckoned'): string {
  const how = {
    bill: 'by its bill',
    charged: 'as CloudWatch counted them',
    reckoned: 'reckoned from its CPU load',
  }[basis]
  return amount === 0
    ? `No surplus CPU credits yet (${how}): those saved have covered the load.`
    : `Surplus CPU credits of the intruder's load: ${formatUsd(amount)} (${how}), counted in.`
}

function stolenNote(stolen: Stolen | null, isFixed: boolean, pastHours: number): string[] {
  if (stolen === null) return []
  const taken = `CPU ${formatShare(stolen.normalShare)} → ${formatShare(stolen.busyShare)}: ${formatShare(stolen.stolenShare)} of the machine was taken, ${hoursInWords(stolen.machineHours)} of its work.`
  const past = pastHours < SHORT_PAST_HOURS ? ` What is normal: by the ${pastHours} h before.` : ''
  return [`${taken}${past}${isFixed ? ' That work is the loss.' : ''}`]
}

function billedNote({
  days,
  billedUsd,
  estimatedUsd,
  error,
}: NonNullable<ReturnType<typeof reconcile>>): string {
  const off = error === null ? '' : `, ${formatShare(error)} off`
  return `Bill of ${days === 1 ? 'its day' : `its ${days} days`}: ${formatUsd(billedUsd)}; estimate for the same: ${formatUsd(estimatedUsd)}${off}.`
}
