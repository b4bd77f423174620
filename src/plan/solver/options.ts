import type { Group } from './groups.ts'
import { Ledger } from './ledger.ts'
import type { PlanProblem } from './problem.ts'
import type { RiskState } from './risk-state.ts'

/** One way to choose within a group. */
export interface Option {
  /** A bit for each measure of the group. */
  readonly set: number
  /** USD a month. */
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
  const worthNow = worthBeside(state, group, slopes)
  const sets: number[] = [0]
  const costs: number[] = [0]
  const worths: number[] = [0]
  const ledger = new Ledger(problem)
  const walk = (from: number, set: number): void => {
    for (let at = from; at < group.measures.length; at += 1) {
      const measure = group.measures[at] ?? 0
      const one = problem.measures[measure]
      if (one === undefined || ledger.breaks(one) !== null) continue
      ledger.add(one)
      state.add(measure)
      sets.push(set | (1 << at))
      costs.push(ledger.usdPerMonth)
      worths.push(worthNow())
      walk(at + 1, set | (1 << at))
      state.remove(measure)
      ledger.remove(one)
    }
  }
  walk(0, 0)
  const options = frontier(costs, worths).map((i): Option => ({
    set: sets[i] ?? 0,
    cost: costs[i] ?? 0,
    worth: worths[i] ?? 0,
  }))
  return { options, looked: sets.length }
}

/** What has been removed since now in the sinks of a group: in those of others as well, along the slopes. */
function worthBeside(state: RiskState, { own, shared }: Group, slopes: Slopes): () => number {
  const ownBefore = own.reduce((sum, sink) => sum + state.riskOf(sink), 0)
  const others = shared.map((sink) => ({
    sink,
    ...state.sinkView(sink),
    perHazard: slopes.hazard.get(sink) ?? 0,
    perLoss: slopes.loss.get(sink) ?? 0,
  }))
  return () => {
    let worth = ownBefore
    for (const sink of own) worth -= state.riskOf(sink)
    for (const { sink, hazard, loss, perHazard, perLoss } of others) {
      const now = state.sinkView(sink)
      worth += perHazard * (hazard - now.hazard) + perLoss * (loss - now.loss)
    }
    return worth
  }
}

/** Places of those that no cheaper one beats, cheapest first. */
function frontier(costs: readonly number[], worths: readonly number[]): number[] {
  const cost = (i: number | undefined): number => costs[i ?? 0] ?? 0
  const worth = (i: number | undefined): number => worths[i ?? 0] ?? 0
  const kept: number[] = []
  for (const i of [...costs.keys()].toSorted((a, b) => cost(a) - cost(b) || worth(b) - worth(a) || a - b)) {
    const last = kept.at(-1)
    if (last !== undefined && worth(i) <= worth(last) + ROUNDING) continue
    if (last !== undefined && cost(i) <= cost(last) + ROUNDING) kept.pop()
    kept.push(i)
  }
  return kept
}
