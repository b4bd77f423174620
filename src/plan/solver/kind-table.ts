import { byDensity, fillFractions } from './bound.ts'
import type { PlanProblem } from './problem.ts'

const LARGEST = 0.9999
/** More layers and controls than there are: keeps keys apart (below 2⁵³ for 500 million ways). */
const MAX_LAYERS = 4096
/** From so many ways into one sink the friction left is looked at per sink. */
const CROWD = 12

/** Entries of all targets in one row of arrays, those of a target and layer side by side. */
interface Entries {
  readonly target: Int32Array
  readonly layer: Int32Array
  readonly kind: Int32Array
  readonly share: Float64Array
}

/**
 * Money at risk where whole controls are in or out: one pass over flat arrays, so that thousands of combinations can be
 * looked at. Overhead other than friction is not looked at: what comes out is never less than a real plan removes.
 */
export class KindTable {
  private readonly problem: PlanProblem
  private readonly wayEntries: Entries
  private readonly sinkEntries: Entries
  private readonly slack: Float64Array
  private readonly likelihood: Float64Array
  private readonly value: Float64Array
  /** Sinks of way `i`: `sinkList[sinksFrom[i]] … sinkList[sinksFrom[i + 1] - 1]`. */
  private readonly sinkList: Int32Array
  private readonly sinksFrom: Int32Array
  /** Sinks with so many ways that what friction allows matters; per such sink a row of `crowdLess`, one cell a control. */
  private readonly crowdRow: Int32Array
  private readonly crowdLess: Float64Array
  /** Working arrays: what is left of a way's chance, and of a sink's loss; hazard per sink. */
  private readonly wayLeft: Float64Array
  private readonly sinkLeft: Float64Array
  private readonly hazard: Float64Array
  private readonly fewest: Float64Array
  private readonly slope: Float64Array
  private furthest: {
    readonly kinds: Uint8Array
    readonly risk: number
    readonly hazard: Float64Array
  } | null = null

  constructor(problem: PlanProblem, measures: readonly number[]) {
    this.problem = problem
    this.wayEntries = entriesOf(problem, measures, 'way')
    this.sinkEntries = entriesOf(problem, measures, 'sink')
    this.slack = new Float64Array(this.wayEntries.kind.length)
    this.wayLeft = new Float64Array(problem.ways.length)
    this.sinkLeft = new Float64Array(problem.sinks.length)
    this.hazard = new Float64Array(problem.sinks.length)
    this.fewest = new Float64Array(problem.sinks.length)
    this.slope = new Float64Array(problem.sinks.length)
    this.likelihood = Float64Array.from(problem.ways, ({ likelihood }) => Math.min(likelihood, LARGEST))
    this.value = Float64Array.from(problem.sinks, ({ value }) => value)
    this.sinkList = Int32Array.from(problem.ways.flatMap(({ sinks }) => sinks))
    this.sinksFrom = new Int32Array(problem.ways.length + 1)
    const ways = new Int32Array(problem.sinks.length)
    for (const [i, { sinks }] of problem.ways.entries()) {
      this.sinksFrom[i + 1] = (this.sinksFrom[i] ?? 0) + sinks.length
      for (const k of sinks) ways[k] = (ways[k] ?? 0) + 1
    }
    let rows = 0
    this.crowdRow = ways.map((count) => (count >= CROWD ? rows++ : -1))
    this.crowdLess = new Float64Array(rows * problem.kinds.length)
  }

  /** USD a day at risk with all measures of the controls whose byte is set. */
  atRisk(kinds: Uint8Array): number {
    this.settle(kinds)
    return this.riskNow()
  }

  /** USD a day at risk, as last reckoned. */
  riskNow(): number {
    let total = 0
    for (let k = 0; k < this.value.length; k += 1) total += this.riskOf(k)
    return total
  }

  /** As `atRisk`, with the hazards per sink, and remembered until the next ones: branches share what is possible. */
  atMost(possible: Uint8Array): { readonly risk: number; readonly hazard: Float64Array } {
    if (this.furthest === null || !this.furthest.kinds.every((byte, i) => byte === possible[i])) {
      const risk = this.atRisk(possible)
      this.furthest = { kinds: possible.slice(), risk, hazard: this.hazard.slice() }
    }
    return this.furthest
  }

