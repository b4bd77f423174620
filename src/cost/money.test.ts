import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOURS_PER_MONTH, type MoneyQuestion, reckon } from './money.ts'

const PRICES: Record<string, number> = { 't3.medium': 0.0416, 't3.micro': 0.0104, 'm5.large': 0.096 }
const HOUR_MS = 3_600_000

const question: MoneyQuestion = {
  instanceType: null,
  assumedType: 't3.medium',
  ownUsdPerHour: null,
  from: 0,
  to: 10 * HOUR_MS,
  isOngoing: false,
  priceOf(type) {
    const usdPerHour = PRICES[type]
    return usdPerHour === undefined ? null : { usdPerHour, region: 'us-east-1', date: '2026-07-20' }
  },
}

describe('reckon', () => {
  it('says what it assumed where the type is not known', () => {
    const { usdPerHour, usdSoFar, usdPerMonth, timesNormal, basis } = reckon(question)
    expect(usdPerHour).toBe(0.0416)
    expect(usdSoFar).toBeCloseTo(0.416)
    expect(usdPerMonth).toBeCloseTo(30.368)
    expect(timesNormal).toBeNull()
    expect(basis).toContain(
      'unknown instance type, assumed t3.medium at $0.0416 an hour (us-east-1, on demand, 2026-07-20)',
    )
  })

  it.each([
    ['a type with a price', { instanceType: 'm5.large' }, 0.096, 'm5.large at $0.096 an hour'],
    [
      'a type without one',
      { instanceType: 'z9.odd' },
      0.0416,
      'no price known for z9.odd, assumed t3.medium',
    ],
    [
      'a price of the owner',
      { instanceType: 'm5.large', ownUsdPerHour: 0.5 },
      0.5,
      '$0.50 an hour (inventory)',
    ],
    ['a machine at a fixed price', { instanceType: 'm5.large' }, 0.096, 'mining does not raise the bill'],
    ['a burstable machine', { instanceType: 't3.micro' }, 0.0104, 'can add up to $0.09 an hour'],
    ['a tenure that goes on', { isOngoing: true }, 0.0416, '10 h up to the end of the evidence'],
    ['minutes', { to: HOUR_MS / 4 }, 0.0416, '15 min'],
    [
      'a name every object has',
      { instanceType: 't3.constructor' },
      0.0416,
      'no price known for t3.constructor',
    ],
  ] satisfies [string, Partial<MoneyQuestion>, number, string][])(
    '%s',
    (_case, change, usdPerHour, words) => {
      const reckoning = reckon({ ...question, ...change })
      expect(reckoning.usdPerHour).toBe(usdPerHour)
      expect(reckoning.basis).toContain(words)
    },
  )

  it('has no figure where no price is known at all', () => {
    const reckoning = reckon({ ...question, assumedType: 'z9.odd' })
    expect(reckoning).toMatchObject({ usdPerHour: null, usdSoFar: null, usdPerMonth: null })
    expect(reckoning.basis).toBe('unknown instance type, and no price known for z9.odd')
  })

  it('never counts hours backwards', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (from, to) => {
        const { usdSoFar, usdPerMonth } = reckon({ ...question, from, to })
        expect(usdSoFar === null || usdSoFar >= 0).toBe(true)
        expect(usdPerMonth === null || Math.abs(usdPerMonth - 0.0416 * HOURS_PER_MONTH) < 1e-9).toBe(true)
      }),
      { seed: 7, numRuns: 200 },
    )
  })
})
