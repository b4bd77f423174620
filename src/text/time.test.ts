import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatTime, parseTime } from './time.ts'

it.each([
  [0, '1970-01-01T00:00:00.000000Z'],
  [1_778_555_647_123.456, '2026-05-12T03:14:07.123456Z'],
  [1_778_555_647_999.9998, '2026-05-12T03:14:08.000000Z'],
  [-0.001, '1969-12-31T23:59:59.999999Z'],
  [951_782_400_000, '2000-02-29T00:00:00.000000Z'],
  [Number.NaN, '1970-01-01T00:00:00.000000Z'],
  [Number.NEGATIVE_INFINITY, '0000-01-01T00:00:00.000000Z'],
  [Number.POSITIVE_INFINITY, '9999-12-31T23:59:59.999999Z'],
])('%d ms → %s', (ms, text) => {
  expect(formatTime(ms)).toBe(text)
})

it.each([
  ['2026-05-12T03:14:07Z', 1_778_555_647_000],
  ['2026-05-12T05:14:07.5+02:00', 1_778_555_647_500],
  ['2026-05-12T03:14:07.123456Z', 1_778_555_647_123.456],
  ['2026-05-12 03:14:07Z', Number.NaN],
  ['yesterday', Number.NaN],
])('%s → %d ms', (text, ms) => {
  expect(parseTime(text)).toBe(ms)
})

it('is exact to the microsecond from 1990 to 2100', () => {
  fc.assert(
    fc.property(fc.integer({ min: 631_152_000, max: 4_102_444_800 }), fc.nat(999_999), (seconds, micros) => {
      const text = formatTime(seconds * 1000 + micros / 1000)
      expect(text.slice(-7)).toBe(`${String(micros).padStart(6, '0')}Z`)
      expect(Date.parse(`${text.slice(0, 19)}Z`)).toBe(seconds * 1000)
      expect(formatTime(parseTime(text))).toBe(text)
    }),
    { seed: 9 },
  )
})

it('gives a valid time for every float', () => {
  fc.assert(
    fc.property(fc.double(), (ms) => {
      expect(formatTime(ms)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    }),
    { seed: 10 },
  )
})
