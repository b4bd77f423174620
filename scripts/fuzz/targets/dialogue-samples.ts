/** One side's words; `isFirst` = said by the side that opened the connection. */
export interface Spoken {
  readonly isFirst: boolean
  readonly text: string
}

const WALLET = `4${'8'.repeat(94)}`
const JOB = {
  blob: '10'.repeat(76),
  job_id: 'j1',
  target: 'b88d0600',
  algo: 'rx/0',
  height: 3_000_000,
  seed_hash: 'ab'.repeat(32),
}

function said(isFirst: boolean, ...values: readonly unknown[]): Spoken {
  return { isFirst, text: values.map((value) => `${JSON.stringify(value)}\n`).join('') }
}

const CRYPTONOTE: readonly Spoken[] = [
  said(true, {
    id: 1,
    jsonrpc: '2.0',
    method: 'login',
    params: { login: `${WALLET}.rig`, pass: 'x', agent: 'XMRig/6.21.0' },
  }),
  said(false, { id: 1, jsonrpc: '2.0', error: null, result: { id: 's1', job: JOB, status: 'OK' } }),
  said(true, {
    id: 2,
    jsonrpc: '2.0',
    method: 'submit',
    params: { id: 's1', job_id: 'j1', nonce: '0a0b0c0d', result: 'ab'.repeat(32) },
  }),
  said(
    false,
    { id: 2, jsonrpc: '2.0', error: null, result: { status: 'OK' } },
    { jsonrpc: '2.0', method: 'job', params: JOB },
  ),
  said(false, { id: 3, jsonrpc: '2.0', error: { code: -1, message: 'Low difficulty share' } }),
]

const BITCOIN: readonly Spoken[] = [
  said(true, { id: 1, method: 'mining.subscribe', params: ['cgminer/4.10.0'] }),
  said(false, { id: 1, result: [[['mining.notify', 'ae68']], '08000002', 4], error: null }),
  said(true, { id: 2, method: 'mining.authorize', params: ['bc1qexample.worker', 'x'] }),
  said(
    false,
    { id: 2, result: true, error: null },
    { id: null, method: 'mining.set_difficulty', params: [1024] },
  ),
  said(false, {
    id: null,
    method: 'mining.notify',
    params: ['bf', '00'.repeat(32), '01', '02', [], '20000000', '1c2ac4af', '504e86b9', true],
  }),
  said(true, {
    id: 4,
    method: 'mining.submit',
    params: ['bc1qexample.worker', 'bf', '00000001', '504e86ed', 'b2957c02'],
  }),
  said(false, { id: 4, result: true, error: null }),
]

const ETHEREUM: readonly Spoken[] = [
  said(true, {
    id: 1,
    jsonrpc: '2.0',
    method: 'eth_submitLogin',
    worker: 'rig',
    params: [`0x${'c0'.repeat(20)}`, 'x'],
  }),
  said(false, { id: 1, jsonrpc: '2.0', result: true }),
  said(true, { id: 3, jsonrpc: '2.0', method: 'eth_getWork', params: [] }),
  said(false, {
    id: 3,
    jsonrpc: '2.0',
    result: [`0x${'a1'.repeat(32)}`, `0x${'b2'.repeat(32)}`, `0x${'0'.repeat(8)}${'f'.repeat(56)}`],
  }),
  said(true, {
    id: 4,
    method: 'eth_submitWork',
    params: ['0x01', `0x${'a1'.repeat(32)}`, `0x${'c3'.repeat(32)}`],
  }),
  said(false, { id: 4, jsonrpc: '2.0', result: true }),
]

const PROXIED: readonly Spoken[] = [
  { isFirst: true, text: 'CONNECT pool.example.net:3333 HTTP/1.1\r\nHost: pool.example.net\r\n\r\n' },
  { isFirst: false, text: 'HTTP/1.1 200 Connection established\r\n\r\n' },
  ...CRYPTONOTE,
]

const OVER_HTTP: readonly Spoken[] = [
  {
    isFirst: true,
    text: 'POST / HTTP/1.1\r\nHost: pool.example.net\r\nAuthorization: Basic YTpi\r\nTransfer-Encoding: chunked\r\n\r\n',
  },
  { isFirst: true, text: '1b\r\n{"id":1,"method":"getwork"}\r\n0\r\n\r\n' },
  { isFirst: false, text: 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"id":1,"a"}' },
]

export const DIALOGUES: readonly (readonly Spoken[])[] = [CRYPTONOTE, BITCOIN, ETHEREUM, PROXIED, OVER_HTTP]

export const WORDS: readonly string[] = [
  '"method":',
  '"mining.notify"',
  '"login"',
  '"job_id":',
  '"params":[',
  '"result":',
  '"blob":"',
  '"target":"ffffff00"',
  '"difficulty":1e308',
  '{"id":1,',
  '}\n',
  '\r\n\r\n',
  'HTTP/1.1 200 OK\r\n',
  'Content-Length: 99999999999\r\n',
  'ffffffff\r\n',
  '\\ud800',
  '[[[[[[[[',
]
