import { describe, expect, it } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import type { Event } from '../../event/event.ts'
import { Finding } from '../../event/finding.ts'
import { loadIntel } from '../../intel/load.ts'
import type { DetectorContext } from '../detector.ts'
import { sessionActivity, type SessionState } from './index.ts'

const T0 = Date.UTC(2026, 4, 12, 3, 0, 0)

const base = (time: number) => ({
  time: T0 + time,
  timeQuality: 'exact' as const,
  observer: 'trail:a1',
  subjects: ['trail:a1'],
  origin: { source: 'auditd', file: 'audit.log', offset: time, raw: `record at ${time}` },
})

const login = (time: number, session: string, service = 'sshd'): Event => ({
  ...base(time),
  kind: 'auth',
  outcome: 'success',
  method: 'password',
  user: 'root',
  isUnknownUser: false,
  srcIp: '203.0.113.9',
  srcHost: null,
  srcPort: null,
  service,
  pid: 811,
  session,
  keyFingerprint: null,
  count: 1,
})

const run = (time: number, session: string | null, program: string): Event => ({
  ...base(time),
  kind: 'process',
  action: 'exec',
  actor: { pid: 9, ppid: 8, exe: program, name: null, uid: 0, loginUid: 0, session, tty: null },
  args: [program, 'x'],
  commandLine: `${program} x`,
  cwd: null,
  paths: [],
  isSuccess: true,
  targetPid: null,
  key: null,
})

function findingsOf(events: readonly Event[]): Finding[] {
  const told: Finding[] = []
  const engine = new Engine<Event, Finding, DetectorContext>(
    [sessionActivity],
    { intel: loadIntel() },
    (finding) => told.push(finding),
  )
  for (const event of events) engine.accept(event)
  engine.settle()
  return told
}

describe('session-activity', () => {
  it('tells what a login over SSH ran, in order, each program once', () => {
    const [finding] = findingsOf([
      login(0, '7'),
      run(1, '7', '/usr/bin/nproc'),
      run(2, '7', '/dev/shm/.x'),
      run(3, '7', '/usr/bin/nproc'),
    ])
    expect(Finding.parse(finding)).toEqual(finding)
    expect(finding).toMatchObject({
      title: 'the session of that login ran 3 programs: nproc, /dev/shm/.x, …',
      stage: 'context',
      severity: 'info',
      count: 3,
      firstSeen: T0 + 1,
      lastSeen: T0 + 3,
    })
    expect(finding?.facts).toMatchObject({ session: '7', what: 'session', uid: 0 })
    expect(finding?.evidence).toHaveLength(3)
  })

  it.each([
    ['of cron', [login(0, '7', 'cron'), run(1, '7', '/usr/bin/rsync')]],
    ['without a login in sight', [run(1, '7', '/usr/bin/rsync')]],
    ['in which nothing ran', [login(0, '7')]],
    ['of another number', [login(0, '7'), run(1, '8', '/usr/bin/rsync')]],
    ['without a session', [login(0, '7'), run(1, null, '/usr/sbin/nginx')]],
  ])('is silent about a session %s', (_title, events) => expect(findingsOf(events)).toEqual([]))

  it('counts on when two halves of a session meet', () => {
    const halves = [0, 1].map((half) => {
      const state: SessionState = sessionActivity.create('trail:a1|7')
      const events = [login(half * 10, '7'), run(half * 10 + 1, '7', `/usr/bin/p${half}`)]
      for (const event of events) sessionActivity.step(state, event, () => {}, { intel: loadIntel() })
      return state
    })
    const [first, second] = halves
    if (first === undefined || second === undefined) throw new Error('two halves')
    expect(sessionActivity.merge(second, first)).toMatchObject({
      count: 2,
      programs: ['p0', 'p1'],
      firstSeen: T0 + 1,
      lastSeen: T0 + 11,
    })
  })
})
