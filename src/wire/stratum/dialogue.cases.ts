import type { StratumSnapshot } from './snapshot.ts'

/** `>` the side that opened the connection, `<` the other, `gap>` and `gap<` bytes lost in that direction. */
export type Spoken = readonly [who: '>' | '<' | 'gap>' | 'gap<', text: string]

export interface Case {
  readonly name: string
  readonly spoken: readonly Spoken[]
  readonly expected: Partial<StratumSnapshot>
  /** The miner opened the connection, unless said otherwise. */
  readonly minerIsResponder?: boolean
}

export const MONERO = `48${'DavyLampExampLe'.repeat(7).slice(0, 93)}`
export const MONERO_INTEGRATED = `4${'Lamp'.repeat(27).slice(0, 105)}`
export const BITCOIN = 'bc1qdavy0lamp0example0example0example0exa0'.replaceAll('i', 'q').replaceAll('b', 'b')
export const ZCASH = `t1${'ZcashLampExamp'.repeat(3).slice(0, 33)}`
export const ETHEREUM = `0x${'c0ffee'.repeat(7).slice(0, 40)}`

const hex = (digits: number, seed = '5eed'): string =>
  seed.repeat(Math.ceil(digits / seed.length)).slice(0, digits)
const line = (value: unknown): string => `${JSON.stringify(value)}\n`
const hash0x = (seed: string): string => `0x${hex(64, seed)}`

/** 4 bytes little-endian of 2^32 / 16384. */
const TARGET_16384 = '00000400'
const TARGET_65536 = '00000100'
const BLOB = hex(152, '0c0c')
const SEED = hex(64, 'ab')

export const job = (id: string, more: object = {}, target = TARGET_16384): object => ({
  blob: BLOB,
  job_id: id,
  target,
  ...more,
})
const loginRequest = (params: object): string => line({ id: 1, jsonrpc: '2.0', method: 'login', params })
export const loginReply = (first: object, id: number = 1): string =>
  line({ id, jsonrpc: '2.0', error: null, result: { id: '479', job: first, status: 'OK' } })
const jobPush = (next: object): string => line({ jsonrpc: '2.0', method: 'job', params: next })
const submit = (id: number, jobId: string): string =>
  line({
    id,
    jsonrpc: '2.0',
    method: 'submit',
    params: { id: '479', job_id: jobId, nonce: 'dd290000', result: hex(64) },
  })
const ok = (id: number): string => line({ id, jsonrpc: '2.0', error: null, result: { status: 'OK' } })
const refused = (id: number, message: string): string =>
  line({ id, jsonrpc: '2.0', error: { code: -1, message } })

const XMRIG = 'XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/9.3.0'
const XMRIG_ALGORITHMS = ['cn/1', 'cn/2', 'cn/r', 'cn-heavy/xhv', 'argon2/chukwa', 'rx/0', 'rx/wow']
const RX0 = { algo: 'rx/0', height: 3_100_000, seed_hash: SEED }

const xmrig: readonly Spoken[] = [
  ['>', loginRequest({ login: `${MONERO}.rig-1`, pass: 'topsecret', agent: XMRIG, algo: XMRIG_ALGORITHMS })],
  ['<', loginReply(job('a1', RX0))],
  ['>', submit(2, 'a1')],
  ['<', ok(2)],
  ['<', jobPush(job('a2', RX0, TARGET_65536))],
  ['>', submit(3, 'a2')],
  ['>', submit(4, 'a1')],
  ['<', ok(4)],
  ['<', ok(3)],
  ['>', submit(5, 'a2')],
  ['<', refused(5, 'Low difficulty share')],
  ['>', line({ id: 6, jsonrpc: '2.0', method: 'keepalived', params: { id: '479' } })],
  ['<', line({ id: 6, jsonrpc: '2.0', error: null, result: { status: 'KEEPALIVED' } })],
]

const bitcoinJob = (id: string, nbits: string): string =>
  line({
    id: null,
    method: 'mining.notify',
    params: [
      id,
      hex(64),
      hex(200),
      hex(180),
      [hex(64, 'aa'), hex(64, 'bb')],
      '20000000',
      nbits,
      '504e86ed',
      false,
    ],
  })
const subscribed = (id: number): string =>
  line({
    id,
    result: [
      [
        ['mining.set_difficulty', 'b4b6'],
        ['mining.notify', 'ae68'],
      ],
      '08000002',
      4,
    ],
    error: null,
  })
const isTrue = (id: number | string | null): string => line({ id, result: true, error: null })
const ask = (id: number | string | null, method: string, params: unknown): string =>
  line({ id, method, params })

const zcashJob = (id: string): string =>
  line({
    id: null,
    method: 'mining.notify',
    params: [id, '04000000', hex(64), hex(64, 'ab'), hex(64, '0'), 'a9cc405a', '09d8151c', true],
  })
