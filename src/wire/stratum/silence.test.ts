import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CASES, job, loginReply, MONERO, type Spoken } from './dialogue.cases.ts'
import { StratumDialogue } from './dialogue.ts'

const encoder = new TextEncoder()
const rpc = (id: number, method: string, params: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })
const reply = (id: number, result: unknown): string => JSON.stringify({ jsonrpc: '2.0', id, result })
const hash = (seed: string): string => `0x${seed.repeat(64).slice(0, 64)}`

function speak(spoken: readonly (readonly [who: string, text: string | Uint8Array])[]): StratumDialogue {
  const dialogue = new StratumDialogue()
  for (const [who, text] of spoken) {
    dialogue.feed(who === '>', typeof text === 'string' ? encoder.encode(text) : text, 0, 1, 0)
  }
  return dialogue
}

const deep = (open: string, close: string): string => open.repeat(10_000) + close.repeat(10_000)

const lines = (...spoken: readonly (readonly [string, string])[]): [string, string][] =>
  spoken.map(([who, text]) => [who, `${text}\n`])
const http = (request: string, response: string): [string, string][] => [
  [
    '>',
    `POST / HTTP/1.1\r\nHost: node.example\r\nUser-Agent: curl/8.5.0\r\nContent-Length: ${request.length}\r\n\r\n${request}`,
  ],
  ['<', `HTTP/1.1 200 OK\r\nContent-Length: ${response.length}\r\n\r\n${response}`],
]

