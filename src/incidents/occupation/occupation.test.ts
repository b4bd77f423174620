import { describe, expect, it } from 'vitest'
import type { Finding } from '../../event/finding.ts'
import { buildIncidents } from '../build.ts'
import type { Incident } from '../incident.ts'
import type { Machines } from '../machines.ts'
import { act, at, deed, fought, machines, mined, MINUTE_MS, proof, RIVAL, T0, WALLET } from '../samples.ts'

const SESSIONS = { '31': { at: 0, srcIp: '203.0.113.9' }, '57': { at: 120, srcIp: '198.18.0.40' } }
const WATCHED = { networkFrom: -60, networkTo: 300, processTo: 300 }

const A = shortOf(WALLET)
const B = shortOf(RIVAL)

function shortOf(wallet: string): string {
  return `${wallet.slice(0, 4)}…${wallet.slice(-4)}`
}

/** The first gang comes in session 31 and mines; the second one comes in session 57, throws it out and mines. */
function battle(): Finding[] {
  return [
    deed('A drops', 1, { path: '/dev/shm/.x/run', session: '31', pid: 400, remote: 'http://192.0.2.80/x' }),
    deed(
      'A cron',
      2,
      { what: 'cron', path: '/etc/cron.d/0kz', commandLine: '* * * * * root /dev/shm/.x/run' },
      { stage: 'persistence' },
    ),
    mined('A mines', 2.5, 121),
    fought('B fights', [
      act(120.5, {
        what: 'killed run by name',
        session: '57',
        pid: 900,
        targets: [{ type: 'process', value: 'run' }],
      }),
      act(120.6, {
        what: 'wiped the crontab',
        category: 'persistence-eviction',
        session: '57',
        pid: 901,
        ppid: 900,
      }),
    ]),
    deed('B drops', 121.2, { path: '/usr/lib/.sys/netd', session: '57', pid: 905 }),
    deed(
      'B unit',
      121.3,
      { what: 'systemd', path: '/etc/systemd/system/netd.service', session: '57', pid: 906 },
      { stage: 'persistence' },
    ),
    mined('B mines', 121.5, 299, { login: RIVAL, pool: { ip: '198.51.100.9', port: 8080, name: null } }),
  ]
}

function told(findings: readonly Finding[], on: Machines = machines(SESSIONS, WATCHED)): Incident {
  const incidents = buildIncidents(findings, on)
  const [incident] = incidents
  if (incident === undefined || incidents.length !== 1) throw new Error(`${incidents.length} incidents`)
  return incident
}

function valuesOf(incident: Incident, occupant: string): string[] {
  return incident.occupants.find(({ id }) => id === occupant)?.artefacts.map(({ value }) => value) ?? []
}

function heldOf(incident: Incident): unknown {
  return incident.tenures.map(({ occupant, start, end }) => [
    occupant,
    (start - T0) / MINUTE_MS,
    (end - T0) / MINUTE_MS,
  ])
}

describe('a machine that two gangs fight over', () => {
  const incident = told(battle())

  it('has two occupants, each with what is its own', () => {
    expect(incident.occupants.map(({ id }) => id)).toEqual([A, B])
    expect(valuesOf(incident, A)).toEqual(
      expect.arrayContaining([
        WALLET,
        '/dev/shm/.x/run',
        '/etc/cron.d/0kz',
        'http://192.0.2.80/x',
        '203.0.113.9',
      ]),
    )
    expect(valuesOf(incident, B)).toEqual(
      expect.arrayContaining([
        RIVAL,
        '/usr/lib/.sys/netd',
        '/etc/systemd/system/netd.service',
        '198.18.0.40',
      ]),
    )
    expect(valuesOf(incident, B)).not.toContain('/dev/shm/.x/run')
    expect(valuesOf(incident, A)).not.toContain('/usr/lib/.sys/netd')
  })

  it('says why what belongs together does', () => {
    const [a, b] = incident.occupants
    expect(a?.reasons.join('\n')).toMatch(/session \(31\)/u)
    expect(a?.reasons.join('\n')).toMatch(/both use \/dev\/shm\/\.x\/run/u)
    expect(b?.reasons.join('\n')).toMatch(/session \(57\)/u)
    expect(b?.reasons.join('\n')).toMatch(/on the wire \d+ s after it was started/u)
  })

  it('tells who held it when, and how it changed hands', () => {
    expect(heldOf(incident)).toEqual([
      [A, 2.5, 121],
      [B, 121.5, 299],
    ])
    expect(incident.changes).toHaveLength(1)
    expect(incident.changes[0]).toMatchObject({
      from: A,
      to: B,
      time: at(121.5),
      how: ['killed run by name', 'wiped the crontab'],
      confidence: 0.9,
    })
  })

  it('knows how each came in, the first as the way in', () => {
    expect(incident.wayIn).toMatchObject({ srcIp: '203.0.113.9', time: at(0) })
    expect(incident.occupants.map(({ wayIn }) => wayIn?.srcIp)).toEqual(['203.0.113.9', '198.18.0.40'])
  })

  it('says that the access is shared when it is used from several networks', () => {
    expect(incident.reach.map(({ kind }) => kind)).toEqual(['account', 'access'])
  })
})

