import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillWhole } from './bound.ts'
import type { Component } from './components.ts'
import { KindSearch } from './kind-search.ts'
import { KindValues } from './kind-values.ts'

const KINDS = 6

/** Any worth for any set of controls: diminishing returns, growing ones, and neither. */
const component = fc
  .record({
    kinds: fc.uniqueArray(fc.nat(KINDS - 1), { minLength: 1, maxLength: 4 }),
    sets: fc.array(fc.record({ mask: fc.nat(15), gain: fc.nat(100), cost: fc.nat(5) }), { maxLength: 12 }),
  })
  .map(({ kinds, sets }): Component => {
    const all = [{ mask: 0, gain: 0, cost: 0 }, ...sets]
    return {
      kinds,
      gains: Float64Array.from(all, ({ gain }) => gain),
      costs: Float64Array.from(all, ({ cost }) => cost),
      masks: Uint16Array.from(all, ({ mask }) => mask % 2 ** kinds.length),
      hasDiminishingReturns: false,
    }
  })

function worthByTable(
  components: readonly Component[],
  price: number,
  has: (kind: number) => boolean,
): number {
  return components.reduce((sum, { kinds, gains, costs, masks }) => {
    const closed = kinds.reduce((mask, kind, bit) => mask | (has(kind) ? 0 : 1 << bit), 0)
    const fitting = [...gains.keys()].filter((set) => ((masks[set] ?? 0) & closed) === 0)
    return sum + Math.max(...fitting.map((set) => (gains[set] ?? 0) - price * (costs[set] ?? 0)))
  }, 0)
}

describe('search over controls', () => {
  it('finds and proves the best set of controls, whatever they do together', () => {
    fc.assert(
      fc.property(
        fc.array(component, { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: KINDS, maxLength: KINDS }),
        fc.nat(20),
        fc.nat(12),
        (components, frictions, budget, price) => {
          const kinds = frictions.map((friction, i) => ({ id: `k${i}`, friction }))
          let best = 0
          for (let set = 0; set < 2 ** KINDS; set += 1) {
            const has = (kind: number): boolean => (set & (1 << kind)) !== 0
            if (frictions.reduce((sum, one, kind) => sum + (has(kind) ? one : 0), 0) > budget) continue
            best = Math.max(best, worthByTable(components, price, has))
          }
          const values = new KindValues(components)
          values.setPrice(price)
          const search = new KindSearch(kinds, budget, components, values)
          const { searched } = search.prove(0, 1e6)
          expect(searched.worth).toBeCloseTo(best, 6)
          expect(searched.bound).toBeCloseTo(best, 6)
          const used = frictions.reduce((sum, one, kind) => sum + (searched.kinds[kind] === 1 ? one : 0), 0)
          expect(used).toBeLessThanOrEqual(budget)
          // Without any work left the bound still holds.
          const lazy = new KindSearch(kinds, budget, components, values).prove(0, 0).searched
          expect(lazy.bound).toBeGreaterThanOrEqual(best - 1e-9)
        },
      ),
      { seed: 41, numRuns: 1000 },
    )
  })

  it('fills a knapsack of whole items exactly, or says that it cannot', () => {
    const items = [3, 2.5, 2.5].map((cost, measure) => ({ measure, worth: cost + 1, cost }))
    expect(fillWhole(items, 5)).toBe(7)
    expect(fillWhole(items, 5.4)).toBe(7)
    expect(fillWhole([{ measure: 0, worth: 1, cost: Math.PI }], 5)).toBeNull()
    expect(fillWhole(items, Number.POSITIVE_INFINITY)).toBeNull()
  })
})
