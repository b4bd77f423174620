import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cidrsOf, parseCidr } from './cidr.ts'
import {
  difference,
  holds,
  intersection,
  type Intervals,
  isSubset,
  overlaps,
  union,
  unionOf,
} from './interval.ts'
import { bandsOf, difference as without, intersection as both, union as either } from './traffic.ts'

const LIMIT = 40
const small = fc
  .array(fc.tuple(fc.nat(LIMIT), fc.nat(LIMIT)), { maxLength: 6 })
  .map((pairs): Intervals => unionOf(pairs.map(([a, b]) => (a < b ? [a, b] : []))))

function members(set: Intervals): Set<number> {
  return new Set(Array.from({ length: LIMIT + 1 }, (_, i) => i).filter((i) => holds(set, i)))
}

function only<T>(set: ReadonlySet<T>, isWanted: (one: T) => boolean): Set<T> {
  return new Set([...set].filter((one) => isWanted(one)))
}

function big(set: Intervals): Intervals {
  return set.map((bound) => BigInt(bound))
}

describe('intervals', () => {
  it('are what sets are, for numbers and bigints', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const [inA, inB] = [members(a), members(b)]
        expect(members(union(a, b))).toEqual(new Set([...inA, ...inB]))
        expect(members(intersection(a, b))).toEqual(only(inA, (one) => inB.has(one)))
        expect(members(difference(a, b))).toEqual(only(inA, (one) => !inB.has(one)))
        expect(overlaps(a, b)).toBe(only(inA, (one) => inB.has(one)).size > 0)
        expect(isSubset(a, b)).toBe([...inA].every((one) => inB.has(one)))
        expect(union(big(a), big(b))).toEqual(big(union(a, b)))
        expect(difference(big(a), big(b))).toEqual(big(difference(a, b)))
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  it('stay sorted, apart and not empty', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        for (const set of [union(a, b), intersection(a, b), difference(a, b)])
          for (let i = 1; i < set.length; i++) expect(Number(set[i])).toBeGreaterThan(Number(set[i - 1]))
      }),
      { seed: 8, numRuns: 200 },
    )
  })
})

const rectangle = fc
  .record({ from: fc.nat(20), length: fc.integer({ min: 1, max: 8 }), who: small })
  .map(({ from, length, who }) => ({ from, to: from + length, addresses: who }))
const rectangles = fc.array(rectangle, { maxLength: 5 })

function points(list: readonly { from: number; to: number; addresses: Intervals }[]): Set<string> {
  const all = new Set<string>()
  for (const { from, to, addresses } of list)
    for (let port = from; port < to; port++) for (const who of members(addresses)) all.add(`${port}|${who}`)
  return all
}

describe('bands', () => {
  it('hold the same points as the rectangles that they are made of', () => {
    fc.assert(
      fc.property(rectangles, rectangles, (a, b) => {
        const [x, y] = [bandsOf(a), bandsOf(b)]
        expect(points(x)).toEqual(points(a))
        expect(points(either(x, y))).toEqual(new Set([...points(a), ...points(b)]))
        expect(points(both(x, y))).toEqual(only(points(a), (one) => points(b).has(one)))
        expect(points(without(x, y))).toEqual(only(points(a), (one) => !points(b).has(one)))
        for (let i = 1; i < x.length; i++) expect(x[i]?.from).toBeGreaterThanOrEqual(x[i - 1]?.to ?? 0)
      }),
      { seed: 9, numRuns: 300 },
    )
  })
})

describe('CIDRs', () => {
  it.each([
    ['203.0.113.9/0', [0, 2 ** 32]],
    ['203.0.113.9/24', [0xcb007100, 0xcb007200]],
    ['198.51.100.7', [0xc6336407, 0xc6336408]],
    ['::/0', [0n, 1n << 128n]],
    ['2001:db8::1/127', [0x20010db8n << 96n, (0x20010db8n << 96n) + 2n]],
  ])('reads %s', (text, bounds) => {
    expect(parseCidr(text)?.intervals).toEqual(bounds)
  })

  it.each([
    '',
    'x',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/-1',
    '::/129',
    ':::',
    '1.2.3.4/1/2',
  ])('turns %j away', (text) => {
    expect(parseCidr(text)).toBeNull()
  })

  it('are the shortest list for a set', () => {
    fc.assert(
      fc.property(small, (set) => {
        const blocks = cidrsOf(set).map((cidr) => parseCidr(cidr)?.intervals ?? [])
        expect(unionOf(blocks)).toEqual(set)
        expect(cidrsOf([0, 2 ** 32])).toEqual(['0.0.0.0/0'])
      }),
      { seed: 10, numRuns: 200 },
    )
  })

  it('stands any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseCidr(text)
      }),
      { seed: 11, numRuns: 500 },
    )
  })
})
