import type { Component } from './components.ts'
import type { KindValues } from './kind-values.ts'

/** Open controls of one component beyond that: each by the most it could bring. */
const NEXT_TO_NOTHING = 1e-3

/**
 * For sets of controls that grow and shrink: what they are worth (`base`), and per open control a worth (`most`) such
 * that no set of open ones brings more than the sum of theirs. Where returns diminish that is what each brings first.
 * Elsewhere (closing the last way into a sink pays most) it is the mean of what each brings first and last, raised
 * until no set exceeds its sum: close to the Shapley value, which for growing returns needs no raising (Shapley,
 * Cores of convex games, 1971).
 */
export class Majorants {
  base = 0
  readonly most: Float64Array
  readonly #components: readonly Component[]
  readonly #values: KindValues
  /** Per control: the components it works in and which bit it is there. */
  readonly #places: readonly { readonly component: Int32Array; readonly bit: Int32Array }[]
  readonly #included: Int32Array
  readonly #open: Int32Array
  /** Per component, from `#at[c]` on: what each of its bits counts for in `most`. */
  readonly #at: Int32Array
  readonly #share: Float64Array
  readonly #undo: { c: number; included: number; open: number; shares: Float64Array }[] = []
  readonly #sums = new Float64Array(1 << 16)
  readonly #sets = new Uint16Array(1 << 16)

