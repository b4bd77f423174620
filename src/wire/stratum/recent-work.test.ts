import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecentWork } from './recent-work.ts'

const START = Date.UTC(2026, 4, 12)
const MINUTE_MS = 60_000

describe('the last quarter of an hour', () => {
  it('forgets what is older', () => {
    const work = new RecentWork()
    work.add(START, 1, 1000)
    work.add(START + 16 * MINUTE_MS, 2, 500)
    expect(work.count(START + 16 * MINUTE_MS)).toMatchObject({
      accepted: 2,
      expectedHashes: 1000,
      hashesVariance: 2 * 500 ** 2,
    })
    expect(work.count(START + 60 * MINUTE_MS).accepted).toBe(0)
  })

  it('counts what naive counting counts, whatever the order of a few', () => {
    const shares = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_600_000 }), fc.integer({ min: 1, max: 9 })))
    fc.assert(
      fc.property(shares, (drawn) => {
        const work = new RecentWork()
        const ordered = drawn.toSorted(([a], [b]) => a - b)
        for (const [at, hashes] of ordered) work.add(START + at, 1, hashes)
        const now = START + (ordered.at(-1)?.[0] ?? 0)
        const told = work.count(now)
        const naive = ordered.filter(([at]) => START + at >= told.from)
        expect(told.accepted).toBe(naive.length)
        expect(told.expectedHashes).toBe(naive.reduce((sum, [, hashes]) => sum + hashes, 0))
        expect(now - told.from).toBeLessThanOrEqual(15 * MINUTE_MS)
        expect(now - told.from).toBeGreaterThan(14.7 * MINUTE_MS)
      }),
      { seed: 7, numRuns: 60 },
    )
  })
})
