import type { Random } from '../../../src/range/random.ts'
import { jobTimes, poissonTimes, TIMING, within } from './timing.ts'
import type { Said } from './seal.ts'

/** What a miner and its pool say to each other for so long. No hashing: shares are of chance. */
export type Script = (lastsS: number, rttMs: number, random: Random) => Said[]

const LETTERS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** XMRig at a pool of Monero: login, jobs, submit, keepalived. */
export const moneroMiner: Script = (lastsS, rttMs, random) => {
  const id = `${random.hex(8)}-${random.hex(4)}-${random.hex(4)}-${random.hex(4)}-${random.hex(12)}`
  let height = 2_300_000 + random.integer(0, 900_000)
  const seedHash = random.hex(64)
  let job = ''
  const newJob = (): object => {
    job = random.text(16, LETTERS)
    height += random.chance(0.6) ? 1 : 0
    return {
      blob: random.hex(152),
      algo: 'rx/0',
      height,
      seed_hash: seedHash,
      job_id: job,
      target: 'ffff0100',
      id,
    }
  }
  const login = {
    login: `4${random.text(94, LETTERS)}`,
    pass: 'x',
    agent: 'XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/9.3.0',
    algo: [
      'rx/0',
      'cn/2',
      'cn/r',
      'cn/fast',
      'cn/half',
      'cn/xao',
      'cn/rto',
      'cn/rwz',
      'cn/zls',
      'cn/double',
      'rx/wow',
    ],
  }
  const talk = new Talk(rttMs, random)
  talk.ask(0, rpc({ id: 1, method: 'login', params: login }), () =>
    rpc({
      id: 1,
      error: null,
      result: { id, job: newJob(), extensions: ['algo', 'keepalive'], status: 'OK' },
    }),
  )
  let lastS = 0
  let request = 1
  const events = [
    ...jobTimes('monero', lastsS, random).map((atS) => ({ atS, isJob: true })),
    ...poissonTimes(within(TIMING.shareEveryS, random), lastsS, random).map((atS) => ({ atS, isJob: false })),
  ].toSorted((a, b) => a.atS - b.atS)
  for (const { atS, isJob } of events) {
    for (; lastS + TIMING.keepAliveS < atS; lastS += TIMING.keepAliveS) {
      const count = ++request
      talk.ask(lastS + TIMING.keepAliveS, rpc({ id: count, method: 'keepalived', params: { id } }), () =>
        rpc({ id: count, error: null, result: { status: 'KEEPALIVED' } }),
      )
    }
    lastS = atS
    if (isJob) talk.tell(atS, rpc({ method: 'job', params: newJob() }))
    else {
      const count = ++request
      const params = { id, job_id: job, nonce: random.hex(8), result: random.hex(64), algo: 'rx/0' }
      talk.ask(atS, rpc({ id: count, method: 'submit', params }), () =>
        rpc({ id: count, error: null, result: { status: 'OK' } }),
      )
    }
  }
  return talk.said
}

/** Bitcoin's Stratum, as CPU and GPU miners of many coins speak it. */
export const bitcoinMiner: Script = (lastsS, rttMs, random) => {
  const user = `bc1q${random.text(38, 'acdefghjklmnpqrstuvwxyz023456789')}.rig${random.integer(1, 99)}`
  const talk = new Talk(rttMs, random)
  const branches = random.integer(0, 12)
  let job = ''
  const notify = (isClean: boolean): Uint8Array => {
    job = random.hex(8)
    return line({
      id: null,
      method: 'mining.notify',
      params: [
        job,
        random.hex(64),
        random.hex(120),
        random.hex(180),
        Array.from({ length: branches }, () => random.hex(64)),
        '20000000',
        random.hex(8),
        random.hex(8),
        isClean,
      ],
    })
  }
  talk.ask(0, line({ id: 1, method: 'mining.subscribe', params: ['cpuminer-opt/3.23.1'] }), () =>
    line({ id: 1, result: [[['mining.notify', random.hex(8)]], random.hex(8), 4], error: null }),
  )
  talk.ask(1, line({ id: 2, method: 'mining.authorize', params: [user, 'x'] }), () =>
    line({ id: 2, result: true, error: null }),
  )
  talk.tell(1.4, line({ id: null, method: 'mining.set_difficulty', params: [4096] }))
  talk.tell(1.45, notify(true))
  for (const atS of jobTimes('bitcoin', lastsS, random)) talk.tell(atS, notify(random.chance(0.1)))
  let request = 3
  for (const atS of poissonTimes(within(TIMING.shareEveryS, random), lastsS, random)) {
    const count = ++request
    const share = [user, job, random.hex(8), random.hex(8), random.hex(8)]
    talk.ask(atS + 2, line({ id: count, method: 'mining.submit', params: share }), () =>
      line({ id: count, result: true, error: null }),
    )
  }
  return talk.said
}

/** Ethereum's way of getwork over TCP, as coins that went on with it still have it. */
export const ethereumMiner: Script = (lastsS, rttMs, random) => {
  const talk = new Talk(rttMs, random)
  const target = `0x${'0'.repeat(8)}${random.hex(56)}`
  const work = () => [`0x${random.hex(64)}`, `0x${random.hex(64)}`, target]
  const login = {
    id: 1,
    jsonrpc: '2.0',
    worker: 'rig',
    method: 'eth_submitLogin',
    params: [`0x${random.hex(40)}`, 'x'],
  }
  talk.ask(0, line(login), () => line({ id: 1, jsonrpc: '2.0', result: true }))
  talk.ask(1, line({ id: 5, jsonrpc: '2.0', method: 'eth_getWork', params: [] }), () =>
    line({ id: 5, jsonrpc: '2.0', result: work() }),
  )
  for (const atS of jobTimes('ethereum', lastsS, random))
    talk.tell(atS, line({ id: 0, jsonrpc: '2.0', result: work() }))
  for (const atS of poissonTimes(within(TIMING.shareEveryS, random), lastsS, random)) {
    const params = [`0x${random.hex(16)}`, `0x${random.hex(64)}`, `0x${random.hex(64)}`]
    talk.ask(atS, line({ id: 40, jsonrpc: '2.0', worker: 'rig', method: 'eth_submitWork', params }), () =>
      line({ id: 40, jsonrpc: '2.0', result: true }),
    )
  }
  return talk.said
}

/** Questions and their answers, and what comes unasked. */
export class Talk {
  readonly said: Said[] = []
  readonly #rttMs: number
  readonly #random: Random

  constructor(rttMs: number, random: Random) {
    this.#rttMs = rttMs
    this.#random = random
  }

  /** The client says something; the answer is back after the round trip and what the server takes to think. */
  ask(
    atS: number,
    question: Uint8Array,
    answer: () => Uint8Array,
    thinksS = within(TIMING.poolThinksS, this.#random),
  ): void {
    this.said.push({ atMs: atS * 1000, fromClient: true, bytes: question })
    this.said.push({ atMs: (atS + thinksS) * 1000 + this.#rttMs, fromClient: false, bytes: answer() })
  }

  /** The server says something of its own accord. */
  tell(atS: number, bytes: Uint8Array): void {
    this.said.push({ atMs: atS * 1000, fromClient: false, bytes })
  }

  /** The client does, and gets no answer. */
  send(atS: number, bytes: Uint8Array): void {
    this.said.push({ atMs: atS * 1000, fromClient: true, bytes })
  }
}

export function line(message: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(message)}\n`)
}

function rpc(message: object): Uint8Array {
  return line({ jsonrpc: '2.0', ...message })
}
