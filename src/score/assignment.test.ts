import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign } from './assignment.ts'

function total(weights: readonly (readonly number[])[]): number {
  return assign(weights).reduce((sum, pair) => sum + pair.weight, 0)
}

/** The best total there is, by trying everything: rows may stay without a column. */
function bruteForce(weights: readonly (readonly number[])[], taken: ReadonlySet<number> = new Set()): number {
  const [row, ...rest] = weights
  if (row === undefined) return 0
  const options = row.map((weight, column) =>
    taken.has(column) ? 0 : weight + bruteForce(rest, new Set([...taken, column])),
  )
  return Math.max(bruteForce(rest, taken), ...options)
}

describe('assign', () => {
  it.each([
    ['nothing', [], []],
    ['no columns', [[], []], []],
    [
      'what greed gets wrong',
      [
        [9, 10],
        [1, 9],
      ],
      [
        [0, 0],
        [1, 1],
      ],
    ],
    ['more rows than columns', [[1], [5], [3]], [[1, 0]]],
    ['more columns than rows', [[1, 5, 3]], [[0, 1]]],
    [
      'nothing that speaks for a pair',
      [
        [0, 0],
        [0, 2],
      ],
      [[1, 1]],
    ],
  ])('%s', (_, weights, pairs) => {
    expect(assign(weights).map(({ row, column }) => [row, column])).toEqual(pairs)
  })

  it('gives each row and column away at most once, and is as good as trying everything', () => {
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([rows, columns]) =>
        fc.array(
          fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true })), {
            minLength: columns,
            maxLength: columns,
          }),
          { minLength: rows, maxLength: rows },
        ),
      )
    fc.assert(
      fc.property(matrix, (weights) => {
        const pairs = assign(weights)
        expect(new Set(pairs.map((pair) => pair.row)).size).toBe(pairs.length)
        expect(new Set(pairs.map((pair) => pair.column)).size).toBe(pairs.length)
        for (const { row, column, weight } of pairs) expect(weights[row]?.[column]).toBe(weight)
        expect(total(weights)).toBeCloseTo(bruteForce(weights), 9)
      }),
      { seed: 5, numRuns: 300 },
    )
  })
})
