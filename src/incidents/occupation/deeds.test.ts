import { describe, expect, it } from 'vitest'
import type { FightAct, Finding } from '../../event/finding.ts'
import { buildIncidents } from '../build.ts'
import type { Machines } from '../machines.ts'
import { act, at, deed, fought, machines, mined, RIVAL, MINUTE_MS, T0, WALLET } from '../samples.ts'
import { shortWallet } from './wallet.ts'

const SESSIONS = { '31': { at: 0, srcIp: '203.0.113.9' }, '57': { at: 10, srcIp: '198.18.0.40' } }
const POOL = { ip: '198.51.100.9', port: 8080, name: null }
const NAMES: Readonly<Record<string, string>> = { [shortWallet(WALLET)]: 'A', [shortWallet(RIVAL)]: 'B' }

/** A drops `run` in session 31, B drops `netd` in session 57. */
const DROPS = [
  deed('A drops', 1, { path: '/dev/shm/.x/run', session: '31', pid: 400 }),
  deed('B drops', 11, { path: '/usr/lib/.sys/netd', session: '57', pid: 500 }),
]
const A = (id: string, from: number, to: number): Finding => mined(id, from, to)
const B = (id: string, from: number, to: number): Finding => mined(id, from, to, { login: RIVAL, pool: POOL })

function killed(minutes: number, names: readonly string[], fields: Partial<FightAct> = {}): FightAct {
  const targets = names.map((value) => ({ type: 'process' as const, value }))
  return act(minutes, { what: 'killed by a list', targets, ...fields })
}

/** Who gave it to whom, and when in minutes. */
function changes(findings: readonly Finding[], on: Partial<Machines> = {}): string[] {
  const base = machines(SESSIONS, { networkFrom: -60, networkTo: 300, processTo: 300 })
  const [incident, ...others] = buildIncidents(findings, { ...base, ...on })
  if (incident === undefined || others.length > 0) throw new Error(`${others.length} others`)
  return incident.changes.map(
    ({ from, to, time }) =>
      `${NAMES[from] ?? from}>${NAMES[to] ?? to} ${Math.round((time - T0) / MINUTE_MS)}`,
  )
}

/** B throws A out by its list; A throws B out; then something kills A, and B is back. */
function fight(
  first: readonly string[],
  second: readonly string[],
  last: readonly string[],
  more: readonly FightAct[] = [],
): string[] {
  const cleanup = fought('somebody kills', [killed(200, last, { pid: 950 })], {
    stage: 'context',
    severity: 'low',
  })
  return changes([
    ...DROPS,
    A('A mines', 2.5, 121),
    fought('B fights', [killed(120.5, first, { session: '57', pid: 501 }), ...more]),
    B('B mines', 121.5, 150),
    fought('A fights', [killed(150, second, { session: '31', pid: 401 })]),
    A('A mines again', 150.5, 200),
    cleanup,
    B('B mines again', 200.5, 299),
  ])
}

describe('a kill in nobody’s session by a list of names', () => {
  const LIST = ['run', 'kdevtmpfsi', 'kinsing', 'sysrv', 'watchbog', 'ddgs', 'biosetjenkins']
  const [, ...WITHOUT_RUN] = LIST

  const before = ['A>B 122', 'B>A 151']

  it.each<[string, readonly string[], readonly string[], readonly string[], boolean]>([
    ["is its owner's, where it is the same", LIST, ['netd'], LIST, true],
    ["is its owner's, where one name was changed", LIST, ['netd'], [...LIST.slice(0, 6), 'z0'], true],
    ["is nobody's, where two of seven were", LIST, ['netd'], [...LIST.slice(0, 5), 'z0', 'z1'], false],
    ["is nobody's, where it names three", LIST.slice(0, 3), ['netd'], LIST.slice(0, 3), false],
    ["is its owner's, where it names four", LIST.slice(0, 4), ['netd'], LIST.slice(0, 4), true],
    ["is nobody's, where two kill by such a list", LIST, [...WITHOUT_RUN, 'netd'], LIST, false],
  ])('%s', (_what, first, second, last, isTheirs) => {
    expect(fight(first, second, last)).toEqual(isTheirs ? [...before, 'A>B 201'] : before)
  })

  it("is nobody's, where the list was of files", () => {
    const removed = killed(120.6, LIST, { session: '57', pid: 502, category: 'persistence-eviction' })
    expect(fight(['run'], ['netd'], LIST, [removed])).toEqual(before)
  })
})

describe('a container that an occupant ends', () => {
  const ID = 'a1b2c3d4e5f60718293a4b5c6d7e8f901122334455667788'
  const ended = act(120.9, {
    what: 'removed a container',
    session: '57',
    pid: 501,
    targets: [{ type: 'container', value: ID }],
  })
  const findings = [...DROPS, A('A mines', 2.5, 121), fought('B fights', [ended]), B('B mines', 12, 299)]

  it.each<[string, readonly (readonly [string, readonly string[]])[], readonly string[]]>([
    ['hits whose program ran in it', [['a1b2c3d4e5f6', ['sh', 'run']]], ['A>B 121']],
    ['hits whose process ran in it', [['a1b2c3d4e5f6', ['400']]], ['A>B 121']],
    ['hits nobody whose program ran in another', [['b1b2c3d4e5f6', ['run']]], []],
    ['hits nobody where others’ programs ran in it', [['a1b2c3d4e5f6', ['redis-server']]], []],
    ['hits nobody where nothing tells what ran in it', [], []],
  ])('%s', (_what, containers, expected) => {
    expect(changes(findings, { containersOf: () => new Map(containers) })).toEqual(expected)
  })
})

describe('a holder that stops beside another and comes back', () => {
  const findings = [...DROPS, A('A mines', 2.5, 60), A('A mines again', 80, 100), B('B mines', 30, 299)]

  it.each<[string, number | null, readonly string[]]>([
    ['has lost it where no trail tells of kills', null, ['A>B 60']],
    ['has lost it where the trail had ended that does', 50, ['A>B 60']],
    ['has not where it would have been seen killed', 300, []],
  ])('%s', (_what, killsTo, expected) => {
    const base = machines(SESSIONS, { networkFrom: -60, networkTo: 300, processTo: 300 })
    expect(
      changes(findings, {
        watched: (asset) => ({ ...base.watched(asset), killsTo: killsTo === null ? null : at(killsTo) }),
      }),
    ).toEqual(expected)
  })
})
