import { componentsOf } from './components.ts'
import {
  alongChord,
  type Crowd,
  crowdsOf,
  type CrowdView,
  hazardAlone,
  looseness,
  onStretch,
} from './crowds.ts'
import { worthOf } from './exact.ts'
import { fillBudget } from './fill.ts'
import { KindSearch } from './kind-search.ts'
import { KindValues } from './kind-values.ts'
import type { PlanProblem, Solution } from './problem.ts'
import { RiskState } from './risk-state.ts'
import type { Component } from './components.ts'

/** How close to the best a plan is proven, one after the other, as far as the work goes. */
const TOLERANCES = [0.015, 0.006, 0.002]
const MAX_WORK = 12_000_000
/** How low the hazard of a crowded sink can go is worth knowing this well, for this much work, for so many of them. */
const REACH_TOLERANCES = [0.03]
const REACH_WORK = 500_000
const MOST_CROWDS = 4
const MOST_LOOSE = 0.01
/** A crowded sink is looked at in so many stretches of its hazard where one leaves a gap, and could be the reason for it. */
const STRETCHES = 4
const CLOSE = 0.004
const WORTH_SPLITTING = 0.2
/** The price of a dollar is set for a set of controls, the controls for the price, so many times. */
const ROUNDS = 3
const BISECTIONS = 24
const ROUNDING = 1e-9

/**
 * For surfaces that fall into many small parts (`componentsOf`): controls are searched where what each set of them is
 * worth in each part stands in tables, and money has a price. Null where parts are too large.
 */
export function solveDecomposed(
  problem: PlanProblem,
  candidates: readonly number[],
  state: RiskState = new RiskState(problem),
): Solution | null {
  const { always, views } = crowdsOf(problem, candidates, state)
  if (views.length > MOST_CROWDS && isTooLoose(views, state)) return null
  const lowered =
    views.length <= MOST_CROWDS ? views.map((view) => reachable(problem, candidates, view)) : views
  const crowds = new Map(lowered.map((view) => [view.sink, alongChord(view)]))
  const first = inParts(problem, candidates, crowds, state)
  if (first === null) return null
  const loosest = lowered.toSorted((a, b) => looseness(b) - looseness(a))[0]
  const gap = always + first.bound - first.removed
  if (loosest === undefined || gap < CLOSE * first.removed || looseness(loosest) < gap * WORTH_SPLITTING)
    return solutionOf(always, [first], first.bound)
  const stretches = Array.from({ length: STRETCHES }, (_, i) => {
    const at = (part: number): number =>
      loosest.hazard + ((loosest.lowest - loosest.hazard) * part) / STRETCHES
    const { crowd, offset } = onStretch(loosest, at(i), at(i + 1))
    const answer = inParts(problem, candidates, new Map([...crowds, [loosest.sink, crowd]]), state)
    return answer === null ? first : { ...answer, bound: answer.bound - offset }
  })
  const bound = Math.min(first.bound, Math.max(...stretches.map((one) => one.bound)))
  return solutionOf(always, [first, ...stretches], bound)
}

interface Answer {
  readonly chosen: readonly number[]
  readonly removed: number
  /** Beyond what always holds. */
  readonly bound: number
}

function solutionOf(always: number, answers: readonly Answer[], bound: number): Solution {
  const best = answers.reduce((a, b) => (b.removed > a.removed ? b : a))
  const most = Math.max(best.removed, always + bound)
  return {
    chosen: best.chosen,
    removedUsdPerDay: best.removed,
    boundUsdPerDay: most,
    isExact: most - best.removed < 1e-6,
  }
}

function inParts(
  problem: PlanProblem,
  candidates: readonly number[],
  crowds: ReadonlyMap<number, Crowd>,
  state: RiskState,
): Answer | null {
  const components = componentsOf(problem, candidates, crowds)
  if (components === null) return null
  const { kinds, bound } = bestKinds(problem, components, TOLERANCES, MAX_WORK)
  const measures = candidates.filter((measure) => {
    const kind = problem.measures[measure]?.kind ?? -1
    return kinds[kind] === 1 || problem.kinds[kind]?.friction === 0
  })
  const { chosen } = fillBudget(problem, state, measures)
  return { chosen, removed: worthOf(problem, chosen, state), bound }
}

/** So much of what is at risk at all could be wrong that nothing would be proven. `state` is used as working space. */
function isTooLoose(views: readonly CrowdView[], state: RiskState): boolean {
  const loose = views.reduce((sum, view) => sum + looseness(view), 0)
  state.clear()
  return loose > state.exact() * MOST_LOOSE
}

/** How low the hazard of a sink can go within friction and money. */
function reachable(problem: PlanProblem, candidates: readonly number[], view: CrowdView): CrowdView {
  const components = componentsOf(problem, candidates, hazardAlone(problem, view.sink))
  if (components === null) return view
  const { bound } = bestKinds(problem, components, REACH_TOLERANCES, REACH_WORK)
  return { ...view, lowest: Math.max(view.lowest, view.hazard - bound) }
}

/** Controls that are worth most in these parts. `bound`: no plan within friction and money removes more there. */
function bestKinds(
  { kinds, budget }: PlanProblem,
  components: readonly Component[],
  tolerances: readonly number[],
  maxWork: number,
): { readonly kinds: Uint8Array; readonly bound: number } {
  const values = new KindValues(components)
  const search = new KindSearch(kinds, budget.friction, components, values)
  let found = new Uint8Array(kinds.length).fill(1)
  let price = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    price = priceFor(values, found, budget.usdPerMonth)
    values.setPrice(price)
    search.restart()
    found = search.improve(round === 0 ? new Uint8Array(kinds.length) : found).kinds.slice()
    if (price === 0) break
  }
  let work = maxWork
  let bound = Number.POSITIVE_INFINITY
  for (const tolerance of tolerances) {
    const proof = search.prove(tolerance, work)
    work = proof.workLeft
    bound = Math.min(bound, proof.searched.bound)
    if (work <= 0) break
  }
  return { kinds: search.best.kinds, bound: bound + (price === 0 ? 0 : price * budget.usdPerMonth) }
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
