import { Part } from './part.ts'
import type { PlanProblem, ProblemEffect } from './problem.ts'
import { RiskState } from './risk-state.ts'

/** From so many ways into one sink it ties too much together: it is looked at by itself. */
const CROWD = 16
/** More choices within one component, or combinations in all of them, would be too many to look at. */
const MOST_CHOICES = 16
const MOST_COMBINATIONS = 2_500_000

/** Sinks that no other component touches, and what can be done about them. */
export interface Component {
  /** Controls with friction that work here: bit `b` of a mask stands for `kinds[b]`. */
  readonly kinds: readonly number[]
  /** `bit` is −1 where the control has no friction; `cost` in USD a month. */
  readonly choices: readonly { readonly bit: number; readonly cost: number }[]
  /** USD a day removed by each set of choices (bit per choice) beyond what always holds. */
  readonly gain: Float64Array
  /** One way into one sink: measures here have diminishing returns. */
  readonly isSingle: boolean
}

export interface Components {
  readonly list: readonly Component[]
  /** USD a day that what has neither friction nor cost removes, in all components. */
  readonly always: number
  /** USD a day that can be removed at most where ways crowd into one sink. */
  readonly crowded: number
}

/**
 * The problem as parts that only share controls and money. Limits of machines are not looked at. Null where parts would
 * be too large: where sinks, or measures that are paid for once, tie much of a surface together.
 */
export function componentsOf(problem: PlanProblem, candidates: readonly number[]): Components | null {
  const waysOf: number[][] = problem.sinks.map(() => [])
  for (const [i, way] of problem.ways.entries()) for (const k of way.sinks) waysOf[k]?.push(i)
  const isCrowded = waysOf.map((list) => list.length > CROWD)
  const parts = partsOf(problem, candidates, waysOf, isCrowded)
  const combinations = parts.reduce((sum, { size }) => sum + 2 ** size, 0)
  if (parts.some(({ size }) => size > MOST_CHOICES) || combinations > MOST_COMBINATIONS) return null
  const valued = parts.map((part) => part.valued())
  return {
    list: valued.map(({ component }) => component).filter(({ choices }) => choices.length > 0),
    always: valued.reduce((sum, { removed }) => sum + removed, 0),
    crowded: mostInCrowds(problem, candidates, isCrowded),
  }
}

function partsOf(
  problem: PlanProblem,
  candidates: readonly number[],
  waysOf: readonly (readonly number[])[],
  isCrowded: readonly boolean[],
): Part[] {
  const { sinks, ways, kinds, measures } = problem
  const rootOf = joinedSinks(problem, candidates, isCrowded)
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
    for (const effect of one.effects) {
      const into = sinksOf(problem, effect).find((k) => isCrowded[k] !== true)
      if (into !== undefined)
        parts.get(rootOf(into))?.addEffect({ ...effect, measure, kind, cost: one.usdPerMonth })
    }
  }
  return [...parts.values()]
}

function sinksOf({ ways }: PlanProblem, { on, index }: ProblemEffect): readonly number[] {
  return on === 'sink' ? [index] : (ways[index]?.sinks ?? [])
}

/** By sink, one that stands for all that belong together: ways lead into both, or something that is paid once works on both. */
function joinedSinks(
  problem: PlanProblem,
  candidates: readonly number[],
  isCrowded: readonly boolean[],
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
  for (const measure of candidates) {
    const one = problem.measures[measure]
    if (one !== undefined && one.usdPerMonth > 0)
      join(one.effects.flatMap((effect) => sinksOf(problem, effect)))
  }
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
