import type { Component } from './components.ts'

/**
 * What each set of controls is worth in each component where a dollar has a price: what its measures remove, less the
 * price of those that cost money (a Lagrange multiplier). With the money of the budget at that price on top, no plan
 * with these controls removes more, whatever the price.
 */
export class KindValues {
  readonly #components: readonly Component[]
  /** Of component `c`, the worth of each mask of its controls from `from[c]` on. */
  readonly from: Int32Array
  readonly worth: Float64Array

  constructor(list: readonly Component[]) {
    this.#components = list
    this.from = new Int32Array(list.length + 1)
    for (const [c, { kinds }] of list.entries()) this.from[c + 1] = (this.from[c] ?? 0) + 2 ** kinds.length
    this.worth = new Float64Array(this.from[list.length] ?? 0)
  }

  /** `price`: USD a day for each USD a month. */
  setPrice(price: number): void {
    this.worth.fill(0)
    for (const [c, { gains, costs, masks, kinds }] of this.#components.entries()) {
      const from = this.from[c] ?? 0
      for (let set = 1; set < gains.length; set += 1) {
        const at = from + (masks[set] ?? 0)
        const worth = (gains[set] ?? 0) - price * (costs[set] ?? 0)
        if (worth > (this.worth[at] ?? 0)) this.worth[at] = worth
      }
      // Whoever may use more controls can do as well as with fewer.
      for (let bit = 0; bit < kinds.length; bit += 1)
        for (let mask = 0; mask < 2 ** kinds.length; mask += 1)
          if ((mask & (1 << bit)) !== 0)
            this.worth[from + mask] = Math.max(
              this.worth[from + mask] ?? 0,
              this.worth[from + (mask ^ (1 << bit))] ?? 0,
            )
    }
  }

  /** USD a month that the best choices cost at a price, with these controls alone. */
  spentAt(price: number, included: Uint8Array): number {
    let spent = 0
    for (const { gains, costs, masks, kinds } of this.#components) {
      const closed = kinds.reduce((mask, kind, bit) => mask | (included[kind] === 1 ? 0 : 1 << bit), 0)
      let best = 0
      let cost = 0
      for (let set = 1; set < gains.length; set += 1) {
        if (((masks[set] ?? 0) & closed) !== 0) continue
        const worth = (gains[set] ?? 0) - price * (costs[set] ?? 0)
        if (worth <= best) continue
        best = worth
        cost = costs[set] ?? 0
      }
      spent += cost
    }
    return spent
  }
}
