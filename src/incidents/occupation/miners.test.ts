import { describe, expect, it } from 'vitest'
import type { MiningFacts } from '../../event/finding.ts'
import { buildIncidents } from '../build.ts'
import type { Connector } from '../connectors.ts'
import { at, deed, machines, mined, RIVAL, WALLET } from '../samples.ts'
import { withMiners } from './miners.ts'
import { traceOf } from './trace.ts'

const POOL = { ip: '198.51.100.7', port: 443 }
const SECOND = 1 / 60

function connector(pid: number, minutes: number, fields: Partial<Connector> = {}): Connector {
  return { pid, ppid: 40, exe: '/dev/shm/.x/m', session: null, time: at(minutes), ...fields }
}

function connectorsTo(...all: readonly Connector[]): (ip: string, port: number) => readonly Connector[] {
  return (ip, port) => (ip === POOL.ip && port === POOL.port ? all : [])
}

function worked(spans: readonly (readonly [number, number])[]): Partial<MiningFacts> {
  return { spans: spans.map(([from, to]) => ({ from: at(from), to: at(to), sharesAccepted: 1 })) }
}

describe('whose connection to a pool it is', () => {
  const one = mined('one', 10, 60)
  const two = mined('two', 20, 70, { login: RIVAL })
  const twin = mined('twin', 10 + 0.2 * SECOND, 60, { login: RIVAL })
  const elsewhere = mined('elsewhere', 10, 60, { pool: { ip: '198.51.100.9', port: 443, name: null } })

  it.each<[string, Connector, readonly string[]]>([
    ['the one whose work began then', connector(50, 10), ['one']],
    ['the one of which it is nearer', connector(50, 20 - 4 * SECOND), ['two']],
    ['up to five seconds before', connector(50, 10 - 5 * SECOND), ['one']],
    ['up to five seconds after', connector(50, 10 + 5 * SECOND), ['one']],
    ["nobody's where no work began then", connector(50, 10 - 5.1 * SECOND), []],
    ["nobody's while they work on", connector(50, 15), []],
  ])('%s', (_what, who, owners) => {
    const traces = withMiners([one, two, elsewhere].map(traceOf), connectorsTo(who))
    expect(traces.filter(({ doers }) => doers.length > 0).map(({ finding }) => finding?.id)).toEqual(owners)
  })

  it("is nobody's where two began in the same moment", () => {
    const traces = [one, twin].map(traceOf)
    expect(withMiners(traces, connectorsTo(connector(50, 10)))).toEqual(traces)
  })

  it('is of all that tell of the same work', () => {
    const echo = mined('echo', 10 + 0.2 * SECOND, 60)
    const told = withMiners([one, echo].map(traceOf), connectorsTo(connector(50, 10)))
    expect(told.map(({ doers }) => doers.length)).toEqual([1, 1])
  })

  it('tells two programs apart where nobody can read what they say', () => {
    const sealed = mined('sealed', 0, 90, {
      login: null,
      ...worked([
        [0, 30],
        [30, 60],
        [30 + SECOND, 90],
      ]),
    })
    const first = connector(50, 0, { exe: '/opt/.a/m' })
    const back = connector(52, 30 + SECOND, { exe: '/opt/.a/m' })
    const told = withMiners([traceOf(sealed)], connectorsTo(first, connector(51, 30), back))
    expect(told.map(({ files, from, to }) => [files, from, to])).toEqual([
      [['/opt/.a/m'], at(0), at(90)],
      [['/dev/shm/.x/m'], at(30), at(60)],
    ])
  })

  it('is that of whoever came back then', () => {
    const again = mined(
      'again',
      0,
      60,
      worked([
        [0, 5],
        [30, 60],
      ]),
    )
    const [trace] = withMiners([again].map(traceOf), connectorsTo(connector(50, 30)))
    expect(trace?.doers.map(({ pid }) => pid)).toEqual([50])
  })
})

describe('what a connection tells of the miner', () => {
  it('is its session, its process and its file, each once', () => {
    const [trace] = withMiners(
      [traceOf(mined('one', 10, 60))],
      connectorsTo(
        connector(50, 10, { session: '57' }),
        connector(51, 10 + SECOND, { session: '57', ppid: 1, exe: '/usr/bin/perl' }),
        connector(52, 10 + 2 * SECOND, { exe: null, ppid: null }),
      ),
    )
    expect(trace).toMatchObject({
      sessions: ['57'],
      files: ['/dev/shm/.x/m'],
      folders: ['/dev/shm/.x'],
      doers: [
        { pid: 50, parent: 40, from: at(10), to: at(10) },
        { pid: 51, parent: null },
        { pid: 52, parent: null },
      ],
    })
  })

  it('leaves all else as it was', () => {
    const traces = [deed('drops', 1, { session: '31' }), mined('other', 90, 99)].map(traceOf)
    expect(withMiners(traces, connectorsTo(connector(50, 10)))).toEqual(traces)
  })
})

describe('two miners that one pool serves', () => {
  const findings = [
    deed('A drops', 1, { path: '/dev/shm/.a/run', session: '31', pid: 400 }),
    deed('B drops', 2, { path: '/dev/shm/.b/run', session: '57', pid: 500 }),
    mined('first', 10, 60, { login: RIVAL }),
    mined('second', 20, 60, { login: WALLET }),
  ]
  const sessions = { '31': { at: 0, srcIp: '203.0.113.9' }, '57': { at: 0, srcIp: '198.18.0.40' } }

  it('each belong to who started the process that connected', () => {
    const connectors = [
      connector(501, 10, { session: '57', exe: '/dev/shm/.b/run' }),
      connector(401, 20, { session: '31', exe: '/dev/shm/.a/run' }),
    ]
    const [incident] = buildIncidents(findings, {
      ...machines(sessions),
      connectorsTo: (_asset, ip, port) => connectorsTo(...connectors)(ip, port),
    })
    const owned = incident?.occupants.map(({ wallet, artefacts }) => [
      wallet,
      artefacts.filter(({ type }) => type === 'path').map(({ value }) => value),
    ])
    expect(owned?.toSorted()).toEqual([
      [WALLET, ['/dev/shm/.a/run']],
      [RIVAL, ['/dev/shm/.b/run']],
    ])
  })
})
