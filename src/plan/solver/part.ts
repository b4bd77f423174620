import type { Component } from './components.ts'
import type { Budget } from '../overhead.ts'
import type { ProblemEffect, ProblemMeasure } from './problem.ts'

/** Nothing protects entirely, and nothing is entirely certain: as in `RiskState`. */
const LARGEST = 0.9999
/** Bits of a mask. */
const MOST_KINDS = 16
const ROUNDING = 1e-9

/** What can be chosen: all that a control does in a part without limits, or one measure that costs or asks something. */
interface Choice {
  /** −1 for controls without friction: those are always in. */
  readonly kind: number
  readonly cost: number
  readonly loads: readonly MachineLoad[]
  readonly effects: Slotted[]
}

/** A slot is one layer of one way or sink: of the shares there only the largest counts. */
interface Slotted {
  readonly slot: number
  readonly share: number
}

type MachineLoad = ProblemMeasure['loads'][number]

/** A measure as far as a part is concerned. */
export interface LocalMeasure {
  readonly measure: number
  readonly kind: number
  readonly cost: number
  /** Of machines that are short of something. */
  readonly loads: readonly MachineLoad[]
}

/** A component while it is put together. */
export class Part {
  private readonly sinks: { value: number; slots: number[]; ways: number[] }[] = []
  private readonly sinkAt = new Map<number, number>()
  private readonly ways: { chance: number; usdPerHazard: number; slots: number[] }[] = []
  private readonly wayAt = new Map<number, number>()
  private readonly slots = new Map<string, number>()
  private readonly always: Slotted[] = []
  private readonly choices = new Map<string, Choice>()

  get size(): number {
    return this.choices.size
  }

  /** `usdPerHazard`: what its hazard counts for in sinks that are not looked at as a whole. */
  addWay(way: number, likelihood: number, usdPerHazard: number): void {
    this.wayAt.set(way, this.ways.length)
    this.ways.push({ chance: Math.min(likelihood, LARGEST), usdPerHazard, slots: [] })
  }

  /** After its ways. Without any: `value` is lost for certain. */
  addSink(k: number, value: number, ways: readonly number[]): void {
    this.sinkAt.set(k, this.sinks.length)
    this.sinks.push({ value, slots: [], ways: ways.map((way) => this.wayAt.get(way) ?? -1) })
  }

  /** Always in force if neither friction (`kind` −1) nor anything else limits it; else a choice. */
  addEffect(local: LocalMeasure, { on, index, layer, share }: ProblemEffect): void {
    const name = `${on} ${index} ${layer}`
    let slot = this.slots.get(name)
    if (slot === undefined) {
      slot = this.slots.size
      this.slots.set(name, slot)
      const target =
        on === 'way' ? this.ways[this.wayAt.get(index) ?? -1] : this.sinks[this.sinkAt.get(index) ?? -1]
      target?.slots.push(slot)
    }
    const slotted = { slot, share: Math.min(Math.max(share, 0), LARGEST) }
    const isLimited = local.cost > 0 || local.loads.length > 0
    if (local.kind === -1 && !isLimited) this.always.push(slotted)
    else this.choiceOf(local, isLimited).effects.push(slotted)
  }

  private choiceOf({ measure, kind, cost, loads }: LocalMeasure, isLimited: boolean): Choice {
    const name = isLimited ? `measure ${measure}` : `kind ${kind}`
    let choice = this.choices.get(name)
    if (choice === undefined) this.choices.set(name, (choice = { kind, cost, loads, effects: [] }))
    return choice
  }

  /** So many there are where machines could carry nothing. */
  leastCombinations(): number {
    return 2 ** [...this.choices.values()].filter(({ loads }) => loads.length === 0).length
  }

  /**
   * Every set of choices that its machines can carry, by what it removes on top of what always holds; null where there
   * are more than `most` sets.
   */
  valued(budget: Budget, most: number): Component | null {
    const choices = [...this.choices.values()]
    const kinds = [...new Set(choices.map(({ kind }) => kind))].filter((kind) => kind !== -1)
    if (kinds.length > MOST_KINDS) return null
    const best = new Float64Array(this.slots.size)
    for (const { slot, share } of this.always) best[slot] = Math.max(best[slot] ?? 0, share)
    const before = this.risk(best)
    const carried = new Carried(budget)
    const gains: number[] = []
    const costs: number[] = []
    const masks: number[] = []
    const walk = (at: number, mask: number, cost: number): boolean => {
      const choice = choices[at]
      if (choice === undefined) {
        gains.push(before - this.risk(best))
        costs.push(cost)
        masks.push(mask)
        return gains.length <= most
      }
      if (!walk(at + 1, mask, cost)) return false
      const { effects, loads, kind } = choice
      if (!carried.holds(loads)) return true
      carried.book(loads, 1)
      const was = effects.map(({ slot }) => best[slot] ?? 0)
      for (const { slot, share } of effects) if (share > (best[slot] ?? 0)) best[slot] = share
      const isDone = walk(at + 1, kind === -1 ? mask : mask | (1 << kinds.indexOf(kind)), cost + choice.cost)
      for (let i = was.length - 1; i >= 0; i -= 1) best[effects[i]?.slot ?? 0] = was[i] ?? 0
      carried.book(loads, -1)
      return isDone
    }
    if (!walk(0, 0, 0)) return null
    return {
      kinds,
      gains: Float64Array.from(gains),
      costs: Float64Array.from(costs),
      masks: Uint16Array.from(masks),
      hasDiminishingReturns:
        this.ways.length <= 1 &&
        this.sinks.length <= 1 &&
        choices.every(({ cost, loads }) => cost === 0 && loads.length === 0),
    }
  }

  private risk(best: Float64Array): number {
    let total = 0
    for (const { chance, usdPerHazard, slots } of this.ways)
      if (usdPerHazard > 0) total -= usdPerHazard * Math.log1p(-chance * leftOf(slots, best))
    for (const { value, slots, ways } of this.sinks) {
      let none = ways.length === 0 ? 0 : 1
      for (const at of ways) {
        const way = this.ways[at]
        if (way !== undefined) none *= 1 - way.chance * leftOf(way.slots, best)
      }
      total += value * leftOf(slots, best) * (1 - none)
    }
    return total
  }
}

function leftOf(slots: readonly number[], best: Float64Array): number {
  let left = 1
  for (const slot of slots) left *= 1 - (best[slot] ?? 0)
  return left
}

/** What machines that are short of something carry. */
class Carried {
  private readonly budget: Budget
  private readonly cpu = new Map<number, number>()
  private readonly downtime = new Map<number, number>()

  constructor(budget: Budget) {
    this.budget = budget
  }

  holds(loads: readonly MachineLoad[]): boolean {
    return loads.every(
      ({ asset, cpuPercent, downtimeSeconds }) =>
        (this.cpu.get(asset) ?? 0) + cpuPercent <= this.budget.cpuPercent + ROUNDING &&
        (this.downtime.get(asset) ?? 0) + downtimeSeconds <= this.budget.downtimeSeconds + ROUNDING,
    )
  }

  book(loads: readonly MachineLoad[], sign: 1 | -1): void {
    for (const { asset, cpuPercent, downtimeSeconds } of loads) {
      this.cpu.set(asset, (this.cpu.get(asset) ?? 0) + sign * cpuPercent)
      this.downtime.set(asset, (this.downtime.get(asset) ?? 0) + sign * downtimeSeconds)
    }
  }
}
