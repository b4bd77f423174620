import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecentMap } from './recent-map.ts'

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

describe('recent map', () => {
  it('holds what was set last, like a list that is cut at its old end', () => {
    const operations = fc.array(fc.record({ key: fc.constantFrom(...LETTERS), value: fc.nat(9) }), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(operations, fc.integer({ min: 1, max: 5 }), (sets, limit) => {
        const map = new RecentMap<number>(limit)
        let model: [string, number][] = []
        for (const { key, value } of sets) {
          map.set(key, value)
          model = [...model.filter(([other]) => other !== key), [key, value] as [string, number]].slice(
            -limit,
          )
          expect(map.size).toBe(model.length)
          for (const letter of LETTERS) expect(map.get(letter)).toBe(new Map(model).get(letter))
        }
      }),
      { seed: 4, numRuns: 200 },
    )
  })

  it('counts what it forgot', () => {
    const map = new RecentMap<null>(2)
    for (const key of 'abcab') map.set(key, null)
    expect(map.forgotten).toBe(3)
    expect(map.has('c')).toBe(false)
  })
})
