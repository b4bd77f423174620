import { byDensity, fillFractions, fillWhole } from './bound.ts'
import type { Component } from './components.ts'
import type { KindValues } from './kind-values.ts'
import { Majorants } from './majorants.ts'
import type { ProblemKind } from './problem.ts'

const ROUNDING = 1e-9
/** Local search: so many rounds of exchanging one control for another at most. */
const MOST_ROUNDS = 12

export interface Searched {
  /** One byte per control. */
  readonly kinds: Uint8Array
  readonly worth: number
  /** No set of controls within the friction is worth more. */
  readonly bound: number
}

/**
 * Which controls are worth most within the friction, where `KindValues` says what each set is worth in each component:
 * a good set by exchanging, then depth-first branch and bound that proves how good it is. Work is counted in
 * components looked at, so that the same problem gives the same answer on every machine.
 */
export class KindSearch {
  readonly #kinds: readonly ProblemKind[]
  readonly #friction: number
  readonly #majorants: Majorants
  readonly #open: readonly number[]
  readonly #included: Uint8Array
  #best: { kinds: Uint8Array; worth: number }
  #pruned = 0
  #goal = 0
  #workLeft = 0

  constructor(
    kinds: readonly ProblemKind[],
    friction: number,
    components: readonly Component[],
    values: KindValues,
  ) {
    this.#kinds = kinds
    this.#friction = friction
    this.#majorants = new Majorants(kinds.length, components, values)
    const works = new Set(components.flatMap((component) => component.kinds))
    this.#open = [...works]
      .filter((kind) => this.#costOf(kind) <= friction + ROUNDING)
      .toSorted((a, b) => a - b)
    this.#included = new Uint8Array(kinds.length)
    this.#best = { kinds: this.#included.slice(), worth: this.#majorants.worthOf(this.#included) }
  }

  get best(): Searched {
    return { ...this.#best, bound: Number.POSITIVE_INFINITY }
  }

  /** Where prices have changed. */
  restart(): void {
    const none = new Uint8Array(this.#kinds.length)
    this.#best = { kinds: none, worth: this.#majorants.worthOf(none) }
  }

  /** From a set, exchange while that gains something. */
  improve(from: Uint8Array): Searched {
    const start = this.#filled(from)
    let best = { kinds: start, worth: this.#majorants.worthOf(start) }
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const better = this.#bestExchange(best)
      if (better.worth <= best.worth + ROUNDING) break
      best = better
    }
    if (best.worth > this.#best.worth) this.#best = best
    return { ...best, bound: Number.POSITIVE_INFINITY }
  }

  /** Proves that nothing is better than the best by more than the share `tolerance`, as far as `work` goes. */
  prove(tolerance: number, work: number): { readonly searched: Searched; readonly workLeft: number } {
    this.#workLeft = work
    this.#pruned = 0
    this.#goal = 1 + tolerance
    this.#majorants.reset(this.#open)
    this.#branch(this.#open, this.#friction, Number.POSITIVE_INFINITY)
    const bound = Math.max(this.#best.worth, this.#pruned)
    return { searched: { ...this.#best, bound }, workLeft: this.#workLeft }
  }

  #costOf(kind: number): number {
    return this.#kinds[kind]?.friction ?? 0
  }

  #branch(undecided: readonly number[], left: number, above: number): void {
    const { most, base } = this.#majorants
    if (base > this.#best.worth + ROUNDING) this.#best = { kinds: this.#included.slice(), worth: base }
    const items = byDensity(
      undecided
        .filter((kind) => this.#costOf(kind) <= left + ROUNDING)
        .map((kind) => ({ measure: kind, worth: most[kind] ?? 0, cost: this.#costOf(kind) })),
    )
    this.#workLeft -= undecided.length
    let limit = Math.min(above, base + fillFractions(items, left))
    if (limit > this.#best.worth * this.#goal) {
      const whole = fillWhole(items, left)
      if (whole !== null) limit = Math.min(limit, base + whole)
    }
    const [first] = items
    if (first === undefined || this.#workLeft < 0 || limit <= this.#best.worth * this.#goal) {
      this.#pruned = Math.max(this.#pruned, first === undefined ? base : limit)
      return
    }
    const kind = first.measure
    const others = items.slice(1).map(({ measure }) => measure)
    this.#included[kind] = 1
    const saved = this.#majorants.mark()
    this.#workLeft -= this.#majorants.include(kind)
    this.#branch(others, left - first.cost, limit)
    this.#majorants.back(saved)
    this.#included[kind] = 0
    this.#workLeft -= this.#majorants.exclude(kind)
    this.#branch(others, left, limit)
    this.#majorants.back(saved)
  }

  /** Whatever gains most for its friction, until nothing fits. */
  #filled(from: Uint8Array): Uint8Array {
    const kinds = new Uint8Array(this.#kinds.length)
    let left = this.#friction
    this.#majorants.reset(this.#open)
    const take = (kind: number): void => {
      kinds[kind] = 1
      left -= this.#costOf(kind)
      this.#majorants.include(kind)
    }
    for (const kind of this.#open) if (from[kind] === 1 && this.#costOf(kind) <= left + ROUNDING) take(kind)
    for (;;) {
      const { most } = this.#majorants
      const fits = this.#open.filter((kind) => kinds[kind] === 0 && this.#costOf(kind) <= left + ROUNDING)
      const items = fits.map((kind) => ({ measure: kind, worth: most[kind] ?? 0, cost: this.#costOf(kind) }))
      const [first] = byDensity(items)
      if (first === undefined || first.worth <= ROUNDING) return kinds
      take(first.measure)
    }
  }

  /** The best of all sets with one control out and what fits best in. */
  #bestExchange(now: { readonly kinds: Uint8Array; readonly worth: number }): {
    kinds: Uint8Array
    worth: number
  } {
    let best = { kinds: now.kinds, worth: now.worth }
    for (const out of this.#open) {
      if (now.kinds[out] === 0) continue
      const without = now.kinds.slice()
      without[out] = 0
      const used = this.#open.reduce((sum, kind) => sum + (without[kind] === 1 ? this.#costOf(kind) : 0), 0)
      for (const into of this.#open) {
        if (into === out || without[into] === 1 || used + this.#costOf(into) > this.#friction + ROUNDING)
          continue
        const kinds = without.slice()
        kinds[into] = 1
        const worth = this.#majorants.worthOf(kinds)
        if (worth > best.worth) best = { kinds, worth }
      }
    }
    return best.worth > now.worth ? this.#refilled(best) : best
  }

  #refilled(set: { readonly kinds: Uint8Array; readonly worth: number }): {
    kinds: Uint8Array
    worth: number
  } {
    const kinds = this.#filled(set.kinds)
    return { kinds, worth: Math.max(set.worth, this.#majorants.worthOf(kinds)) }
  }
}
