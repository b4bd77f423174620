import type { PlanProblem } from './problem.ts'

/** More measures than that in one group would be more combinations than anybody can look at. */
const MOST_TOGETHER = 12

/** Measures whose effects on each other are reckoned together, exactly. */
export interface Group {
  readonly measures: readonly number[]
  /** Sinks that these measures alone touch. */
  readonly own: readonly number[]
  /** Sinks that others touch as well. */
  readonly shared: readonly number[]
}

/**
 * Measures in groups, such that as few as can be of what they work on (sinks, machines that are short of something) is
 * worked on by several groups. `scarce`: machines whose limits bind.
 */
export function groupsOf(
  problem: PlanProblem,
  measures: readonly number[],
  scarce: ReadonlySet<number>,
): Group[] {
  const { sinks, ways } = problem
  /** By sink, then way, then machine. */
  const assets = problem.measures.flatMap(({ loads }) => loads.map(({ asset }) => asset))
  const machines = assets.reduce((most, asset) => Math.max(most, asset + 1), 0)
  const touched = Array.from({ length: sinks.length + ways.length + machines }, (): number[] => [])
  const sinksBy: number[][] = []
  const touch = (thing: number, measure: number): boolean => {
    const list = touched[thing]
    if (list === undefined || list.at(-1) === measure) return false
    list.push(measure)
    return true
  }
  for (const measure of measures) {
    const one = problem.measures[measure]
    if (one === undefined) continue
    const own: number[] = []
    for (const { on, index } of one.effects) {
      if (on === 'way') touch(sinks.length + index, measure)
      for (const sink of on === 'sink' ? [index] : (ways[index]?.sinks ?? []))
        if (touch(sink, measure)) own.push(sink)
    }
    for (const { asset } of one.loads)
      if (scarce.has(asset)) touch(sinks.length + ways.length + asset, measure)
    sinksBy[measure] = own
  }
  const union = new Union(problem.measures.length)
  // Of what few work on first: what many work on is what may have to be cut.
  const links = touched.filter((list) => list.length > 1 && list.length <= MOST_TOGETHER)
  for (const list of links.toSorted((a, b) => a.length - b.length)) union.join(list)
  return written(measures, union, sinksBy)
}

function written(
  measures: readonly number[],
  union: Union,
  sinksBy: readonly (readonly number[])[],
): Group[] {
  const members = new Map<number, number[]>()
  /** The one group that works on a sink; −1 where there are several. */
  const groupOfSink: number[] = []
  for (const measure of measures) {
    const root = union.rootOf(measure)
    const list = members.get(root)
    if (list === undefined) members.set(root, [measure])
    else list.push(measure)
    for (const sink of sinksBy[measure] ?? [])
      groupOfSink[sink] = (groupOfSink[sink] ?? root) === root ? root : -1
  }
  return [...members].map(([root, list]) => {
    const sinks = [...new Set(list.flatMap((measure) => sinksBy[measure] ?? []))]
    const isOwn = (sink: number): boolean => groupOfSink[sink] === root
    return { measures: list, own: sinks.filter(isOwn), shared: sinks.filter((sink) => !isOwn(sink)) }
  })
}

class Union {
  readonly #parent: Int32Array
  readonly #size: Int32Array

  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, i) => i)
    this.#size = new Int32Array(count).fill(1)
  }

  rootOf(one: number): number {
    let root = one
    while (this.#parent[root] !== root) root = this.#parent[root] ?? root
    this.#parent[one] = root
    return root
  }

  /** All of them, or, where they would be too many, none. */
  join(list: readonly number[]): void {
    const roots = [...new Set(list.map((one) => this.rootOf(one)))]
    const [first, ...others] = roots
    const size = roots.reduce((sum, root) => sum + (this.#size[root] ?? 1), 0)
    if (first === undefined || size > MOST_TOGETHER) return
    for (const other of others) this.#parent[other] = first
    this.#size[first] = size
  }
}
