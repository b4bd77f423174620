import { expect, it } from 'vitest'
import type { Event } from '../event/event.ts'
import { SessionLogins } from './session-logins.ts'

const T0 = Date.UTC(2026, 4, 12, 3)
const DAY = 86_400_000

function login(time: number, session: string | null, user = 'root', method = 'password'): Event {
  return {
    kind: 'auth',
    time,
    timeQuality: 'exact',
    observer: 'trail:a',
    subjects: ['trail:a'],
    origin: { source: 'auditd', file: 'audit.log', offset: 0, raw: user },
    outcome: 'success',
    method,
    user,
    isUnknownUser: false,
    srcIp: '203.0.113.9',
    srcHost: null,
    srcPort: null,
    service: 'sshd',
    pid: 811,
    session,
    keyFingerprint: null,
    count: 1,
  }
}

it('knows who opened a session, until its number comes again after a boot', () => {
  const logins = new SessionLogins()
  for (const event of [login(T0, '3'), login(T0 + 1000, '3'), login(T0 + DAY, '3', 'maria'), login(T0, null)])
    logins.observe(event)
  expect(logins.spanAt(['host:web-1', 'trail:a'], '3', T0 + 60_000)).toMatchObject({
    from: T0,
    to: T0 + DAY,
    login: { user: 'root', srcIp: '203.0.113.9' },
  })
  expect(logins.spanAt(['trail:a'], '3', T0 + 2 * DAY)).toMatchObject({
    from: T0 + DAY,
    to: Number.POSITIVE_INFINITY,
    login: { user: 'maria' },
  })
  expect(logins.spanAt(['trail:a'], '3', T0 - DAY)).toBeNull()
  expect(logins.spanAt(['trail:a'], '4', T0)).toBeNull()
  expect(logins.spanAt(['trail:b'], '3', T0)).toBeNull()
})

it('believes sshd in how somebody logged in: PAM does not know of keys', () => {
  const logins = new SessionLogins()
  for (const event of [login(T0, '3', 'root', 'pam'), login(T0 + 90_000, null, 'root', 'publickey')])
    logins.observe(event)
  expect(logins.spanAt(['trail:a'], '3', T0)?.login).toMatchObject({ time: T0, method: 'publickey' })
})
