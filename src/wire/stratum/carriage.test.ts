import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  httpMessage,
  socks4Consent,
  socks4Request,
  socks5Consent,
  socks5Request,
  webSocketFrame,
  WS_BINARY,
  WS_CONTINUATION,
  WS_PING,
} from '../encode/index.ts'
import { CASES, job, loginReply, MONERO } from './dialogue.cases.ts'
import { StratumDialogue } from './dialogue.ts'
import type { StratumSnapshot } from './snapshot.ts'

type Chunk = readonly [who: '>' | '<' | 'gap>' | 'gap<', bytes: Uint8Array]
interface Carried {
  readonly name: string
  readonly spoken: readonly Chunk[]
  readonly expected: Partial<StratumSnapshot>
  readonly way: string | null
  /** Told by either direction alone, unless said otherwise. */
  readonly alone?: readonly ('>' | '<')[]
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const json = (value: unknown): string => JSON.stringify(value)
const none = new Uint8Array()
const MASK = [0x37, 0xfa, 0x21, 0x3d] as const
const HASH = 'ab12'.repeat(16)

/** Login, job, three shares of which one is refused. */
const plain: readonly Chunk[] = CASES[0]!.spoken.map(([who, line]) => [who, text(line)])
const XMRIG = { coin: 'XMR', login: MONERO, sharesSubmitted: 4, sharesAccepted: 3, sharesRejected: 1 }

const UPGRADE: readonly Chunk[] = [
  [
    '>',
    httpMessage('GET /proxy HTTP/1.1', {
      Host: 'ws.pool.example',
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version': '13',
    }),
  ],
  [
    '<',
    httpMessage('HTTP/1.1 101 Switching Protocols', {
      Upgrade: 'WebSocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    }),
  ],
]

const framed = (
  spoken: readonly Chunk[],
  fields: { opcode?: number; isCompressed?: boolean; isWithoutNewline?: boolean } = {},
): Chunk[] =>
  spoken.map(([who, bytes]) => [
    who,
    webSocketFrame(fields.isWithoutNewline === true ? bytes.subarray(0, -1) : bytes, {
      ...fields,
      ...(who === '>' ? { mask: MASK } : {}),
    }),
  ])

/** Each message in pieces, a ping between them. */
const fragmented = (spoken: readonly Chunk[]): Chunk[] =>
  spoken.flatMap(([who, bytes]): Chunk[] => {
    const mask = who === '>' ? { mask: MASK } : {}
    const third = Math.ceil(bytes.length / 3)
    return [
      [who, webSocketFrame(bytes.subarray(0, third), { ...mask, isFinal: false })],
      [who, webSocketFrame(text('still there?'), { ...mask, opcode: WS_PING })],
      [
        who,
        webSocketFrame(bytes.subarray(third, 2 * third), {
          ...mask,
          opcode: WS_CONTINUATION,
          isFinal: false,
        }),
      ],
      [who, webSocketFrame(none, { ...mask, opcode: WS_CONTINUATION, isFinal: false })],
      [who, webSocketFrame(bytes.subarray(2 * third), { ...mask, opcode: WS_CONTINUATION })],
    ]
  })

/** As a proxy of TCP in a WebSocket cuts it: frames that know nothing of lines. */
const sliced = (spoken: readonly Chunk[]): Chunk[] =>
  spoken.flatMap(([who, bytes]): Chunk[] =>
    [bytes.subarray(0, 40), bytes.subarray(40)].map((part) => [
      who,
      webSocketFrame(part, { opcode: WS_BINARY, ...(who === '>' ? { mask: MASK } : {}) }),
    ]),
  )

const coinhive: readonly Chunk[] = (
  [
    ['>', { type: 'auth', params: { site_key: 'kLamp', type: 'anonymous', user: null, goal: 0 } }],
    ['<', { type: 'authed', params: { token: '', hashes: 0 } }],
    ['<', { type: 'job', params: job('a', {}, 'ffffff00') }],
    ['>', { type: 'submit', params: { version: 7, job_id: 'a', nonce: 'dd290000', result: HASH } }],
    ['<', { type: 'hash_accepted', params: { hashes: 256 } }],
    ['>', { type: 'found', params: { version: 7, job_id: 'a', nonce: 'dd290001', result: HASH } }],
    ['<', { type: 'hash_accepted', params: { hashes: 512 } }],
  ] as const
).map(([who, message]) => [who, text(json(message))])

const webminer: readonly Chunk[] = (
  [
    [
      '>',
      { identifier: 'handshake', pool: 'pool.example', login: MONERO, password: 'topsecret', version: 7 },
    ],
    ['<', { identifier: 'job', ...job('a', {}, 'ffffff00'), algo: 'cn', variant: 1 }],
    ['>', { identifier: 'solved', job_id: 'a', nonce: 'dd290000', result: HASH }],
    ['<', { identifier: 'hashsolved' }],
  ] as const
).map(([who, message]) => [who, text(json(message))])

const post = (path: string, body: unknown, fields: Record<string, string> = {}): Chunk => [
  '>',
  httpMessage(`POST ${path} HTTP/1.1`, { Host: 'node.example:18081', ...fields }, json(body)),
]
const ok = (body: unknown, chunks = 0): Chunk => [
  '<',
  httpMessage('HTTP/1.1 200 OK', { 'Content-Type': 'application/json' }, json(body), chunks),
]

const template = {
  blocktemplate_blob: '1010'.repeat(100),
  blockhashing_blob: '1010'.repeat(38),
  difficulty: 300_000,
  height: 3_200_000,
  seed_hash: HASH,
  status: 'OK',
}
const daemon: readonly Chunk[] = [
  [
    '>',
    httpMessage('GET /getheight HTTP/1.1', { Host: '192.0.2.8:18081', 'User-Agent': 'XMRig/6.21.0 (Linux)' }),
  ],
  ok({ height: 3_200_000, hash: HASH, status: 'OK' }),
  post(
    '/json_rpc',
    {
      id: 1,
      jsonrpc: '2.0',
      method: 'getblocktemplate',
      params: { wallet_address: MONERO, extra_nonce: '00' },
    },
    { 'User-Agent': 'XMRig/6.21.0 (Linux)' },
  ),
  ok({ id: 1, jsonrpc: '2.0', result: template }, 100),
  post('/json_rpc', { id: 2, jsonrpc: '2.0', method: 'submitblock', params: ['1010'.repeat(100)] }),
  ok({ id: 2, jsonrpc: '2.0', result: { status: 'OK' } }),
]

const blockTemplate = {
  version: 0x20000000,
  previousblockhash: HASH,
  transactions: [{ data: '0100' }],
  coinbasevalue: 312_500_000,
  target: `${'0'.repeat(20)}${'f'.repeat(44)}`,
  bits: '17034219',
  height: 850_000,
}
const solo: readonly Chunk[] = [
  post('/', { id: 0, method: 'getblocktemplate', params: [{ rules: ['segwit'] }] }),
  ok({ id: 0, result: { ...blockTemplate, longpollid: `${HASH}1` }, error: null }),
  post('/', { id: 0, method: 'getblocktemplate', params: [{ rules: ['segwit'], longpollid: `${HASH}1` }] }),
  ok({ id: 0, result: blockTemplate, error: null }, 64),
  post('/', { id: 1, method: 'submitblock', params: ['0000'.repeat(60)] }),
  ok({ id: 1, result: null, error: null }),
  post('/', { id: 2, method: 'submitblock', params: ['0000'.repeat(60)] }),
  ok({ id: 2, result: 'high-hash', error: null }),
]

/** Little-endian: difficulty 1. */
const work = {
  midstate: HASH,
  data: 'ab'.repeat(128),
  hash1: '00'.repeat(64),
  target: `${'f'.repeat(56)}00000000`,
}
const getwork: readonly Chunk[] = [
  post('/', { id: 0, method: 'getwork', params: [] }, { Authorization: 'Basic ZGF2eTp0b3BzZWNyZXQ=' }),
  ok({ id: 0, result: work, error: null }),
  post('/', { id: 1, method: 'getwork', params: ['ab'.repeat(128)] }),
  ok({ id: 1, result: true, error: null }),
  post('/', { id: 2, method: 'getwork', params: ['cd'.repeat(128)] }),
  ok({ id: 2, result: false, error: null }),
]

const ethash: readonly Chunk[] = [
  post('/', { id: 1, jsonrpc: '2.0', method: 'eth_getWork', params: [] }),
  ok({
    id: 1,
    jsonrpc: '2.0',
    result: [`0x${HASH}`, `0x${HASH}`, `0x${'1'.padStart(9, '0')}${'0'.repeat(55)}`, '0xe00000'],
  }),
  post('/', {
    id: 2,
    jsonrpc: '2.0',
    method: 'eth_submitWork',
    params: ['0xf65db6ec9b5bac06', `0x${HASH}`, `0x${HASH}`],
  }),
  ok({ id: 2, jsonrpc: '2.0', result: true }),
]

const CARRIED: readonly Carried[] = [
  {
    name: 'a WebSocket, one line a message',
    spoken: [...UPGRADE, ...framed(plain)],
    expected: { ...XMRIG, poolName: 'ws.pool.example' },
    way: 'inside a WebSocket',
  },
  {
    name: 'a WebSocket, without newlines, binary',
    spoken: [...UPGRADE, ...framed(plain, { opcode: WS_BINARY, isWithoutNewline: true })],
    expected: XMRIG,
    way: 'inside a WebSocket',
  },
  {
    name: 'a WebSocket in fragments with pings between them',
    spoken: [...UPGRADE, ...fragmented(plain)],
    expected: XMRIG,
    way: 'inside a WebSocket',
  },
  {
    name: 'a WebSocket whose frames know nothing of lines',
    spoken: [...UPGRADE, ...sliced(plain)],
    expected: XMRIG,
    way: 'inside a WebSocket',
  },
  {
    name: 'a WebSocket, compressed',
    spoken: [...UPGRADE, ...framed(plain, { isCompressed: true })],
    expected: XMRIG,
    way: 'inside a WebSocket',
  },
  {
    name: 'a WebSocket joined after its upgrade',
    spoken: framed(plain),
    expected: XMRIG,
    way: 'inside a WebSocket',
  },
  {
    name: 'a WebSocket of which a piece is missing on both sides',
    spoken: [
      ...UPGRADE,
      ...framed(plain.slice(0, 4)),
      ['gap>', none],
      ['>', Uint8Array.of(1, 2, 0x81, 0x85, 9, 9, 9, 9, 9)],
      ['gap<', none],
      ['<', text('rest of a message"}\n')],
      ...framed(plain.slice(5)),
    ],
    expected: { ...XMRIG, sharesAccepted: 3 },
    way: 'inside a WebSocket',
  },
  {
    name: 'a browser’s dialogue as Coinhive had it',
    spoken: [...UPGRADE, ...framed(coinhive)],
    expected: {
      dialect: 'cryptonote',
      login: 'kLamp',
      sharesSubmitted: 2,
      sharesAccepted: 2,
      expectedHashes: 512,
    },
    way: 'inside a WebSocket',
  },
  {
    name: 'a browser’s dialogue as webminerpool has it',
    spoken: [...UPGRADE, ...framed(webminer)],
    expected: { dialect: 'cryptonote', coin: 'XMR', login: MONERO, sharesSubmitted: 1, sharesAccepted: 1 },
    way: 'inside a WebSocket',
  },
  {
    name: 'an HTTP proxy that first wants a password',
    spoken: [
      ['>', httpMessage('CONNECT pool.example:3333 HTTP/1.1', { Host: 'pool.example:3333' })],
      [
        '<',
        httpMessage('HTTP/1.1 407 Proxy Authentication Required', { 'Proxy-Authenticate': 'Basic' }, 'no'),
      ],
      [
        '>',
        httpMessage('CONNECT pool.example:3333 HTTP/1.1', {
          'Proxy-Authorization': 'Basic eDp0b3BzZWNyZXQ=',
        }),
      ],
      ['<', httpMessage('HTTP/1.1 200 Connection established')],
      ...plain,
    ],
    expected: { ...XMRIG, poolName: 'pool.example:3333' },
    way: 'through an HTTP proxy to pool.example:3333',
    alone: ['>'],
  },
  {
    name: 'an HTTP proxy, its answer seen alone',
    spoken: [
      ['<', httpMessage('HTTP/1.1 200 Connection established')],
      ...plain.filter(([who]) => who === '<'),
    ],
    expected: { coin: 'XMR', sharesAccepted: 3, poolName: null },
    way: null,
    alone: [],
  },
  {
    name: 'SOCKS 5 for a name',
    spoken: [['>', socks5Request('pool.example', 3333)], ['<', socks5Consent(false)], ...plain],
    expected: { ...XMRIG, poolName: 'pool.example:3333' },
    way: 'through a SOCKS 5 proxy to pool.example:3333',
  },
  {
    name: 'SOCKS 5 with a password, for an IPv6 address',
    spoken: [
      ['>', socks5Request('2001:db8::7', 443, { user: 'davy', password: 'topsecret' })],
      ['<', socks5Consent(true)],
      ...plain,
    ],
    expected: { ...XMRIG, poolName: '[2001:db8::7]:443' },
    way: 'through a SOCKS 5 proxy to [2001:db8::7]:443',
  },
  {
    name: 'SOCKS 4',
    spoken: [['>', socks4Request('198.51.100.7', 3333, 'davy')], ['<', socks4Consent()], ...plain],
    expected: { ...XMRIG, poolName: '198.51.100.7:3333' },
    way: 'through a SOCKS 4 proxy to 198.51.100.7:3333',
  },
  {
    name: 'SOCKS 4a',
    spoken: [['>', socks4Request('pool.example', 3333, '')], ['<', socks4Consent()], ...plain],
    expected: { ...XMRIG, poolName: 'pool.example:3333' },
    way: 'through a SOCKS 4 proxy to pool.example:3333',
  },
  {
    name: 'a WebSocket through an HTTP proxy through SOCKS 5',
    spoken: [
      ['>', socks5Request('proxy.example', 8080)],
      ['<', socks5Consent(false)],
      ['>', httpMessage('CONNECT ws.pool.example:80 HTTP/1.1')],
      ['<', httpMessage('HTTP/1.1 200 OK')],
      ...UPGRADE,
      ...framed(plain),
    ],
    expected: { ...XMRIG, poolName: 'ws.pool.example:80' },
    way: 'through an HTTP proxy to ws.pool.example:80',
    alone: ['>'],
  },
  {
    name: 'a Monero daemon that a miner asks for templates',
    spoken: daemon,
    expected: {
      dialect: 'cryptonote',
      coin: 'XMR',
      algorithm: 'rx/0',
      agent: 'XMRig/6.21.0 (Linux)',
      login: MONERO,
      sharesSubmitted: 1,
      sharesAccepted: 1,
      expectedHashes: 300_000,
      poolName: 'node.example:18081',
    },
    way: null,
  },
  {
    name: 'a Monero daemon that is told to mine',
    spoken: [
      post('/start_mining', {
        do_background_mining: false,
        ignore_battery: true,
        miner_address: MONERO,
        threads_count: 8,
      }),
      ok({ status: 'OK' }),
    ],
    expected: { dialect: 'cryptonote', coin: 'XMR', login: MONERO },
    way: null,
    alone: ['>'],
  },
  {
    name: 'a Bitcoin node whose templates are waited for; a block is accepted with null',
    spoken: solo,
    expected: {
      dialect: 'bitcoin',
      coin: 'BTC',
      algorithm: 'sha256d',
      sharesSubmitted: 2,
      sharesAccepted: 1,
    },
    way: null,
    alone: ['>'],
  },
  {
    name: 'getwork: work, a solution that is right and one that is not',
    spoken: getwork,
    expected: {
      dialect: 'bitcoin',
      login: 'davy',
      sharesSubmitted: 2,
      sharesAccepted: 1,
      sharesRejected: 1,
    },
    way: null,
  },
  {
    name: 'getwork through an HTTP proxy that is sent whole addresses',
    spoken: [
      post(
        'http://pool.example:8332/',
        { id: 0, method: 'getwork', params: [] },
        { 'User-Agent': 'cpuminer 2.5.1' },
      ),
    ],
    expected: { dialect: 'bitcoin', agent: 'cpuminer 2.5.1', poolName: 'pool.example:8332' },
    way: 'through an HTTP proxy to pool.example:8332',
  },
  {
    name: 'Ethereum’s getwork over HTTP',
    spoken: ethash,
    expected: { dialect: 'ethereum', coin: 'ETH', sharesSubmitted: 1, sharesAccepted: 1 },
    way: null,
  },
  {
    name: 'requests for work in a batch',
    spoken: [
      post('/', [
        { id: 1, jsonrpc: '2.0', method: 'eth_submitHashrate', params: ['0x1', '0x2'] },
        { id: 2, jsonrpc: '2.0', method: 'eth_getWork', params: [] },
      ]),
    ],
    expected: { dialect: 'ethereum' },
    way: null,
  },
]

function listen(spoken: readonly Chunk[], cuts: readonly number[] = []): StratumDialogue {
  const dialogue = new StratumDialogue()
  let turn = 0
  let packet = 0
  for (const [who, bytes] of spoken) {
    if (who.startsWith('gap')) {
      dialogue.gap(who === 'gap>')
      continue
    }
    for (let at = 0; at < bytes.length;) {
      const size = cuts.length === 0 ? bytes.length : 1 + cuts[turn++ % cuts.length]!
      dialogue.feed(who === '>', bytes.subarray(at, at + size), 1000 * ++packet, packet, 0)
      at += size
    }
  }
  return dialogue
}

function story(dialogue: StratumDialogue): object {
  // Times are those of the segments, which differ.
  return { ...dialogue.snapshot(), recent: null, lastPacket: 0, verdict: dialogue.verdict }
}

describe.each(CARRIED)('$name', ({ spoken, expected, way, alone }: Carried) => {
  it('is told', () => {
    const dialogue = listen(spoken)
    expect(dialogue.verdict).toBe('mining')
    const told = dialogue.snapshot()
    const rounded = { ...told, expectedHashes: Math.round(told.expectedHashes) }
    expect(rounded).toMatchObject(expected)
    if (way !== null) expect(told.reasons).toContain(way)
    expect(dialogue.minerIsInitiator).toBe(true)
    expect(JSON.stringify({ ...told, lastLine: '' })).not.toContain('topsecret')
  })

  it('is told the same however it is cut', () => {
    expect(story(listen(spoken, [0]))).toEqual(story(listen(spoken)))
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 40 }), (cuts) => {
        expect(story(listen(spoken, cuts))).toEqual(story(listen(spoken)))
      }),
      { numRuns: 20, seed: 20260601 },
    )
  })

