import { describe, expect, it } from 'vitest'
import { isoTime } from './iso-time.ts'

const T = Date.UTC(2026, 4, 12, 3, 14, 5)

describe('isoTime', () => {
  it.each([
    ['2026-05-12T03:14:05Z', T],
    ['2026-05-12T03:14:05.250001Z', T + 250.001],
    ['2026-05-12T03:14:05.123456789Z', T + 123.456],
    ['2026-05-12T05:14:05.1+0200', T + 100],
    ['2026-05-12T05:14:05+02:00', T],
    ['2026-05-12T05:14:05+02', T],
    ['2026-05-12T03:14:05', null],
    ['2026-13-12T03:14:05Z', null],
    ['2026-05-12 03:14:05Z', null],
    ['', null],
    [null, null],
  ])('%s', (text, expected) => {
    const time = isoTime(text)
    if (expected === null) expect(time).toBeNull()
    else expect(time).toBeCloseTo(expected, 4)
  })

  it('takes a zone that is said elsewhere', () => expect(isoTime('2026-05-12T03:14:05', 'Z')).toBe(T))
})