describe('who is who', () => {
  it('does not depend on the order of what was found', () => {
    const [one, other] = [told(battle()), told(battle().toReversed())]
    expect(other.occupants).toEqual(one.occupants)
    expect(other.tenures).toEqual(one.tenures)
  })

  it('does not take two gangs that fetch from a public host for one', () => {
    const findings = battle().map((one): Finding =>
      one.facts.type === 'host' && one.facts.session !== null
        ? { ...one, facts: { ...one.facts, remote: 'https://raw.githubusercontent.com/a/b/x' } }
        : one,
    )
    expect(told(findings).occupants).toHaveLength(2)
  })

  it('does not take a gang for the one it turns against, though it writes to its file', () => {
    const decoy = deed('B decoy', 121.1, { what: 'decoy', path: '/dev/shm/.x/run', session: '57' })
    expect(told([...battle(), decoy]).occupants).toHaveLength(2)
  })

  it('knows a gang that comes back by its files', () => {
    const back = [
      fought('A fights', [act(200, { session: '88', targets: [{ type: 'process', value: 'netd' }] })]),
      deed('A drops again', 200.5, { path: '/dev/shm/.x/run', session: '88' }),
    ]
    const incident = told([...battle(), ...back])
    expect(incident.occupants.map(({ id }) => id)).toEqual([A, B])
  })

  it('finds mining without a wallet by when it began', () => {
    const sealed = battle().map((one): Finding =>
      one.facts.type === 'mining' && one.facts.login === RIVAL
        ? { ...one, facts: { ...one.facts, login: null } }
        : one,
    )
    const incident = told(sealed)
    expect(incident.occupants.map(({ id }) => id)).toEqual([A, 'unknown-1'])
    expect(valuesOf(incident, 'unknown-1')).toContain('/usr/lib/.sys/netd')
  })

  it('ends the hold of a miner that only processes show when it is killed', () => {
    const unseen = battle().filter(({ facts }) => facts.type !== 'mining')
    const started = [
      deed(
        'A miner',
        2.4,
        { what: 'miner-process', path: '/dev/shm/.x/run', session: '31' },
        { stage: 'mining' },
      ),
      deed(
        'B miner',
        121.4,
        { what: 'miner-process', path: '/usr/lib/.sys/netd', session: '57' },
        { stage: 'mining' },
      ),
    ]
    const incident = told([...unseen, ...started], machines(SESSIONS, { processTo: 300 }))
    expect(heldOf(incident)).toEqual([
      ['unknown-1', 2.4, 120.5],
      ['unknown-2', 121.4, 300],
    ])
  })

  it('ends a hold where somebody who is no intruder cleans up', () => {
    const cleanup = fought(
      'IR kills',
      [act(60, { what: 'killed run by name', session: '90', targets: [{ type: 'process', value: 'run' }] })],
      { stage: 'context', severity: 'low' },
    )
    const miner = deed(
      'A miner',
      2.4,
      { what: 'miner-process', path: '/dev/shm/.x/run', session: '31' },
      { stage: 'mining' },
    )
    const incident = told([...battle().slice(0, 2), miner, cleanup], machines(SESSIONS, { processTo: 300 }))
    expect(heldOf(incident)).toEqual([['unknown-1', 2.4, 60]])
    expect(incident.occupants).toHaveLength(1)
  })
})

