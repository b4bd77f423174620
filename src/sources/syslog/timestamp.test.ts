import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newTimestamp, readTimestamp } from './timestamp.ts'

const H = 3_600_000

/** Text, what it says as `year-month-day msOfDay zone`, and the index behind it. */
const good: readonly (readonly [string, string])[] = [
  ['Nov  2 15:40:14 x', `0-11-2 ${15 * H + 2_414_000} NaN`],
  ['Nov 2 15:40:14 x', `0-11-2 ${15 * H + 2_414_000} NaN`],
  ['Nov 02 15:40:14 x', `0-11-2 ${15 * H + 2_414_000} NaN`],
  ['nov 12 00:00:00 x', '0-11-12 0 NaN'],
  ['Feb 29 00:00:01 x', '0-2-29 1000 NaN'],
  ['Jan  1 00:00:00.25 x', '0-1-1 250 NaN'],
  ['Jan  1 00:00:00,123456 x', '0-1-1 123.456 NaN'],
  ['Jan  1 2024 00:00:00 x', '2024-1-1 0 NaN'],
  ['2024 Jan  1 00:00:00 x', '2024-1-1 0 NaN'],
  ['Feb 29 2024 23:59:60 x', `2024-2-29 ${24 * H} NaN`],
  ['2023-11-14T00:20:42.738197+01:00 x', '2023-11-14 1242738.197 60'],
  ['2023-11-14T00:20:42Z x', '2023-11-14 1242000 0'],
  ['2023-11-14t00:20:42z x', '2023-11-14 1242000 0'],
  ['2023-11-14T00:20:42-0330 x', '2023-11-14 1242000 -210'],
  ['2023-11-14 00:20:42,5 x', '2023-11-14 1242500 NaN'],
  ['2023-11-14T00:20:42.123456789Z x', '2023-11-14 1242123.456 0'],
]

const bad: readonly (readonly [string, number])[] = [
  ['', -1],
  ['Nov', -1],
  ['Nob  2 15:40:14 x', -1],
  ['Nov  2 15:40 x', -1],
  ['Nov 2x 15:40:14 x', -1],
  ['15:40:14 x', -1],
  ['2023-11-14 x', -1],
  ['2023/11/14 00:00:00 x', -1],
  ['type=SYSCALL msg=audit(1:2): x', -1],
  ['Nov  0 15:40:14 x', -2],
  ['Nov 31 15:40:14 x', -2],
  ['Feb 30 15:40:14 x', -2],
  ['Feb 29 2023 15:40:14 x', -2],
  ['Nov  2 24:00:00 x', -2],
  ['Nov  2 23:60:00 x', -2],
  ['Nov  2 23:00:61 x', -2],
  ['2023-13-14T00:20:42Z x', -2],
  ['2023-02-29T00:20:42Z x', -2],
  ['2023-11-14T00:20:42+24:00 x', -2],
]

describe('readTimestamp', () => {
  it.each(good)('%s', (text, expected) => {
    const stamp = newTimestamp()
    expect(readTimestamp(text, 0, stamp)).toBe(text.length - 2)
    const { year, month, day, msOfDay, zoneMinutes } = stamp
    expect(`${year}-${month}-${day} ${Number(msOfDay.toFixed(3))} ${zoneMinutes}`).toBe(expected)
  })

  it.each(bad)('refuses %s', (text, state) => {
    expect(readTimestamp(text, 0, newTimestamp())).toBe(state)
  })

  it('reads what it is given, and never past the end', () => {
    const property = fc.property(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2099-12-31') }),
      fc.nat(40),
      (date, cut) => {
        const text = date.toISOString()
        const stamp = newTimestamp()
        expect(readTimestamp(text, 0, stamp)).toBe(text.length)
        const { year, month, day, msOfDay } = stamp
        expect(Date.UTC(year, month - 1, day) + msOfDay).toBe(date.getTime())
        expect(readTimestamp(text.slice(0, cut), 0, stamp)).toBeLessThanOrEqual(Math.min(cut, text.length))
      },
    )
    fc.assert(property, { seed: 51, numRuns: 300 })
  })
})
