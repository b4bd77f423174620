import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/conversations/conversation.ts'
import { Groups, totalsOf } from '../../src/conversations/groups.ts'
import { hashrateOf } from '../../src/mining/hashrate.ts'
import { encodePcap } from '../../src/wire/encode/index.ts'
import { conversationsOf, inputOf } from './captures.ts'
import { longMining, type LongMining } from './long-mining.ts'

const SEEDS = 15
type Miner = Omit<LongMining, 'seed'>

async function read(miner: LongMining): Promise<readonly Conversation[]> {
  return conversationsOf(inputOf('long.pcap', encodePcap(longMining(miner))))
}

/** As the table tells it: over all connections. */
function totalOf(conversations: readonly Conversation[]) {
  const groups = new Groups()
  for (const one of conversations) groups.add(one)
  const [group, ...others] = groups.all()
  expect(others).toEqual([])
  return totalsOf(group!)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

describe('the hash rate of 500 shares', () => {
  it.each<readonly [string, Miner]>([
    [
      'Monero, at a difficulty that stays',
      { dialect: 'cryptonote', rate: 2200, difficulty: 30_000, shareEveryS: null, shares: 500 },
    ],
    [
      'Monero, from a difficulty far too low',
      { dialect: 'cryptonote', rate: 12_000, difficulty: 5_000, shareEveryS: 20, shares: 500 },
    ],
    [
      'Monero, from a difficulty far too high',
      { dialect: 'cryptonote', rate: 900, difficulty: 120_000, shareEveryS: 15, shares: 500 },
    ],
    [
      'Bitcoin, set by set_difficulty',
      { dialect: 'bitcoin', rate: 1e12, difficulty: 1000 * 2 ** 32, shareEveryS: 10, shares: 500 },
    ],
    [
      'Ethereum, over six connections',
      {
        dialect: 'ethereum',
        rate: 30e6,
        difficulty: 4e9,
        shareEveryS: null,
        shares: 500,
        breaksEvery: 90,
      },
    ],
  ])('%s: right within 10 %% in the middle, and as often as its error says', async (name, miner) => {
    const errors: number[] = []
    let within = 0
    for (let seed = 0; seed < SEEDS; seed++) {
      const total = totalOf(await read({ ...miner, seed: `${name}/${seed}` }))
      expect(total).toMatchObject({ submitted: miner.shares, accepted: miner.shares, rejected: 0 })
      const rate = hashrateOf(total)
      errors.push(Math.abs((rate?.value ?? 0) / miner.rate - 1))
      if (Math.abs((rate?.value ?? 0) - miner.rate) <= 2 * (rate?.error ?? 0)) within++
    }
    expect(median(errors)).toBeLessThan(0.1)
    // 95 % of them on average.
    expect(within).toBeGreaterThanOrEqual(SEEDS - 3)
  })
})
