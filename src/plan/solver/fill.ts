import { groupsOf } from './groups.ts'
import { Ledger } from './ledger.ts'
import { optionsOf, slopesOf } from './options.ts'
import type { PlanProblem } from './problem.ts'
import type { RiskState } from './risk-state.ts'
import { spend } from './spend.ts'

/** Twice over a list that gains from earlier choices is enough; a third pass found nothing in the benchmark. */
const PASSES = 2

export interface Filled {
  readonly chosen: number[]
  readonly removedUsdPerDay: number
  readonly boundUsdPerDay: number
  /** How much was looked at. */
  readonly looked: number
}

/**
 * Chooses among measures whose controls are already settled: everything that nothing limits, then what costs money,
 * CPU or downtime by what it removes for it. The bound holds for every choice within the budget. `state` is used as
 * working space.
 */
export function fillBudget(problem: PlanProblem, state: RiskState, measures: readonly number[]): Filled {
  const { before, free, limited, scarce } = settled(problem, state, measures)
  const ledger = new Ledger(problem)
  const chosen: number[] = []
  for (const measure of measures) {
    const one = problem.measures[measure]
    if (one === undefined || !state.has(measure)) continue
    ledger.add(one)
    chosen.push(measure)
  }
  if (limited.length === 0) return { chosen, removedUsdPerDay: free, boundUsdPerDay: free, looked: 0 }
  const take = (measure: number): void => {
    const one = problem.measures[measure]
    if (one === undefined || state.has(measure) || ledger.breaks(one) !== null) return
    ledger.add(one)
    state.add(measure)
    chosen.push(measure)
  }
  const spent = spendOn(problem, state, limited, scarce)
  for (const measure of spent.chosen) take(measure)
  for (let pass = 0; pass < PASSES; pass += 1)
    for (const measure of rankByReturn(problem, state, limited)) take(measure)
  const removed = before - state.exact()
  return {
    chosen,
    removedUsdPerDay: removed,
    boundUsdPerDay: Math.max(free + spent.bound, removed),
    looked: spent.looked,
  }
}

/** No choice of these measures within money, CPU and downtime removes more. */
export function boundOf(
  problem: PlanProblem,
  state: RiskState,
  measures: readonly number[],
): { bound: number; looked: number } {
  const { free, limited, scarce } = settled(problem, state, measures)
  if (limited.length === 0) return { bound: free, looked: 0 }
  const { bound, looked } = spendOn(problem, state, limited, scarce)
  return { bound: free + bound, looked }
}

/** Leaves in `state` what nothing but friction limits. */
function settled(
  problem: PlanProblem,
  state: RiskState,
  measures: readonly number[],
): { before: number; free: number; limited: number[]; scarce: Set<number> } {
  state.clear()
  const before = state.exact()
  const scarce = scarceAssets(problem, measures)
  const limited: number[] = []
  for (const measure of measures) {
    const one = problem.measures[measure]
    const isLimited = (one?.usdPerMonth ?? 0) > 0 || (one?.loads ?? []).some(({ asset }) => scarce.has(asset))
    if (isLimited) limited.push(measure)
    else state.add(measure)
  }
  return { before, free: before - state.exact(), limited, scarce }
}

/** What the money is best spent on, by groups of measures that are reckoned together. */
function spendOn(
  problem: PlanProblem,
  state: RiskState,
  limited: readonly number[],
  scarce: ReadonlySet<number>,
): { chosen: number[]; bound: number; looked: number } {
  const groups = groupsOf(problem, limited, scarce)
  const slopes = slopesOf(state, groups)
  const lists = groups.map((group) => optionsOf(problem, state, group, slopes))
  const options = lists.map((list) => list.options)
  const { taken, bound } = spend(options, problem.budget.usdPerMonth)
  return {
    chosen: groups.flatMap(({ measures }, i) => {
      const set = options[i]?.[taken[i] ?? 0]?.set ?? 0
      return measures.filter((_, at) => (set & (1 << at)) !== 0)
    }),
    bound,
    looked: lists.reduce((sum, list) => sum + list.looked, 0),
  }
}

/** Machines that cannot carry everything asked of them. */
export function scarceAssets(problem: PlanProblem, measures: readonly number[]): Set<number> {
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
