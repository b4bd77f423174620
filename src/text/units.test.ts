import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatHashrate,
  formatNumber,
  formatShare,
  formatTimes,
  formatUsd,
} from './units.ts'

it.each([
  [formatBytes, 0, '0 B'],
  [formatBytes, 999, '999 B'],
  [formatBytes, 1412, '1.4 kB'],
  [formatBytes, 388_000_000, '388 MB'],
  [formatBytes, 999_700, '1 MB'],
  [formatBytes, 2_000_000_000, '2 GB'],
  [formatCount, 4112, '4,112'],
  [formatCount, 99_999, '99,999'],
  [formatCount, 101_234, '101 k'],
  [formatCount, 2_904_118, '2.9 M'],
  [formatNumber, 118_204, '118,204'],
  [formatDuration, 0, '0 s'],
  [formatDuration, 0.2, '< 1 s'],
  [formatDuration, 12, '12 s'],
  [formatDuration, 59.7, '1 min'],
  [formatDuration, 100, '1 min 40 s'],
  [formatDuration, 3599, '1 h'],
  [formatDuration, 6720, '1 h 52 min'],
  [formatDuration, 273_600, '3 d 4 h'],
  [formatHashrate, 870, '870 H/s'],
  [formatHashrate, 1234, '1.2 kH/s'],
  [formatHashrate, 14_000_000, '14 MH/s'],
  [formatUsd, 0, '$0.00'],
  [formatUsd, 0.001, '< $0.01'],
  [formatUsd, 0.39, '$0.39'],
  [formatUsd, 1.94, '$1.94'],
  [formatUsd, 118.4, '$118'],
  [formatUsd, 12_400, '$12,400'],
  [formatUsd, -96, '-$96.00'],
  [formatTimes, 1.83, '1.8×'],
  [formatTimes, 12.4, '12×'],
  [formatShare, 0.87, '87 %'],
])('%o(%d) → %s', (format, value, text) => {
  expect(format(value)).toBe(text)
})

it('says something sane for every number', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      for (const format of [
        formatBytes,
        formatCount,
        formatDuration,
        formatHashrate,
        formatTimes,
        formatUsd,
      ]) {
        expect(format(value)).not.toMatch(/NaN|Infinity|undefined/)
      }
    }),
    { seed: 8 },
  )
})
