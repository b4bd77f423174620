import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CoinBook, earningsOf, hashesOfNetworkDifficulty, NOT_KNOWN } from './earnings.ts'
import { hashrateOf } from './hashrate.ts'

describe('hash rate', () => {
  it('is the expected hashes over the time, with an error of 1/√shares', () => {
    expect(
      hashrateOf({ accepted: 100, expectedHashes: 1e6, hashesVariance: 1e10, minedMs: 1_000_000 }),
    ).toEqual({
      value: 1000,
      error: 100,
    })
  })

  it.each([
    ['two shares', { accepted: 2, expectedHashes: 1e6, hashesVariance: 5e11, minedMs: 1e6 }],
    ['half a minute', { accepted: 20, expectedHashes: 1e6, hashesVariance: 5e10, minedMs: 30_000 }],
    ['no difficulty told', { accepted: 20, expectedHashes: 0, hashesVariance: 0, minedMs: 1e6 }],
  ])('is not known from %s', (_name, counts) => {
    expect(hashrateOf(counts)).toBeNull()
  })

  it('covers the truth as often as its error says, whatever the difficulty does', () => {
    // Shares of a Poisson process at a known rate, whose pool changes the difficulty with every share.
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 0.999, noNaN: true }), { minLength: 900, maxLength: 900 }),
        (draws) => {
          const rate = 1500
          let [minedMs, expectedHashes, hashesVariance] = [0, 0, 0]
          for (const [at, draw] of draws.entries()) {
            const difficulty = 20_000 * (1 + (at % 4))
            minedMs += ((-Math.log(draw) * difficulty) / rate) * 1000
            expectedHashes += difficulty
            hashesVariance += difficulty ** 2
          }
          const found = hashrateOf({ accepted: draws.length, expectedHashes, hashesVariance, minedMs })
          expect(found?.error).toBeCloseTo(((found?.value ?? 0) * Math.sqrt(30 / 25)) / 30)
          const mean = draws.reduce((sum, draw) => sum - Math.log(draw), 0) / draws.length
          expect(Math.abs((found?.value ?? 0) - rate / mean)).toBeLessThan(rate * 0.35)
        },
      ),
      { seed: 3, numRuns: 20 },
    )
  })
})

describe('earnings', () => {
  const book: CoinBook = new Map([
    ['XMR', { hashesPerBlock: 4e11, reward: 0.6, usd: 150 }],
    ['ZEC', { hashesPerBlock: 1e9, reward: 1.25, usd: null }],
    ['RVN', { hashesPerBlock: null, reward: 1250, usd: 0.02 }],
  ])

  it('are the blocks that so much work finds on average, times what one brings', () => {
    expect(earningsOf(4e9, 'XMR', book)).toEqual({ coins: 0.006, usd: 0.9 })
    expect(earningsOf(4e9, 'ZEC', book)).toEqual({ coins: 5, usd: null })
  })

  it.each([['RVN'], ['BTC'], [null]])('are not known for %s', (coin) => {
    expect(earningsOf(4e9, coin, book)).toEqual(NOT_KNOWN)
  })

  it.each([
    ['XMR', 350e9, 350e9],
    ['BTC', 1, 2 ** 32],
    ['ZEC', 2, 2 ** 14],
    ['KAS', 5, null],
    ['constructor', 5, null],
  ])('difficulty of %s in hashes', (coin, difficulty, hashes) => {
    expect(hashesOfNetworkDifficulty(coin, difficulty)).toBe(hashes)
  })
})
