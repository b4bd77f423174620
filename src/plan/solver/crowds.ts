import { scarceAssets } from './fill.ts'
import type { PlanProblem } from './problem.ts'
import type { RiskState } from './risk-state.ts'

/** From so many ways into one sink (an account, say) it would tie a whole surface together. */
const CROWD = 5

/** A sink that is not looked at as a whole, but as a sum over its ways and its own measures that never says too little. */
export interface Crowd {
  /** USD a day at risk there with what always holds. */
  readonly atRisk: number
  /** USD a day that each unit of hazard is worth at most. */
  readonly usdPerHazard: number
}

/** What is known of a sink that many ways lead into, with what always holds. */
export interface CrowdView {
  readonly sink: number
  /** USD a day if somebody gets in. */
  readonly value: number
  readonly hazard: number
  /** No plan brings the hazard below. */
  readonly lowest: number
}

/** `always`: USD a day that what nothing limits removes, everywhere. `state` is used as working space. */
export function crowdsOf(
  problem: PlanProblem,
  candidates: readonly number[],
  state: RiskState,
): { readonly always: number; readonly views: readonly CrowdView[] } {
  const { sinks, ways, kinds, measures } = problem
  const scarce = scarceAssets(problem, candidates)
  state.clear()
  const before = state.exact()
  for (const measure of candidates) {
    const one = measures[measure]
    const isFree = one !== undefined && one.usdPerMonth === 0 && (kinds[one.kind]?.friction ?? 0) === 0
    if (isFree && !one.loads.some(({ asset }) => scarce.has(asset))) state.add(measure)
  }
  const always = before - state.exact()
  const count = new Int32Array(sinks.length)
  for (const { sinks: into } of ways) for (const k of into) count[k] = (count[k] ?? 0) + 1
  const crowded = [...sinks.keys()].filter((k) => (count[k] ?? 0) > CROWD)
  const now = crowded.map((k) => ({ k, ...state.sinkView(k) }))
  if (crowded.length > 0) {
    for (const measure of candidates) state.add(measure)
    state.exact()
  }
  const views = now.map(({ k, value, loss, hazard }) => ({
    sink: k,
    value: value * loss,
    hazard,
    lowest: state.sinkView(k).hazard,
  }))
  return { always, views }
}

/** The chance has growing returns: each unit of hazard counts along the chord down to the lowest there can be. */
export function alongChord(view: CrowdView): Crowd {
  return onStretch(view, view.hazard, view.lowest).crowd
}

/**
 * Where the hazard ends between `from` and `to` (`to` is lower): along the chord from the one to the other. `offset`: USD
 * a day that the sum over all ways says too much by.
 */
export function onStretch(
  { value, hazard }: CrowdView,
  from: number,
  to: number,
): { readonly crowd: Crowd; readonly offset: number } {
  const less = from - to
  const chord = less > 1e-12 ? (Math.exp(-to) - Math.exp(-from)) / less : 0
  const saved = Math.exp(-from) - Math.exp(-hazard)
  return {
    crowd: { atRisk: value * -Math.expm1(-hazard), usdPerHazard: value * chord },
    offset: value * (chord * (hazard - from) - saved),
  }
}

/** USD a day that the chord is off by at most, about. */
export function looseness(view: CrowdView): number {
  const { value, hazard, lowest } = view
  return value * ((Math.exp(-hazard) + Math.exp(-lowest)) / 2 - Math.exp(-(hazard + lowest) / 2))
}

/** Where nothing counts but the hazard of one sink: what comes out is how far it can be lowered. */
export function hazardAlone({ sinks }: PlanProblem, sink: number): ReadonlyMap<number, Crowd> {
  return new Map(sinks.map((_, k) => [k, { atRisk: 0, usdPerHazard: k === sink ? 1 : 0 }]))
}
