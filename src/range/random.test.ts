import { describe, expect, it } from 'vitest'
import { Random } from './random.ts'

function draw(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.fraction())
}

describe('Random', () => {
  it('gives the same numbers for the same seed', () => {
    expect(draw(new Random('a'), 50)).toEqual(draw(new Random('a'), 50))
    expect(draw(new Random('a'), 50)).not.toEqual(draw(new Random('b'), 50))
  })

  it('forks streams that do not depend on what was drawn before', () => {
    const used = new Random('a')
    draw(used, 1000)
    expect(draw(used.fork('x'), 20)).toEqual(draw(new Random('a').fork('x'), 20))
    expect(draw(used.fork('x'), 20)).not.toEqual(draw(used.fork('y'), 20))
  })

  it('is even, and exponential where asked', () => {
    const random = new Random('mean')
    const even = draw(random, 20_000).reduce((sum, value) => sum + value, 0) / 20_000
    const waits = Array.from({ length: 20_000 }, () => random.exponential(90))
    expect(even).toBeCloseTo(0.5, 1)
    expect(waits.reduce((sum, value) => sum + value, 0) / waits.length / 90).toBeCloseTo(1, 1)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0)
  })

  it('keeps to its bounds', () => {
    const random = new Random('bounds')
    const drawn = Array.from({ length: 2000 }, () => random.integer(3, 5))
    expect(new Set(drawn)).toEqual(new Set([3, 4, 5]))
    expect(random.bytes(7)).toHaveLength(7)
    expect(random.hex(9)).toMatch(/^[0-9a-f]{9}$/u)
  })
})