  /** USD a day at risk in a sink, as last reckoned. */
  riskOf(k: number): number {
    return (this.value[k] ?? 0) * (this.sinkLeft[k] ?? 1) * -Math.expm1(-(this.hazard[k] ?? 0))
  }

  private settle(kinds: Uint8Array): void {
    multiplyLeft(this.wayEntries, kinds, this.wayLeft)
    multiplyLeft(this.sinkEntries, kinds, this.sinkLeft)
    this.hazard.fill(0)
    for (let i = 0; i < this.likelihood.length; i += 1) {
      const hazard = -Math.log1p(-(this.likelihood[i] ?? 0) * (this.wayLeft[i] ?? 1))
      for (let at = this.sinksFrom[i] ?? 0; at < (this.sinksFrom[i + 1] ?? 0); at += 1) {
        const k = this.sinkList[at] ?? 0
        this.hazard[k] = (this.hazard[k] ?? 0) + hazard
      }
    }
  }

  /**
   * What each control could remove at most on top of `included`, such that no set of them that asks for no more than
   * `friction` removes more than the sum. Layers and loss factors have diminishing returns; the chance has growing ones,
   * so it is taken along the chord to the lowest that can be reached: with all of `possible`, and, where many ways lead
   * to one sink, with the friction that is left.
   */
  mostByKind(included: Uint8Array, possible: Uint8Array, friction: number): Float64Array {
    this.fewest.set(this.atMost(possible).hazard)
    this.settle(included)
    this.measureLess(included, possible)
    this.raiseFewest(friction)
    return this.alongSlopes(included, possible)
  }

  /** As `mostByKind`, where something else as well lowers hazards, as far as to `lowest`. `slope`: USD for each unit of hazard. */
  mostBeside(
    included: Uint8Array,
    possible: Uint8Array,
    lowest: Float64Array,
    slope: Float64Array,
  ): Float64Array {
    this.settle(included)
    this.fewest.set(lowest)
    this.measureLess(included, possible)
    const most = this.alongSlopes(included, possible)
    slope.set(this.slope)
    return most
  }

  private alongSlopes(included: Uint8Array, possible: Uint8Array): Float64Array {
    this.setSlopes()
    const { slope } = this
    const most = new Float64Array(this.problem.kinds.length)
    const { target, kind } = this.wayEntries
    for (let e = 0; e < kind.length; e += 1) {
      const less = this.slack[e] ?? 0
      if (less === 0) continue
      const way = target[e] ?? 0
      let worth = 0
      for (let at = this.sinksFrom[way] ?? 0; at < (this.sinksFrom[way + 1] ?? 0); at += 1)
        worth += slope[this.sinkList[at] ?? 0] ?? 0
      most[kind[e] ?? 0] = (most[kind[e] ?? 0] ?? 0) + less * worth
    }
    this.addLossByKind(included, possible, most)
    return most
  }

  /** Per entry, how far its control alone would lower the hazard of its way; 0 where it is not possible. */
  private measureLess(included: Uint8Array, possible: Uint8Array): void {
    const { target, kind } = this.wayEntries
    leftWithEach(this.wayEntries, included, this.wayLeft, this.slack)
    this.crowdLess.fill(0)
    for (let e = 0; e < kind.length; e += 1) {
      const withIt = this.slack[e] ?? 0
      const way = target[e] ?? 0
      const before = this.wayLeft[way] ?? 1
      const isPossible = possible[kind[e] ?? 0] === 1 && withIt < before
      const chance = this.likelihood[way] ?? 0
      const less = isPossible ? Math.log1p(-chance * withIt) - Math.log1p(-chance * before) : 0
      this.slack[e] = less
      if (less === 0) continue
      for (let at = this.sinksFrom[way] ?? 0; at < (this.sinksFrom[way + 1] ?? 0); at += 1) {
        const row = this.crowdRow[this.sinkList[at] ?? 0] ?? -1
        if (row < 0) continue
        const cell = row * this.problem.kinds.length + (kind[e] ?? 0)
        this.crowdLess[cell] = (this.crowdLess[cell] ?? 0) + less
      }
    }
  }