/** Traffic that looks like mining in one way or another and is not; `other` unless the case says it may stay open. */
const SILENT: readonly (readonly [
  name: string,
  spoken: readonly (readonly [string, string | Uint8Array])[],
])[] = [
  ['TLS', [['>', Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0)]]],
  ['SSH', [['>', 'SSH-2.0-OpenSSH_9.6\r\n']]],
  [
    'SMTP',
    [
      ['<', '220 mail.example ESMTP\r\n'],
      ['>', 'EHLO me\r\n'],
    ],
  ],
  ['HTTP GET', [['>', 'GET /login?submit=job HTTP/1.1\r\nHost: a.example\r\n\r\n']]],
  ['HTTP reply whose request was missed', [['<', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}']]],
  ['Bitcoin node to node', [['>', Uint8Array.of(0xf9, 0xbe, 0xb4, 0xd9, 0x76, 0x65, 0x72)]]],
  ['MQTT', [['>', Uint8Array.of(0x10, 0x1f, 0, 4, 0x4d, 0x51, 0x54, 0x54)]]],
  [
    'Redis',
    [
      ['>', '*1\r\n$4\r\nPING\r\n'],
      ['<', '+PONG\r\n'],
    ],
  ],
  ['a text with braces', [['>', 'body { color: red }\nh1 { color: blue }\n']]],
  [
    'Ethereum node over a plain stream',
    lines(
      ['>', rpc(1, 'eth_blockNumber', [])],
      ['<', reply(1, '0x4b7')],
      ['>', rpc(2, 'eth_getBlockByNumber', ['0x1b4', true])],
      ['<', reply(2, { hash: hash('a'), transactions: [hash('b')] })],
    ),
  ],
  [
    'Ethereum node: a filter gives hashes',
    lines(
      ['<', reply(1, [hash('a1'), hash('b2'), hash('c3')])],
      ['>', rpc(2, 'eth_getFilterChanges', ['0x16'])],
      ['<', reply(2, [hash('d4'), hash('e5'), hash('f6')])],
      ['>', rpc(3, 'eth_getFilterChanges', ['0x16'])],
    ),
  ],
  [
    'Ethereum node over HTTP',
    http(rpc(1, 'eth_getBlockByNumber', ['latest', false]), reply(1, { hash: hash('a') })),
  ],
  ['Bitcoin node over HTTP', http(rpc(1, 'getblockcount', []), reply(1, 800_000))],
  ['Monero node over HTTP', http(rpc(1, 'get_info', {}), reply(1, { height: 1, status: 'OK' }))],
  ['JSON API over HTTP', http(JSON.stringify({ login: 'bob', pass: 'x' }), JSON.stringify({ status: 'OK' }))],
  [
    'Electrum',
    lines(
      ['>', rpc(0, 'server.version', ['electrum/4.5', '1.4'])],
      ['<', reply(0, ['ElectrumX 1.16.0', '1.4'])],
      ['>', rpc(1, 'blockchain.headers.subscribe', [])],
      ['<', reply(1, { height: 520_481, hex: '00'.repeat(80) })],
    ),
  ],
  [
    'language server',
    [['>', 'Content-Length: 59\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}']],
  ],
  [
    'Model Context Protocol',
    lines(
      ['>', rpc(0, 'initialize', { protocolVersion: '2025-03-26', clientInfo: { name: 'a' } })],
      ['<', reply(0, { serverInfo: { name: 'b' } })],
      ['>', rpc(1, 'tools/list', {})],
    ),
  ],
  [
    'a chat whose words are those of mining',
    lines(
      ['>', JSON.stringify({ type: 'auth', params: { user: 'bob' } })],
      ['<', JSON.stringify({ type: 'job', params: { title: 'miner wanted', target: 'us' } })],
      ['>', JSON.stringify({ type: 'submit', params: { text: 'me!' } })],
    ),
  ],
  [
    'a batch queue: login, job, submit',
    lines(
      ['>', rpc(1, 'login', { login: 'bob', pass: 'secret' })],
      ['<', reply(1, { status: 'OK' })],
      [
        '<',
        JSON.stringify({ method: 'job', params: { job_id: '17', blob: 'render frame 3', target: 'gpu' } }),
      ],
      ['>', rpc(2, 'submit', { job_id: '17', result: 'done', nonce: '1' })],
      ['<', reply(2, { status: 'OK' })],
    ),
  ],
  [
    'a game that speaks of mining',
    lines(
      ['>', rpc(1, 'mining.start', { pickaxe: 3 })],
      ['<', reply(1, true)],
      ['>', rpc(2, 'mining.submit', ['gold', 'ore', 'lots'])],
    ),
  ],
]

describe('stays silent', () => {
  it.each(SILENT)('%s', (_name, spoken) => {
    expect(speak(spoken).verdict).toBe('other')
  })

  it('a login with nothing of mining about it', () => {
    expect(speak(lines(['>', rpc(1, 'login', { login: 'bob', pass: 'x' })])).verdict).toBe('undecided')
  })

  it('replies alone', () => {
    expect(speak(lines(['<', reply(1, true)], ['<', reply(2, { status: 'OK' })])).verdict).toBe('undecided')
  })
})

describe('decides within bounds', () => {
  it('gives up on many lines that say nothing', () => {
    const dialogue = new StratumDialogue()
    for (let id = 0; id < 24; id++) dialogue.feed(false, encoder.encode(`${reply(id, true)}\n`), 0, 1, 0)
    expect(dialogue.verdict).toBe('other')
  })

  it.each(['{"', 'x'])('gives up on an endless line of %s', (start) => {
    const dialogue = new StratumDialogue()
    dialogue.feed(true, encoder.encode(start), 0, 1, 0)
    let fed = 0
    while (dialogue.verdict === 'undecided' && fed < 1e6) {
      dialogue.feed(true, encoder.encode('a'.repeat(1000)), 0, 1, 0)
      fed += 1000
    }
    expect(dialogue.verdict).toBe('other')
    expect(fed).toBeLessThanOrEqual(67_000)
  })

  it('reads a Bitcoin job of 30 kB, and leaves out a line of a megabyte', () => {
    const branch = Array.from({ length: 450 }, () => 'ab'.repeat(32))
    const notify = JSON.stringify({
      id: null,
      method: 'mining.notify',
      params: ['j', 'cd'.repeat(32), '01', '02', branch, '2', '17034219', '5', true],
    })
    const huge = JSON.stringify({ id: 9, method: 'mining.submit', params: ['w', 'j', 'a'.repeat(1e6)] })
    const dialogue = speak(
      lines(['<', notify], ['>', huge], ['>', rpc(1, 'mining.submit', ['w', 'j', '00', '5', '6'])]),
    )
    expect(dialogue.verdict).toBe('mining')
    expect(dialogue.snapshot()).toMatchObject({ coin: 'BTC', sharesSubmitted: 1 })
  })

  it('survives JSON nested 10,000 levels deep, before and after the verdict', () => {
    const nasty = [
      `{"method":"login","params":${deep('[', ']')}}`,
      `{"id":1,"result":${deep('{"job":', '}').replace('}', '1}')}}`,
      `{"m\\u0065thod":"login","params":${deep('[', ']')}}`,
      `{"method":"mining.notify","params":["a",${deep('[', ']')}]}`,
    ]
    expect(speak(lines(...nasty.map((text) => ['>', text] as const))).verdict).toBe('other')
    const mining = speak(
      lines(['<', loginReply(job('a')).trim()], ...nasty.map((text) => ['>', text] as const)),
    )
    expect(mining.verdict).toBe('mining')
    expect(mining.snapshot().sharesSubmitted).toBe(0)
  })
})

describe('any bytes', () => {
  const seeds = CASES.map(({ spoken }) => spoken)
  const mutated = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.nat(), { minLength: 50, maxLength: 200 }),
      fc.nat({ max: 40 }),
    )
    .map(([spoken, numbers, changes]) => mutate(spoken, numbers, changes))

  it('never throw, and counts stay sane', () => {
    fc.assert(
      fc.property(mutated, (chunks) => {
        const dialogue = new StratumDialogue()
        for (const [fromInitiator, bytes] of chunks) {
          if (bytes.length === 3) dialogue.gap(fromInitiator)
          dialogue.feed(fromInitiator, bytes, 1, 1, 1)
          dialogue.takeChange()
        }
        const told = dialogue.snapshot()
        expect(Number.isFinite(told.expectedHashes)).toBe(true)
        expect(told.confidence).toBeLessThan(1)
        expect(told.sharesSubmitted).toBeLessThan(1000)
        expect(new TextEncoder().encode(told.lastLine).length).toBeLessThanOrEqual(512 * 3)
      }),
      { numRuns: 1500, seed: 20260502 },
    )
  })

  it('tell the same however they are cut', () => {
    fc.assert(
      fc.property(mutated, (chunks) => {
        const [whole, cut] = [new StratumDialogue(), new StratumDialogue()]
        for (const [fromInitiator, bytes] of chunks) {
          whole.feed(fromInitiator, bytes, 1, 1, 1)
          for (const byte of bytes) cut.feed(fromInitiator, Uint8Array.of(byte), 1, 1, 1)
        }
        expect(cut.verdict).toBe(whole.verdict)
        if (whole.verdict === 'mining') expect(cut.snapshot()).toEqual(whole.snapshot())
      }),
      { numRuns: 300, seed: 20260507 },
    )
  })

  it('never throw when they are random', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 300 }))), (chunks) => {
        const dialogue = new StratumDialogue()
        for (const [fromInitiator, bytes] of chunks) dialogue.feed(fromInitiator, bytes, 1, 1, 1)
        expect(dialogue.verdict).not.toBe('mining')
      }),
      { numRuns: 300, seed: 20260503 },
    )
  })
})

