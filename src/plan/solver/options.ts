import type { Group } from './groups.ts'
import { Ledger } from './ledger.ts'
import type { PlanProblem } from './problem.ts'
import type { RiskState } from './risk-state.ts'

/** One way to choose within a group. */
export interface Option {
  readonly measures: readonly number[]
  readonly cost: number
  /** USD a day that it removes at most, such that options of different groups together remove no more than the sum. */
  readonly worth: number
}

const ROUNDING = 1e-9

/** What each sink that several groups share loses at most for each unit of hazard, and of loss factor, taken away. */
export interface Slopes {
  readonly hazard: ReadonlyMap<number, number>
  readonly loss: ReadonlyMap<number, number>
}

/**
 * Loss factors have diminishing returns; the chance of a sink with several ways has growing ones (closing the last of
 * them pays more than the first) and is taken along the chord up to "all of them".
 */
export function slopesOf(state: RiskState, groups: readonly Group[]): Slopes {
  const shared = new Set(groups.flatMap((group) => group.shared))
  const most = new Map<number, number>()
  for (const group of groups) {
    if (group.shared.length === 0) continue
    for (const measure of group.measures)
      for (const [sink, less] of state.effectOn(measure).hazard)
        if (shared.has(sink)) most.set(sink, (most.get(sink) ?? 0) + less)
  }
  const hazard = new Map<number, number>()
  const loss = new Map<number, number>()
  for (const sink of shared) {
    const view = state.sinkView(sink)
    const all = Math.min(most.get(sink) ?? 0, view.hazard)
    const chord = all > 1e-12 ? (Math.exp(-(view.hazard - all)) - Math.exp(-view.hazard)) / all : 0
    hazard.set(sink, view.value * view.loss * chord)
    loss.set(sink, view.value * -Math.expm1(-view.hazard))
  }
  return { hazard, loss }
}

/**
 * The combinations of a group that are worth something for their cost, cheapest first. `looked`: how
 * many there are. `state` is given back as it was.
 */
export function optionsOf(
  problem: PlanProblem,
  state: RiskState,
  group: Group,
  slopes: Slopes,
): { options: Option[]; looked: number } {
  const before = new Map([...group.own, ...group.shared].map((sink) => [sink, state.sinkView(sink)]))
  const worthNow = (): number => {
    let worth = 0
    for (const sink of group.own) worth += riskOf(before.get(sink)) - riskOf(state.sinkView(sink))
    for (const sink of group.shared) {
      const [was, now] = [before.get(sink), state.sinkView(sink)]
      worth += (slopes.hazard.get(sink) ?? 0) * ((was?.hazard ?? 0) - now.hazard)
      worth += (slopes.loss.get(sink) ?? 0) * ((was?.loss ?? 0) - now.loss)
    }
    return worth
  }
  const all: Option[] = [{ measures: [], cost: 0, worth: 0 }]
  const ledger = new Ledger(problem)
  const chosen: number[] = []
  const walk = (from: number): void => {
    for (let at = from; at < group.measures.length; at += 1) {
      const measure = group.measures[at] ?? 0
      const one = problem.measures[measure]
      if (one === undefined || ledger.breaks(one) !== null) continue
      ledger.add(one)
      state.add(measure)
      chosen.push(measure)
      all.push({ measures: [...chosen], cost: ledger.usdPerMonth, worth: worthNow() })
      walk(at + 1)
      chosen.pop()
      state.remove(measure)
      ledger.remove(one)
    }
  }
  walk(0)
  return { options: frontier(all), looked: all.length }
}

function riskOf(view: ReturnType<RiskState['sinkView']> | undefined): number {
  return view === undefined ? 0 : view.value * view.loss * -Math.expm1(-view.hazard)
}

/** Without those that a cheaper one beats. */
function frontier(options: readonly Option[]): Option[] {
  const kept: Option[] = []
  for (const option of options.toSorted((a, b) => a.cost - b.cost || b.worth - a.worth)) {
    const last = kept.at(-1)
    if (last !== undefined && option.worth <= last.worth + ROUNDING) continue
    if (last !== undefined && option.cost <= last.cost + ROUNDING) kept.pop()
    kept.push(option)
  }
  return kept
}
