import type { Component } from './components.ts'

/** Nothing protects entirely, and nothing is entirely certain: as in `RiskState`. */
const LARGEST = 0.9999

/** What can be chosen: all that a control does in a part for nothing, or one measure that costs money. */
interface Choice {
  /** −1 for controls without friction: those are always in. */
  readonly kind: number
  readonly cost: number
  readonly effects: Slotted[]
}

/** A slot is one layer of one way or sink: of the shares there only the largest counts. */
interface Slotted {
  readonly slot: number
  readonly share: number
}

export interface LocalEffect {
  readonly measure: number
  readonly kind: number
  readonly cost: number
  readonly on: 'way' | 'sink'
  readonly index: number
  readonly layer: string
  readonly share: number
}

/** A component while it is put together. */
export class Part {
  private readonly sinks: { value: number; slots: number[]; ways: number[] }[] = []
  private readonly sinkAt = new Map<number, number>()
  private readonly ways: { chance: number; slots: number[] }[] = []
  private readonly wayAt = new Map<number, number>()
  private readonly slots = new Map<string, number>()
  private readonly always: Slotted[] = []
  private readonly choices = new Map<string, Choice>()

  get size(): number {
    return this.choices.size
  }

  addSink(
    k: number,
    value: number,
    ways: readonly { readonly way: number; readonly likelihood: number }[],
  ): void {
    this.sinkAt.set(k, this.sinks.length)
    const list = ways.map(({ way, likelihood }) => {
      const known = this.wayAt.get(way)
      if (known !== undefined) return known
      this.wayAt.set(way, this.ways.length)
      this.ways.push({ chance: Math.min(likelihood, LARGEST), slots: [] })
      return this.ways.length - 1
    })
    this.sinks.push({ value, slots: [], ways: list })
  }

  /** Always in force if its control has no friction (`kind` −1) and it costs nothing; else a choice. */
  addEffect({ measure, kind, cost, on, index, layer, share }: LocalEffect): void {
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
    if (kind === -1 && cost === 0) this.always.push(slotted)
    else this.choiceOf(measure, kind, cost).effects.push(slotted)
  }

  private choiceOf(measure: number, kind: number, cost: number): Choice {
    const name = cost > 0 ? `measure ${measure}` : `kind ${kind}`
    let choice = this.choices.get(name)
    if (choice === undefined) this.choices.set(name, (choice = { kind, cost, effects: [] }))
    return choice
  }

  /** Every set of choices, by what it removes on top of what always holds. */
  valued(): { component: Component; removed: number } {
    const choices = [...this.choices.values()]
    const kinds = [...new Set(choices.map(({ kind }) => kind))].filter((kind) => kind !== -1)
    const best = new Float64Array(this.slots.size)
    const start = this.risk(best)
    for (const { slot, share } of this.always) best[slot] = Math.max(best[slot] ?? 0, share)
    const before = this.risk(best)
    const gain = new Float64Array(2 ** choices.length)
    const walk = (at: number, set: number): void => {
      const choice = choices[at]
      if (choice === undefined) {
        gain[set] = before - this.risk(best)
        return
      }
      walk(at + 1, set)
      const was = choice.effects.map(({ slot }) => best[slot] ?? 0)
      for (const { slot, share } of choice.effects) if (share > (best[slot] ?? 0)) best[slot] = share
      walk(at + 1, set | (1 << at))
      for (let i = was.length - 1; i >= 0; i -= 1) best[choice.effects[i]?.slot ?? 0] = was[i] ?? 0
    }
    walk(0, 0)
    const component: Component = {
      kinds,
      choices: choices.map(({ kind, cost }) => ({ bit: kinds.indexOf(kind), cost })),
      gain,
      isSingle: this.ways.length === 1 && this.sinks.length === 1,
    }
    return { component, removed: start - before }
  }

  private risk(best: Float64Array): number {
    let total = 0
    for (const { value, slots, ways } of this.sinks) {
      let none = 1
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
