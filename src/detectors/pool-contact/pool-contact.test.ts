import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import type { Event } from '../../event/event.ts'
import { Finding } from '../../event/finding.ts'
import type { TlsEvent } from '../../event/tls.ts'
import { loadIntel } from '../../intel/load.ts'
import type { DetectorContext } from '../detector.ts'
import { isPublic } from './contact.ts'
import { poolContact, type PoolContactState } from './index.ts'
import { CDN_IP, dialogue, flow, hello, intel, looked, MACHINE, POOL_IP, START } from './samples/events.ts'

/** The newest telling of each finding, with a snapshot taken and restored halfway. */
function findings(events: readonly Event[], context: DetectorContext = { intel }): Finding[] {
  const newest = new Map<string, Finding>()
  const tell = (finding: Finding): void => {
    newest.set(finding.id, Finding.parse(structuredClone(finding)))
  }
  let engine = new Engine<Event, Finding, DetectorContext>([poolContact], context, tell)
  for (const [at, event] of events.entries()) {
    if (at === events.length >> 1) {
      const saved: unknown = JSON.parse(JSON.stringify(engine.snapshot()))
      engine = new Engine<Event, Finding, DetectorContext>([poolContact], context, tell)
      engine.restore(saved as ReturnType<typeof engine.snapshot>)
    }
    engine.accept(event)
  }
  engine.settle()
  return [...newest.values()]
}

function vouched(...names: string[]): NonNullable<TlsEvent['certificate']> {
  return {
    subject: `CN=${names[0]}`,
    issuer: 'CN=Example CA',
    names,
    notBefore: START,
    notAfter: START + 1e10,
    isSelfSigned: false,
    sha256: 'c'.repeat(64),
  }
}

const XMR = 'xmr.lamp-pool.example'
const LISTED = { dstIp: '198.51.100.9', dstPort: 3333 }
const http1 = { alpn: ['http/1.1'] }
const browser = { alpn: ['h2', 'http/1.1'] }

describe('a machine that mines', () => {
  it.each<[string, readonly Event[], Partial<Finding>]>([
    [
      'in TLS that names a confirmed pool',
      [hello(0, '1:a', XMR)],
      { severity: 'medium', title: `Talks in TLS to the mining pool Lamp Pool at ${XMR} (${POOL_IP}:443)` },
    ],
    [
      'the same for an hour, in small messages',
      [hello(0, '1:a', XMR), flow(0, 60, '1:a')],
      { severity: 'high', confidence: 0.8, lastSeen: START + 3_600_000 },
    ],
    [
      'at a port the pool takes miners at',
      [hello(0, '1:a', XMR, { dstPort: 9000 }), flow(0, 60, '1:a', { dstPort: 9000 })],
      { severity: 'high', confidence: 0.85 },
    ],
    [
      'at a host that no list names, below the domain of a pool',
      [hello(0, '1:a', 'new.lamp-pool.example', { dstPort: 14_433 })],
      { severity: 'medium' },
    ],
    [
      'through a WebSocket in TLS, for long',
      [hello(0, '1:a', 'ws7.page-pool.example', http1), flow(0, 9, '1:a')],
      { severity: 'medium', confidence: 0.55 },
    ],
    [
      'in TLS without a name, at an address it had looked up',
      [looked(0, XMR, [POOL_IP]), hello(1, '1:a', null), flow(1, 60, '1:a')],
      { severity: 'high', facts: expect.objectContaining({ pool: { ip: POOL_IP, port: 443, name: XMR } }) },
    ],
    [
      'in TLS without a name, with a certificate of the pool',
      [hello(1, '1:a', null, { dstPort: 9000, certificate: vouched(`*.${XMR}`, XMR) })],
      {
        severity: 'medium',
        facts: expect.objectContaining({ pool: { ip: POOL_IP, port: 9000, name: XMR } }),
      },
    ],
    [
      'in TLS without a name, at an address that a list names, for long',
      [hello(0, '1:a', null, LISTED), flow(0, 60, '1:a', LISTED)],
      {
        severity: 'medium',
        confidence: 0.55,
        title: 'Talks in TLS to 198.51.100.9:3333, which a list names as a mining pool',
      },
    ],
    [
      'in TLS without a name, where the capture told the name',
      [hello(1, '1:a', null, { resolvedFrom: XMR })],
      { severity: 'medium' },
    ],
    [
      'under a name of its own that leads to a pool',
      [looked(0, 'cdn.intruder.example', [XMR, POOL_IP]), flow(1, 60, '1:a', { dstPort: 3333 })],
      { severity: 'medium', title: expect.stringContaining(`Talks to the mining pool Lamp Pool at ${XMR}`) },
    ],
    [
      'by a sealed protocol, at a name it had looked up',
      [looked(0, XMR, [POOL_IP]), flow(1, 60, '1:a', { dstPort: 3333 })],
      { severity: 'medium' },
    ],
  ])('%s', (_, events, expected) => {
    const [finding, ...others] = findings(events)
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      stage: 'mining',
      facts: { type: 'mining', minerIp: MACHINE },
      ...expected,
    })
  })

  it('gets one finding for a pool, however often it connects; the handshake is the first proof', () => {
    const again = Array.from({ length: 100 }, (_, i) => [
      hello(i * 10, `1:${i}`, XMR),
      flow(i * 10, 5, `1:${i}`),
    ]).flat()
    const [finding, ...others] = findings([looked(0, XMR, [POOL_IP]), ...again])
    expect(others).toEqual([])
    expect(finding?.evidence[0]?.raw).toBe(`ClientHello: ${XMR}`)
    expect(finding?.evidence.length).toBeLessThanOrEqual(20)
    expect(finding?.facts).toMatchObject({ dialect: 'tls', coin: 'XMR' })
  })

  it('tells as soon as the handshake is seen, and again when the connection has lasted', () => {
    const told: string[] = []
    const engine = new Engine<Event, Finding, DetectorContext>([poolContact], { intel }, ({ severity }) =>
      told.push(severity),
    )
    for (const event of [hello(0, '1:a', XMR), flow(0, 60, '1:a')]) engine.accept(event)
    expect(told).toEqual(['medium', 'high'])
  })
})

