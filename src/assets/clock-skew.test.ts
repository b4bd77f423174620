import { describe, expect, it } from 'vitest'
import { identifier } from '../event/identifier.ts'
import { clockSkews } from './clock-skew.ts'
import type { Sighting } from './sightings.ts'

const HOUR_MS = 3_600_000

function seen(fileB: string, deltaMs: number, count: number): Sighting[] {
  return Array.from({ length: count }, () => ({
    a: identifier('host', 'web-1'),
    b: identifier('ip', '10.0.0.5'),
    fileA: 'auth.log',
    fileB,
    deltaMs,
    what: 'the same SSH connection',
  }))
}

describe('clocks', () => {
  it('that are off in all that is seen are skewed', () => {
    expect(clockSkews(seen('eth0.pcap', 2 * HOUR_MS, 3))).toMatchObject([
      { deltaMs: 2 * HOUR_MS, sightings: 3 },
    ])
  })

  it('that agree with others are not off because a guesser used a port again', () => {
    const sightings = [
      ...seen('flows-01.gz', 0, 4),
      ...seen('flows-02.gz', 0, 3),
      ...seen('flows-27.gz', -6.75 * HOUR_MS, 2),
    ]
    expect(clockSkews(sightings).filter(({ deltaMs }) => deltaMs !== 0)).toEqual([])
  })

  it('of which one witness differs as often as the others agree are skewed', () => {
    const sightings = [...seen('eth0.pcap', 0, 5), ...seen('eth1.pcap', 90_000, 4)]
    expect(clockSkews(sightings)).toMatchObject([{ deltaMs: 0 }, { deltaMs: 90_000 }])
  })
})
