import type { PlanProblem } from './problem.ts'
import type { RiskState } from './risk-state.ts'

/** Something that brings at most `worth` and costs `cost` of one budget. */
export interface Item {
  readonly measure: number
  readonly worth: number
  readonly cost: number
}

/** Most for its cost first; what costs nothing before all. */
export function byDensity<T extends Item>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => b.worth * a.cost - a.worth * b.cost || a.measure - b.measure)
}

/** A knapsack that may take fractions: no choice of whole items is worth more. Items by density. */
export function fillFractions(items: readonly Item[], budget: number): number {
  let left = budget
  let worth = 0
  for (const item of items) {
    if (item.cost <= left) {
      worth += item.worth
      left -= item.cost
    } else {
      return worth + (item.cost > 0 ? (item.worth * left) / item.cost : 0)
    }
  }
  return worth
}

/**
 * What each measure brings at most on top of `state`, such that no set of them brings more than the sum. Loss factors
 * and layers have diminishing returns. The chance of a sink with several ways has growing ones (closing the last of them
 * pays more than the first): it is taken along the chord up to "all of them".
 */
export function limitedWorth(problem: PlanProblem, state: RiskState, measures: readonly number[]): Item[] {
  const effects = measures.map((measure) => ({ measure, ...state.effectOn(measure) }))
  const most = new Map<number, number>()
  for (const { hazard } of effects)
    for (const [sink, less] of hazard) most.set(sink, (most.get(sink) ?? 0) + less)
  const slope = new Map<number, number>()
  for (const [sink, less] of most) {
    const { value, loss, hazard } = state.sinkView(sink)
    const all = Math.min(less, hazard)
    const chord = all > 1e-12 ? (Math.exp(-(hazard - all)) - Math.exp(-hazard)) / all : 0
    slope.set(sink, value * loss * chord)
  }
  return effects.map(({ measure, hazard, loss }) => {
    let worth = 0
    for (const [sink, less] of hazard) worth += (slope.get(sink) ?? 0) * less
    for (const [sink, less] of loss) {
      const view = state.sinkView(sink)
      worth += view.value * less * -Math.expm1(-view.hazard)
    }
    return { measure, worth, cost: problem.measures[measure]?.usdPerMonth ?? 0 }
  })
}