describe('what people and programs do as well', () => {
  it.each<[string, readonly Event[], string]>([
    ['a lookup', [looked(0, XMR, [POOL_IP])], `Looked up the mining pool Lamp Pool (${XMR})`],
    [
      'a lookup that a blocker answered',
      [looked(0, XMR, ['0.0.0.0'])],
      `Looked up the mining pool Lamp Pool (${XMR}), and got no address`,
    ],
    [
      'a browser on the web site, even for long',
      [hello(0, '1:a', 'lamp-pool.example', browser), flow(0, 20, '1:a')],
      'Visited the web site of the mining pool Lamp Pool (lamp-pool.example), or what uses it',
    ],
    [
      'a monitor that asks an interface of the web site',
      [hello(0, '1:a', 'api.lamp-pool.example', http1), flow(0, 0.1, '1:a')],
      'Visited the web site of the mining pool Lamp Pool (api.lamp-pool.example), or what uses it',
    ],
    [
      'prices or statistics that a pool sends all day long',
      [hello(0, '1:a', 'ws.lamp-pool.example', http1), flow(0, 600, '1:a')],
      'Visited the web site of the mining pool Lamp Pool (ws.lamp-pool.example), or what uses it',
    ],
    [
      'a page of a pool that mines in pages',
      [hello(0, '1:a', 'page-pool.example', browser), flow(0, 1, '1:a')],
      'Visited the web site of the mining pool Page Pool (page-pool.example), or what uses it',
    ],
    [
      'a download of the web site without ALPN',
      [hello(0, '1:a', 'lamp-pool.example'), flow(0, 0.2, '1:a', { bytesIn: 900_000 })],
      'Visited the web site of the mining pool Lamp Pool (lamp-pool.example), or what uses it',
    ],
    [
      'a hello that nobody answered',
      [hello(0, '1:a', XMR, { ja3s: null, dstPort: 3333 })],
      `Tried to reach the mining pool Lamp Pool (${XMR})`,
    ],
    [
      'an address that a list names',
      [flow(0, 60, '1:a', LISTED)],
      'Connected to 198.51.100.9:3333, which a list names as a mining pool',
    ],
    [
      'an address of a content network that the pool uses too',
      [looked(0, XMR, [CDN_IP]), flow(1, 60, '1:a', { dstIp: CDN_IP })],
      `Visited the web site of the mining pool Lamp Pool (${XMR}), or what uses it`,
    ],
    [
      'a name below one that strangers share',
      [hello(0, '1:a', 'rig.dyndns.example', { dstPort: 3333 }), flow(0, 60, '1:a', { dstPort: 3333 })],
      'Connected to the mining pool rig.dyndns.example at port 3333',
    ],
    [
      'mining in clear text, which is told by others',
      [looked(0, XMR, [POOL_IP]), dialogue(1, '1:a'), flow(1, 60, '1:a', { dstPort: 3333 })],
      `Looked up the mining pool Lamp Pool (${XMR})`,
    ],
    [
      'another name at the address of a pool',
      [looked(0, XMR, [POOL_IP]), hello(1, '1:a', 'shop.example'), flow(1, 60, '1:a')],
      `Looked up the mining pool Lamp Pool (${XMR})`,
    ],
    [
      'an address that has been looked up under another name since',
      [looked(0, XMR, [CDN_IP]), flow(1, 60, '1:a', { dstIp: CDN_IP, resolvedFrom: 'shop.example' })],
      `Looked up the mining pool Lamp Pool (${XMR})`,
    ],
    [
      'an address a day after it was a pool',
      [looked(0, XMR, [POOL_IP]), flow(24 * 60, 60, '1:a', { dstPort: 3333 })],
      `Looked up the mining pool Lamp Pool (${XMR})`,
    ],
  ])('%s', (_, events, title) => {
    const got = findings(events)
    expect(got.map((finding) => finding.title)).toEqual([title])
    expect(got[0]).toMatchObject({ stage: 'context', severity: 'low' })
    expect(got[0]?.confidence).toBeLessThan(0.5)
  })

  it.each<[string, readonly Event[]]>([
    [
      'a resolver that asks for others',
      [
        looked(0, 'other.example', [], { srcIp: '10.0.3.99', dstIp: MACHINE, isResponse: false }),
        looked(0, XMR, [POOL_IP], { dstIp: '198.51.100.53' }),
      ],
    ],
    [
      'a certificate of many owners',
      [hello(1, '1:a', null, { certificate: vouched(XMR, 'shop.example') }), flow(1, 60, '1:a')],
    ],
    [
      'names of others',
      [looked(0, 'shop.example', [POOL_IP]), hello(1, '1:a', 'shop.example'), flow(1, 60, '1:a')],
    ],
    [
      'another name at an address that a list names',
      [hello(0, '1:a', 'shop.example', LISTED), flow(0, 60, '1:a', LISTED)],
    ],
    ['traffic to who knows whom', [flow(0, 60, '1:a'), hello(0, '1:b', null)]],
    ['a scan that nobody answered', [flow(0, 0, '1:a', { packetsOut: 1, packetsIn: 1 })]],
  ])('says nothing of %s', (_, events) => {
    expect(findings(events)).toEqual([])
  })
})