const TARGET_16000 = `0004${'189374bc6a7ef9db22d0e560'.repeat(3).slice(0, 60)}`

const work = (id: number, header: string, target: string): string =>
  line({ id, jsonrpc: '2.0', result: [hash0x(header), hash0x('5eed'), target] })
/** 2^256 / 2^223 = 2^33. */
const TARGET_2_33 = `0x${'7f'.padStart(10, '0')}${'f'.repeat(54)}`

const httpPost = (head: string, body: object): string => {
  const text = JSON.stringify(body)
  return `POST / HTTP/1.1\r\nHost: pool.example:8332\r\n${head}Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`
}
/** Little-endian: difficulty 1. */
const work0 = { midstate: hex(64), data: hex(256), hash1: hex(128), target: `${'f'.repeat(56)}00000000` }
const httpReply = (body: object): string => {
  const text = JSON.stringify(body)
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`
}

export const CASES: readonly Case[] = [
  {
    name: 'XMRig: login, jobs of two difficulties, shares accepted out of order, one refused, keep-alive',
    spoken: xmrig,
    expected: {
      dialect: 'cryptonote',
      coin: 'XMR',
      algorithm: 'rx/0',
      agent: XMRIG,
      login: MONERO,
      worker: 'rig-1',
      sharesSubmitted: 4,
      sharesAccepted: 3,
      sharesRejected: 1,
      expectedHashes: 16384 + 65536 + 16384,
      confidence: 0.99,
    },
  },
  {
    name: 'XMRig joined in the middle of a line: shares, then a job',
    spoken: [
      ['>', `"nonce":"dd290000","result":"${hex(64)}"}}\r\n`],
      ['<', ok(11)],
      ['>', submit(12, 'x')],
      ['<', ok(12)],
      ['<', jobPush(job('y', RX0))],
      ['>', submit(13, 'y')],
      ['<', ok(13)],
    ],
    expected: {
      dialect: 'cryptonote',
      coin: 'XMR',
      login: null,
      sharesSubmitted: 2,
      sharesAccepted: 3,
      expectedHashes: 3 * 16384,
    },
  },
  {
    name: 'XMRig, only what the miner says',
    spoken: xmrig.filter(([who]) => who === '>'),
    expected: {
      dialect: 'cryptonote',
      coin: 'XMR',
      algorithm: null,
      sharesSubmitted: 4,
      sharesAccepted: 0,
      expectedHashes: 0,
    },
  },
  {
    name: 'XMRig, only what the pool says',
    spoken: xmrig.filter(([who]) => who === '<'),
    expected: {
      dialect: 'cryptonote',
      coin: 'XMR',
      algorithm: 'rx/0',
      login: null,
      sharesSubmitted: 0,
      sharesAccepted: 3,
    },
  },
  {
    name: 'XMRig at NiceHash: paid in Bitcoin, mines Monero',
    spoken: [
      ['>', loginRequest({ login: `${BITCOIN}.w`, pass: 'x', agent: XMRIG, algo: XMRIG_ALGORITHMS })],
      ['<', loginReply(job('a', RX0))],
    ],
    expected: { coin: 'XMR', algorithm: 'rx/0', login: BITCOIN, worker: 'w' },
  },
  {
    name: 'algorithm named, wallet of another coin',
    spoken: [
      ['>', loginRequest({ login: `ZEPH${hex(95, 'aB3')}`, pass: 'x', agent: XMRIG, rigid: 'box' })],
      ['<', loginReply(job('a', RX0))],
    ],
    expected: { coin: 'ZEPH', algorithm: 'rx/0', worker: 'box' },
  },
  {
    name: 'seed_hash without algo stands for RandomX; 8-byte target',
    spoken: [
      ['>', loginRequest({ login: MONERO_INTEGRATED, pass: 'x' })],
      ['<', loginReply(job('a', { seed_hash: SEED }, '0000000000000400'))],
      ['>', submit(2, 'a')],
      ['<', ok(2)],
    ],
    expected: {
      coin: 'XMR',
      algorithm: 'rx/0',
      login: MONERO_INTEGRATED,
      sharesAccepted: 1,
      expectedHashes: 16384,
    },
  },
  {
    name: 'xmr-stak of old: every id is 1, no algo, payment id before the worker, CRLF',
    spoken: [
      [
        '>',
        loginRequest({
          login: `${MONERO}.${hex(64)}.ryzen`,
          pass: 'x',
          agent: 'xmr-stak-cpu/1.3.0-1.5.0',
        }).replace('\n', '\r\n'),
      ],
      ['<', loginReply(job('a', {})).replace('\n', '\r\n')],
      ['>', submit(1, 'a')],
      ['>', submit(1, 'a')],
      ['<', ok(1)],
      ['<', refused(1, 'Duplicate share')],
      ['>', submit(1, 'a')],
      ['<', ok(1)],
    ],
    expected: {
      coin: 'XMR',
      algorithm: 'cryptonight',
      agent: 'xmr-stak-cpu/1.3.0-1.5.0',
      login: `${MONERO}.${hex(64)}`,
      worker: 'ryzen',
      sharesSubmitted: 3,
      sharesAccepted: 2,
      sharesRejected: 1,
    },
  },
  {
    name: 'e-mail as login (MinerGate), getjob',
    spoken: [
      ['>', loginRequest({ login: 'somebody.else@mail.example', pass: 'x', agent: 'MinerGate/1.7' })],
      ['<', loginReply(job('a', { algo: 'cn/1' }))],
      ['>', ask(2, 'getjob', { id: '479' })],
      ['<', line({ id: 2, error: null, result: job('b', { algo: 'cn/1' }) })],
      ['>', submit(3, 'b')],
      ['<', ok(3)],
    ],
    expected: {
      coin: 'XMR',
      algorithm: 'cn/1',
      login: 'somebody.else@mail.example',
      worker: null,
      sharesAccepted: 1,
    },
  },
  {
    name: 'a login alone: an attempt',
    spoken: [['>', loginRequest({ login: `${MONERO}+20000.w2`, pass: 'x' })]],
    expected: { dialect: 'unknown', coin: 'XMR', login: MONERO, worker: 'w2', sharesSubmitted: 0 },
  },
  {
    name: 'the pool opened the connection (or the start was missed)',
    minerIsResponder: true,
    spoken: xmrig.map(([who, text]) => [who === '>' ? '<' : '>', text]),
    expected: { coin: 'XMR', sharesSubmitted: 4, sharesAccepted: 3, sharesRejected: 1 },
  },
  {
    name: 'bytes lost in the middle: what the miner said is missing, its replies count',
    spoken: [
      ...xmrig.slice(0, 4),
      ['gap>', ''],
      ['>', `t":"${hex(20)}"}}\n`],
      ['<', ok(3)],
      ['>', submit(4, 'a1')],
      ['<', ok(4)],
    ],
    expected: { sharesSubmitted: 2, sharesAccepted: 3 },
  },
  {
    name: 'a reply that overtakes its share',
    spoken: [...xmrig.slice(0, 2), ['<', ok(2)], ['>', submit(2, 'a1')], ['<', ok(9)]],
    expected: { sharesSubmitted: 1, sharesAccepted: 1, expectedHashes: 16384 },
  },
  {
    name: 'a method hidden by escapes',
    spoken: [
      [
        '>',
        loginRequest({ login: MONERO, pass: 'x', agent: XMRIG }).replace(
          '"method":"login"',
          '"m\\u0065thod":"log\\u0069n"',
        ),
      ],
    ],
    expected: { coin: 'XMR', login: MONERO, agent: XMRIG },
  },
  {
    name: 'Bitcoin: configure, subscribe, suggest, authorize, difficulty, shares',
    spoken: [
      ['>', ask(1, 'mining.configure', [['version-rolling'], { 'version-rolling.mask': 'ffffffff' }])],
      [
        '<',
        line({ id: 1, result: { 'version-rolling': true, 'version-rolling.mask': '1fffe000' }, error: null }),
      ],
      ['>', ask(2, 'mining.subscribe', ['bmminer/2.0.0'])],
      ['<', subscribed(2)],
      ['>', ask(3, 'mining.authorize', [`${BITCOIN}.s9`, 'topsecret'])],
      ['<', isTrue(3)],
      ['>', ask(4, 'mining.suggest_difficulty', [512])],
      ['>', ask(5, 'mining.extranonce.subscribe', [])],
      ['<', isTrue(5)],
      ['<', ask(null, 'mining.set_version_mask', ['1fffe000'])],
      ['<', ask(null, 'mining.set_difficulty', [512])],
      ['<', bitcoinJob('j1', '17034219')],
      ['>', ask(6, 'mining.submit', [`${BITCOIN}.s9`, 'j1', '00000001', '504e86ed', 'b2957c02', '00c00000'])],
      ['<', isTrue(6)],
      ['<', ask(7, 'client.get_version', [])],
      ['<', ask(null, 'mining.set_difficulty', [1024.5])],
      ['<', bitcoinJob('j2', '17034219')],
      ['>', ask(7, 'mining.submit', [`${BITCOIN}.s9`, 'j1', '00000002', '504e86ed', 'b2957c03'])],
      ['<', isTrue(7)],
      ['>', ask(8, 'mining.submit', [`${BITCOIN}.s9`, 'j2', '00000003', '504e86ed', 'b2957c04'])],
      ['<', isTrue(8)],
      ['>', ask(9, 'mining.submit', [`${BITCOIN}.s9`, 'j2', '00000003', '504e86ed', 'b2957c04'])],
      ['<', line({ id: 9, result: null, error: [22, 'Duplicate share', null] })],
    ],
    expected: {
      dialect: 'bitcoin',
      coin: 'BTC',
      algorithm: 'sha256d',
      agent: 'bmminer/2.0.0',
      login: BITCOIN,
      worker: 's9',
      sharesSubmitted: 4,
      sharesAccepted: 3,
      sharesRejected: 1,
      expectedHashes: (512 + 512 + 1024.5) * 2 ** 32,
    },
  },
  {
    name: 'Bitcoin named by the difficulty of its network alone, joined in the middle of a job',
    spoken: [
      ['<', `${hex(64)}"],"20000000","17034219","504e86ed",false]}\n`],
      ['<', bitcoinJob('j1', '17034219')],
      ['>', ask('txlist1', 'mining.get_transactions', ['j1'])],
      ['<', line({ id: 'txlist1', result: null, error: [20, 'Unknown method', null] })],
    ],
    expected: {
      dialect: 'bitcoin',
      coin: 'BTC',
      algorithm: 'sha256d',
      agent: null,
      login: null,
      sharesRejected: 0,
    },
  },
  {
    name: 'Litecoin: the unit of the difficulty is the hash function’s',
    spoken: [
      ['>', ask(1, 'mining.subscribe', ['cpuminer/2.5.1'])],
      ['<', subscribed(1)],
      ['<', ask(null, 'mining.set_difficulty', [65536])],
      ['<', bitcoinJob('j1', '1a01bd2c')],
      [
        '>',
        ask(2, 'mining.authorize', [
          `L${'iteCoinLampExampLe'.replaceAll('i', 'j').repeat(2).slice(0, 33)}`,
          'x',
        ]),
      ],
      ['<', isTrue(2)],
      ['>', ask(3, 'mining.submit', ['w', 'j1', '00', '504e86ed', 'b2957c02'])],
      ['<', isTrue(3)],
    ],
    expected: {
      dialect: 'bitcoin',
      coin: 'LTC',
      algorithm: 'scrypt',
      sharesAccepted: 1,
      expectedHashes: 2 ** 32,
    },
  },
  {
    name: 'Bitcoin Stratum whose coin does not show',
    spoken: [
      ['>', ask(1, 'mining.subscribe', [])],
      ['<', bitcoinJob('j1', '1b0404cb')],
      ['>', ask(2, 'mining.authorize', ['account.worker', 'x'])],
    ],
    expected: {
      dialect: 'bitcoin',
      coin: null,
      algorithm: null,
      login: 'account',
      worker: 'worker',
      agent: null,
    },
  },
  {
    name: 'Bitcoin, only what the pool says',
    spoken: [
      ['<', subscribed(1)],
      ['<', isTrue(2)],
      ['<', ask(null, 'mining.set_difficulty', [2])],
      ['<', bitcoinJob('j1', '17034219')],
      ['<', isTrue(4)],
      ['<', isTrue(5)],
      ['<', line({ id: 6, result: null, error: [23, 'Low difficulty share', null] })],
    ],
    expected: { coin: 'BTC', sharesSubmitted: 0, sharesAccepted: 2, expectedHashes: 2 * 2 * 2 ** 32 },
  },
  {
    name: 'Bitcoin, only shares and their replies',
    spoken: [
      ['>', ask(40, 'mining.submit', [`${BITCOIN}.s9`, 'j1', '00000001', '504e86ed', 'b2957c02'])],
      ['<', isTrue(40)],
      ['>', ask(41, 'mining.submit', [`${BITCOIN}.s9`, 'j1', '00000002', '504e86ed', 'b2957c03'])],
      ['<', isTrue(41)],
    ],
    expected: {
      dialect: 'bitcoin',
      coin: 'BTC',
      login: BITCOIN,
      worker: 's9',
      sharesSubmitted: 2,
      sharesAccepted: 2,
      expectedHashes: 0,
    },
  },
  {
    name: 'a miner tells its version when asked, with the id of a share of its own',
    spoken: [
      ['<', bitcoinJob('j1', '17034219')],
      ['>', ask(7, 'mining.submit', [`${BITCOIN}.s9`, 'j1', '00000001', '504e86ed', 'b2957c02'])],
      ['<', ask(7, 'client.get_version', [])],
      ['>', line({ id: 7, result: 'cgminer/4.12.1', error: null })],
      ['<', isTrue(7)],
    ],
    expected: { agent: 'cgminer/4.12.1', coin: 'BTC', sharesSubmitted: 1, sharesAccepted: 1 },
  },
  {
    name: 'Litecoin joined in the middle: the wallet comes with a share',
    spoken: [
      ['<', ask(null, 'mining.set_difficulty', [65536])],
      ['<', bitcoinJob('j1', '1a01bd2c')],
      ['>', ask(9, 'mining.submit', [`ltc1q${'q'.repeat(38)}.w`, 'j1', '00000001', '504e86ed', 'b2957c02'])],
      ['<', isTrue(9)],
    ],
    expected: { coin: 'LTC', algorithm: 'scrypt', worker: 'w', sharesAccepted: 1, expectedHashes: 2 ** 32 },
  },
  {
    name: 'ids that are null',
    spoken: [
      ['>', ask(null, 'mining.subscribe', ['x'])],
      ['>', ask(null, 'mining.authorize', ['a.b', 'x'])],
      ['<', line({ id: null, result: [[['mining.notify', 'ae']], '08', 4], error: null })],
      ['<', isTrue(null)],
      ['>', ask(null, 'mining.submit', ['a.b', 'j1', '00000001', '504e86ed', 'b2957c02'])],
      ['>', ask(null, 'mining.submit', ['a.b', 'j1', '00000002', '504e86ed', 'b2957c03'])],
      ['<', isTrue(null)],
      ['<', line({ id: null, result: false, error: null })],
    ],
    expected: { sharesSubmitted: 2, sharesAccepted: 1, sharesRejected: 1 },
  },
  {
    name: 'Zcash: set_target, 1,344-byte solutions',
    spoken: [
      ['>', ask(1, 'mining.subscribe', ['EWBF 0.3.4b', null, 'zec.pool.example', '3333'])],
      ['<', line({ id: 1, result: ['3336b80e8f', '3336b80e8f'], error: null })],
      ['>', ask(2, 'mining.authorize', [`${ZCASH}.c1`, 'x'])],
      ['<', isTrue(2)],
      ['<', ask(null, 'mining.set_target', [TARGET_16000])],
      ['>', ask(3, 'mining.extranonce.subscribe', [])],
      ['<', zcashJob('29c4')],
      ['>', ask(100, 'mining.submit', [`${ZCASH}.c1`, '29c4', 'a9cc405a', hex(50), `fd4005${hex(2688)}`])],
      ['<', line({ id: 100, result: true })],
    ],
    expected: {
      dialect: 'equihash',
      coin: 'ZEC',
      algorithm: 'equihash',
      agent: 'EWBF 0.3.4b',
      login: ZCASH,
      worker: 'c1',
      sharesSubmitted: 1,
      sharesAccepted: 1,
    },
  },
  {
    name: 'Zcash joined in the middle: shares alone',
    spoken: [
      ['>', ask(100, 'mining.submit', [`${ZCASH}.c1`, '29c4', 'a9cc405a', hex(50), `fd4005${hex(2688)}`])],
      ['<', line({ id: 100, result: true })],
    ],
    expected: { dialect: 'equihash', coin: 'ZEC', sharesSubmitted: 1, sharesAccepted: 1 },
  },
  {
    name: 'Zhash (Bitcoin Gold) names its variant',
    spoken: [
      ['>', ask(1, 'mining.subscribe', ['gminer'])],
      [
        '<',
        ask(null, 'mining.notify', [
          '1',
          '04000000',
          hex(64),
          hex(64),
          hex(64),
          'a9cc405a',
          '09d8151c',
          true,
          '144_5',
          'BgoldPoW',
        ]),
      ],
    ],
    expected: { dialect: 'equihash', coin: 'BTG', algorithm: 'equihash144_5' },
  },
  {
    name: 'KawPow: jobs carry their target',
    spoken: [
      [
        '>',
        ask(1, 'mining.subscribe', ['kawpowminer/1.2.4', 'EthereumStratum/1.0.0']).replace(
          ',"EthereumStratum/1.0.0"',
          '',
        ),
      ],
      ['<', line({ id: 1, result: [null, '64290b'], error: null })],
      ['>', ask(2, 'mining.authorize', ['RLampExampLeLampExampLeLampExampLe.rig', 'x'])],
      ['<', isTrue(2)],
      ['<', ask(null, 'mining.set_target', [TARGET_2_33.slice(2)])],
      [
        '<',
        ask(null, 'mining.notify', [
          '9',
          hex(64, 'a1'),
          hex(64, 'b2'),
          TARGET_2_33.slice(2),
          true,
          1_700_000,
          '1b01c4f2',
        ]),
      ],
      ['>', ask(3, 'mining.submit', ['R.rig', '9', '0x64290b0000000001', hash0x('a1'), hash0x('c3')])],
      ['<', isTrue(3)],
    ],
    expected: {
      dialect: 'bitcoin',
      coin: 'RVN',
      algorithm: 'kawpow',
      worker: 'rig',
      sharesAccepted: 1,
      expectedHashes: 2 ** 33,
    },
  },
  {
    name: 'Ethereum getwork: pushes that nobody asked for, the same id for every share',
    spoken: [
      ['>', line({ id: 1, method: 'eth_submitLogin', params: [ETHEREUM, 'topsecret'], worker: 'rig' })],
      ['<', line({ jsonrpc: '2.0', id: 1, result: true })],
      ['>', ask(5, 'eth_getWork', [])],
      ['<', work(5, 'a1', TARGET_2_33)],
      ['<', work(0, 'a2', TARGET_2_33)],
      ['>', ask(40, 'eth_submitWork', ['0xf65db6ec9b5bac06', hash0x('a1'), hash0x('c3')])],
      ['<', line({ jsonrpc: '2.0', id: 40, result: true })],
      ['>', ask(6, 'eth_submitHashrate', ['0x1d08a61', hash0x('1')])],
      ['<', line({ jsonrpc: '2.0', id: 6, result: true })],
      ['<', work(0, 'a3', TARGET_2_33)],
      ['>', ask(40, 'eth_submitWork', ['0xf65db6ec9b5bac07', hash0x('a3'), hash0x('c4')])],
      ['<', line({ jsonrpc: '2.0', id: 40, result: false })],
    ],
    expected: {
      dialect: 'ethereum',
      coin: 'ETH',
      algorithm: 'ethash',
      login: ETHEREUM,
      worker: 'rig',
      sharesSubmitted: 2,
      sharesAccepted: 1,
      sharesRejected: 1,
      expectedHashes: 2 ** 33,
    },
  },
  {
    name: 'Ethereum getwork, wallet.worker and wallet/worker/e-mail',
    spoken: [
      [
        '>',
        line({ id: 2, method: 'eth_submitLogin', params: [`${ETHEREUM}/left.right/me@mail.example`, 'x'] }),
      ],
    ],
    expected: { dialect: 'ethereum', coin: 'ETH', login: ETHEREUM, worker: 'left' },
  },
  {
    name: 'Ethereum getwork, only what the pool says',
    spoken: [
      ['<', work(0, 'a1', TARGET_2_33)],
      ['<', work(0, 'a2', TARGET_2_33)],
    ],
    expected: { dialect: 'ethereum', coin: 'ETH', sharesSubmitted: 0, sharesAccepted: 0 },
  },
  {
    name: 'EthereumStratum/1.0.0 (NiceHash)',
    spoken: [
      ['>', ask(1, 'mining.subscribe', ['ethminer/0.19.0', 'EthereumStratum/1.0.0'])],
      [
        '<',
        line({ id: 1, result: [['mining.notify', 'ae68', 'EthereumStratum/1.0.0'], '080c'], error: null }),
      ],
      ['>', ask(2, 'mining.extranonce.subscribe', [])],
      ['<', isTrue(2)],
      ['>', ask(3, 'mining.authorize', [`${ETHEREUM}.rig`, 'x'])],
      ['<', isTrue(3)],
      ['<', ask(null, 'mining.set_difficulty', [2])],
      ['<', ask(null, 'mining.set_extranonce', ['af4c'])],
      ['<', ask(null, 'mining.notify', ['bf0488aa', hex(64, 'ab'), hex(64, 'cd'), true])],
      ['>', ask(40, 'mining.submit', [`${ETHEREUM}.rig`, 'bf0488aa', '6a909d9bbc0f'])],
      ['<', isTrue(40)],
    ],
    expected: {
      dialect: 'ethereum-stratum',
      coin: 'ETH',
      algorithm: 'ethash',
      agent: 'ethminer/0.19.0',
      login: ETHEREUM,
      worker: 'rig',
      sharesAccepted: 1,
      expectedHashes: 2 ** 33,
    },
  },
  {
    name: 'EthereumStratum/2.0.0',
    spoken: [
      [
        '>',
        line({
          id: 0,
          method: 'mining.hello',
          params: {
            agent: 'ethminer-0.17',
            host: 'pool.example',
            port: '4d2',
            proto: 'EthereumStratum/2.0.0',
          },
        }),
      ],
      [
        '<',
        line({
          id: 0,
          result: {
            proto: 'EthereumStratum/2.0.0',
            encoding: 'plain',
            resume: '0',
            timeout: 'b4',
            maxerrors: '5',
          },
        }),
      ],
      ['>', ask(1, 'mining.subscribe', [])],
      ['<', line({ id: 1, result: 's-12345' })],
      ['>', ask(2, 'mining.authorize', [`${ETHEREUM}.rig`, 'x'])],
      ['<', line({ id: 2, result: 'w-123' })],
      [
        '<',
        line({
          method: 'mining.set',
          params: { epoch: 'dc', target: TARGET_2_33.slice(2), algo: 'ethash', extranonce: 'af4c' },
        }),
      ],
      ['<', line({ method: 'mining.notify', params: ['bf0488aa', '6526d5', hex(64, 'cd'), '0'] })],
      ['>', ask(3, 'mining.submit', ['bf0488aa', '68765fccd712', 'w-123'])],
      ['<', line({ id: 3, result: true })],
    ],
    expected: {
      dialect: 'ethereum-stratum',
      coin: 'ETH',
      algorithm: 'ethash',
      agent: 'ethminer-0.17',
      login: ETHEREUM,
      sharesSubmitted: 1,
      sharesAccepted: 1,
    },
  },
  {
    name: 'a browser miner’s dialogue',
    spoken: [
      ['>', line({ type: 'auth', params: { site_key: 'kLamp', type: 'anonymous', user: null, goal: 0 } })],
      ['<', line({ type: 'authed', params: { token: '', hashes: 0 } })],
      ['<', line({ type: 'job', params: job('a', {}, 'ffffff00') })],
      [
        '>',
        line({ type: 'submit', params: { version: 7, job_id: 'a', nonce: 'dd290000', result: hex(64) } }),
      ],
      ['<', line({ type: 'hash_accepted', params: { hashes: 256 } })],
    ],
    expected: { dialect: 'cryptonote', login: 'kLamp', coin: null, sharesSubmitted: 1, sharesAccepted: 1 },
  },
  {
    name: 'Grin',
    spoken: [
      [
        '>',
        line({
          id: '0',
          jsonrpc: '2.0',
          method: 'login',
          params: { login: 'grinlamp', pass: 'x', agent: 'grin-miner' },
        }),
      ],
      ['<', line({ id: '0', jsonrpc: '2.0', method: 'login', result: 'ok', error: null })],
      [
        '<',
        line({
          id: 'Stratum',
          jsonrpc: '2.0',
          method: 'job',
          params: { difficulty: 1, height: 16375, job_id: 7, pre_pow: hex(500) },
        }),
      ],
      [
        '>',
        line({
          id: '1',
          jsonrpc: '2.0',
          method: 'submit',
          params: { edge_bits: 29, height: 16375, job_id: 7, nonce: 8895699, pow: [1, 2, 3] },
        }),
      ],
    ],
    expected: {
      dialect: 'unknown',
      coin: 'GRIN',
      agent: 'grin-miner',
      login: 'grinlamp',
      sharesSubmitted: 1,
    },
  },
  {
    name: 'getblocktemplate over HTTP: the password in the header stays there',
    spoken: [
      [
        '>',
        httpPost(
          'User-Agent: bfgminer/5.5.0\r\nX-Mining-Extensions: longpoll midstate\r\nAuthorization: Basic ZGF2eTp0b3BzZWNyZXQ=\r\n',
          {
            id: 0,
            method: 'getblocktemplate',
            params: [{ capabilities: ['coinbasetxn', 'workid'] }],
          },
        ),
      ],
      ['<', httpReply({ id: 0, result: { version: 4, bits: '17034219' }, error: null })],
    ],
    expected: { dialect: 'bitcoin', coin: null, agent: 'bfgminer/5.5.0', login: 'davy', sharesSubmitted: 0 },
  },
  {
    name: 'getwork over HTTP with an account that is no base64',
    spoken: [
      ['>', httpPost('Authorization: Basic ZGF=2eQ\r\n', { id: 0, method: 'getwork', params: [] })],
      ['<', httpReply({ id: 0, result: work0, error: null })],
    ],
    expected: { dialect: 'bitcoin', agent: null },
  },
  {
    name: 'Ethereum getwork over HTTP: a share counts',
    spoken: [
      ['>', httpPost('', { id: 1, method: 'eth_getWork', params: [] })],
      ['<', httpReply({ id: 1, result: [hash0x('a1'), hash0x('b2'), TARGET_2_33] })],
      [
        '>',
        httpPost('', {
          id: 1,
          method: 'eth_submitWork',
          params: ['0xf65db6ec9b5bac06', hash0x('a1'), hash0x('c3')],
        }),
      ],
      ['<', httpReply({ id: 1, result: true })],
    ],
    expected: { dialect: 'ethereum', coin: 'ETH', sharesSubmitted: 1, sharesAccepted: 1 },
  },
  {
    name: 'a Monero daemon asked for work to be paid for',
    spoken: [
      [
        '>',
        httpPost('', {
          id: 1,
          jsonrpc: '2.0',
          method: 'getblocktemplate',
          params: { wallet_address: MONERO, reserve_size: 8 },
        }),
      ],
    ],
    expected: { dialect: 'cryptonote', coin: 'XMR', login: MONERO },
  },
  {
    name: 'through an HTTP proxy',
    spoken: [
      ['>', 'CONNECT pool.example:3333 HTTP/1.1\r\nHost: pool.example:3333\r\n\r\n'],
      ['<', 'HTTP/1.1 200 Connection established\r\n\r\n'],
      ...xmrig,
    ],
    expected: { coin: 'XMR', sharesSubmitted: 4, sharesAccepted: 3 },
  },
  {
    name: 'NiceHash behind a mining proxy: extensions told, nonce fixed in the blob, getjob',
    spoken: [
      ['>', loginRequest({ login: 'rig', pass: 'x', agent: 'xmrig-proxy/6.21.0 (Linux)', rigid: 'hall-3' })],
      [
        '<',
        line({
          id: 1,
          jsonrpc: '2.0',
          error: null,
          result: {
            id: '479',
            job: job('a1', RX0),
            extensions: ['algo', 'nicehash', 'connect', 'tls', 'keepalive'],
            status: 'OK',
          },
        }),
      ],
      ['>', submit(2, 'a1')],
      ['<', ok(2)],
    ],
    expected: {
      coin: 'XMR',
      agent: 'xmrig-proxy/6.21.0 (Linux)',
      login: 'rig',
      worker: 'hall-3',
      sharesAccepted: 1,
    },
  },
  {
    name: 'RandomX at a height that Monero had left behind: another coin',
    spoken: [['<', jobPush(job('a', { ...RX0, height: 512_345 }))]],
    expected: { dialect: 'cryptonote', algorithm: 'rx/0', coin: null },
  },
  {
    name: 'Ethereum getwork at a height that Ethereum is not mined at',
    spoken: [
      ['>', ask(1, 'eth_submitLogin', [ETHEREUM.replace('0x', ''), 'x'])],
      ['<', line({ id: 2, result: [hash0x('a1'), hash0x('b2'), TARGET_2_33, '0x1406f40'] })],
    ],
    expected: { dialect: 'ethereum', coin: 'ETC', algorithm: 'ethash' },
  },
  {
    name: 'getwork of a relative of Ethereum',
    spoken: [
      ['>', ask(1, 'aqua_getWork', [])],
      ['<', work(1, 'a1', TARGET_2_33)],
      ['>', ask(2, 'aqua_submitWork', ['0x63d8903c474b670f', hash0x('a1'), hash0x('00')])],
      ['<', isTrue(2)],
    ],
    expected: { dialect: 'ethereum', coin: null, algorithm: null, sharesSubmitted: 1, sharesAccepted: 1 },
  },
  {
    name: 'a greeting that names the pool; client.* and difficulties as text',
    spoken: [
      ['>', ask(1, 'mining.subscribe', ['miniZ/2.0', null, 'eu.pool.example', '4444'])],
      ['<', line({ id: 1, result: [null, '08000002'], error: null })],
      ['>', ask(2, 'mining.authorize', [`${ZCASH}.r`, 'topsecret'])],
      ['<', isTrue(2)],
      ['<', ask(null, 'client.show_message', ['welcome'])],
      ['<', ask(null, 'mining.set_difficulty', ['512'])],
      ['<', ask(null, 'client.reconnect', ['eu2.pool.example', 4444, 10])],
      ['<', ask(9, 'client.get_version', [])],
      ['>', line({ id: 9, result: 'miniZ/2.0', error: null })],
      ['>', ask(3, 'mining.suggest_target', [TARGET_16000])],
    ],
    expected: { agent: 'miniZ/2.0', login: ZCASH, worker: 'r', sharesSubmitted: 0 },
  },
  {
    name: 'EthereumStratum/2.0.0: the greeting names the pool, its port in hex',
    spoken: [
      [
        '>',
        ask(0, 'mining.hello', {
          agent: 'ethminer-0.19',
          host: 'eth.pool.example',
          port: 'd05',
          proto: 'EthereumStratum/2.0.0',
        }),
      ],
    ],
    expected: { dialect: 'ethereum-stratum', agent: 'ethminer-0.19', poolName: 'eth.pool.example:3333' },
  },
  {
    name: 'Kaspa: the header as four numbers',
    spoken: [
      ['<', ask(null, 'mining.set_difficulty', [4])],
      ['<', ask(null, 'mining.notify', ['17', [1, 2, 3, 4], 1_700_000_000_000])],
    ],
    expected: { dialect: 'bitcoin', coin: 'KAS', algorithm: 'kheavyhash' },
  },
]
