import { componentsOf } from './components.ts'
import { worthOf } from './exact.ts'
import { fillBudget } from './fill.ts'
import { KindSearch } from './kind-search.ts'
import { KindValues } from './kind-values.ts'
import type { PlanProblem, Solution } from './problem.ts'
import { RiskState } from './risk-state.ts'

/** How close to the best a plan is proven, one after the other, as far as the work goes. */
const TOLERANCES = [0.015, 0.006, 0.002]
const MAX_WORK = 12_000_000
/** The price of a dollar is set for a set of controls, the controls for the price, so many times. */
const ROUNDS = 3
const BISECTIONS = 24
const ROUNDING = 1e-9

/**
 * For surfaces that fall into many small parts (`componentsOf`): controls are searched where what each set of them is
 * worth in each part stands in tables, and money has a price. Null where parts are too large.
 */
export function solveDecomposed(problem: PlanProblem, candidates: readonly number[]): Solution | null {
  const components = componentsOf(problem, candidates)
  if (components === null) return null
  const { friction, usdPerMonth } = problem.budget
  const values = new KindValues(components)
  const search = new KindSearch(problem.kinds, friction, components.list, values)
  let kinds = new Uint8Array(problem.kinds.length).fill(1)
  let price = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    price = priceFor(values, kinds, usdPerMonth)
    values.setPrice(price)
    search.restart()
    kinds = search.improve(round === 0 ? new Uint8Array(kinds.length) : kinds).kinds.slice()
    if (price === 0) break
  }
  let work = MAX_WORK
  let found = search.best
  let bound = Number.POSITIVE_INFINITY
  for (const tolerance of TOLERANCES) {
    const proof = search.prove(tolerance, work)
    work = proof.workLeft
    bound = Math.min(bound, proof.searched.bound)
    found = proof.searched
    if (work <= 0) break
  }
  const state = new RiskState(problem)
  const measures = candidates.filter((measure) => {
    const kind = problem.measures[measure]?.kind ?? -1
    return found.kinds[kind] === 1 || problem.kinds[kind]?.friction === 0
  })
  const { chosen } = fillBudget(problem, state, measures)
  const removed = worthOf(problem, chosen)
  const money = price === 0 ? 0 : price * usdPerMonth
  const most = Math.max(removed, components.always + components.crowded + bound + money)
  return {
    chosen,
    removedUsdPerDay: removed,
    boundUsdPerDay: most,
    isExact: most - removed < 1e-6,
  }
}

/** What a dollar a month is worth where these controls are in and the money just does. */
function priceFor(values: KindValues, kinds: Uint8Array, usdPerMonth: number): number {
  if (values.spentAt(0, kinds) <= usdPerMonth + ROUNDING) return 0
  let [low, high] = [0, 1]
  while (values.spentAt(high, kinds) > usdPerMonth) high *= 2
  for (let i = 0; i < BISECTIONS; i += 1) {
    const middle = (low + high) / 2
    if (values.spentAt(middle, kinds) > usdPerMonth) low = middle
    else high = middle
  }
  return high
}
