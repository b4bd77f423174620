import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Conversation, Dialogue } from './conversation.ts'
import { documentOf } from './document.ts'
import { Groups, totalsOf } from './groups.ts'
import { InOrder } from './in-order.ts'
import { redacted } from './redact.ts'
import { ConversationDocument } from './schema.ts'
import { transportOf } from './transport.ts'

const START = Date.UTC(2026, 4, 12)
const DIALOGUE: Dialogue = {
  dialect: 'cryptonote',
  coin: 'XMR',
  algorithm: 'rx/0',
  agent: 'XMRig/6.21.0',
  login: '48DavyLampExample',
  worker: 'rig',
  sharesSubmitted: 10,
  sharesAccepted: 9,
  sharesRejected: 1,
  expectedHashes: 90_000,
  recent: null,
}

function conversation(change: Partial<Conversation> = {}, told: Partial<Dialogue> | null = {}): Conversation {
  return {
    communityId: '1:a',
    file: 'eth0.pcap',
    client: { ip: '10.0.3.17', port: 51_234 },
    server: { ip: '198.51.100.7', port: 3333, name: null },
    transport: 'tcp',
    dialogue: told === null ? null : { ...DIALOGUE, ...told },
    poolCoin: null,
    firstSeen: START,
    lastSeen: START + 600_000,
    isTimed: true,
    packets: 50,
    bytesOut: 4000,
    bytesIn: 3000,
    confidence: 0.99,
    verdict: 'mining',
    reasons: ['login with a wallet'],
    origin: { source: 'pcap', file: 'eth0.pcap', packet: 4, offset: 300, raw: '{"method":"login"}' },
    miningProbability: null,
    ...change,
  }
}

function grouped(...all: readonly Conversation[]) {
  const groups = new Groups()
  for (const one of all) groups.add(one)
  return groups.all().map((group) => [group.best.dialogue?.login ?? null, totalsOf(group)] as const)
}

describe('the rate of the last quarter of an hour', () => {
  const options = { coins: new Map(), showSecrets: false }
  const HOUR_MS = 3_600_000
  const end = START + HOUR_MS
  const recent = { accepted: 9, expectedHashes: 90_000, hashesVariance: 9e8, from: end - 900_000, to: end }

  it('is of that time alone', () => {
    const told = documentOf(conversation({ lastSeen: end }, { recent }), options)
    expect(told).toMatchObject({ hashrate: 25, hashrate15m: 100 })
    expect(told.hashrate15mError).toBeCloseTo(100 / 3)
  })

  it('is of the whole connection where that is shorter', () => {
    const told = documentOf(conversation({ firstSeen: end - 450_000, lastSeen: end }, { recent }), options)
    expect(told.hashrate15m).toBeCloseTo(told.hashrate ?? 0)
  })

  it('falls while nothing is found, and is null where too little was', () => {
    const late = documentOf(conversation({ lastSeen: end + 900_000 }, { recent }), options)
    expect(late.hashrate15m).toBe(50)
    const few = documentOf(conversation({ lastSeen: end }, { recent: { ...recent, accepted: 2 } }), options)
    expect(few.hashrate15m).toBeNull()
  })
})

