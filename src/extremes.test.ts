import { describe, expect, it } from 'vitest'
import { highest, lowest } from './extremes.ts'

describe('extremes', () => {
  it('are those of any number of values', () => {
    const values = Array.from({ length: 500_000 }, (_, at) => (at * 7919) % 500_000)
    expect(lowest(values)).toBe(0)
    expect(highest(values)).toBe(499_999)
  })

  it('of none are those of Math.min and Math.max', () => {
    expect(lowest([])).toBe(Math.min())
    expect(highest([])).toBe(Math.max())
  })
})
