import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import { Event } from '../../event/event.ts'
import { Finding } from '../../event/finding.ts'
import { StratumEvent } from '../../event/stratum.ts'
import type { Intel } from '../../intel/intel.ts'
import type { DetectorContext } from '../detector.ts'
import { poolMining, type PoolMiningState } from './index.ts'
import { softwareOf } from './title.ts'

const MINUTE = 60_000
const START = Date.UTC(2026, 4, 12, 3, 14)
const LOGIN = `48${'DavyLampExampLe'.repeat(7).slice(0, 93)}`
const POOL = {
  name: 'lamp-pool',
  coin: 'XMR',
  confidence: 'confirmed',
  source: 'test',
  date: '2026-05-01',
  listed: '198.51.100.9',
  ports: [3333],
  isShared: false,
} as const
const intel: Intel = {
  poolByHost: () => null,
  poolByAddress: (ip, port) => (ip === '198.51.100.9' && port === 3333 ? POOL : null),
  isSharedAddress: () => false,
  priceOf: () => null,
  technique: () => null,
  familyOf: () => null,
  serviceOn: () => null,
  poolHosts: () => [],
}

/** What a dialogue told `minutes` after START; everything else as XMRig would have it. */
function told(minutes: number, change: Partial<StratumEvent> = {}): StratumEvent {
  const accepted = change.sharesAccepted ?? 0
  return StratumEvent.parse({
    kind: 'stratum',
    time: START + minutes * MINUTE,
    timeQuality: 'exact',
    observer: 'ip:10.0.3.17',
    subjects: ['ip:10.0.3.17'],
    origin: {
      source: 'pcap',
      file: 'eth0.pcap',
      packet: 1 + Math.round(minutes * 10),
      offset: 24,
      raw: `line at ${minutes}`,
    },
    phase: 'progress',
    communityId: '1:davyLamp1=',
    srcIp: '10.0.3.17',
    srcPort: 40_112,
    dstIp: '198.51.100.7',
    dstPort: 3333,
    start: START,
    dialect: 'cryptonote',
    coin: 'XMR',
    algorithm: 'rx/0',
    agent: 'XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/9.3.0',
    login: LOGIN,
    worker: 'rig',
    sharesSubmitted: accepted,
    sharesAccepted: accepted,
    sharesRejected: 0,
    expectedHashes: accepted * 16_384,
    confidence: 0.99,
    reasons: ['job: blob, target and job_id'],
    ...change,
  })
}

function tellings(events: readonly Event[]): Finding[] {
  const findings: Finding[] = []
  const tell = (finding: Finding): void => void findings.push(Finding.parse(structuredClone(finding)))
  const engine = new Engine<Event, Finding, DetectorContext>([poolMining], { intel }, tell)
  for (const event of events) engine.accept(event)
  engine.restore(JSON.parse(JSON.stringify(engine.snapshot())))
  engine.settle()
  return findings
}

/** The newest telling of each finding. */
function findings(...events: readonly Event[]): Finding[] {
  return [...new Map(tellings(events).map((finding) => [finding.id, finding])).values()]
}

function factsOf(minutes: number, change: Partial<StratumEvent>): unknown {
  return findings(told(minutes, change))[0]?.facts
}

