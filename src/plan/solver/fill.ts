import { byDensity, fillFractions, limitedWorth } from './bound.ts'
import { Ledger } from './ledger.ts'
import type { PlanProblem } from './problem.ts'
import type { RiskState } from './risk-state.ts'

/** Twice over a list that gains from earlier choices is enough; a third pass found nothing in the benchmark. */
const PASSES = 2

export interface Filled {
  readonly chosen: number[]
  readonly removedUsdPerDay: number
  readonly boundUsdPerDay: number
}

/**
 * Chooses among measures whose controls are already settled: everything that nothing limits, then what costs money,
 * CPU or downtime by what it removes for it. The bound holds for every choice within the money. `state` is used as
 * working space.
 */
export function fillBudget(problem: PlanProblem, state: RiskState, measures: readonly number[]): Filled {
  state.clear()
  const before = state.exact()
  const scarce = scarceAssets(problem, measures)
  const isScarce = (measure: number): boolean =>
    (problem.measures[measure]?.usdPerMonth ?? 0) > 0 ||
    (problem.measures[measure]?.loads ?? []).some(({ asset }) => scarce.has(asset))
  const ledger = new Ledger(problem)
  const chosen: number[] = []
  const take = (measure: number): boolean => {
    const one = problem.measures[measure]
    if (one === undefined || state.has(measure) || ledger.breaks(one) !== null) return false
    ledger.add(one)
    state.add(measure)
    chosen.push(measure)
    return true
  }
  for (const measure of measures) if (!isScarce(measure)) take(measure)
  const limited = measures.filter(isScarce)
  const free = before - state.exact()
  if (limited.length === 0) return { chosen, removedUsdPerDay: free, boundUsdPerDay: free }
  const bound =
    free + fillFractions(byDensity(limitedWorth(problem, state, limited)), problem.budget.usdPerMonth)
  for (let pass = 0; pass < PASSES; pass += 1) {
    const ranked = rankByReturn(problem, state, limited)
    for (const measure of ranked) take(measure)
  }
  const removed = before - state.exact()
  return { chosen, removedUsdPerDay: removed, boundUsdPerDay: Math.max(bound, removed) }
}

/** Machines that cannot carry everything asked of them. */
function scarceAssets(problem: PlanProblem, measures: readonly number[]): Set<number> {
  const cpu = new Map<number, number>()
  const downtime = new Map<number, number>()
  for (const measure of measures) {
    for (const load of problem.measures[measure]?.loads ?? []) {
      cpu.set(load.asset, (cpu.get(load.asset) ?? 0) + load.cpuPercent)
      downtime.set(load.asset, (downtime.get(load.asset) ?? 0) + load.downtimeSeconds)
    }
  }
  const scarce = new Set<number>()
  for (const [asset, used] of cpu) if (used > problem.budget.cpuPercent) scarce.add(asset)
  for (const [asset, used] of downtime) if (used > problem.budget.downtimeSeconds) scarce.add(asset)
  return scarce
}

/** What it removes for each dollar; what costs no money first, by what it removes. */
function rankByReturn(problem: PlanProblem, state: RiskState, limited: readonly number[]): number[] {
  const before = state.atRisk
  const score = new Map<number, number>()
  const isPaid = (measure: number): boolean => (problem.measures[measure]?.usdPerMonth ?? 0) > 0
  for (const measure of limited) {
    if (state.has(measure)) continue
    state.add(measure)
    const gain = before - state.atRisk
    state.remove(measure)
    const usd = problem.measures[measure]?.usdPerMonth ?? 0
    if (gain > 1e-7) score.set(measure, usd > 0 ? gain / usd : gain)
  }
  return [...score.keys()].toSorted(
    (a, b) => Number(isPaid(a)) - Number(isPaid(b)) || (score.get(b) ?? 0) - (score.get(a) ?? 0) || a - b,
  )
}
