import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuthEvent } from '../../event/auth.ts'
import { loadIntel } from '../../intel/load.ts'
import { authEvent, authEvents, replay, sample } from '../samples/auth-event.ts'
import { sshSuccessAfterGuessing } from './index.ts'

const intel = loadIntel()
const ignore = (): void => {}
const HOUR = 3600
const DAY = 24 * HOUR
const STRANGE = { user: 'oracle', isUnknownUser: true }
const TOM = { user: 'tom' }
const ELSEWHERE = '192.0.2.77'

function success(time: number, change: Partial<AuthEvent> = {}): AuthEvent {
  return authEvent(time, { outcome: 'success', ...change })
}

describe('ssh-success-after-guessing', () => {
  it('tells who got in, how, from where, after how many tries', () => {
    const events = [
      ...authEvents(1028, 0, 3, () => ({ count: 4 })),
      success(3100, { pid: 4711, session: '17' }),
    ]
    const [finding, ...others] = replay(sshSuccessAfterGuessing, events)
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      title: 'root logged in by password from 203.0.113.9 after 4,112 failed tries',
      severity: 'high',
      confidence: 0.95,
      stage: 'way-in',
      attack: ['T1110.001', 'T1078'],
      subjects: ['host:web-1'],
      firstSeen: events[0]?.time,
      lastSeen: events.at(-1)?.time,
      count: 4113,
      facts: {
        style: 'success',
        tries: 4112,
        users: ['root'],
        srcIps: ['203.0.113.9'],
        method: 'password',
        pid: 4711,
        session: '17',
      },
    })
    expect(finding?.evidence[0]?.raw).toBe(events[0]?.origin.raw)
    expect(finding?.evidence.at(-1)?.raw).toBe(events.at(-1)?.origin.raw)
    expect(finding?.evidence.length).toBeLessThanOrEqual(20)
  })

  it.each([
    ['ten tries at the account', [...authEvents(10, 0, 5), success(60)], 'high', 0.9],
    ['five tries at root', [...authEvents(5, 0, 5), success(60)], 'medium', 0.5],
    [
      'five tries at somebody’s account, typed',
      [...authEvents(5, 0, 5, () => TOM), success(60, TOM)],
      'low',
      0.3,
    ],
    [
      'five tries at somebody’s account, faster than anybody types',
      [...authEvents(5, 0, 1, () => TOM), success(60, TOM)],
      'medium',
      0.5,
    ],
    [
      'ten tries at somebody’s account, typed',
      [...authEvents(10, 0, 5, () => TOM), success(60, TOM)],
      'medium',
      0.6,
    ],
    [
      'twenty tries at somebody’s account, typed',
      [...authEvents(20, 0, 5, () => TOM), success(110, TOM)],
      'high',
      0.9,
    ],
    [
      'a misspelt name and two slips',
      [
        ...authEvents(5, 0, 5, (at) => ({ user: at < 3 ? 'tmo' : 'tom', isUnknownUser: at < 3 })),
        success(60, TOM),
      ],
      'low',
      0.3,
    ],
    [
      'thirty tries within one’s own network',
      [...authEvents(30, 0, 5, () => ({ srcIp: '10.0.3.4' })), success(200, { srcIp: '10.0.3.4' })],
      'medium',
      0.5,
    ],
    [
      'five tries, some at another account',
      [...authEvents(5, 0, 5, (at) => (at < 2 ? STRANGE : {})), success(60)],
      'medium',
      0.6,
    ],
    [
      'five tries, some at two other accounts',
      [...authEvents(5, 0, 5, (at) => ({ user: ['oracle', 'test', 'root'][at % 3] ?? '' })), success(60)],
      'high',
      0.8,
    ],
    [
      'three tries at another account within minutes',
      [...authEvents(3, 0, 5, () => STRANGE), success(60)],
      'low',
      0.3,
    ],
    [
      'three tries at other accounts within minutes',
      [...authEvents(3, 0, 5, (at) => ({ user: ['oracle', 'test', 'pi'][at] ?? '' })), success(60)],
      'medium',
      0.5,
    ],
    [
      'tries at accounts that a trail does not name',
      [...authEvents(12, 0, 5, () => ({ user: null, isUnknownUser: true })), success(90)],
      'high',
      0.9,
    ],
    ['slow tries over days', [...authEvents(12, 0, 20 * HOUR), success(12 * 20 * HOUR)], 'high', 0.9],
    [
      'a key from where passwords were guessed',
      [...authEvents(12, 0, 5), success(90, { method: 'publickey' })],
      'low',
      0.3,
    ],
    ['a record that does not say how', [...authEvents(12, 0, 5), success(90, { method: null })], 'high', 0.8],
    [
      'broken-off connections that named the account',
      [...authEvents(12, 0, 5, () => ({ outcome: 'aborted', method: null })), success(90)],
      'high',
      0.9,
    ],
    [
      'a single login long ago is no history',
      [success(-20 * HOUR), ...authEvents(12, 0, 5), success(90)],
      'high',
      0.9,
    ],
  ])('tells of a login after %s', (_case, events, severity, confidence) => {
    const findings = replay(sshSuccessAfterGuessing, events)
    expect(findings).toHaveLength(1)
    expect(findings[0]?.severity).toBe(severity)
    expect(findings[0]?.confidence).toBeCloseTo(confidence)
  })

  it.each([
    ['two slips', [...authEvents(2, 0, 5), success(15)]],
    ['four slips, with or without history', [...authEvents(4, 0, 5), success(30)]],
    ['two names that do not exist', [...authEvents(2, 0, 600, () => STRANGE), success(1500)]],
    [
      'slips every morning',
      authEvents(60, 0, 8 * HOUR, (at) => ({ outcome: at % 3 === 2 ? 'success' : 'failure' })),
    ],
    ['a forgotten password, at home for days', [success(-2 * DAY), ...authEvents(8, 0, 20), success(300)]],
    [
      'a forgotten password, at home for sessions',
      [...[0, 1, 2].map((n) => success(-5 * HOUR + n * HOUR)), ...authEvents(8, 0, 20), success(300)],
    ],
    ['failures that are over since yesterday', [...authEvents(50, 0, 5), success(26 * HOUR)]],
    [
      'an agent that offers its keys',
      [...authEvents(9, 0, 1, () => ({ method: 'publickey' })), success(10, { method: 'publickey' })],
    ],
    ['keys, and a typed password before', [...authEvents(6, 0, 5), success(60, { method: 'publickey' })]],
    [
      'guessing from elsewhere',
      [...authEvents(500, 0, 2), success(1100, { srcIp: ELSEWHERE, user: 'alice' })],
    ],
    [
      'a colleague’s slips behind the same address',
      [
        ...authEvents(6, 0, 5, () => ({ user: 'bob' })),
        success(40, { user: 'bob', method: 'publickey' }),
        success(90, { user: 'alice' }),
      ],
    ],
    ['failed sudo', [...authEvents(20, 0, 1, () => ({ service: 'sudo' })), success(30, { service: 'sudo' })]],
  ])('is silent about a login after %s', (_case, events) => {
    expect(replay(sshSuccessAfterGuessing, events)).toEqual([])
  })

  it('tells a login once, whatever the address does later', () => {
    const events = [
      ...authEvents(12, 0, 5),
      success(70),
      success(500),
      ...authEvents(12, 600, 5),
      success(700),
    ]
    expect(replay(sshSuccessAfterGuessing, events)).toHaveLength(1)
  })

  it('tells a login that is sure after one that was not', () => {
    const events = [
      ...authEvents(5, 0, 5, () => TOM),
      success(60, TOM),
      ...authEvents(60, 200, 1, () => ({ user: 'oracle', isUnknownUser: true })),
      success(300),
    ]
    expect(replay(sshSuccessAfterGuessing, events).map(({ severity }) => severity)).toEqual(['low', 'high'])
  })

  it('counts what sshd and the audit trail tell each for itself', () => {
    const trail = authEvents(3, 0, 5, () => ({ ...TOM, method: 'pam' })).map((event) => ({
      ...event,
      origin: { ...event.origin, source: 'auditd' },
    }))
    const events = [...authEvents(3, 1, 5, () => TOM), ...trail].toSorted((a, b) => a.time - b.time)
    expect(replay(sshSuccessAfterGuessing, [...events, success(30, TOM)])).toEqual([])
  })

  it('tells another account that the same address gets into', () => {
    const events = [
      ...authEvents(12, 0, 5),
      success(70),
      ...authEvents(12, 100, 5, () => ({ user: 'deploy' })),
      success(170, { user: 'deploy' }),
    ]
    expect(replay(sshSuccessAfterGuessing, events).map(({ title }) => title)).toEqual([
      'root logged in by password from 203.0.113.9 after 12 failed tries',
      'deploy logged in by password from 203.0.113.9 after 12 failed tries',
    ])
  })

  it('learns the session from a later record of the same login', () => {
    const events = [
      ...authEvents(12, 0, 5),
      success(70),
      success(71, { method: null, pid: 99, session: '3' }),
    ]
    expect(replay(sshSuccessAfterGuessing, events)).toMatchObject([
      { lastSeen: events[12]?.time, facts: { method: 'password', pid: 99, session: '3' } },
    ])
  })

  describe('shared out among addresses', () => {
    const crowd = authEvents(60, 0, 120, (at) => ({ srcIp: `198.51.${at % 30}.7` }))
    const after = 60 * 120

    it('tells, less surely, when somebody new gets into the account', () => {
      expect(replay(sshSuccessAfterGuessing, [...crowd, success(after)])).toMatchObject([
        {
          title:
            'root logged in by password from 203.0.113.9, new here, after 60 failed tries for this account from 30 addresses',
          severity: 'low',
          confidence: 0.3,
          facts: { tries: 60 },
        },
      ])
    })

    it('doubts a password where everybody came by key', () => {
      const custom = [1, 2, 3].map((n) => success(-n * HOUR, { method: 'publickey', srcIp: ELSEWHERE }))
      expect(
        replay(sshSuccessAfterGuessing, [...custom.toReversed(), ...crowd, success(after)]),
      ).toMatchObject([{ severity: 'medium', confidence: 0.5 }])
    })

    it.each([
      ['a key', [success(after, { method: 'publickey' })], crowd],
      ['somebody known from before', [success(after)], [success(-HOUR), ...crowd]],
      [
        'a neighbour of somebody known',
        [success(after, { srcIp: '203.0.113.44' })],
        [success(-HOUR), ...crowd],
      ],
      ['somebody within', [success(after, { srcIp: '10.0.3.4' })], crowd],
      ['another account', [success(after, { user: 'alice' })], crowd],
      [
        'somebody who travels',
        [success(after)],
        [...[1, 2, 3].map((n) => success(-n * HOUR, { srcIp: `192.0.${n}.9` })), ...crowd],
      ],
    ])('is silent about %s', (_case, last, before) => {
      expect(replay(sshSuccessAfterGuessing, [...before, ...last])).toEqual([])
    })
  })

  describe('from one network', () => {
    const neighbours = authEvents(16, 0, 60, (at) => ({ srcIp: `203.0.113.${10 + (at % 4)}` }))

    it('tells when a neighbour of the guessers gets in', () => {
      expect(replay(sshSuccessAfterGuessing, [...neighbours, success(1000)])).toMatchObject([
        {
          title:
            'root logged in by password from 203.0.113.9 after 16 failed tries from its network 203.0.113.0/24',
          severity: 'medium',
          confidence: 0.5,
        },
      ])
    })

    it.each([
      ['at home in that network', [success(-HOUR, { srcIp: '203.0.113.200' }), ...neighbours, success(1000)]],
      [
        'in a network of one’s own',
        [
          ...authEvents(16, 0, 60, (at) => ({ srcIp: `10.0.3.${at % 4}` })),
          success(1000, { srcIp: '10.0.3.77' }),
        ],
      ],
    ])('is silent about somebody %s', (_case, events) => {
      expect(replay(sshSuccessAfterGuessing, events)).toEqual([])
    })
  })

  it('merges two halves of a stream to the whole', () => {
    const events = [
      ...authEvents(40, 0, 30, (at) => ({ user: at % 3 === 0 ? 'root' : `u${at}` })),
      success(1500),
    ]
    const key = 'address|host:web-1|203.0.113.9'
    const halves = [sshSuccessAfterGuessing.create(key), sshSuccessAfterGuessing.create(key)] as const
    const whole = sshSuccessAfterGuessing.create(key)
    for (const [at, event] of events.slice(0, -1).entries()) {
      sshSuccessAfterGuessing.step(halves[at < 20 ? 0 : 1], event, ignore, { intel })
      sshSuccessAfterGuessing.step(whole, event, ignore, { intel })
    }
    const merged = sshSuccessAfterGuessing.merge(halves[1], halves[0])
    expect(merged.failures.tries).toBe(whole.failures.tries)
    expect(merged.failures.firstSeen).toBe(whole.failures.firstSeen)
    const told: string[] = []
    const last = events.at(-1) ?? success(0)
    sshSuccessAfterGuessing.step(merged, last, ({ id, title }) => told.push(id, title), { intel })
    sshSuccessAfterGuessing.step(whole, last, ({ id, title }) => told.push(id, title), { intel })
    expect(told.slice(0, 2)).toEqual(told.slice(2))
    expect(told).toHaveLength(4)
  })

  it('stays sane whatever comes, in whatever order', () => {
    const event = fc
      .record({
        time: fc.integer({ min: -100_000, max: 100_000 }),
        outcome: fc.constantFrom<AuthEvent['outcome']>('success', 'failure', 'aborted'),
        user: fc.option(fc.constantFrom('root', 'alice', '__proto__', '', '\u202e|x')),
        srcIp: fc.option(
          fc.constantFrom(
            '203.0.113.9',
            '203.0.113.10',
            '::1',
            '2001:db8::1',
            '::ffff:192.0.2.1',
            'not an address',
          ),
        ),
        method: fc.option(fc.constantFrom('password', 'publickey')),
        session: fc.option(fc.constantFrom('1', '2')),
        pid: fc.option(fc.constantFrom(1, 2)),
        count: fc.integer({ min: 1, max: 9 }),
      })
      .map(({ time, ...change }) => authEvent(time, change))
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        for (const finding of replay(sshSuccessAfterGuessing, events)) {
          expect(finding.firstSeen).toBeLessThanOrEqual(finding.lastSeen)
          expect(finding.evidence.length).toBeLessThanOrEqual(20)
          expect(finding.count).toBeGreaterThan(3)
        }
      }),
      { seed: 9, numRuns: 60 },
    )
  })
})

describe('ssh-success-after-guessing: samples', () => {
  it.each(['firing', 'silent'] as const)('%s', (name) => {
    const { events, expected } = sample(new URL('samples/', import.meta.url), name)
    expect(replay(sshSuccessAfterGuessing, events)).toMatchObject(expected)
  })
})