function read(file: string): unknown[] {
  const text = readFileSync(new URL(`samples/${file}.jsonl`, import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
}

/** A dialogue of its own, from one minute to another. */
function dialogue(id: string, from: number, to: number, sharesAccepted: number): StratumEvent {
  return told(to, { communityId: id, start: START + from * MINUTE, sharesAccepted, phase: 'closed' })
}

describe('pool-mining', () => {
  it('tells when it was at work: dialogues that overlap are one time, every break counts', () => {
    const [finding] = findings(
      dialogue('1:a', 0, 20, 5),
      dialogue('1:b', 19, 60, 7),
      dialogue('1:c', 300, 330, 2),
    )
    expect(finding?.facts).toMatchObject({
      spans: [
        { from: START, to: START + 60 * MINUTE, sharesAccepted: 12 },
        { from: START + 300 * MINUTE, to: START + 330 * MINUTE, sharesAccepted: 2 },
      ],
    })
  })

  it('keeps the times of work that reconnects every minute, a few spans at most', () => {
    const many = Array.from({ length: 400 }, (_, at) => dialogue(`1:${at}`, at * 20, at * 20 + 1, 1))
    const { facts } = findings(...many)[0] ?? {}
    const spans = facts?.type === 'mining' ? (facts.spans ?? []) : []
    expect(spans.length).toBeLessThanOrEqual(64)
    expect(spans[0]?.from).toBe(START)
    expect(spans.at(-1)?.to).toBe(START + (399 * 20 + 1) * MINUTE)
    expect(spans.reduce((sum, span) => sum + span.sharesAccepted, 0)).toBe(400)
  })

  it('says so where a list names the address and no pool', () => {
    const listed = {
      name: null,
      coin: null,
      confidence: 'candidate',
      source: 'test',
      date: '2026-05-01',
      listed: '198.51.100.7',
      ports: [3333],
      isShared: false,
    } as const
    const context = { intel: { ...intel, poolByAddress: () => listed } }
    const news: Finding[] = []
    const engine = new Engine<Event, Finding, DetectorContext>([poolMining], context, (one) => news.push(one))
    engine.accept(told(3, { sharesAccepted: 4 }))
    expect(news.at(-1)).toMatchObject({
      title: 'Mines Monero with XMRig 6.21 at 198.51.100.7:3333',
      facts: {
        pool: { name: null },
        reasons: expect.arrayContaining(['a list of mining pools names this address']),
      },
    })
  })

  it('tells who mines what, where, with what, and how fast', () => {
    const [finding, ...others] = findings(
      told(0, { phase: 'opened' }),
      told(10, { sharesAccepted: 40 }),
      told(20, { sharesAccepted: 90, phase: 'closed' }),
    )
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      detector: 'pool-mining',
      title: 'Mines Monero with XMRig 6.21 at 198.51.100.7:3333',
      severity: 'critical',
      stage: 'mining',
      attack: ['T1496.001'],
      subjects: ['ip:10.0.3.17'],
      firstSeen: START,
      lastSeen: START + 20 * MINUTE,
      count: 1,
      facts: {
        sharesAccepted: 90,
        login: LOGIN,
        worker: 'rig',
        pool: { ip: '198.51.100.7', port: 3333, name: null },
      },
    })
    const facts = finding?.facts.type === 'mining' ? finding.facts : null
    expect(facts?.hashrate).toBeCloseTo((90 * 16_384) / 1200)
    expect(facts?.hashrateError).toBeCloseTo((90 * 16_384) / 1200 / Math.sqrt(90))
    expect(finding?.evidence.map(({ raw }) => raw)).toEqual(['line at 0', 'line at 10', 'line at 20'])
  })

  it.each<readonly [string, Partial<StratumEvent>, string, string, readonly string[]]>([
    [
      'a login alone',
      { reasons: ['login with a wallet'] },
      'high',
      'Tries to mine Monero with XMRig 6.21 at 198.51.100.7:3333',
      ['T1496.001'],
    ],
    [
      'shares without a job in sight',
      { reasons: ['share with nonce and hash'], sharesSubmitted: 1, agent: null, coin: null },
      'critical',
      'Mines a cryptocurrency at 198.51.100.7:3333',
      ['T1496.001'],
    ],
    [
      'a known pool',
      { dstIp: '198.51.100.9' },
      'critical',
      'Mines Monero with XMRig 6.21 at lamp-pool (198.51.100.9:3333)',
      ['T1496.001'],
    ],
    [
      'a pool behind a proxy, as the miner asked for it',
      { dstPort: 1080, poolName: 'pool.example:3333' },
      'critical',
      'Mines Monero with XMRig 6.21 at pool.example (198.51.100.7:1080)',
      ['T1496.001'],
    ],
    [
      'a port that belongs to HTTPS, IPv6, a coin without a name',
      { dstIp: '2001:db8::7', dstPort: 443, coin: 'XYZ' },
      'critical',
      'Mines XYZ with XMRig 6.21 at [2001:db8::7]:443',
      ['T1496.001', 'T1571'],
    ],
  ])('%s', (_name, change, severity, title, attack) => {
    expect(findings(told(1, change))).toMatchObject([{ severity, title, attack }])
  })

  it('says so where a list names the host that was asked for, and remembers the host', () => {
    const context = {
      intel: { ...intel, poolByHost: (host: string) => (host === 'pool.example' ? POOL : null) },
    }
    const news: Finding[] = []
    const engine = new Engine<Event, Finding, DetectorContext>([poolMining], context, (one) => news.push(one))
    engine.accept(told(1, { poolName: 'pool.example:3333' }))
    engine.accept(told(3, { sharesAccepted: 4 }))
    expect(news.at(-1)).toMatchObject({
      facts: {
        pool: { name: 'pool.example' },
        reasons: expect.arrayContaining(['a list of mining pools names this host']),
      },
    })
  })

  it('continues after a reconnect, and counts the time mined, not the time between', () => {
    const second = { communityId: '1:other=', start: START + 60 * MINUTE }
    const [finding, ...others] = findings(
      told(10, { sharesAccepted: 30 }),
      told(70, { ...second, sharesAccepted: 30 }),
    )
    expect(others).toEqual([])
    expect(finding).toMatchObject({ count: 2, facts: { sharesAccepted: 60 } })
    expect(finding?.facts.type === 'mining' && finding.facts.hashrate).toBeCloseTo((60 * 16_384) / 1200)
  })

  it('gives no rate where shares, time or difficulty are too little', () => {
    const none = { hashrate: null, hashrateError: null }
    expect(factsOf(10, { sharesAccepted: 2 })).toMatchObject(none)
    expect(factsOf(0.5, { sharesAccepted: 20 })).toMatchObject(none)
    expect(factsOf(10, { sharesAccepted: 20, expectedHashes: 0 })).toMatchObject(none)
  })

  it('keeps two logins apart, and gives a dialogue without one to the only one there is', () => {
    const other = { login: 'somebody', communityId: '1:b=', sharesAccepted: 7 }
    const late = { login: null, communityId: '1:c=', start: START + 30 * MINUTE, sharesAccepted: 5 }
    expect(findings(told(1), told(2, other))).toHaveLength(2)
    expect(findings(told(1, { sharesAccepted: 3 }), told(40, late))).toMatchObject([
      { count: 2, facts: { sharesAccepted: 8, login: LOGIN } },
    ])
    expect(findings(told(1), told(2, other), told(40, late))).toHaveLength(3)
  })

  it('stays one finding when the login is told late', () => {
    const all = tellings([told(0, { login: null, worker: null }), told(1, { sharesAccepted: 1 })])
    expect(new Set(all.map(({ id }) => id)).size).toBe(1)
    expect(all.at(-1)).toMatchObject({ facts: { login: LOGIN, worker: 'rig' } })
  })

  it('never adds up one dialogue: told twice, late, or by two observers', () => {
    const [one, two] = [told(10, { sharesAccepted: 40 }), told(20, { sharesAccepted: 90 })]
    const elsewhere = told(20.01, { sharesAccepted: 89, start: START + 700, observer: 'ip:10.0.3.1' })
    const [finding, ...others] = findings(one, two, two, one, elsewhere)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ count: 1, facts: { sharesAccepted: 90 } })
  })

  it('tells again when the picture changes or the shares double, not with every event', () => {
    const events = Array.from({ length: 1000 }, (_, n) => told(n, { sharesAccepted: n }))
    expect(tellings(events).length).toBeLessThan(15)
    expect(tellings(events).at(-1)).toMatchObject({
      facts: { sharesAccepted: 999 },
      lastSeen: START + 999 * MINUTE,
    })
  })

  it('stays bounded over thousands of reconnects and logins', () => {
    const reconnects = Array.from({ length: 3000 }, (_, n) =>
      told(n + 0.5, { communityId: `1:${n}=`, start: START + n * MINUTE, sharesAccepted: 1 }),
    )
    const [finding] = findings(...reconnects)
    expect(finding).toMatchObject({ count: 3000, facts: { sharesAccepted: 3000 } })
    expect(finding?.facts.type === 'mining' && finding.facts.hashrate).toBeCloseTo(16_384 / 30)
    expect(finding?.evidence).toHaveLength(20)
    const state = poolMining.create('')
    for (let n = 0; n < 500; n++)
      step(state, told(n, { login: `l${n}`, communityId: `1:${n}=`, start: START + n }))
    expect(state.stories.length).toBeLessThanOrEqual(16)
  })

  it('merges halves of a story into the whole', () => {
    const events = Array.from({ length: 40 }, (_, n) =>
      told(n, { communityId: `1:${n % 5}=`, start: START + (n % 5) * MINUTE * 0.1, sharesAccepted: n }),
    )
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (sides) => {
        const halves = [poolMining.create(''), poolMining.create('')] as const
        for (const [n, event] of events.entries()) step(halves[sides[n] === true ? 0 : 1], event)
        const whole = poolMining.create('')
        for (const event of events) step(whole, event)
        expect(lastOf(poolMining.merge(halves[0], halves[1]))).toEqual(lastOf(whole))
      }),
      { numRuns: 50, seed: 20260506 },
    )
  })
})

function step(state: PoolMiningState, event: Event): void {
  poolMining.step(state, event, () => undefined, { intel })
}

function lastOf(state: PoolMiningState): object[] {
  const all: object[] = []
  poolMining.settle?.(
    state,
    ({ facts, firstSeen, lastSeen, count }) => all.push({ facts, firstSeen, lastSeen, count }),
    { intel },
  )
  return all
}

describe('samples', () => {
  it.each(['firing', 'silent'])('%s', (name) => {
    const events = read(name).map((event) => Event.parse(event))
    expect(findings(...events)).toEqual(read(`${name}.findings`).map((finding) => Finding.parse(finding)))
  })
})

describe('software', () => {
  it.each([
    ['XMRig/6.21.0 (Linux x86_64) libuv/1.44.2', 'XMRig 6.21'],
    ['xmr-stak-cpu/1.3.0-1.5.0', 'xmr-stak-cpu 1.3'],
    ['EWBF 0.3.4b', 'EWBF 0.3'],
    ['bfgminer/v5', 'bfgminer 5'],
    ['something else', 'something else'],
    ['x'.repeat(60), `${'x'.repeat(39)}…`],
  ])('%s', (agent, name) => {
    expect(softwareOf(agent)).toBe(name)
  })
})
