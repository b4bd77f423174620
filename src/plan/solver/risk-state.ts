import type { PlanProblem } from './problem.ts'

/** Nothing protects entirely, and nothing is entirely certain: keeps logarithms finite. */
const LARGEST = 0.9999
/** More layers than any table of controls has: keeps keys apart. */
const MAX_LAYERS = 4096

/** What does not change with the choice: which effect stands where. */
interface Layout {
  /** By measure: slots (a target's layer) with the share there. */
  readonly slotsOf: readonly (readonly { slot: number; share: number }[])[]
  readonly slotCount: number
  /** −1 where the slot is one of the other kind. */
  readonly wayOfSlot: Int32Array
  readonly sinkOfSlot: Int32Array
  readonly waySlots: readonly (readonly number[])[]
  readonly sinkSlots: readonly (readonly number[])[]
  readonly waysOfSink: readonly (readonly number[])[]
}

function layoutOf({ ways, sinks, measures }: PlanProblem): Layout {
  const layers = new Map<string, number>()
  const known = new Map<number, number>()
  const wayOf: number[] = []
  const sinkOf: number[] = []
  const waySlots: number[][] = ways.map(() => [])
  const sinkSlots: number[][] = sinks.map(() => [])
  const waysOfSink: number[][] = sinks.map(() => [])
  for (const [i, way] of ways.entries()) for (const k of way.sinks) waysOfSink[k]?.push(i)
  const slotFor = (on: 'way' | 'sink', index: number, layer: string): number => {
    const number = layers.get(layer) ?? layers.size
    layers.set(layer, number)
    const key = (index * MAX_LAYERS + number) * 2 + (on === 'way' ? 0 : 1)
    const found = known.get(key)
    if (found !== undefined) return found
    const slot = known.size
    known.set(key, slot)
    wayOf.push(on === 'way' ? index : -1)
    sinkOf.push(on === 'sink' ? index : -1)
    const slots = on === 'way' ? waySlots[index] : sinkSlots[index]
    slots?.push(slot)
    return slot
  }
  const slotsOf = measures.map(({ effects }) =>
    effects.map(({ on, index, layer, share }) => ({
      slot: slotFor(on, index, layer),
      share: Math.min(Math.max(share, 0), LARGEST),
    })),
  )
  return {
    slotsOf,
    slotCount: known.size,
    wayOfSlot: Int32Array.from(wayOf),
    sinkOfSlot: Int32Array.from(sinkOf),
    waySlots,
    sinkSlots,
    waysOfSink,
  }
}

/**
 * Money at risk under a set of measures that grows and shrinks. Adding and removing cost what they touch; `exact`
 * reckons everything anew, so that the result does not depend on the order of steps.
 */
export class RiskState {
  private readonly problem: PlanProblem
  private readonly layout: Layout
  /** Shares in force, per slot, and the largest of them. */
  private readonly inForce: (number[] | undefined)[]
  private readonly best: Float64Array
  private readonly hazard: Float64Array
  private readonly sinkHazard: Float64Array
  private readonly loss: Float64Array
  private readonly chosen: Uint8Array
  private total = 0

  /** `sibling`: another state of the same problem, whose layout is shared. */
  constructor(problem: PlanProblem, sibling: RiskState | null = null) {
    this.problem = problem
    this.layout = sibling?.layout ?? layoutOf(problem)
    this.inForce = Array.from({ length: this.layout.slotCount })
    this.best = new Float64Array(this.layout.slotCount)
    this.hazard = new Float64Array(problem.ways.length)
    this.sinkHazard = new Float64Array(problem.sinks.length)
    this.loss = new Float64Array(problem.sinks.length)
    this.chosen = new Uint8Array(problem.measures.length)
    this.exact()
  }

  has(measure: number): boolean {
    return this.chosen[measure] === 1
  }

  /** USD a day at risk now. */
  get atRisk(): number {
    return this.total
  }

  add(measure: number): void {
    if (this.has(measure)) return
    this.chosen[measure] = 1
    for (const { slot, share } of this.layout.slotsOf[measure] ?? []) {
      ;(this.inForce[slot] ??= []).push(share)
      if (share > (this.best[slot] ?? 0)) this.settle(slot, share)
    }
  }

  remove(measure: number): void {
    if (!this.has(measure)) return
    this.chosen[measure] = 0
    for (const { slot, share } of this.layout.slotsOf[measure] ?? []) {
      const shares = this.inForce[slot] ?? []
      const last = shares.pop()
      const at = last === share ? -1 : shares.lastIndexOf(share)
      if (last !== undefined && at >= 0) shares[at] = last
      if (share === this.best[slot]) this.settle(slot, largest(shares))
    }
  }

