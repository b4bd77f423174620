import { featuresOf } from '../../src/wire/behaviour/features.ts'
import { MIN_JUDGED } from '../../src/wire/behaviour/first-packets.ts'
import { scoreFlow } from '../../src/wire/behaviour/score.ts'
import type { Forest } from './boost.ts'
import type { DesignFlow } from './design-flows.ts'
import { learn, SEED } from './learning.ts'
import { randomOf } from './random.ts'
import { vary } from './variations.ts'

/** A flow and what a model that had not seen its like said of it. */
export interface Tried {
  readonly flow: DesignFlow
  readonly score: number
  /** Of the same flow varied: inside TLS, slower, joined later … */
  readonly variedScore: number
}

export const FOLDS = 4

/** Each mining port left out in turn, and at the same time a quarter of the other services. */
export function tryPortsLeftOut(flows: readonly DesignFlow[]): Map<number, Tried[]> {
  const foldOf = foldsOf(flows)
  const ports = new Set(flows.filter(({ isMiner }) => isMiner).map(({ port }) => port))
  return new Map(
    [...ports].map((port) => [
      port,
      tryFolds(
        flows,
        foldOf,
        (flow) => flow.isMiner && flow.port === port,
        (flow) => flow.isMiner && flow.port !== port,
      ),
    ]),
  )
}

/** A quarter of all connections and services left out in turn: what flows like those of the sample meet. */
export function tryServicesLeftOut(flows: readonly DesignFlow[]): Tried[] {
  return tryFolds(
    flows,
    foldsOf(flows),
    () => false,
    () => false,
  )
}

/**
 * Of every fold a model learns from the others and tries this one. `isNeverLearned` flows are tried and never
 * learned from; `isNotTried` flows are always learned from.
 */
function tryFolds(
  flows: readonly DesignFlow[],
  foldOf: (flow: DesignFlow) => number,
  isNeverLearned: (flow: DesignFlow) => boolean,
  isNotTried: (flow: DesignFlow) => boolean,
): Tried[] {
  const random = randomOf(SEED + 1)
  return Array.from({ length: FOLDS }, (_, fold) => {
    const forest = learn(
      flows.filter((flow) => isNotTried(flow) || (!isNeverLearned(flow) && foldOf(flow) !== fold)),
    )
    const tried = flows.filter((flow) => !isNotTried(flow) && foldOf(flow) === fold)
    return tried.map((flow) => ({
      flow,
      score: scoreOf(forest, flow.packets),
      variedScore: scoreOf(forest, vary(flow.packets, random)),
    }))
  }).flat()
}

function scoreOf(forest: Forest, packets: Int32Array): number {
  return scoreFlow(forest, featuresOf(packets)).score
}

/** Groups dealt out, the biggest first, to the fold that has the least. */
function foldsOf(flows: readonly DesignFlow[]): (flow: DesignFlow) => number {
  const folds = new Map<number, number>()
  for (const isMiner of [true, false]) {
    const sizes = new Map<number, number>()
    for (const flow of flows) {
      if (flow.isMiner === isMiner) sizes.set(flow.group, (sizes.get(flow.group) ?? 0) + 1)
    }
    const loads = Array.from({ length: FOLDS }, () => 0)
    for (const [group, size] of [...sizes].toSorted((a, b) => b[1] - a[1] || a[0] - b[0])) {
      const fold = loads.indexOf(Math.min(...loads))
      folds.set(group, fold)
      loads[fold] = (loads[fold] ?? 0) + size
    }
  }
  return ({ group }) => folds.get(group) ?? 0
}

export function isLong({ flow }: Tried): boolean {
  return flow.packets.length >= MIN_JUDGED
}

/** The score that the given share of other flows of at least `MIN_JUDGED` packets is above, between the two flows next to it. */
export function thresholdAt(tried: readonly Tried[], falseAlarms: number): number {
  const scores = tried
    .filter((one) => !one.flow.isMiner && isLong(one))
    .map(({ score }) => score)
    .toSorted((a, b) => b - a)
  const allowed = Math.floor(falseAlarms * scores.length)
  return ((scores[allowed - 1] ?? Number.POSITIVE_INFINITY) + (scores[allowed] ?? 0)) / 2
}

/** Slope of the logistic curve through 0.5 at the threshold that fits best (Platt 1999, both kinds weighing the same). */
export function slopeAt(tried: readonly Tried[], threshold: number): number {
  const long = tried.filter(isLong)
  const counts = [true, false].map((isMiner) => long.filter(({ flow }) => flow.isMiner === isMiner).length)
  const lossOf = (slope: number): number =>
    long.reduce((sum, { flow, score }) => {
      const margin = slope * (score - threshold) * (flow.isMiner ? 1 : -1)
      return sum + Math.log1p(Math.exp(-margin)) / ((flow.isMiner ? counts[0] : counts[1]) ?? 1)
    }, 0)
  let best = 1
  for (let slope = 0.2; slope <= 5; slope += 0.05) if (lossOf(slope) < lossOf(best)) best = slope
  return Number(best.toFixed(2))
}