  constructor(kinds: number, components: readonly Component[], values: KindValues) {
    this.most = new Float64Array(kinds)
    this.#components = components
    this.#values = values
    const places: { component: number[]; bit: number[] }[] = Array.from({ length: kinds }, () => ({
      component: [],
      bit: [],
    }))
    this.#at = new Int32Array(components.length + 1)
    for (const [c, component] of components.entries()) {
      this.#at[c + 1] = (this.#at[c] ?? 0) + component.kinds.length
      for (const [bit, kind] of component.kinds.entries()) {
        places[kind]?.component.push(c)
        places[kind]?.bit.push(bit)
      }
    }
    this.#places = places.map(({ component, bit }) => ({
      component: Int32Array.from(component),
      bit: Int32Array.from(bit),
    }))
    this.#share = new Float64Array(this.#at[components.length] ?? 0)
    this.#included = new Int32Array(components.length)
    this.#open = new Int32Array(components.length)
  }

  /** USD a day of a set of controls, whatever stands here. */
  worthOf(kinds: Uint8Array): number {
    const masks = new Int32Array(this.#components.length)
    for (const [kind, { component, bit }] of this.#places.entries()) {
      if (kinds[kind] !== 1) continue
      for (let i = 0; i < component.length; i += 1)
        masks[component[i] ?? 0] = (masks[component[i] ?? 0] ?? 0) | (1 << (bit[i] ?? 0))
    }
    let worth = 0
    for (let c = 0; c < masks.length; c += 1) worth += this.#worth(c, masks[c] ?? 0)
    return worth
  }

  /** Nothing included, `open` open. */
  reset(open: readonly number[]): void {
    this.#undo.length = 0
    this.#included.fill(0)
    this.#open.fill(0)
    this.#share.fill(0)
    this.most.fill(0)
    this.base = 0
    for (const kind of open) {
      const { component, bit } = this.#places[kind] ?? { component: [], bit: [] }
      for (let i = 0; i < component.length; i += 1)
        this.#open[component[i] ?? 0] = (this.#open[component[i] ?? 0] ?? 0) | (1 << (bit[i] ?? 0))
    }
    for (let c = 0; c < this.#components.length; c += 1) {
      this.base += this.#worth(c, 0)
      this.#measure(c)
    }
  }

  mark(): { readonly steps: number; readonly base: number; readonly most: Float64Array } {
    return { steps: this.#undo.length, base: this.base, most: this.most.slice() }
  }

  /** As it was at the mark. */
  back({ steps, base, most }: ReturnType<Majorants['mark']>): void {
    while (this.#undo.length > steps) {
      const step = this.#undo.pop()
      if (step === undefined) break
      this.#included[step.c] = step.included
      this.#open[step.c] = step.open
      this.#share.set(step.shares, this.#at[step.c] ?? 0)
    }
    this.base = base
    this.most.set(most)
  }

  /** Gives how much was looked at. */
  include(kind: number): number {
    return this.#decide(kind, true)
  }

  exclude(kind: number): number {
    return this.#decide(kind, false)
  }

  #decide(kind: number, isIn: boolean): number {
    const { component, bit } = this.#places[kind] ?? { component: new Int32Array(), bit: new Int32Array() }
    let looked = 0
    for (let i = 0; i < component.length; i += 1) {
      const c = component[i] ?? 0
      const one = 1 << (bit[i] ?? 0)
      const [from, to] = [this.#at[c] ?? 0, this.#at[c + 1] ?? 0]
      const included = this.#included[c] ?? 0
      const open = this.#open[c] ?? 0
      this.#undo.push({ c, included, open, shares: this.#share.slice(from, to) })
      this.#open[c] = open & ~one
      if (isIn) {
        this.#included[c] = included | one
        this.base += this.#worth(c, included | one) - this.#worth(c, included)
      }
      looked += this.#measure(c)
    }
    this.most[kind] = 0
    return looked
  }

  #worth(c: number, mask: number): number {
    return this.#values.worth[(this.#values.from[c] ?? 0) + mask] ?? 0
  }

  /** Reckons the shares of a component anew. */
  #measure(c: number): number {
    const component = this.#components[c]
    if (component === undefined) return 0
    const { kinds, hasDiminishingReturns } = component
    const at = this.#at[c] ?? 0
    for (let bit = 0; bit < kinds.length; bit += 1) this.#count(kinds[bit] ?? 0, at + bit, -1)
    const looked = hasDiminishingReturns ? this.#first(c) : this.#raised(c)
    for (let bit = 0; bit < kinds.length; bit += 1) this.#count(kinds[bit] ?? 0, at + bit, 1)
    return looked
  }

  #count(kind: number, cell: number, sign: 1 | -1): void {
    this.most[kind] = (this.most[kind] ?? 0) + sign * (this.#share[cell] ?? 0)
  }

  #first(c: number): number {
    const at = this.#at[c] ?? 0
    const included = this.#included[c] ?? 0
    const open = this.#open[c] ?? 0
    const now = this.#worth(c, included)
    const count = (this.#at[c + 1] ?? 0) - at
    for (let bit = 0; bit < count; bit += 1)
      this.#share[at + bit] = (open & (1 << bit)) === 0 ? 0 : this.#worth(c, included | (1 << bit)) - now
    return count
  }

  #raised(c: number): number {
    const at = this.#at[c] ?? 0
    const included = this.#included[c] ?? 0
    const open = this.#open[c] ?? 0
    const now = this.#worth(c, included)
    const all = this.#worth(c, included | open)
    const count = (this.#at[c + 1] ?? 0) - at
    let sets = 1
    let factor = 1
    for (let bit = 0; bit < count; bit += 1) {
      this.#share[at + bit] = 0
      const one = 1 << bit
      if ((open & one) === 0 || all <= now) continue
      const first = this.#worth(c, included | one) - now
      const last = all - this.#worth(c, (included | open) & ~one)
      const share = Math.max((first + last) / 2, (all - now) * NEXT_TO_NOTHING)
      this.#share[at + bit] = share
      for (let set = 0; set < sets; set += 1) {
        const mask = (this.#sets[set] ?? 0) | one
        const sum = (this.#sums[set] ?? 0) + share
        this.#sets[sets + set] = mask
        this.#sums[sets + set] = sum
        const gain = this.#worth(c, included | mask) - now
        if (gain > sum * factor) factor = gain / sum
      }
      sets *= 2
    }
    for (let bit = 0; bit < count; bit += 1) this.#share[at + bit] = (this.#share[at + bit] ?? 0) * factor
    return sets
  }
}