function stateOf(events: readonly Event[]): PoolContactState {
  const state = poolContact.create(MACHINE)
  for (const event of events) poolContact.step(state, event, () => {}, { intel })
  return state
}

/** In minutes. */
const years = (count: number): number => count * 365 * 24 * 60

describe('an old list', () => {
  it('says less of a name', () => {
    const [now] = findings([hello(0, '1:a', XMR)])
    const [then] = findings([hello(years(4), '1:a', XMR)])
    expect([now?.stage, then?.stage]).toEqual(['mining', 'context'])
  })

  it('says next to nothing of an address', () => {
    const [now] = findings([flow(0, 60, '1:a', LISTED)])
    const [then] = findings([flow(years(2), 60, '1:a', LISTED)])
    expect([now?.confidence, then?.confidence]).toEqual([0.35, 0.2])
    const [sealed] = findings([hello(years(2), '1:a', null, LISTED), flow(years(2), 60, '1:a', LISTED)])
    expect(sealed?.stage).toBe('context')
  })
})

describe('the state', () => {
  it('stays small, whatever comes', () => {
    const state = poolContact.create(MACHINE)
    for (let i = 0; i < 2000; i++) {
      const name = `h${i}.lamp-pool.example`
      const event =
        i % 2 === 0 ? looked(i, name, [`198.51.100.${i % 250}`, '192.0.2.1']) : hello(i, `1:${i}`, name)
      poolContact.step(state, event, () => {}, { intel })
      poolContact.step(state, hello(i, `2:${i}`, 'shop.example', { dstIp: '192.0.2.1' }), () => {}, { intel })
    }
    expect(JSON.stringify(state).length).toBeLessThan(200_000)
  })

  it('is the same in two partitions as in one, as far as it tells', () => {
    const events: readonly Event[] = [
      looked(0, XMR, [POOL_IP]),
      hello(1, '1:a', XMR),
      flow(1, 60, '1:a'),
      hello(70, '1:b', XMR),
      flow(70, 60, '1:b'),
    ]
    fc.assert(
      fc.property(fc.nat(events.length), (cut) => {
        const merged = poolContact.merge(stateOf(events.slice(0, cut)), stateOf(events.slice(cut)))
        const told: Finding[] = []
        poolContact.settle?.(merged, (finding) => told.push(finding), { intel })
        expect(told).toHaveLength(1)
        expect(told[0]).toMatchObject({ stage: 'mining' })
      }),
      { seed: 23, numRuns: 12 },
    )
  })
})

describe('with the lists that ship', () => {
  it.each([
    ['pool.supportxmr.com', 443, 'mining'],
    ['xmr-eu1.nanopool.org', 10_343, 'mining'],
    ['www.nanopool.org', 443, 'context'],
    ['supportxmr.com', 443, 'context'],
  ])('%s at port %i is %s', (host, dstPort, stage) => {
    expect(findings([hello(0, '1:a', host, { dstPort })], { intel: loadIntel() })[0]).toMatchObject({ stage })
  })
})

it.each([
  ['198.51.100.7', true],
  ['172.15.0.1', true],
  ['172.16.0.1', false],
  ['10.1.2.3', false],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['127.0.0.1', false],
  ['::', false],
  ['::1', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['2001:db8::1', true],
])('%s is an address of the internet: %s', (ip, expected) => {
  expect(isPublic(ip)).toBe(expected)
})