  const sides = alone ?? (['>', '<'] as const)
  it.each(sides.filter((side) => spoken.some(([who]) => who === side)))('is told by %s alone', (side) => {
    expect(listen(spoken.filter(([who]) => who === side)).verdict).toBe('mining')
  })
})

it('takes a compressed message for what it is where it refers to those before it', async () => {
  const { createDeflateRaw, constants } = await import('node:zlib')
  const stream = createDeflateRaw()
  const messages: Uint8Array[] = []
  for (const [who, bytes] of plain) {
    if (who !== '<') continue
    const parts: Buffer[] = []
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.write(bytes)
    await new Promise<void>((done) => {
      stream.flush(constants.Z_SYNC_FLUSH, done)
    })
    stream.removeAllListeners('data')
    const frame = webSocketFrame(Buffer.concat(parts).subarray(0, -4))
    frame[0] = frame[0]! | 0x40
    messages.push(frame)
  }
  const dialogue = listen([UPGRADE[1]!, ...messages.map((frame): Chunk => ['<', frame])])
  expect(dialogue.verdict).toBe('mining')
  expect(dialogue.snapshot()).toMatchObject({ coin: 'XMR', sharesAccepted: 3 })
})

it('does not take the answer to a login for a node’s', () => {
  const dialogue = listen([['<', text(loginReply(job('a')))]])
  expect(dialogue.snapshot().reasons).toEqual(['job: blob, target and job_id'])
})