describe('who wins a fight', () => {
  const NAMELESS = { login: RIVAL, pool: { ip: '198.51.100.9', port: 8080, name: null } } as const

  it('has it from when the other no longer works, though it began before', () => {
    const [drops, cron, , fight, ...rest] = battle()
    const beside = [drops, cron, mined('A mines', 2.5, 121), fight, ...rest.slice(0, 2)].filter(
      (one) => one !== undefined,
    )
    const incident = told([...beside, mined('B mines', 116, 299, NAMELESS)])
    expect(incident.changes.map(({ time, to }) => [to, time])).toEqual([[B, at(121)]])
  })

  it('has it after hours, where its miner had to wait', () => {
    const late = battle().filter(({ id }) => id !== 'B mines')
    const again = deed('B starts', 259.5, { path: '/usr/lib/.sys/netd', session: '57', pid: 960 })
    const incident = told([...late, again, mined('B mines', 260, 299, NAMELESS)])
    expect(incident.changes.map(({ time, to }) => [to, time])).toEqual([[B, at(260)]])
  })

  it('is nobody where the owner had cleaned up before', () => {
    const cleanup = fought(
      'IR cleans',
      [
        act(121, {
          what: 'removed files: /dev/shm/.x/run',
          category: 'persistence-eviction',
          session: '90',
          targets: [{ type: 'path', value: '/dev/shm/.x/run' }],
        }),
      ],
      { stage: 'context', severity: 'low' },
    )
    const ownerIn = machines({ ...SESSIONS, '90': { at: 100, srcIp: '10.0.0.4' } }, WATCHED)
    const peaceful = battle().filter(({ id }) => !id.startsWith('B '))
    const later = [deed('B drops', 150, { path: '/usr/lib/.sys/netd', session: '57', pid: 905 })]
    const incident = told([...peaceful, cleanup, ...later, mined('B mines', 151, 299, NAMELESS)], ownerIn)
    expect(incident.tenures.map(({ occupant }) => occupant)).toEqual([A, B])
    expect(incident.changes).toEqual([])
  })

  it('is whose job it can be, where a job killed the other', () => {
    const kill = act(200, {
      what: 'killed netd',
      session: '405',
      targets: [{ type: 'process', value: 'netd' }],
    })
    const both = battle().map((one) => (one.id === 'B mines' ? mined('B mines', 121.5, 200, NAMELESS) : one))
    const incident = told([...both, mined('A mines again', 125, 299)], {
      ...machines(SESSIONS, WATCHED),
      killsOf: () => [kill],
    })
    expect(incident.changes.map(({ from, to, time }) => [from, to, time])).toEqual([
      [A, B, at(121.5)],
      [B, A, at(200)],
    ])
  })
})

describe('what every gang does', () => {
  it('joins nobody: two that wiped the same log are two', () => {
    const wipe = deed(
      'A log was wiped',
      3,
      { what: 'log-wipe', path: '/var/log/btmp', session: '31', otherSessions: ['57'] },
      { stage: 'evasion', lastSeen: at(121) },
    )
    expect(told([...battle(), wipe]).occupants.map(({ id }) => id)).toEqual([A, B])
  })
})

function busyAt(time: number): number {
  return time >= at(2) ? 0.97 : 0.1
}

describe('a machine without a capture', () => {
  it('is held by whoever started something when the processors became busy, until the next throws it out', () => {
    const silent = battle().filter(({ facts }) => facts.type !== 'mining')
    const on: Machines = {
      ...machines(SESSIONS, { processTo: 300 }),
      signsOf: () => ({
        flowsBegun: () => [],
        busyBetween: (from, to) => (busyAt(from) + busyAt(to - 1)) / 2,
        measuredTo: at(300),
        isCaptured: () => false,
      }),
    }
    const incident = told(silent, on)
    expect(heldOf(incident)).toEqual([
      ['unknown-1', 2, 120.6],
      ['unknown-2', 120.6, 300],
    ])
    expect(incident.changes.map(({ from, to }) => [from, to])).toEqual([['unknown-1', 'unknown-2']])
    expect(incident.occupants.map(({ isMiner }) => isMiner)).toEqual([true, true])
    expect(incident.tenures.map(({ confidence }) => confidence)).toEqual([0.55, 0.55])
    expect(incident.occupants[1]?.reasons[0]).toMatch(/^seems to mine: nothing tells what for/u)
  })
})

describe('ways in that are no login', () => {
  const contact = {
    kind: 'redis',
    srcIp: '203.0.113.77',
    from: at(0.8),
    to: at(0.95),
    evidence: proof('redis', 0.8),
  }
  const on = { ...machines({}, WATCHED), contactsBetween: () => [contact] }
  const steps = [deed('drops', 1, { path: '/dev/shm/.x/run', exe: '/bin/sh' }), mined('mines', 2.5, 200)]

  it('is the service that somebody outside spoke to just before the first step', () => {
    const incident = told(steps, on)
    expect(incident.wayIn).toMatchObject({ kind: 'redis', srcIp: '203.0.113.77', time: at(0.8), user: null })
    expect(incident.occupants).toHaveLength(1)
    expect(incident.occupants[0]?.reasons.join('\n')).toMatch(/after 203\.0\.113\.77 spoke to Redis/u)
  })

  it('is not claimed for what was done in a session, nor for mining alone', () => {
    expect(told([deed('drops', 1, { session: '31' }), mined('mines', 2.5, 200)], on).wayIn).toBeNull()
    expect(told([mined('mines', 2.5, 200)], on).wayIn).toBeNull()
  })
})
