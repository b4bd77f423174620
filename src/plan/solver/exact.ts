import { Ledger } from './ledger.ts'
import type { PlanProblem, Solution } from './problem.ts'
import { type Candidate, comparePlans, inMicroUsd } from './rank.ts'
import { RiskState } from './risk-state.ts'

/** Half a micro-dollar: what incremental sums may be off by. */
const SLACK_MICRO_USD = 1

/**
 * Branch and bound over single measures: the best plan, or null where that would take more than `maxNodes` steps.
 * A branch ends where even everything that still fits alone would not beat the best so far.
 */
export function solveExactly(
  problem: PlanProblem,
  candidates: readonly number[],
  maxNodes: number,
): Solution | null {
  const state = new RiskState(problem)
  const before = state.atRisk
  const order = byWorth(state, candidates)
  const ledger = new Ledger(problem)
  const chosen: number[] = []
  let best: Candidate = { worth: 0, weight: ledger.weight(), chosen: [] }
  let nodes = 0

  const consider = (): void => {
    const worth = inMicroUsd(before - state.exact())
    const candidate = { worth, weight: ledger.weight(), chosen: chosen.toSorted((a, b) => a - b) }
    if (comparePlans(candidate, best) < 0) best = candidate
  }
  /** Worth of the branch if everything that fits alone came on top. */
  const optimistic = (from: number): number => {
    const added: number[] = []
    for (const measure of order.slice(from)) {
      const one = problem.measures[measure]
      if (one === undefined || state.has(measure) || ledger.breaks(one) !== null) continue
      state.add(measure)
      added.push(measure)
    }
    const worth = inMicroUsd(before - state.exact())
    for (const measure of added) state.remove(measure)
    return worth
  }
  const branch = (at: number): boolean => {
    nodes += 1
    if (nodes > maxNodes) return false
    const measure = order[at]
    if (measure === undefined) {
      consider()
      return true
    }
    const bound = optimistic(at) + SLACK_MICRO_USD
    if (bound < best.worth) return true
    const one = problem.measures[measure]
    if (one !== undefined && ledger.breaks(one) === null) {
      state.add(measure)
      ledger.add(one)
      chosen.push(measure)
      const isDone = branch(at + 1)
      chosen.pop()
      ledger.remove(one)
      state.remove(measure)
      if (!isDone) return false
    }
    return branch(at + 1)
  }
  if (!branch(0)) return null
  const removed = worthOf(problem, best.chosen)
  return { chosen: best.chosen, removedUsdPerDay: removed, boundUsdPerDay: removed, isExact: true }
}

/** Dearest first: good plans are found early, and bad branches end early. Ties by position. */
export function byWorth(state: RiskState, candidates: readonly number[]): number[] {
  const before = state.atRisk
  const worth = new Map<number, number>()
  for (const measure of candidates) {
    state.add(measure)
    worth.set(measure, inMicroUsd(before - state.atRisk))
    state.remove(measure)
  }
  state.exact()
  return candidates.toSorted((a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0) || a - b)
}

/** USD a day that these measures take away together, reckoned anew. `sibling`: as for `RiskState`. */
export function worthOf(
  problem: PlanProblem,
  chosen: readonly number[],
  sibling: RiskState | null = null,
): number {
  const state = new RiskState(problem, sibling)
  const before = state.atRisk
  for (const measure of chosen) state.add(measure)
  return before - state.exact()
}
