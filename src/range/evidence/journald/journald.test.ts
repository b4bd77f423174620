import { describe, expect, it } from 'vitest'
import { Random } from '../../random.ts'
import { collected, machineFacts, startProcess } from '../samples/stage.ts'
import type { HostObservation } from '../witness.ts'
import { JOURNALD } from './index.ts'
import { Journal } from './journal.ts'
import { timeSpan } from './units.ts'

const START_MS = Date.UTC(2026, 4, 12)

type Entry = Readonly<Record<string, unknown>>

function journalOf(observations: readonly HostObservation[], seed = 'journal'): Entry[] {
  const { open, textOf } = collected()
  const witness = JOURNALD.start({
    open,
    random: new Random(seed),
    startMs: START_MS,
    endMs: START_MS + 3_600_000,
    machine: machineFacts('web-1'),
    folder: 'web-1/',
    clockSkewMs: 1500,
  })
  for (const one of observations) witness.observe(one)
  witness.end()
  return textOf('web-1/journal.json')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)
}

const sshdLine: HostObservation = {
  kind: 'system-line',
  timeMs: START_MS + 1234.5678,
  identifier: 'sshd',
  pid: 2114,
  severity: 6,
  facility: 10,
  message: 'Accepted password for root from 203.0.113.9 port 40022 ssh2',
}

describe('the journal as journalctl -o json prints it', () => {
  it('has what syslog gave and what journald found out', () => {
    const [entry] = journalOf([sshdLine])
    expect(entry).toMatchObject({
      _TRANSPORT: 'syslog',
      SYSLOG_IDENTIFIER: 'sshd',
      SYSLOG_PID: '2114',
      SYSLOG_FACILITY: '10',
      PRIORITY: '6',
      SYSLOG_TIMESTAMP: 'May 12 00:00:02 ',
      MESSAGE: sshdLine.message,
      _PID: '2114',
      _UID: '0',
      _EXE: '/usr/sbin/sshd',
      _SYSTEMD_UNIT: 'ssh.service',
      _SYSTEMD_CGROUP: '/system.slice/ssh.service',
      _HOSTNAME: 'web-1',
    })
  })

  it('keeps microseconds, and one moment in four forms', () => {
    const [entry = {}] = journalOf([sshdLine])
    const micros = Math.floor((START_MS + 1234.5678 + 1500) * 1000)
    expect(entry['__REALTIME_TIMESTAMP']).toBe(String(micros))
    expect(Number(entry['_SOURCE_REALTIME_TIMESTAMP'])).toBeLessThan(micros)
    const cursor = new Map(
      String(entry['__CURSOR'])
        .split(';')
        .map((part) => [part.slice(0, 1), part.slice(2)]),
    )
    expect(Number.parseInt(cursor.get('t') ?? '', 16)).toBe(micros)
    expect(Number.parseInt(cursor.get('m') ?? '', 16)).toBe(Number(entry['__MONOTONIC_TIMESTAMP']))
    expect(cursor.get('b')).toBe(entry['_BOOT_ID'])
  })

  it('gives every field one place within a file, and another in another file', () => {
    const entries = journalOf([sshdLine, { ...sshdLine, pid: 2115 }])
    const [first, second] = entries.map((entry) => Object.keys(entry))
    expect(first).toEqual(second)
    expect(Object.keys(journalOf([sshdLine], 'another')[0] ?? {})).not.toEqual(first)
  })

  it('puts sudo into the session of whoever runs it', () => {
    const sudo = startProcess({ comm: 'sudo', pid: 3001, uid: 1000, loginUid: 1000, session: 12 }, START_MS)
    const entries = journalOf([
      sudo,
      {
        ...sshdLine,
        identifier: 'sudo',
        pid: null,
        message: '    mira : TTY=pts/0 ; PWD=/home/mira ; USER=root ; COMMAND=/usr/bin/id',
      },
    ])
    expect(entries[0]).toMatchObject({
      PRIORITY: '5',
      _PID: '3001',
      _SYSTEMD_UNIT: 'session-12.scope',
      _SYSTEMD_CGROUP: '/user.slice/user-1000.slice/session-12.scope',
      _SYSTEMD_SESSION: '12',
      _SYSTEMD_OWNER_UID: '1000',
      _AUDIT_SESSION: '12',
      _AUDIT_LOGINUID: '1000',
    })
  })

  it('tells of units as the manager does, with the CPU time they took', () => {
    const entries = journalOf([
      { kind: 'unit-changed', timeMs: START_MS, unit: 'cache-sync', state: 'started' },
      startProcess(
        { comm: 'cache-sync', pid: 900, uid: 0, loginUid: null, session: null },
        START_MS,
        'cache-sync.service',
      ),
      {
        kind: 'cpu-sampled',
        timeMs: START_MS + 60_000,
        periodMs: 60_000,
        cores: 4,
        busy: 0.9,
        processes: [{ pid: 900, comm: 'cache-sync', userName: 'root', share: 0.875 }],
      },
      { kind: 'unit-changed', timeMs: START_MS + 61_000, unit: 'cache-sync', state: 'stopped' },
    ])
    expect(entries.map((entry) => entry['MESSAGE'])).toEqual([
      'Started cache-sync.service - cache-sync.',
      'Stopping cache-sync.service - cache-sync...',
      'cache-sync.service: Deactivated successfully.',
      'Stopped cache-sync.service - cache-sync.',
      'cache-sync.service: Consumed 3min 30.000s CPU time.',
    ])
    expect(entries[4]).toMatchObject({ UNIT: 'cache-sync.service', CPU_USAGE_NSEC: '210000000000' })
    expect(entries.every((entry) => entry['_PID'] === '1' && entry['_SYSTEMD_UNIT'] === 'init.scope')).toBe(
      true,
    )
  })

  it('lets the kernel tell of a module from outside its tree', () => {
    const insmod = startProcess(
      { comm: 'insmod', pid: 5, uid: 0, loginUid: 0, session: 3, args: ['insmod', '/tmp/snd-pcs.ko'] },
      START_MS,
    )
    const [entry] = journalOf([insmod])
    expect(entry).toMatchObject({
      _TRANSPORT: 'kernel',
      SYSLOG_FACILITY: '0',
      MESSAGE: 'snd_pcs: loading out-of-tree module taints kernel.',
    })
    expect(entry).not.toHaveProperty('_PID')
  })

  it('names the session that logind opens or removes in fields of its own', () => {
    const logind = { ...sshdLine, identifier: 'systemd-logind', pid: 600 }
    const [opened, removed] = journalOf([
      { ...logind, message: 'New session 42 of user mira.' },
      { ...logind, message: 'Removed session 42.' },
    ])
    expect(opened).toMatchObject({ SESSION_ID: '42', USER_ID: 'mira', _TRANSPORT: 'journal' })
    expect(removed).toMatchObject({ SESSION_ID: '42' })
    expect(opened?.['MESSAGE_ID']).not.toBe(removed?.['MESSAGE_ID'])
  })
})