const PIECES = ['"', '{', '}', '[', ']', '\\', '\n', '9'.repeat(400), MONERO]

/** Lines of a dialogue with bytes changed, dropped, doubled, and cut anew. */
function mutate(
  spoken: readonly Spoken[],
  numbers: readonly number[],
  changes: number,
): [boolean, Uint8Array][] {
  let turn = 0
  const next = (below: number): number => numbers[turn++ % numbers.length]! % Math.max(1, below)
  const chunks = spoken.map(([who, text]): [boolean, number[]] => [
    who.endsWith('>'),
    [...encoder.encode(text)],
  ])
  for (let n = 0; n < changes; n++) {
    const bytes = chunks[next(chunks.length)]![1]
    const at = next(bytes.length)
    const kind = next(4)
    if (kind === 0) bytes[at] = next(256)
    else if (kind === 1) bytes.splice(at, 1 + next(8))
    else if (kind === 2) bytes.splice(at, 0, ...bytes.slice(at, at + next(60)))
    else bytes.splice(at, 0, ...encoder.encode(PIECES[next(PIECES.length)]))
  }
  return chunks.flatMap(([who, bytes]) => {
    const cut = next(bytes.length)
    return [bytes.slice(0, cut), bytes.slice(cut)].map((part): [boolean, Uint8Array] => [
      who,
      Uint8Array.from(part),
    ])
  })
}
