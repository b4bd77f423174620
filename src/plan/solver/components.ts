import { scarceAssets } from './fill.ts'
import { Part } from './part.ts'
import type { PlanProblem, ProblemEffect } from './problem.ts'
import { RiskState } from './risk-state.ts'

/** From so many ways into one sink it ties too much together: it is looked at by itself. */
const CROWD = 16
/** More combinations, in one component and in all together, would be too many to look at. */
const MOST_IN_ONE = 65_536
const MOST_COMBINATIONS = 2_500_000

/** Sinks that no other component touches, and what can be done about them. */
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

export interface Components {
  readonly list: readonly Component[]
  /** USD a day that what nothing limits removes, in all components. */
  readonly always: number
  /** USD a day that can be removed at most where ways crowd into one sink. */
  readonly crowded: number
}

/**
 * The problem as parts that only share controls and money. Null where parts would be too large: where sinks, machines
 * or measures that are paid for once tie much of a surface together.
 */
export function componentsOf(problem: PlanProblem, candidates: readonly number[]): Components | null {
  const waysOf: number[][] = problem.sinks.map(() => [])
  for (const [i, way] of problem.ways.entries()) for (const k of way.sinks) waysOf[k]?.push(i)
  const isCrowded = waysOf.map((list) => list.length > CROWD)
  const list: Component[] = []
  let always = 0
  let left = MOST_COMBINATIONS
  const parts = partsOf(problem, candidates, waysOf, isCrowded)
  const atLeast = parts.map((part) => part.leastCombinations())
  if (atLeast.some((sets) => sets > MOST_IN_ONE)) return null
  if (atLeast.reduce((sum, sets) => sum + sets, 0) > MOST_COMBINATIONS) return null
  for (const part of parts) {
    const valued = part.valued(problem.budget, Math.min(left, MOST_IN_ONE))
    if (valued === null) return null
    always += valued.removed
    if (valued.component.gains.length === 1) continue
    left -= valued.component.gains.length
    list.push(valued.component)
  }
  return { list, always, crowded: mostInCrowds(problem, candidates, isCrowded) }
}

function partsOf(
  problem: PlanProblem,
  candidates: readonly number[],
  waysOf: readonly (readonly number[])[],
  isCrowded: readonly boolean[],
): Part[] {
  const { sinks, ways, kinds, measures } = problem
  const scarce = scarceAssets(problem, candidates)
  const rootOf = joinedSinks(problem, candidates, isCrowded, scarce)
  const parts = new Map<number, Part>()
  for (const [k, { value }] of sinks.entries()) {
    if (isCrowded[k] === true) continue
    const part = parts.get(rootOf(k)) ?? new Part()
    parts.set(rootOf(k), part)
    part.addSink(
      k,
      value,
      (waysOf[k] ?? []).map((way) => ({ way, likelihood: ways[way]?.likelihood ?? 0 })),
    )
  }
  for (const measure of candidates) {
    const one = measures[measure]
    if (one === undefined) continue
    const kind = (kinds[one.kind]?.friction ?? 0) > 0 ? one.kind : -1
    const loads = one.loads.filter(({ asset }) => scarce.has(asset))
    for (const effect of one.effects) {
      const into = sinksOf(problem, effect).find((k) => isCrowded[k] !== true)
      if (into !== undefined)
        parts.get(rootOf(into))?.addEffect({ measure, kind, cost: one.usdPerMonth, loads }, effect)
    }
  }
  return [...parts.values()]
}

function sinksOf({ ways }: PlanProblem, { on, index }: ProblemEffect): readonly number[] {
  return on === 'sink' ? [index] : (ways[index]?.sinks ?? [])
}

/**
 * By sink, one that stands for all that belong together: ways lead into both, or something that is paid once, or that one machine
 * carries, works on both.
 */
function joinedSinks(
  problem: PlanProblem,
  candidates: readonly number[],
  isCrowded: readonly boolean[],
  scarce: ReadonlySet<number>,
): (k: number) => number {
  const parent = Int32Array.from(problem.sinks, (_, k) => k)
  const rootOf = (k: number): number => {
    let root = k
    while (parent[root] !== root) root = parent[root] ?? root
    parent[k] = root
    return root
  }
  const join = (list: readonly number[]): void => {
    const [first, ...others] = list.filter((k) => isCrowded[k] !== true)
    if (first !== undefined) for (const k of others) parent[rootOf(k)] = rootOf(first)
  }
  for (const { sinks } of problem.ways) join(sinks)
  const onMachine = new Map<number, number[]>()
  for (const measure of candidates) {
    const one = problem.measures[measure]
    if (one === undefined) continue
    const loads = one.loads.filter(({ asset }) => scarce.has(asset))
    if (one.usdPerMonth === 0 && loads.length === 0) continue
    const touched = one.effects.flatMap((effect) => sinksOf(problem, effect))
    join(touched)
    for (const { asset } of loads) {
      const others = onMachine.get(asset) ?? []
      onMachine.set(asset, others)
      others.push(...touched.slice(0, 1))
    }
  }
  for (const list of onMachine.values()) join(list)
  return rootOf
}

/** With everything that there is, whatever it costs. */
function mostInCrowds(
  problem: PlanProblem,
  candidates: readonly number[],
  isCrowded: readonly boolean[],
): number {
  if (!isCrowded.includes(true)) return 0
  const state = new RiskState(problem)
  const risk = (): number =>
    isCrowded.reduce((sum, crowded, k) => {
      if (!crowded) return sum
      const { value, loss, hazard } = state.sinkView(k)
      return sum - value * loss * Math.expm1(-hazard)
    }, 0)
  const before = risk()
  for (const measure of candidates) state.add(measure)
  state.exact()
  return before - risk()
}
