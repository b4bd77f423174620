import { describe, expect, it } from 'vitest'
import type { AuthEvent } from '../../event/auth.ts'
import type { Finding } from '../../event/finding.ts'
import { attackerOf } from '../model/guessing/login-attempt.ts'
import { authEvent, authEvents, replay, sample } from '../samples/auth-event.ts'
import { type Crowd, followCrowd, MAX_HELD, mergeCrowds, newCrowd } from './crowd.ts'
import { sshSpraying } from './index.ts'

const HOUR = 3600

function follow(crowd: Crowd, event: AuthEvent): void {
  followCrowd(crowd, attackerOf(event) ?? '', event)
}

function titles(findings: readonly Finding[]): string[] {
  return findings.map(({ title }) => title)
}

describe('ssh-spraying: one address', () => {
  it('tells of many accounts tried once each', () => {
    const events = authEvents(30, 0, 20, (at) => ({ user: `user${at}`, isUnknownUser: at % 2 === 0 }))
    expect(replay(sshSpraying, events)).toMatchObject([
      {
        title: '203.0.113.9 tries one SSH account after the other: 30 tries for 30 accounts',
        severity: 'low',
        stage: 'pressure',
        attack: ['T1110.003'],
        facts: { style: 'spray', tries: 30, userCount: 30, sourceCount: 1, srcIps: ['203.0.113.9'] },
      },
    ])
  })

  it('tells of a few accounts at the end, when no more will come', () => {
    const events = authEvents(4, 0, 1200, (at) => ({ user: `user${at}`, isUnknownUser: true }))
    expect(titles(replay(sshSpraying, events))).toEqual([
      '203.0.113.9 tries one SSH account after the other: 4 tries for 4 accounts',
    ])
  })

  it.each([
    ['many tries at few accounts', authEvents(40, 0, 2, (at) => ({ user: `u${at % 4}` }))],
    [
      'a few names, then many tries at one',
      authEvents(60, 0, 2, (at) => ({ user: at < 4 ? `u${at}` : 'root' })),
    ],
    ['two slips', authEvents(2, 0, 2)],
  ])('leaves %s to the others', (_case, events) => {
    expect(replay(sshSpraying, events)).toEqual([])
  })
})

describe('ssh-spraying: many addresses', () => {
  it('tells of addresses that try a little each', () => {
    const events = authEvents(60, 0, 600, (at) => ({
      srcIp: `198.51.100.${at % 40}`,
      user: at % 3 === 0 ? 'admin' : 'root',
    }))
    expect(replay(sshSpraying, events)).toMatchObject([
      {
        title: '40 addresses try SSH logins a few times each: 60 tries for 2 accounts',
        severity: 'low',
        stage: 'pressure',
        attack: ['T1110.003'],
        count: 60,
        firstSeen: events[0]?.time,
        lastSeen: events[59]?.time,
        facts: { style: 'spray', sourceCount: 40, tries: 60, users: ['root', 'admin'] },
      },
    ])
  })

  it('names at most twenty addresses, the busiest first', () => {
    const events = authEvents(60, 0, 60, (at) => ({ srcIp: `198.51.100.${at < 50 ? at : 7}` })).slice(0, 53)
    const [finding] = replay(sshSpraying, events)
    const { facts } = finding ?? {}
    expect(facts?.type === 'login' && facts.srcIps).toHaveLength(20)
    expect(facts?.type === 'login' && facts.srcIps[0]).toBe('198.51.100.7')
  })

  it.each([
    ['four addresses', authEvents(8, 0, 60, (at) => ({ srcIp: `198.51.100.${at % 4}` }))],
    [
      'people who get in after a slip',
      authEvents(40, 0, 60, (at) => ({
        srcIp: `198.51.100.${at >> 1}`,
        user: `p${at >> 1}`,
        outcome: at % 2 === 0 ? 'failure' : 'success',
      })),
    ],
    [
      'health checks',
      authEvents(40, 0, 60, (at) => ({
        srcIp: `10.0.0.${at}`,
        user: null,
        method: null,
        outcome: 'aborted',
      })),
    ],
    ['a few addresses a day', authEvents(40, 0, 26 * HOUR, (at) => ({ srcIp: `198.51.100.${at}` }))],
  ])('is silent about %s', (_case, events) => {
    expect(replay(sshSpraying, events)).toEqual([])
  })

  it('leaves out who guesses on its own account', () => {
    const crowd = authEvents(12, 0, 60, (at) => ({ srcIp: `198.51.100.${at % 6}` }))
    const loud = authEvents(30, 1000, 1)
    expect(titles(replay(sshSpraying, [...crowd, ...loud]))).toEqual([
      '6 addresses try SSH logins a few times each: 12 tries for 1 account',
    ])
  })

  it('stays within its bound and goes on counting', () => {
    const crowd = newCrowd('k')
    for (let at = 0; at < 3 * MAX_HELD; at++) {
      follow(crowd, authEvent(at, { srcIp: `2001:db8::${at.toString(16)}` }))
    }
    expect(crowd.held).toBeLessThanOrEqual(MAX_HELD)
    expect(Object.keys(crowd.members)).toHaveLength(crowd.held)
    expect(crowd.present + crowd.gone).toBe(3 * MAX_HELD)
    expect(crowd.tries).toBe(3 * MAX_HELD)
  })

  it('merges two halves of a stream to the whole', () => {
    const events = authEvents(300, 0, 30, (at) => ({
      srcIp: `198.51.100.${(at * 7) % 90}`,
      user: `u${at % 5}`,
    }))
    const whole = newCrowd('k')
    const halves = [newCrowd('k'), newCrowd('k')] as const
    events.forEach((event, at) => {
      follow(whole, event)
      follow(halves[at < 150 ? 0 : 1], event)
    })
    const merged = mergeCrowds(halves[1], halves[0])
    for (const field of ['present', 'gone', 'held', 'tries', 'firstSeen', 'lastSeen'] as const) {
      expect(merged[field], field).toBe(whole[field])
    }
  })

  it('is not upset by hostile names', () => {
    const events = ['__proto__', 'constructor', '0', '\u202e', 'x'.repeat(100_000)].flatMap((name) =>
      authEvents(6, 0, 60, (at) => ({ srcIp: at === 0 ? name : `198.51.100.${at}`, user: name })),
    )
    expect(() => replay(sshSpraying, events)).not.toThrow()
  })
})

describe('ssh-spraying: samples', () => {
  it.each(['firing', 'silent'] as const)('%s', (name) => {
    const { events, expected } = sample(new URL('samples/', import.meta.url), name)
    expect(replay(sshSpraying, events)).toMatchObject(expected)
  })
})
