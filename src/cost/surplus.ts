import type { Baseline } from './baseline.ts'
import { type Burst, creditsUsd, type Load, restedCredits, runCredits } from './burst.ts'
import type { Consumed } from './consumption.ts'
import type { Span } from './stolen.ts'

const HOUR_MS = 3_600_000
/** Hours of load that the account of credits is run over before a machine was taken: a day fills it or empties it. */
const RUN_UP_MS = 24 * HOUR_MS

/** Surplus credits caused by whoever held a machine. */
export interface Surplus {
  readonly usd: number
  /** As CloudWatch counted them, or as they follow from the load. */
  readonly basis: 'charged' | 'reckoned'
}

/**
 * What the load of the intruder adds to the bill of a burstable machine: surplus charged or owed with it, less what the
 * machine's normal load would have been charged. Null where its load was not measured, or nothing is charged for surplus.
 */
export function surplusIn(
  burst: Burst,
  consumed: Consumed,
  baseline: Baseline,
  spans: readonly Span[],
): Surplus | null {
  const from = Math.min(...spans.map((span) => span.from))
  const to = Math.max(...spans.map((span) => span.to))
  const loads = [...consumed.cpu.steps(from - RUN_UP_MS, to)]
  if (burst.surplusUsdPerVcpuHour === null || !loads.some((load) => load.to > from)) return null
  const normalAt = (load: Load): number =>
    Math.min(load.busyShare, baseline.at(load.from)?.value ?? burst.baseline)
  const isHeld = (load: Load): boolean => spans.some((span) => load.to > span.from && load.from < span.to)
  const actual: Load[] = loads.map((step) => ({
    from: Math.max(step.from, from - RUN_UP_MS),
    to: Math.min(step.to, to),
    busyShare: step.value,
  }))
  const usual = actual.map((load) => (isHeld(load) ? { ...load, busyShare: normalAt(load) } : load))
  const saved = savedAt(consumed, actual[0]?.from ?? from)
  const start = saved === null ? restedCredits(burst) : { saved, owed: 0, charged: 0 }
  const without = runCredits(burst, usual, start)
  const charged = chargedIn(consumed, spans)
  if (charged !== null)
    return { usd: Math.max(0, creditsUsd(burst, charged - without.charged)), basis: 'charged' }
  const with_ = runCredits(burst, actual, start)
  const credits = with_.charged + with_.owed - without.charged - without.owed
  return { usd: Math.max(0, creditsUsd(burst, credits)), basis: 'reckoned' }
}

/** What CloudWatch says was saved at a time; null where it does not. */
function savedAt({ metrics }: Consumed, time: number): number | null {
  return metrics.get('cpu-credit-balance')?.mean(time - HOUR_MS, time + HOUR_MS)?.value ?? null
}

/** Credits that CloudWatch says were charged, with what is still owed at the end; null where it does not cover the time. */
function chargedIn({ metrics }: Consumed, spans: readonly Span[]): number | null {
  const charged = metrics.get('cpu-surplus-credits-charged')
  if (charged === undefined) return null
  let credits = 0
  for (const { from, to } of spans) {
    const mean = charged.mean(from, to)
    if (mean === null || mean.coveredMs < (to - from) * 0.8) return null
    credits += (mean.value * mean.coveredMs) / HOUR_MS
  }
  const end = Math.max(...spans.map((span) => span.to))
  const owed = metrics.get('cpu-surplus-credit-balance')
  const before = owed?.mean(
    Math.min(...spans.map((span) => span.from)) - HOUR_MS,
    Math.min(...spans.map((span) => span.from)),
  )
  return credits + Math.max(0, (owed?.mean(end - HOUR_MS, end)?.value ?? 0) - (before?.value ?? 0))
}