describe('groups', () => {
  const later = (id: string, minutes: number, told: Partial<Dialogue> = {}): Conversation =>
    conversation(
      { communityId: id, firstSeen: START + minutes * 60_000, lastSeen: START + (minutes + 10) * 60_000 },
      told,
    )

  it.each<readonly [string, readonly Conversation[], number, number]>([
    ['a reconnect', [conversation(), later('1:b', 30)], 1, 18],
    ['the same connection in two captures', [conversation(), conversation({ file: 'copy.pcap' })], 1, 9],
    ['another wallet', [conversation(), later('1:b', 30, { login: 'another' })], 2, 9],
    ['another worker', [conversation(), later('1:b', 30, { worker: 'another' })], 2, 9],
    ['joined after its login', [conversation(), later('1:b', 30, { login: null, worker: null })], 1, 18],
    [
      'nobody knows which of two',
      [conversation(), later('1:b', 30, { login: 'x' }), later('1:c', 60, { login: null })],
      3,
      9,
    ],
    [
      'another machine',
      [conversation(), conversation({ client: { ip: '10.0.3.18', port: 1 }, communityId: '1:d' })],
      2,
      9,
    ],
    ['nothing to it', [conversation({ verdict: 'none' }, null)], 0, 0],
  ])('%s', (_name, all, count, accepted) => {
    const found = grouped(...all)
    expect(found).toHaveLength(count)
    expect(found[0]?.[1].accepted ?? 0).toBe(accepted)
  })

  it('count the time of work once, breaks not at all', () => {
    const [found] = grouped(conversation(), later('1:b', 5), later('1:c', 60))
    expect(found?.[1]).toMatchObject({ minedMs: 25 * 60_000, connections: 3 })
  })

  it('are the same in whatever order the connections come', () => {
    const all = [
      conversation(),
      later('1:b', 30),
      later('1:c', 60, { login: null }),
      later('1:d', 90, { worker: 'x' }),
    ]
    const expected = JSON.stringify(grouped(...all))
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(JSON.stringify(grouped(...shuffled))).toBe(expected)
      }),
      { seed: 5, numRuns: 24 },
    )
  })
})

describe('the document', () => {
  const options = { coins: new Map(), showSecrets: false }

  it('is what the schema says, with a dialogue or without', () => {
    for (const one of [conversation(), conversation({ verdict: 'suspect', poolCoin: 'XMR' }, null)]) {
      const document = documentOf(one, options)
      expect(ConversationDocument.strict().parse(document)).toEqual(document)
      expect(document.coin).toBe('XMR')
    }
  })

  it('tells no rate where the capture has no times', () => {
    expect(documentOf(conversation({ isTimed: false }), options)).toMatchObject({
      hashrate: null,
      hashrateError: null,
    })
  })

  it('is visible and masked whatever the wire says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const raw = JSON.stringify({ method: 'login', params: { login: text, pass: 'hunter2' } })
        const one = conversation({ origin: { ...conversation().origin, raw } }, { login: text, agent: text })
        const shown = JSON.stringify(documentOf(one, options))
        expect(shown).not.toContain('hunter2')
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
      { seed: 6, numRuns: 200 },
    )
  })
})

describe('redacting', () => {
  it('leaves nothing of wallet and worker, and keeps what is equal equal', () => {
    const reasons = ['job', 'login 48DavyLampExample']
    const raw = '{"login":"48DavyLampExample"}'
    const one = redacted(conversation({ reasons, origin: { ...conversation().origin, raw } }))
    expect(JSON.stringify(one)).not.toContain('48DavyLampExample')
    expect(one.dialogue?.login).toBe(redacted(conversation({ communityId: '1:z' })).dialogue?.login)
    expect(one.dialogue?.login).toMatch(/^wallet-[0-9a-f]{8}$/u)
    expect(redacted(conversation({}, { login: null })).dialogue?.login).toBeNull()
  })
})

describe('order', () => {
  it('is that of the input, as far as the limit allows; nothing is lost beyond it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { maxLength: 80 }),
        fc.integer({ min: 2, max: 100 }),
        (orders, limit) => {
          const told: number[] = []
          const queue = new InOrder<number>((item) => told.push(item), limit)
          for (const order of orders) queue.add(order, order)
          queue.end()
          expect(told.toSorted((a, b) => a - b)).toEqual(orders.toSorted((a, b) => a - b))
          if (orders.length <= limit) expect(told).toEqual(orders.toSorted((a, b) => a - b))
        },
      ),
      { seed: 7, numRuns: 200 },
    )
  })
})

describe('transport', () => {
  it.each([
    [['login with a wallet', 'agent is a miner'], 'tcp'],
    [['job', 'inside a WebSocket'], 'websocket'],
    [['through a SOCKS 5 proxy to pool.example:3333', 'job'], 'socks'],
    [['through an HTTP proxy to pool.example:3333'], 'http-proxy'],
    [['through an HTTP proxy to pool.example:3333', 'inside a WebSocket'], 'websocket'],
    [['a login that says socks and WebSocket'], 'tcp'],
  ])('%j', (reasons, transport) => {
    expect(transportOf(reasons)).toBe(transport)
  })
})