  /** Takes everything out; `exact` follows. */
  clear(): void {
    this.chosen.fill(0)
    this.best.fill(0)
    for (const shares of this.inForce) if (shares !== undefined) shares.length = 0
  }

  private settle(slot: number, share: number): void {
    if (share === this.best[slot]) return
    this.best[slot] = share
    const way = this.layout.wayOfSlot[slot] ?? -1
    if (way === -1) return this.settleSink(this.layout.sinkOfSlot[slot] ?? -1)
    const before = this.hazard[way] ?? 0
    const now = this.hazardOf(way)
    this.hazard[way] = now
    for (const k of this.problem.ways[way]?.sinks ?? []) {
      this.total -= this.riskOf(k)
      this.sinkHazard[k] = Math.max(0, (this.sinkHazard[k] ?? 0) + now - before)
      this.total += this.riskOf(k)
    }
  }

  private settleSink(k: number): void {
    this.total -= this.riskOf(k)
    this.loss[k] = this.left(this.layout.sinkSlots[k] ?? [])
    this.total += this.riskOf(k)
  }

  private left(slots: readonly number[]): number {
    let left = 1
    for (const slot of slots) left *= 1 - (this.best[slot] ?? 0)
    return left
  }

  /** −ln(1 − chance): what adds up where ways are alternatives. */
  private hazardOf(way: number): number {
    const { likelihood } = this.problem.ways[way] ?? { likelihood: 0 }
    return -Math.log1p(-Math.min(likelihood, LARGEST) * this.left(this.layout.waySlots[way] ?? []))
  }

  /** USD a day at risk in one sink. */
  riskOf(k: number): number {
    return (this.problem.sinks[k]?.value ?? 0) * (this.loss[k] ?? 1) * -Math.expm1(-(this.sinkHazard[k] ?? 0))
  }

  /** Reckons all anew; the same set gives the same number. */
  exact(): number {
    for (let i = 0; i < this.hazard.length; i += 1) this.hazard[i] = this.hazardOf(i)
    this.total = 0
    for (let k = 0; k < this.loss.length; k += 1) {
      let sum = 0
      for (const way of this.layout.waysOfSink[k] ?? []) sum += this.hazard[way] ?? 0
      this.sinkHazard[k] = sum
      this.loss[k] = this.left(this.layout.sinkSlots[k] ?? [])
      this.total += this.riskOf(k)
    }
    return this.total
  }

  /** What each sink would lose if these measures came on top, as a sum that never says too little; see `bound.ts`. */
  sinkView(k: number): { value: number; loss: number; hazard: number } {
    return {
      value: this.problem.sinks[k]?.value ?? 0,
      loss: this.loss[k] ?? 1,
      hazard: this.sinkHazard[k] ?? 0,
    }
  }

  /** How far a measure alone would lower hazard and loss per sink from here. */
  effectOn(measure: number): { hazard: Map<number, number>; loss: Map<number, number> } {
    const hazard = new Map<number, number>()
    const loss = new Map<number, number>()
    const ways = new Set<number>()
    const sinks = new Set<number>()
    for (const { slot } of this.layout.slotsOf[measure] ?? []) {
      if ((this.layout.wayOfSlot[slot] ?? -1) >= 0) ways.add(this.layout.wayOfSlot[slot] ?? -1)
      else sinks.add(this.layout.sinkOfSlot[slot] ?? -1)
    }
    const wasBest = (this.layout.slotsOf[measure] ?? []).map(({ slot }) => this.best[slot] ?? 0)
    for (const { slot, share } of this.layout.slotsOf[measure] ?? [])
      this.best[slot] = Math.max(this.best[slot] ?? 0, share)
    for (const way of ways) {
      const less = (this.hazard[way] ?? 0) - this.hazardOf(way)
      for (const k of this.problem.ways[way]?.sinks ?? []) hazard.set(k, (hazard.get(k) ?? 0) + less)
    }
    for (const k of sinks) loss.set(k, (this.loss[k] ?? 1) - this.left(this.layout.sinkSlots[k] ?? []))
    for (const [i, { slot }] of (this.layout.slotsOf[measure] ?? []).entries())
      this.best[slot] = wasBest[i] ?? 0
    return { hazard, loss }
  }
}

function largest(shares: readonly number[]): number {
  let most = 0
  for (const share of shares) if (share > most) most = share
  return most
}
