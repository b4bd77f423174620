import { describe, expect, it } from 'vitest'
import { FAMILIES } from '../bench/plan/families.ts'
import { Ledger } from '../src/plan/solver/ledger.ts'
import { solve } from '../src/plan/solver/solve.ts'

describe('plans for hard problems', () => {
  for (const [name, family] of FAMILIES)
    it(`are proven within 2 % of the best, within the budget, and the same again: ${name}`, () => {
      for (const size of [30, 120])
        for (const seed of [1, 2, 3]) {
          const problem = family(size, seed)
          const solved = solve(problem)
          expect(solved.boundUsdPerDay).toBeGreaterThan(0)
          expect(solved.removedUsdPerDay / solved.boundUsdPerDay).toBeGreaterThan(0.98)
          const ledger = new Ledger(problem)
          for (const i of solved.chosen) {
            const measure = problem.measures[i]
            expect(measure === undefined ? 'none' : ledger.breaks(measure)).toBeNull()
            if (measure !== undefined) ledger.add(measure)
          }
          expect(solve(family(size, seed)).chosen).toEqual(solved.chosen)
        }
    })

  it('stay within 2 % where there are thousands of ways in', () => {
    for (const [name, family] of FAMILIES) {
      const { boundUsdPerDay, removedUsdPerDay } = solve(family(2000, 1))
      expect(removedUsdPerDay / boundUsdPerDay, name).toBeGreaterThan(0.98)
    }
  })
})
