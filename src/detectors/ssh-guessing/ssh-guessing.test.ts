import { describe, expect, it } from 'vitest'
import { loadIntel } from '../../intel/load.ts'
import { authEvent, authEvents, replay, sample } from '../samples/auth-event.ts'
import { campaigns } from '../model/guessing/campaign-detector.ts'
import { sshGuessing } from './index.ts'

const intel = loadIntel()
const ignore = (): void => {}
const INVALID = { user: 'oracle', isUnknownUser: true }

describe('ssh-guessing', () => {
  it('tells what was tried, from where, how often', () => {
    const events = authEvents(40, 0, 2, (index) => ({ user: index % 4 === 0 ? 'admin' : 'root' }))
    const [finding, ...others] = replay(sshGuessing, events)
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      detector: 'ssh-guessing',
      title: '203.0.113.9 guesses at SSH logins: 40 tries for 2 accounts',
      severity: 'low',
      stage: 'pressure',
      attack: ['T1110.001'],
      subjects: ['host:web-1'],
      firstSeen: events[0]?.time,
      lastSeen: events[39]?.time,
      count: 40,
      facts: {
        srcIps: ['203.0.113.9'],
        sourceCount: 1,
        users: ['root', 'admin'],
        userCount: 2,
        tries: 40,
        style: 'fast',
      },
    })
    expect(finding?.evidence.map(({ raw }) => raw)).toEqual(
      [0, 1, 38, 39].map((at) => events[at]?.origin.raw),
    )
  })

  it.each([
    ['five tries within seconds', authEvents(5, 0, 3)],
    ['repeats folded by the log', [authEvent(0), authEvent(9, { count: 5 })]],
    ['three tries for accounts that do not exist', authEvents(3, 0, 2, () => INVALID)],
    [
      'connections broken off while naming root',
      authEvents(6, 0, 1, () => ({ outcome: 'aborted', method: null })),
    ],
    [
      'bare connections from the internet',
      authEvents(4, 0, 1, () => ({ outcome: 'aborted', method: null, user: null })),
    ],
    [
      'a scan long before',
      [authEvent(0, { outcome: 'aborted', method: null, user: null }), ...authEvents(9, 9000, 2)],
    ],
    ['a burst whose lines come out of order', authEvents(9, 100, -2)],
    [
      'keys offered for accounts that do not exist',
      authEvents(5, 0, 1, () => ({ ...INVALID, method: 'publickey' })),
    ],
  ])('tells of %s', (_case, events) => {
    expect(replay(sshGuessing, events)).toHaveLength(1)
  })

  it.each([
    ['two slips and a login', [...authEvents(2, 0, 5), authEvent(12, { outcome: 'success' })]],
    [
      'slips and logins, day after day',
      authEvents(30, 0, 600, (at) => ({ outcome: at % 3 === 2 ? 'success' : 'failure' })),
    ],
    ['an agent that offers its keys', authEvents(6, 0, 1, () => ({ method: 'publickey' }))],
    [
      'health checks from within',
      authEvents(90, 0, 10, () => ({ outcome: 'aborted', method: null, user: null, srcIp: '10.0.0.5' })),
    ],
    ['tries that take their time', authEvents(20, 0, 120)],
    [
      'one account after the other',
      authEvents(20, 0, 2, (at) => ({ user: `user${at}`, isUnknownUser: true })),
    ],
    ['another service', authEvents(20, 0, 1, () => ({ service: 'sudo' }))],
    ['tries without an address', authEvents(20, 0, 1, () => ({ srcIp: null }))],
    ['one try each from many', authEvents(20, 0, 1, (at) => ({ srcIp: `198.51.100.${at}` }))],
  ])('is silent about %s', (_case, events) => {
    expect(replay(sshGuessing, events)).toEqual([])
  })

  it('counts the end of a connection whose failures were counted no second time', () => {
    const events = Array.from({ length: 4 }, (_, at) => [
      authEvent(at * 4, { pid: 100 + at }),
      authEvent(at * 4 + 1, { pid: 100 + at, outcome: 'aborted', method: null }),
    ]).flat()
    expect(replay(sshGuessing, events)).toEqual([])
  })

  it('gives the same id for the same input, another one for another campaign', () => {
    const ids = [0, 0, 2 * 86_400].map((from) => replay(sshGuessing, authEvents(9, from, 1))[0]?.id)
    expect(ids[0]).toBe(ids[1])
    expect(ids[0]).not.toBe(ids[2])
    const twice = replay(sshGuessing, [...authEvents(9, 0, 1), ...authEvents(9, 2 * 86_400, 1)])
    expect(twice.map(({ id }) => id)).toEqual([ids[0], ids[2]])
  })

  it('merges two halves of a campaign to the whole', () => {
    const events = authEvents(12, 0, 2, (at) => ({ user: at < 9 ? 'root' : 'admin' }))
    const whole = campaigns.create('k')
    const halves = [campaigns.create('k'), campaigns.create('k')] as const
    events.forEach((event, at) => {
      campaigns.step(whole, structuredClone(event), ignore, { intel })
      campaigns.step(halves[at < 7 ? 0 : 1], structuredClone(event), ignore, { intel })
    })
    for (const merged of [campaigns.merge(halves[0], halves[1]), campaigns.merge(halves[1], halves[0])]) {
      const { tries, users, firstSeen, lastSeen, evidence, style, id } = merged
      expect({ tries, users, firstSeen, lastSeen, evidence, style, id }).toEqual({
        tries: whole.tries,
        users: whole.users,
        firstSeen: whole.firstSeen,
        lastSeen: whole.lastSeen,
        evidence: whole.evidence,
        style: whole.style,
        id: whole.id,
      })
    }
  })
})

describe('ssh-guessing: samples', () => {
  it.each(['firing', 'silent'] as const)('%s', (name) => {
    const { events, expected } = sample(new URL('samples/', import.meta.url), name)
    expect(replay(sshGuessing, events)).toMatchObject(expected)
  })
})
