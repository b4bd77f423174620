import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { busiest, countName, emptyTally, mergeTally, namesIn, type Tally, timesOf } from './tally.ts'

function tallyOf(names: readonly string[]): Tally {
  const tally = emptyTally()
  for (const name of names) countName(tally, name, 1)
  return tally
}

function numbered(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => `name-${from + index}`)
}

describe('Tally', () => {
  it('is exact for a few names', () => {
    const tally = tallyOf(['a', 'b', 'a', '__proto__', '0', 'b', 'a'])
    expect(namesIn(tally)).toBe(4)
    expect(busiest(tally, 3)).toEqual(['a', 'b', '0'])
    expect(timesOf(tally, 'a')).toBe(3)
    expect(timesOf(tally, 'z')).toBe(0)
  })

  it.each([100, 1000, 20_000])('estimates %i names within a fifth, in bounded memory', (count) => {
    const tally = tallyOf([...numbered(count), ...numbered(count)])
    expect(Math.abs(namesIn(tally) - count)).toBeLessThan(count / 5)
    expect(JSON.stringify(tally).length).toBeLessThan(2500)
  })

  it('keeps the names that come up most among many', () => {
    const names = numbered(2000).flatMap((name, index) => (index % 10 === 0 ? ['root', name] : [name]))
    expect(busiest(tallyOf(names), 1)).toEqual(['root'])
  })

  it('cuts names of absurd length', () => {
    expect(JSON.stringify(tallyOf(['x'.repeat(100_000)])).length).toBeLessThan(300)
  })

  it('merges to what counting in one go gives', () => {
    const name = fc.constantFrom(...numbered(20))
    fc.assert(
      fc.property(fc.array(name), fc.array(name), (a, b) => {
        const merged = mergeTally(tallyOf(a), tallyOf(b))
        const whole = tallyOf([...a, ...b])
        expect(namesIn(merged)).toBe(namesIn(whole))
        expect(busiest(merged, 20)).toEqual(busiest(whole, 20))
      }),
      { seed: 3, numRuns: 100 },
    )
  })

  it('merges estimates without loss', () => {
    const merged = mergeTally(tallyOf(numbered(500)), tallyOf(numbered(500, 400)))
    expect(namesIn(merged)).toBe(namesIn(tallyOf(numbered(900))))
  })
})
