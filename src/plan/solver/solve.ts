import { solveExactly } from './exact.ts'
import { solveLarge } from './large.ts'
import { Ledger, type Limit } from './ledger.ts'
import type { PlanProblem, Solution } from './problem.ts'

/** Above that many measures, single-measure search is not tried: it would hardly ever end. */
const SMALL = 24
const MAX_NODES = 20_000

export interface Solved extends Solution {
  /** Measures that break the budget all by themselves, with the limit they break. */
  readonly tooDear: ReadonlyMap<number, Limit>
}

/**
 * The plan that removes the most money within the budget. Never over budget; the same problem gives the same plan.
 * `isExact` says whether it is proven best; else `boundUsdPerDay` says what no plan can beat.
 */
export function solve(problem: PlanProblem): Solved {
  const tooDear = new Map<number, Limit>()
  const candidates: number[] = []
  const empty = new Ledger(problem)
  for (const [i, measure] of problem.measures.entries()) {
    const limit = empty.breaks(measure)
    if (limit === null) candidates.push(i)
    else tooDear.set(i, limit)
  }
  const exact = candidates.length <= SMALL ? solveExactly(problem, candidates, MAX_NODES) : null
  return { ...(exact ?? solveLarge(problem, candidates)), tooDear }
}