describe('any bytes', () => {
  const mutated = fc
    .tuple(
      fc.constantFrom(...CARRIED.map(({ spoken }) => spoken)),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(255)), { maxLength: 30 }),
    )
    .map(([spoken, edits]) => {
      const chunks = spoken.map(([who, bytes]): [Chunk[0], Uint8Array] => [who, Uint8Array.from(bytes)])
      for (const [chunk, at, value] of edits) {
        const [, bytes] = chunks[chunk % chunks.length]!
        if (bytes.length > 0) bytes[at % bytes.length] = value
      }
      return chunks
    })

  it('never throw, keep what they hold within bounds, and are told the same however they are cut', () => {
    fc.assert(
      fc.property(mutated, fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 9 }), (chunks, cuts) => {
        const [whole, cut] = [listen(chunks), listen(chunks, cuts)]
        expect(cut.verdict).toBe(whole.verdict)
        if (whole.verdict === 'mining') expect(story(cut)).toEqual(story(whole))
      }),
      { numRuns: 1500, seed: 20260602 },
    )
  })

  it('give all memory back', () => {
    fc.assert(
      fc.property(mutated, (chunks) => {
        const total = { bytes: 0, limit: 1_000_000, refused: 0 }
        const dialogue = new StratumDialogue(total)
        for (const [who, bytes] of chunks) {
          if (who.startsWith('gap')) dialogue.gap(who === 'gap>')
          else dialogue.feed(who === '>', bytes, 1, 1, 1)
        }
        dialogue.drop()
        expect(total.bytes).toBe(0)
      }),
      { numRuns: 300, seed: 20260603 },
    )
  })
})
