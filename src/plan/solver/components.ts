import type { Crowd } from './crowds.ts'
import { scarceAssets } from './fill.ts'
import { Part } from './part.ts'
import type { PlanProblem, ProblemEffect, ProblemMeasure } from './problem.ts'

/** More combinations, in one component and in all together, would be too many to look at. */
const MOST_IN_ONE = 65_536
const MOST_COMBINATIONS = 2_500_000

/** Ways and sinks that no other component touches, and what can be done about them. */
export interface Component {
  /** Controls with friction that work here: bit `b` of a mask stands for `kinds[b]`. */
  readonly kinds: readonly number[]
  /** Per set of choices that machines can carry (the first is the empty one): USD a day removed beyond what always holds. */
  readonly gains: Float64Array
  /** Per set: USD a month. */
  readonly costs: Float64Array
  /** Per set: the controls that it takes. */
  readonly masks: Uint16Array
  /** What a control brings on top of some others it brings at least on top of fewer: coverage of one way into one sink. */
  readonly hasDiminishingReturns: boolean
}

/**
 * The problem as parts that only share controls and money: no plan removes more beyond what always holds than it
 * removes in the parts. Null where parts would be too large: where sinks, machines or measures that are paid for once
 * tie much of a surface together.
 */
export function componentsOf(
  problem: PlanProblem,
  candidates: readonly number[],
  crowds: ReadonlyMap<number, Crowd>,
): readonly Component[] | null {
  const parts = partsOf(problem, candidates, crowds)
  const atLeast = parts.map((part) => part.leastCombinations())
  if (atLeast.some((sets) => sets > MOST_IN_ONE)) return null
  if (atLeast.reduce((sum, sets) => sum + sets, 0) > MOST_COMBINATIONS) return null
  const list: Component[] = []
  let left = MOST_COMBINATIONS
  for (const part of parts) {
    const component = part.valued(problem.budget, Math.min(left, MOST_IN_ONE))
    if (component === null) return null
    if (component.gains.length === 1) continue
    left -= component.gains.length
    list.push(component)
  }
  return list
}

function partsOf(
  problem: PlanProblem,
  candidates: readonly number[],
  crowds: ReadonlyMap<number, Crowd>,
): Part[] {
  const { sinks, ways, kinds, measures } = problem
  const scarce = scarceAssets(problem, candidates)
  const rootOf = joined(problem, candidates, crowds, scarce)
  const parts = new Map<number, Part>()
  const partOf = (node: number): Part => {
    const part = parts.get(rootOf(node)) ?? new Part()
    parts.set(rootOf(node), part)
    return part
  }
  const waysOf: number[][] = sinks.map(() => [])
  for (const [i, { likelihood, sinks: into }] of ways.entries()) {
    const slopes = into.map((k) => crowds.get(k)?.usdPerHazard ?? 0)
    partOf(sinks.length + i).addWay(
      i,
      likelihood,
      slopes.reduce((sum, slope) => sum + slope, 0),
    )
    for (const k of into) waysOf[k]?.push(i)
  }
  for (const [k, { value }] of sinks.entries()) {
    const crowd = crowds.get(k)
    if (crowd === undefined) partOf(k).addSink(k, value, waysOf[k] ?? [])
    else partOf(k).addSink(k, crowd.atRisk, [])
  }
  for (const measure of candidates) {
    const one = measures[measure]
    if (one === undefined) continue
    const kind = (kinds[one.kind]?.friction ?? 0) > 0 ? one.kind : -1
    const loads = one.loads.filter(({ asset }) => scarce.has(asset))
    const local = { measure, kind, cost: one.usdPerMonth, loads }
    for (const effect of one.effects) partOf(nodeOf(problem, effect)).addEffect(local, effect)
  }
  return [...parts.values()]
}

/** Sinks first, then ways. */
function nodeOf({ sinks }: PlanProblem, { on, index }: ProblemEffect): number {
  return on === 'sink' ? index : sinks.length + index
}

/**
 * By node, one that stands for all that belong together: a way leads into a sink, or something that is paid once, or
 * that one machine carries, works on both.
 */
function joined(
  problem: PlanProblem,
  candidates: readonly number[],
  crowds: ReadonlyMap<number, Crowd>,
  scarce: ReadonlySet<number>,
): (node: number) => number {
  const { sinks, ways } = problem
  const parent = Int32Array.from({ length: sinks.length + ways.length }, (_, node) => node)
  const rootOf = (node: number): number => {
    let root = node
    while (parent[root] !== root) root = parent[root] ?? root
    parent[node] = root
    return root
  }
  const join = ([first, ...others]: readonly number[]): void => {
    if (first !== undefined) for (const node of others) parent[rootOf(node)] = rootOf(first)
  }
  for (const [i, way] of ways.entries()) join([sinks.length + i, ...way.sinks.filter((k) => !crowds.has(k))])
  const onMachine = new Map<number, number[]>()
  for (const measure of candidates) {
    const one = problem.measures[measure]
    if (one === undefined || !isLimited(one, scarce)) continue
    const nodes = one.effects.map((effect) => nodeOf(problem, effect))
    join(nodes)
    for (const { asset } of one.loads) {
      const others = onMachine.get(asset) ?? []
      onMachine.set(asset, others)
      if (scarce.has(asset)) others.push(...nodes.slice(0, 1))
    }
  }
  for (const nodes of onMachine.values()) join(nodes)
  return rootOf
}

/** By money, or by what machines can carry. */
export function isLimited(measure: ProblemMeasure, scarce: ReadonlySet<number>): boolean {
  return measure.usdPerMonth > 0 || measure.loads.some(({ asset }) => scarce.has(asset))
}
