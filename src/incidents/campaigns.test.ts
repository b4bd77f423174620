import { describe, expect, it } from 'vitest'
import type { Asset } from '../assets/asset.ts'
import type { Finding } from '../event/finding.ts'
import { buildIncidents } from './build.ts'
import { campaignsOf } from './campaigns.ts'
import { at, deed, machines, mined, RIVAL, web1 } from './samples.ts'

const db2: Asset = {
  id: 'db-2',
  names: ['db-2', '10.0.3.18'],
  identifiers: ['host:db-2'],
  joins: [],
  machine: null,
}
const on = (subject: string, finding: Finding): Finding => ({
  ...finding,
  id: `${subject} ${finding.id}`,
  subjects: [subject],
  evidence: finding.evidence.map((one) => ({ ...one, file: subject })),
})

/** Session 9 on db-2 was opened from web-1. */
const both = machines({ '7': { at: 0, srcIp: '203.0.113.9' }, '9': { at: 30, srcIp: '10.0.3.17' } })
const fleet = { ...both, assetOf: (id: string) => (id === 'host:db-2' ? db2 : web1) }

/** Campaigns of two gangs that both fetch from there. */
function fetchedFrom(remote: string): number {
  return campaignsOf(
    buildIncidents(
      [
        on('trail:a', deed('drop', 1, { session: '7', remote })),
        on('trail:a', mined('mines', 2, 100)),
        on('host:db-2', deed('drop', 31, { session: '9', remote })),
        on('host:db-2', mined('mines', 32, 100, { login: RIVAL })),
      ],
      fleet,
    ),
  ).length
}

describe('campaigns', () => {
  it('does not join gangs that both went on to one machine of the owner', () => {
    expect(fetchedFrom('http://10.0.3.18/x')).toBe(0)
    expect(fetchedFrom('10.0.9.1')).toBe(0)
    expect(fetchedFrom('http://198.51.100.77/x')).toBe(1)
  })

  it('joins machines that work for one wallet, and shows how it went from one to the next', () => {
    const incidents = buildIncidents(
      [
        on('trail:a', deed('drop', 1, { session: '7' })),
        on('trail:a', mined('mines', 2, 100)),
        on('host:db-2', deed('drop', 31, { session: '9' })),
        on('host:db-2', mined('mines', 32, 100)),
      ],
      fleet,
    )
    const [campaign, ...others] = campaignsOf(incidents)
    expect(others).toEqual([])
    expect(campaign?.occupants.map(({ asset }) => asset)).toEqual(['db-2', 'web-1'])
    expect(campaign?.sharedBy).toEqual([
      { type: 'wallet', value: expect.any(String), assets: ['web-1', 'db-2'] },
    ])
    expect(campaign?.spread).toMatchObject([
      { from: 'web-1', to: 'db-2', time: at(30), how: 'logged in as root' },
    ])
  })

  it('joins by a host of their own, not by one that serves everybody, nor by a shared pool', () => {
    expect(fetchedFrom('http://192.0.2.80/x.sh')).toBe(1)
    expect(fetchedFrom('https://github.com/xmrig/xmrig/releases/x.tar.gz')).toBe(0)
  })

  it('is none on one machine', () => {
    expect(campaignsOf(buildIncidents([mined('a', 0, 100), mined('b', 150, 200)], machines()))).toEqual([])
  })
})
