import { solveDecomposed } from './decomposed.ts'
import { solveExactly } from './exact.ts'
import { solveLarge } from './large.ts'
import { Ledger, type Limit } from './ledger.ts'
import type { PlanProblem, Solution } from './problem.ts'
import { RiskState } from './risk-state.ts'

/** Above that many measures, single-measure search is not tried: it would hardly ever end. */
const SMALL = 24
const MAX_NODES = 20_000
/** A plan proven to be that close to the best is good enough: nothing else is tried. From so many measures that costs more. */
const CLOSE = 0.001
const CLOSE_ENOUGH = 0.01
const MANY = 5_000

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
  return { ...(exact ?? solveAtScale(problem, candidates)), tooDear }
}

/** In small parts where the surface has such, then over whole controls, from the plan and the bound that are known. */
function solveAtScale(problem: PlanProblem, candidates: readonly number[]): Solution {
  const state = new RiskState(problem)
  const parts = solveDecomposed(problem, candidates, state)
  const close = candidates.length < MANY ? CLOSE : CLOSE_ENOUGH
  if (parts !== null && parts.removedUsdPerDay >= parts.boundUsdPerDay * (1 - close)) return parts
  return solveLarge(problem, candidates, state, parts)
}
