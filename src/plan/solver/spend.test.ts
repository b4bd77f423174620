import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Option } from './options.ts'
import { spend } from './spend.ts'

/** Options of a group as they come out of `optionsOf`: dearer and better, the first for nothing. */
const list = fc
  .array(fc.record({ cost: fc.integer({ min: 1, max: 400 }), worth: fc.integer({ min: 1, max: 300 }) }), {
    maxLength: 4,
  })
  .map((steps): Option[] => {
    const options: Option[] = [{ set: 0, cost: 0, worth: 0 }]
    for (const { cost, worth } of steps) {
      const last = options.at(-1) ?? { cost: 0, worth: 0 }
      options.push({ set: 0, cost: last.cost + cost / 7, worth: last.worth + worth })
    }
    return options
  })

function best(lists: readonly (readonly Option[])[], budget: number): number {
  const [first, ...others] = lists
  if (first === undefined) return 0
  return first
    .filter(({ cost }) => cost <= budget + 1e-9)
    .reduce((most, { cost, worth }) => Math.max(most, worth + best(others, budget - cost)), 0)
}

describe('spending', () => {
  it('stays within the money, and its bound holds', () => {
    fc.assert(
      fc.property(
        fc.array(list, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 300 }),
        (lists, budget) => {
          const { taken, worth, bound } = spend(lists, budget)
          const picked = lists.map((options, i) => options[taken[i] ?? 0])
          expect(picked.reduce((sum, one) => sum + (one?.cost ?? 0), 0)).toBeLessThanOrEqual(budget + 1e-6)
          expect(picked.reduce((sum, one) => sum + (one?.worth ?? 0), 0)).toBeCloseTo(worth, 6)
          const most = best(lists, budget)
          expect(worth).toBeLessThanOrEqual(most + 1e-6)
          expect(bound).toBeGreaterThanOrEqual(most - 1e-6)
        },
      ),
      { seed: 21, numRuns: 2000 },
    )
  })

  it('finds the best where costs are whole cents', () => {
    const items = [60, 59, 55, 41, 40].map((cost): Option[] => [
      { set: 0, cost: 0, worth: 0 },
      { set: 0, cost, worth: cost + 10 },
    ])
    expect(spend(items, 100)).toMatchObject({ worth: 120, bound: 120 })
  })
})
