import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DavylampError } from '../errors.ts'
import { readCoinOptions } from './coin-options.ts'

describe('figures of coins', () => {
  it('are put together from what each option says', () => {
    const book = readCoinOptions({
      price: ['xmr=150', 'BTC=6e4'],
      reward: ['XMR=0.6'],
      difficulty: ['XMR=350g', 'BTC=1'],
    })
    expect(book.get('XMR')).toEqual({ hashesPerBlock: 350e9, reward: 0.6, usd: 150 })
    expect(book.get('BTC')).toEqual({ hashesPerBlock: 2 ** 32, reward: null, usd: 60_000 })
  })

  it('take hashes where the unit of a difficulty is not known', () => {
    expect(readCoinOptions({ difficulty: ['KAS=2Ph'] }).get('KAS')?.hashesPerBlock).toBe(2e15)
  })

  it('are refused with the option named, or read; nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        try {
          for (const figures of readCoinOptions({ price: [text] }).values())
            expect(figures.usd).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(DavylampError)
        }
      }),
      { seed: 9, numRuns: 300 },
    )
  })

  it.each([['XMR=0'], ['XMR=-1'], ['XMR=1h'], ['=5'], ['XMR=1e999'], ['XMR 5']])('price %s', (text) => {
    expect(() => readCoinOptions({ price: [text] })).toThrow(/not a coin and a number/u)
  })
})
