import { describe, expect, it } from 'vitest'
import type { Event } from '../event/event.ts'
import { SameLogins } from './same-login.ts'

const T0 = Date.UTC(2026, 4, 12, 3, 0, 0)

function failure(source: string, time: number, pid = 811): Event {
  return {
    kind: 'auth',
    time,
    timeQuality: 'exact',
    observer: 'host:web-1',
    subjects: ['host:web-1'],
    origin: { source, file: source, offset: 0, raw: '' },
    outcome: 'failure',
    method: 'password',
    user: 'root',
    isUnknownUser: false,
    srcIp: '203.0.113.9',
    srcHost: null,
    srcPort: 50_001,
    service: 'sshd',
    pid,
    session: null,
    keyFingerprint: null,
    count: 1,
  }
}

const started = (source: string, time: number): Event => ({
  kind: 'service',
  time,
  timeQuality: 'exact',
  observer: 'host:web-1',
  subjects: ['host:web-1'],
  origin: { source, file: source, offset: 0, raw: '' },
  action: 'start',
  unit: 'nginx.service',
  detail: null,
  isSuccess: true,
})

function passed(events: readonly Event[]): number {
  const same = new SameLogins()
  return events.filter((event) => !same.isRepeated(event)).length
}

describe('the same login in log file and journal', () => {
  it('counts once', () => {
    expect(passed([failure('journald', T0 + 120), failure('syslog', T0)])).toBe(1)
    expect(passed([failure('syslog', T0), failure('journald', T0 + 999)])).toBe(1)
  })

  it('that really repeats within a second counts as often as one witness says', () => {
    const twice = [
      failure('syslog', T0),
      failure('syslog', T0),
      failure('journald', T0 + 1),
      failure('journald', T0 + 2),
    ]
    expect(passed(twice)).toBe(2)
    expect(passed([...twice, failure('syslog', T0)])).toBe(3)
  })

  it('is another one with another process, second or source of its own', () => {
    expect(passed([failure('syslog', T0), failure('journald', T0, 812)])).toBe(2)
    expect(passed([failure('syslog', T0), failure('journald', T0 + 1000)])).toBe(2)
    expect(passed([failure('syslog', T0), failure('auditd', T0)])).toBe(2)
  })

  it('is as true of what cron and systemd tell', () => {
    expect(passed([started('syslog', T0), started('journald', T0 + 5)])).toBe(1)
    expect(passed([started('syslog', T0), started('auditd', T0)])).toBe(2)
  })

  it('forgets what is long past', () => {
    const same = new SameLogins()
    for (let at = 0; at < 100_000; at++) same.isRepeated(failure('syslog', T0 + at * 1000, at))
    expect(
      JSON.stringify(same, (_key, value) => (value instanceof Map ? value.size : value)).length,
    ).toBeLessThan(200)
  })
})
