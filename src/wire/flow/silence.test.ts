import { describe, expect, it } from 'vitest'
import {
  concatBytes,
  httpMessage,
  socks5Consent,
  socks5Request,
  TcpConversation,
  webSocketFrame,
} from '../encode/index.ts'
import { DECODED, PacketDecoder } from '../packet/decoder.ts'
import type { FlowRecord, StratumNews } from './news.ts'
import { FlowTracker } from './tracker.ts'

type Said = readonly [who: '>' | '<', what: string | Uint8Array]

const ETHERNET = 1
const MASK = [1, 2, 3, 4] as const
const HASH = 'c0de'.repeat(16)
const json = (value: unknown): string => JSON.stringify(value)
const line = (value: unknown): string => `${json(value)}\n`
const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  concatBytes(...parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Uint8Array.from(part))))
const rpc = (id: number | string, method: string, params: unknown): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
})
const result = (id: number | string, value: unknown): object => ({ jsonrpc: '2.0', id, result: value })

const asked = (body: unknown, fields: Record<string, string> = {}): Said => [
  '>',
  httpMessage(
    'POST / HTTP/1.1',
    {
      Host: 'node.example:8545',
      'User-Agent': 'node-fetch/1.0',
      'Content-Type': 'application/json',
      ...fields,
    },
    json(body),
  ),
]
const answered = (body: unknown, chunks = 0): Said => [
  '<',
  httpMessage('HTTP/1.1 200 OK', { 'Content-Type': 'application/json' }, json(body), chunks),
]
/** Each request with its answer, over and over. */
const calls = (...pairs: readonly (readonly [method: string, params: unknown, value: unknown])[]): Said[] =>
  pairs.flatMap(([method, params, value], id) => [
    asked(rpc(id, method, params)),
    answered(result(id, value)),
  ])
const again = (times: number, said: readonly Said[]): Said[] =>
  Array.from({ length: times }, () => said).flat()

const upgrade: readonly Said[] = [
  [
    '>',
    httpMessage('GET /socket HTTP/1.1', {
      Host: 'chat.example',
      Upgrade: 'websocket',
      Connection: 'Upgrade',
    }),
  ],
  ['<', httpMessage('HTTP/1.1 101 Switching Protocols', { Upgrade: 'websocket', Connection: 'Upgrade' })],
]
const framed = (said: readonly Said[]): Said[] => [
  ...upgrade,
  ...said.map(([who, what]): Said => [
    who,
    webSocketFrame(bytes(String(what)), who === '>' ? { mask: MASK } : {}),
  ]),
]

const lsp = (value: unknown): string => `Content-Length: ${json(value).length}\r\n\r\n${json(value)}`
const mysql = (sequence: number, payload: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(payload.length, 0, 0, sequence), payload)
const postgres = (type: string, payload: string): Uint8Array =>
  bytes(type, [0, 0, 0, 4 + payload.length], payload)
const hello = bytes([0x16, 3, 1, 0, 9, 1, 0, 0, 5, 3, 3, 0, 0, 0])

