import { describe, expect, it } from 'vitest'
import type { ClockSkew } from '../assets/clock-skew.ts'
import { lateNote, skewNotes } from './notes.ts'

const skew = (part: Partial<ClockSkew>): ClockSkew => ({
  fileA: 'auth.log',
  fileB: 'eth0.pcap',
  deltaMs: -43_000,
  sightings: 7,
  what: 'the same SSH connection',
  ...part,
})

describe('notes', () => {
  it('tells a clock that is off once, by what was seen most often', () => {
    expect(skewNotes([skew({ sightings: 1, fileB: 'audit.log' }), skew({})])).toEqual([
      'The clock of auth.log is 43 s behind that of eth0.pcap (the same SSH connection, seen 7 times).',
    ])
  })

  it.each([
    [2 * 3600_000, true],
    [-5.5 * 3600_000, true],
    [3600_000 + 90_000, true],
    [22 * 60_000, false],
    [90_000, false],
  ])('suspects the zone where %i ms lie between two clocks: %j', (deltaMs, isZone) => {
    expect(skewNotes([skew({ deltaMs })])[0]?.includes('--timezone')).toBe(isZone)
  })

  it('tells records out of order once for all files', () => {
    expect(lateNote([{ file: 'a.pcap', late: 1 }])).toMatch(/^1 record of a\.pcap has an earlier time/u)
    expect(
      lateNote([
        { file: 'a.pcap', late: 2 },
        { file: 'b.pcap', late: 40 },
      ]),
    ).toMatch(/^42 records of 2 files \(most in b\.pcap\) have an earlier time/u)
  })
})
