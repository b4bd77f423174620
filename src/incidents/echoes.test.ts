import { describe, expect, it } from 'vitest'
import type { Asset } from '../assets/asset.ts'
import type { Finding, LoginFacts } from '../event/finding.ts'
import { withoutEchoes } from './echoes.ts'

const T0 = Date.UTC(2026, 4, 12, 3)
const MINUTE = 60_000
const web1: Asset = {
  id: 'web-1',
  names: ['web-1'],
  identifiers: ['host:web-1', 'trail:a'],
  joins: [],
  machine: null,
}
const assetOf = (): Asset => web1

function told(
  id: string,
  source: 'syslog' | 'auditd',
  facts: Partial<LoginFacts>,
  fields: Partial<Finding> = {},
): Finding {
  return {
    id,
    detector: 'test',
    title: id,
    severity: 'low',
    confidence: 0.9,
    stage: 'pressure',
    attack: [],
    subjects: [source === 'auditd' ? 'trail:a' : 'host:web-1'],
    firstSeen: T0,
    lastSeen: T0 + 10 * MINUTE,
    count: 1,
    evidence: [{ source, file: source, offset: 0, raw: id, time: T0 }],
    facts: {
      type: 'login',
      service: 'sshd',
      srcIps: ['203.0.113.9'],
      sourceCount: 1,
      users: ['root'],
      userCount: 1,
      tries: 40,
      method: 'password',
      style: 'fast',
      pid: null,
      session: null,
      ...facts,
    },
    ...fields,
  }
}

describe('withoutEchoes', () => {
  it.each([
    ['both saw the same', told('log', 'syslog', {}), told('trail', 'auditd', {}), ['log']],
    ['the trail saw more', told('log', 'syslog', {}), told('trail', 'auditd', { tries: 90 }), ['trail']],
    [
      'other addresses',
      told('log', 'syslog', {}),
      told('trail', 'auditd', { srcIps: ['203.0.113.10'] }),
      ['log', 'trail'],
    ],
    [
      'other days',
      told('log', 'syslog', {}),
      told('trail', 'auditd', {}, { firstSeen: T0 + 60 * MINUTE, lastSeen: T0 + 70 * MINUTE }),
      ['log', 'trail'],
    ],
    ['one witness, two findings', told('log', 'syslog', {}), told('more', 'syslog', {}), ['log', 'more']],
    [
      'crowds',
      told('log', 'syslog', { sourceCount: 30 }),
      told('trail', 'auditd', { sourceCount: 29, tries: 39 }),
      ['log'],
    ],
  ])('guessing: %s', (_case, one, other, left) => {
    for (const findings of [
      [one, other],
      [other, one],
    ]) {
      const kept = withoutEchoes(findings, assetOf)
      expect(kept.map((finding) => finding.id).toSorted()).toEqual(left)
      expect(new Set(kept.flatMap((finding) => finding.subjects))).toEqual(new Set(['host:web-1']))
    }
  })

  it('makes one finding of a login that both tell, with what both know', () => {
    const way = { stage: 'way-in', severity: 'high' } as const
    const log = told('log', 'syslog', { pid: 811 }, way)
    const trail = told(
      'trail',
      'auditd',
      { pid: 811, session: '7', method: null },
      { ...way, lastSeen: log.lastSeen + 90_000 },
    )
    expect(withoutEchoes([trail, log], assetOf)).toMatchObject([
      {
        id: 'log',
        facts: { method: 'password', pid: 811, session: '7' },
        evidence: [{ source: 'syslog' }, { source: 'auditd' }],
      },
    ])
  })
})