/** Traffic of programs that are no miners, however much some of it sounds like it. */
const INNOCENT: readonly (readonly [name: string, said: readonly Said[]])[] = [
  [
    'an Ethereum node, its usual calls over HTTP',
    calls(
      ['eth_blockNumber', [], '0x12a05f2'],
      ['eth_call', [{ to: `0x${'ab'.repeat(20)}`, data: '0x06fdde03' }, 'latest'], `0x${HASH}${HASH}`],
      ['eth_getLogs', [{ fromBlock: '0x1', topics: [`0x${HASH}`] }], []],
      ['eth_mining', [], false],
      ['eth_hashrate', [], '0x0'],
    ),
  ],
  [
    'an Ethereum node, a batch',
    [
      asked([rpc(1, 'eth_chainId', []), rpc(2, 'eth_getBlockByNumber', ['latest', false])]),
      answered([result(1, '0x1'), result(2, { hash: `0x${HASH}`, difficulty: '0x0' })]),
    ],
  ],
  [
    'an Ethereum node over a WebSocket: hashes, three at a time',
    framed([
      ['>', json(rpc(1, 'eth_subscribe', ['newHeads']))],
      ['<', json(result(1, '0x9cef478923ff08bf67fde6c64013158d'))],
      [
        '<',
        json({
          jsonrpc: '2.0',
          method: 'eth_subscription',
          params: { result: { hash: `0x${HASH}`, nonce: '0x0' } },
        }),
      ],
      ['>', json(rpc(2, 'eth_getFilterChanges', ['0x16']))],
      ['<', json(result(2, [`0x${HASH}`, `0x${HASH}`, `0x${HASH}`]))],
    ]),
  ],
  [
    'a Bitcoin node, its owner looking at it',
    calls(
      ['getblockcount', [], 850_000],
      ['getmininginfo', [], { blocks: 850_000, difficulty: 8.8e13, networkhashps: 6e20 }],
      ['getnetworkhashps', [], 6e20],
      ['getrawmempool', [], [HASH, HASH]],
    ),
  ],
  [
    'a Bitcoin node, a template looked at once',
    [
      asked(rpc('cli', 'getblocktemplate', [{ rules: ['segwit'] }])),
      answered(
        result('cli', {
          previousblockhash: HASH,
          bits: '17034219',
          target: HASH,
          coinbasevalue: 312_500_000,
          transactions: [],
        }),
        500,
      ),
    ],
  ],
  [
    'a fee estimator that looks at templates among other things',
    again(5, [
      ...calls(
        ['getmempoolinfo', [], { size: 100 }],
        ['getblocktemplate', [{ rules: ['segwit'] }], { transactions: [] }],
      ),
    ]),
  ],
  [
    'a Monero node: wallet and owner',
    calls(
      ['get_info', {}, { height: 3_200_000, status: 'OK', target: 120 }],
      ['get_last_block_header', {}, { block_header: { hash: HASH, nonce: 12, difficulty: 1 }, status: 'OK' }],
      ['get_block_count', {}, { count: 3_200_000, status: 'OK' }],
    ),
  ],
  [
    'a Monero wallet that asks a node for its height',
    [
      ['>', httpMessage('GET /get_height HTTP/1.1', { Host: 'node.example:18081' })],
      answered({ height: 3_200_000, hash: HASH, status: 'OK' }),
      [
        '>',
        httpMessage(
          'POST /gettransactions HTTP/1.1',
          { Host: 'node.example:18081' },
          json({ txs_hashes: [HASH] }),
        ),
      ],
      answered({ txs: [], status: 'OK' }),
    ],
  ],
  [
    'Electrum',
    [
      ['>', line(rpc(0, 'server.version', ['electrum/4.5', '1.4']))],
      ['<', line(result(0, ['ElectrumX 1.16.0', '1.4']))],
      ['>', line(rpc(1, 'blockchain.scripthash.subscribe', [HASH]))],
      ['<', line(result(1, HASH))],
      ['>', line(rpc(2, 'blockchain.headers.subscribe', []))],
      [
        '<',
        line({
          jsonrpc: '2.0',
          method: 'blockchain.headers.subscribe',
          params: [{ height: 850_000, hex: HASH }],
        }),
      ],
    ],
  ],
  [
    'a language server',
    [
      ['>', lsp(rpc(1, 'initialize', { rootUri: 'file:///srv', capabilities: {} }))],
      ['<', lsp(result(1, { capabilities: {} }))],
      ['>', lsp({ jsonrpc: '2.0', method: 'initialized', params: {} })],
    ],
  ],
  [
    'the Model Context Protocol, with tools that speak of mining',
    [
      [
        '>',
        line(rpc(0, 'initialize', { protocolVersion: '2025-03-26', clientInfo: { name: 'xmrig-helper' } })),
      ],
      ['<', line(result(0, { serverInfo: { name: 'miner' }, capabilities: {} }))],
      [
        '>',
        line(rpc(1, 'tools/call', { name: 'mining.submit', arguments: { nonce: 'dd290000', job_id: '1' } })),
      ],
      ['<', line(result(1, { content: [{ type: 'text', text: 'eth_getWork' }] }))],
    ],
  ],
  [
    'the Model Context Protocol over HTTP',
    [
      asked(rpc(0, 'initialize', { protocolVersion: '2025-03-26' }), {
        Accept: 'application/json, text/event-stream',
      }),
      answered(result(0, { serverInfo: { name: 'b' } })),
      asked(rpc(1, 'tools/list', {})),
    ],
  ],
  [
    'MQTT',
    again(3, [
      ['>', bytes([0x10, 0x1f, 0, 4], 'MQTT', [4, 2, 0, 60])],
      ['<', Uint8Array.of(0x20, 2, 0, 0)],
    ]),
  ],
  [
    'a long poll for updates',
    again(6, [
      ['>', httpMessage('GET /bot/getUpdates?timeout=50 HTTP/1.1', { Host: 'api.example' })],
      answered({ ok: true, result: [] }),
    ]),
  ],
  [
    'a long poll by POST, chunked, for jobs of a build server',
    again(4, [
      asked({ token: 'x', job: { id: null }, info: { name: 'miner-runner', executor: 'docker' } }),
      answered({ id: 17, job_info: { name: 'mine', stage: 'test' }, target: 'x64', blob: 'abc' }, 16),
    ]),
  ],
  [
    'a chat over a WebSocket whose words are those of mining',
    framed([
      ['>', json({ type: 'auth', params: { user: 'bob', token: 'abc' } })],
      ['<', json({ type: 'authed', params: { name: 'bob' } })],
      [
        '<',
        json({ type: 'job', params: { title: 'miner wanted', target: 'us', job_id: 7, blob: 'see below' } }),
      ],
      ['>', json({ type: 'submit', params: { text: 'me!', job_id: 7, nonce: '1', result: 'yes' } })],
      ['<', json({ type: 'hash_accepted', params: { text: 'fine' } })],
    ]),
  ],
  [
    'a chat over a WebSocket that logs in',
    framed([
      ['>', json({ msg: 'connect', version: '1', support: ['1'] })],
      ['<', json({ msg: 'connected', session: 'abc' })],
      ['>', json({ msg: 'method', method: 'login', params: [{ user: { username: 'bob' } }], id: '1' })],
      ['<', json({ msg: 'result', id: '1', result: { id: 'x', token: 'y' } })],
    ]),
  ],
  [
    'Socket.IO',
    framed([
      ['<', '0{"sid":"abc","upgrades":[],"pingInterval":25000}'],
      ['>', '40'],
      ['<', '42["job",{"job_id":"1"}]'],
    ]),
  ],
  [
    'GraphQL over a WebSocket',
    framed([
      ['>', json({ type: 'connection_init', payload: {} })],
      ['<', json({ type: 'connection_ack' })],
      ['>', json({ id: '1', type: 'subscribe', payload: { query: 'subscription { job { id } }' } })],
    ]),
  ],
  [
    'SSH and its keep-alives',
    [
      ['>', 'SSH-2.0-OpenSSH_9.6\r\n'],
      ['<', 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'],
      ...again(8, [
        ['>', bytes([0, 0, 0, 0x10, 0x81, 0x7b, 0x22, 0x33])],
        ['<', bytes([0, 0, 0, 0x10, 0x51, 0x0a, 0x7b, 0x22])],
      ]),
    ],
  ],
  [
    'PostgreSQL',
    [
      ['>', bytes([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f])],
      ['<', 'N'],
      ['>', bytes([0, 0, 0, 23, 0, 3, 0, 0], 'user\0miner\0\0\0\0\0')],
      ['<', postgres('R', '\0\0\0\0')],
      ['>', postgres('Q', "select job_id, nonce from shares where method = 'mining.submit'\0")],
      ['<', postgres('D', '{"method":"mining.submit","params":["w","1","00"]}\n')],
    ],
  ],
  [
    'MySQL',
    [
      ['<', mysql(0, bytes([10], '8.0.36\0', [1, 0, 0, 0], 'abcdefgh'))],
      ['>', mysql(1, bytes([0x85, 0xa6, 3, 0, 0, 0, 0, 1, 33], 'miner\0'))],
      ['>', mysql(0, bytes([3], 'insert into job values (\'{"blob":1}\')'))],
      ['<', mysql(1, Uint8Array.of(0, 1, 0, 2, 0, 0, 0))],
    ],
  ],
  [
    'Redis',
    [
      ['>', '*3\r\n$3\r\nSET\r\n$3\r\njob\r\n$15\r\n{"job_id":"17"}\r\n'],
      ['<', '+OK\r\n'],
      ['>', '*2\r\n$3\r\nGET\r\n$3\r\njob\r\n'],
      ['<', '$15\r\n{"job_id":"17"}\r\n'],
    ],
  ],
  [
    'MongoDB',
    [['>', bytes([0x29, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0, 0, 0, 0, 0, 0], 'isMaster\0')]],
  ],
  ['Kafka', [['>', bytes([0, 0, 0, 0x1a, 0, 0x12, 0, 3, 0, 0, 0, 1, 0, 8], 'producer')]]],
  ['AMQP', [['>', bytes('AMQP', [0, 0, 9, 1])]]],
  [
    'NATS',
    [
      ['<', 'INFO {"server_id":"A","version":"2.10"} \r\n'],
      ['>', 'CONNECT {"verbose":false,"user":"miner","pass":"x"}\r\nPING\r\n'],
      ['<', 'PONG\r\n'],
      ['>', 'PUB job 15\r\n{"job_id":"17"}\r\n'],
    ],
  ],
  [
    'log lines in JSON on their way to a collector',
    again(40, [
      ['>', line({ '@timestamp': '2026-01-01T00:00:00Z', level: 'info', job: 17, result: 'submitted' })],
    ]),
  ],
  [
    'a queue of work: login, getjob, submit',
    [
      ['>', line(rpc(1, 'login', { login: 'bob', pass: 'secret', agent: 'worker/1.0' }))],
      [
        '<',
        line(
          result(1, { id: '4', job: { job_id: '1', blob: 'render frame 3', target: 'gpu' }, status: 'OK' }),
        ),
      ],
      ['>', line(rpc(2, 'getjob', { id: '4' }))],
      ['<', line(result(2, { job_id: '2', blob: 'render frame 4', target: 'gpu' }))],
      ['>', line(rpc(3, 'submit', { id: '4', job_id: '2', nonce: '77', result: 'done' }))],
      ['<', line(result(3, { status: 'OK' }))],
    ],
  ],
  [
    'a queue of work over HTTP that calls it getwork',
    again(5, [
      asked(rpc(1, 'getwork', [])),
      answered(result(1, { task: 17, data: 'frame 3', target: 'gpu' })),
    ]),
  ],
  [
    'HTTPS through an HTTP proxy',
    [
      ['>', httpMessage('CONNECT www.example:443 HTTP/1.1', { Host: 'www.example:443' })],
      ['<', httpMessage('HTTP/1.1 200 Connection established')],
      ['>', hello],
    ],
  ],
  [
    'HTTPS through SOCKS 5',
    [
      ['>', socks5Request('www.example', 443)],
      ['<', socks5Consent(false)],
      ['>', hello],
    ],
  ],
  [
    'JSON-RPC through SOCKS 5',
    [
      ['>', socks5Request('node.example', 8332)],
      ['<', socks5Consent(false)],
      ...calls(['getblockcount', [], 850_000], ['getbestblockhash', [], HASH]),
    ],
  ],
  [
    'HTTP/2 without TLS',
    [
      ['>', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      ['<', bytes([0, 0, 6, 4, 0, 0, 0, 0, 0])],
    ],
  ],
  [
    'an HTTP API that speaks of wallets',
    [
      asked({ login: `4${'A'.repeat(94)}`, pass: 'x', action: 'balance' }),
      answered({ status: 'OK', job: { job_id: '1', target: 'b' } }),
    ],
  ],
  [
    'a page that names a pool',
    [
      ['>', httpMessage('GET /pool?login=miner HTTP/1.1', { Host: 'pool.example' })],
      [
        '<',
        httpMessage(
          'HTTP/1.1 200 OK',
          { 'Content-Type': 'text/html' },
          '<p>{"method":"mining.subscribe"}\n{}</p>',
        ),
      ],
    ],
  ],
]

const MINER: readonly Said[] = [
  ['>', line({ id: 1, method: 'mining.subscribe', params: ['cpuminer/2.5.1'] })],
  ['<', line({ id: 1, result: [[['mining.notify', 'ae68']], '08000002', 4], error: null })],
]

/** What a tracker tells of one connection; `from` leaves packets out at its start. */
function track(
  said: readonly Said[],
  only: '>' | '<' | null = null,
  from = 0,
): { flows: FlowRecord[]; stratum: StratumNews[] } {
  const told = { flows: [] as FlowRecord[], stratum: [] as StratumNews[] }
  const tracker = new FlowTracker(100, {
    flow: (flow) => told.flows.push(flow),
    stratum: (news) => told.stratum.push(news),
    dns: () => {},
    tls: () => {},
  })
  const conversation = new TcpConversation({
    client: { ip: '10.0.0.5', port: 40_000 },
    server: { ip: '198.51.100.7', port: 3333 },
    startMs: 1000,
    rttMs: 1,
    mss: 700,
  })
  conversation.connect()
  for (const [at, [who, what]] of said.entries())
    conversation.send(who === '>', typeof what === 'string' ? Buffer.from(what) : what, 2000 + at * 100)
  conversation.close(2000 + said.length * 100)
  const decoder = new PacketDecoder()
  for (const [at, packet] of conversation.packets().entries()) {
    const frame = packet.bytes
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
    expect(decoder.decode(frame, view, 0, frame.length, ETHERNET, packet.timeMs)).toBe(DECODED)
    const isFromClient = decoder.srcPort === 40_000
    if (at < from || (only !== null && isFromClient !== (only === '>'))) continue
    tracker.track(decoder, packet.timeMs, true, at + 1, 0)
  }
  while (!tracker.finish(100)) continue
  return told
}

describe('no mining in', () => {
  it.each(INNOCENT)('%s', (_name, said) => {
    for (const only of [null, '>', '<'] as const) {
      expect(track(said, only).stratum.map(({ snapshot }) => snapshot.reasons)).toEqual([])
      // Joined after the handshake, and in the middle of what was said.
      for (const from of [3, 4, 6, 9]) {
        const { stratum } = track(said, only, from)
        expect(stratum.map(({ snapshot }) => snapshot.reasons)).toEqual([])
      }
    }
    expect(track(said).flows).toHaveLength(1)
  })

  it('but in this, so that the table proves something', () => {
    for (const only of [null, '>', '<'] as const) expect(track(MINER, only).stratum).not.toEqual([])
  })
})
