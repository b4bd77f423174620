import { describe, expect, it } from 'vitest'
import { authEvent, authEvents, replay, sample } from '../samples/auth-event.ts'
import { sshSlowGuessing } from './index.ts'

const HOUR = 3600

describe('ssh-slow-guessing', () => {
  it('tells what was tried over hours', () => {
    const [finding, ...others] = replay(sshSlowGuessing, authEvents(24, 0, HOUR))
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      title: '203.0.113.9 guesses at SSH logins slowly: 24 tries for 1 account',
      severity: 'low',
      stage: 'pressure',
      attack: ['T1110.001'],
      count: 24,
      facts: { style: 'slow', tries: 24, users: ['root'] },
    })
  })

  it.each([
    ['five tries, half an hour apart', authEvents(5, 0, HOUR / 2)],
    ['tries under the rate that fail2ban counts', authEvents(22, 0, 31)],
    [
      'a few tries for an account that does not exist',
      authEvents(3, 0, HOUR, () => ({ isUnknownUser: true })),
    ],
    ['two names that do not exist', authEvents(2, 0, 60, (at) => ({ user: `u${at}`, isUnknownUser: true }))],
    [
      'a scanner that comes back',
      authEvents(3, 0, HOUR, () => ({ outcome: 'aborted', method: null, user: null })),
    ],
  ])('tells of %s', (_case, events) => {
    expect(replay(sshSlowGuessing, events)).toHaveLength(1)
  })

  it.each([
    ['a program’s pace', authEvents(50, 0, 2)],
    ['four tries for an account that exists', authEvents(4, 0, HOUR)],
    [
      'one name that does not exist, twice',
      authEvents(2, 0, 60, () => ({ user: 'jhon', isUnknownUser: true })),
    ],
    ['a slip a day', authEvents(40, 0, 25 * HOUR)],
    [
      'slips before a login',
      [...authEvents(4, 0, 60), authEvent(300, { outcome: 'success' }), ...authEvents(4, 400, 60)],
    ],
    [
      'one account after the other',
      authEvents(12, 0, HOUR, (at) => ({ user: `u${at}`, isUnknownUser: true })),
    ],
  ])('is silent about %s', (_case, events) => {
    expect(replay(sshSlowGuessing, events)).toEqual([])
  })
})

describe('ssh-slow-guessing: samples', () => {
  it.each(['firing', 'silent'] as const)('%s', (name) => {
    const { events, expected } = sample(new URL('samples/', import.meta.url), name)
    expect(replay(sshSlowGuessing, events)).toMatchObject(expected)
  })
})