it.each([
  ['tab\tand\nnewline stay', '"tab\\tand\\nnewline stay"'],
  ['\u001B[31mred', '[27,91,51,49,109,114,101,100]'],
  [Uint8Array.of(0xff, 0x41), '[255,65]'],
  ['größer', '"größer"'],
  ['x'.repeat(4097), 'null'],
])('prints the value %j as %s', (message, expected) => {
  const { open, textOf } = collected()
  const sink = open('j')
  const file = {
    write: sink,
    writeText: (text: string) => {
      sink(new TextEncoder().encode(text))
    },
    flush: () => undefined,
  }
  const host = { name: 'h', machineId: 'a', bootId: 'b', bootedMs: 0 }
  new Journal(file, host, () => START_MS, new Random('value')).syslog(
    { pid: 1, uid: 0, comm: 'a', exe: '/a', commandLine: 'a', unit: 'a.service' },
    { facility: 3, priority: 6, identifier: 'a', message },
  )
  expect(textOf('j')).toContain(`"MESSAGE":${expected}`)
})

it.each([
  [712, '712ms'],
  [1000, '1.000s'],
  [3_723_004, '1h 2min 3.004s'],
  [86_400_000, '1d'],
])('writes %i ms as %s', (ms, text) => {
  expect(timeSpan(ms)).toBe(text)
})