  /** Many ways into one sink: how low its hazard can go is limited by the friction that is left. */
  private raiseFewest(friction: number): void {
    const { kinds } = this.problem
    for (let k = 0; k < this.crowdRow.length; k += 1) {
      const row = this.crowdRow[k] ?? -1
      if (row < 0) continue
      const items = kinds.map(({ friction: cost }, kind) => ({
        measure: kind,
        worth: this.crowdLess[row * kinds.length + kind] ?? 0,
        cost,
      }))
      const lowest = (this.hazard[k] ?? 0) - fillFractions(byDensity(items), friction)
      this.fewest[k] = Math.max(this.fewest[k] ?? 0, lowest)
    }
  }

  private setSlopes(): void {
    for (let k = 0; k < this.hazard.length; k += 1) {
      const hazard = this.hazard[k] ?? 0
      const fewest = this.fewest[k] ?? 0
      const chord = hazard - fewest > 1e-12 ? (Math.exp(-fewest) - Math.exp(-hazard)) / (hazard - fewest) : 0
      this.slope[k] = (this.value[k] ?? 0) * (this.sinkLeft[k] ?? 1) * chord
    }
  }

  private addLossByKind(included: Uint8Array, possible: Uint8Array, most: Float64Array): void {
    const { target, kind } = this.sinkEntries
    const withEach = new Float64Array(kind.length)
    leftWithEach(this.sinkEntries, included, this.sinkLeft, withEach)
    for (let e = 0; e < kind.length; e += 1) {
      const k = target[e] ?? 0
      const less = (this.sinkLeft[k] ?? 1) - (withEach[e] ?? 0)
      if (possible[kind[e] ?? 0] === 0 || less <= 0) continue
      const worth = (this.value[k] ?? 0) * less * -Math.expm1(-(this.hazard[k] ?? 0))
      most[kind[e] ?? 0] = (most[kind[e] ?? 0] ?? 0) + worth
    }
  }
}

function entriesOf(problem: PlanProblem, measures: readonly number[], on: 'way' | 'sink'): Entries {
  const layers = new Map<string, number>()
  const best = new Map<number, { target: number; layer: number; kind: number; share: number }>()
  for (const measure of measures) {
    const one = problem.measures[measure]
    for (const effect of one?.effects ?? []) {
      if (one === undefined || effect.on !== on) continue
      const layer = layers.get(effect.layer) ?? layers.size
      layers.set(effect.layer, layer)
      const key = (effect.index * MAX_LAYERS + layer) * MAX_LAYERS + one.kind
      const share = Math.min(Math.max(effect.share, 0), LARGEST)
      if (share > (best.get(key)?.share ?? 0))
        best.set(key, { target: effect.index, layer, kind: one.kind, share })
    }
  }
  const rows = [...best.values()].toSorted(
    (a, b) => a.target - b.target || a.layer - b.layer || a.kind - b.kind,
  )
  return {
    target: Int32Array.from(rows, (row) => row.target),
    layer: Int32Array.from(rows, (row) => row.layer),
    kind: Int32Array.from(rows, (row) => row.kind),
    share: Float64Array.from(rows, (row) => row.share),
  }
}

/** Where the run of entries on the same target and layer ends. */
function endOfRun({ target, layer }: Entries, from: number): number {
  let end = from + 1
  while (end < target.length && target[end] === target[from] && layer[end] === layer[from]) end += 1
  return end
}

function bestOfRun({ kind, share }: Entries, from: number, end: number, kinds: Uint8Array): number {
  let best = 0
  for (let e = from; e < end; e += 1)
    if (kinds[kind[e] ?? 0] === 1 && (share[e] ?? 0) > best) best = share[e] ?? 0
  return best
}

function multiplyLeft(entries: Entries, kinds: Uint8Array, left: Float64Array): void {
  left.fill(1)
  for (let from = 0; from < entries.kind.length;) {
    const end = endOfRun(entries, from)
    const target = entries.target[from] ?? 0
    left[target] = (left[target] ?? 1) * (1 - bestOfRun(entries, from, end, kinds))
    from = end
  }
}

/** Per entry: what would be left of its target if its control came on top of `kinds`. */
function leftWithEach(entries: Entries, kinds: Uint8Array, left: Float64Array, out: Float64Array): void {
  for (let from = 0; from < entries.kind.length;) {
    const end = endOfRun(entries, from)
    const best = bestOfRun(entries, from, end, kinds)
    const now = left[entries.target[from] ?? 0] ?? 1
    for (let e = from; e < end; e += 1)
      out[e] = (now * (1 - Math.max(best, entries.share[e] ?? 0))) / (1 - best)
    from = end
  }
}
