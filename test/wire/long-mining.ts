import { Random } from '../../src/range/random.ts'
import { TcpConversation, type TimedPacket } from '../../src/wire/encode/index.ts'

/** A miner of known speed at a pool that sets its difficulty. */
export interface LongMining {
  readonly seed: string
  readonly dialect: 'cryptonote' | 'bitcoin' | 'ethereum'
  /** H/s. */
  readonly rate: number
  readonly shares: number
  /** Hashes a share takes on average, at first. */
  readonly difficulty: number
  /** The pool sets it so that a share comes every so many seconds; null where it stays. */
  readonly shareEveryS: number | null
  /** The connection breaks after so many shares, and is made again. */
  readonly breaksEvery?: number
}

const START_MS = Date.UTC(2026, 4, 12, 3)
const RTT_MS = 40
/** How often the pool has a new job, and looks at the difficulty. */
const JOB_EVERY_S = 60
const BREAK_S = 5
const TWO_32 = 2 ** 32
const TWO_256 = 1n << 256n
const NAME = `4${'8DavyLampExampLe'.repeat(7).slice(0, 94)}`

/** Packets of all its connections. Shares come as hashing finds them: a Poisson process whose rate is speed over difficulty. */
export function longMining(fields: LongMining): TimedPacket[] {
  const random = new Random(fields.seed)
  const packets: TimedPacket[] = []
  let left = fields.shares
  let atS = 0
  let difficulty = fields.difficulty
  for (let connection = 0; left > 0; connection++) {
    const most = Math.min(left, fields.breaksEvery ?? left)
    const talk = new TcpConversation({
      client: { ip: '10.0.3.17', port: 50_000 + connection },
      server: { ip: '198.51.100.7', port: 3333 },
      startMs: START_MS + atS * 1000,
      rttMs: RTT_MS,
    })
    const speech = SPEECH[fields.dialect](random)
    const said: { readonly atMs: number; readonly fromClient: boolean; readonly bytes: Uint8Array }[] = []
    const send = (fromClient: boolean, messages: readonly object[], laterMs = 0): void => {
      for (const message of messages)
        said.push({ atMs: START_MS + atS * 1000 + laterMs, fromClient, bytes: line(message) })
    }
    talk.connect()
    atS += 0.1
    send(true, speech.hello)
    send(false, speech.welcome(difficulty), RTT_MS)
    let [jobS, sinceS, found] = [atS + JOB_EVERY_S, atS, 0]
    for (let shares = 0; shares < most;) {
      const nextS = atS + random.exponential(difficulty / fields.rate)
      // A new job: hashing begins anew, which a Poisson process does not notice.
      if (nextS > jobS) {
        atS = jobS
        if (fields.shareEveryS !== null && atS - sinceS >= 2 * JOB_EVERY_S) {
          const wanted = difficulty * ((Math.max(found, 0.5) / (atS - sinceS)) * fields.shareEveryS)
          difficulty = Math.round(Math.min(difficulty * 4, Math.max(difficulty / 4, wanted)))
          sinceS = atS
          found = 0
        }
        send(false, speech.job(difficulty))
        jobS += JOB_EVERY_S
        continue
      }
      atS = nextS
      shares++
      found++
      send(true, [speech.share()])
      send(false, [speech.yes()], RTT_MS + 5)
    }
    // It is broken off at any time, not with a share.
    atS += random.exponential(difficulty / fields.rate)
    for (const { atMs, fromClient, bytes } of said.toSorted((a, b) => a.atMs - b.atMs))
      talk.send(fromClient, bytes, atMs)
    talk.close(START_MS + atS * 1000)
    packets.push(...talk.packets())
    atS += BREAK_S
    left -= most
  }
  return packets
}

interface Speech {
  readonly hello: readonly object[]
  welcome(difficulty: number): object[]
  job(difficulty: number): object[]
  share(): object
  yes(): object
}

const SPEECH: Readonly<Record<LongMining['dialect'], (random: Random) => Speech>> = {
  cryptonote(random) {
    let [id, job] = [1, '']
    const newJob = (difficulty: number): object => {
      job = random.hex(16)
      const target = Buffer.alloc(8)
      target.writeBigUInt64LE((1n << 64n) / BigInt(difficulty))
      return {
        blob: random.hex(152),
        job_id: job,
        target: target.toString('hex'),
        algo: 'rx/0',
        height: 3_000_000,
      }
    }
    const login = { login: NAME, pass: 'x', agent: 'XMRig/6.21.0' }
    return {
      hello: [{ id, jsonrpc: '2.0', method: 'login', params: login }],
      welcome: (difficulty) => [
        { id, jsonrpc: '2.0', error: null, result: { id: 's1', job: newJob(difficulty), status: 'OK' } },
      ],
      job: (difficulty) => [{ jsonrpc: '2.0', method: 'job', params: newJob(difficulty) }],
      share: () => ({
        id: ++id,
        jsonrpc: '2.0',
        method: 'submit',
        params: { id: 's1', job_id: job, nonce: random.hex(8), result: random.hex(64) },
      }),
      yes: () => ({ id, jsonrpc: '2.0', error: null, result: { status: 'OK' } }),
    }
  },
  bitcoin(random) {
    let [id, job] = [2, '']
    const user = 'bc1qexampleexampleexampleexampleexampleexam.rig'
    const newJob = (difficulty: number): object[] => {
      job = random.hex(8)
      const work = [
        job,
        random.hex(64),
        random.hex(60),
        random.hex(90),
        [],
        '20000000',
        '1702f8ab',
        '6641f0aa',
        false,
      ]
      return [
        { id: null, method: 'mining.set_difficulty', params: [difficulty / TWO_32] },
        { id: null, method: 'mining.notify', params: work },
      ]
    }
    return {
      hello: [
        { id: 1, method: 'mining.subscribe', params: ['bfgminer/5.5.0'] },
        { id: 2, method: 'mining.authorize', params: [user, 'x'] },
      ],
      welcome: (difficulty) => [
        { id: 1, result: [[['mining.notify', 'ae68']], '08000002', 4], error: null },
        { id: 2, result: true, error: null },
        ...newJob(difficulty),
      ],
      job: newJob,
      share: () => ({
        id: ++id,
        method: 'mining.submit',
        params: [user, job, '00000001', '6641f0ab', random.hex(8)],
      }),
      yes: () => ({ id, result: true, error: null }),
    }
  },
  ethereum(random) {
    let [id, header] = [10, '']
    const work = (difficulty: number): string[] => {
      header = `0x${random.hex(64)}`
      const target = (TWO_256 / BigInt(difficulty)).toString(16).padStart(64, '0')
      return [header, `0x${random.hex(64)}`, `0x${target}`]
    }
    return {
      hello: [
        {
          id: 1,
          jsonrpc: '2.0',
          method: 'eth_submitLogin',
          worker: 'rig',
          params: [`0x${'c0'.repeat(20)}`, 'x'],
        },
        { id: 5, jsonrpc: '2.0', method: 'eth_getWork', params: [] },
      ],
      welcome: (difficulty) => [
        { id: 1, jsonrpc: '2.0', result: true },
        { id: 5, jsonrpc: '2.0', result: work(difficulty) },
      ],
      job: (difficulty) => [{ id: 0, jsonrpc: '2.0', result: work(difficulty) }],
      share: () => ({
        id: ++id,
        jsonrpc: '2.0',
        method: 'eth_submitWork',
        params: [`0x${random.hex(16)}`, header, `0x${random.hex(64)}`],
      }),
      yes: () => ({ id, jsonrpc: '2.0', result: true }),
    }
  },
}

function line(message: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(message)}\n`)
}
