import { encodePcap, TcpConversation, type TimedPacket } from '../../../src/wire/encode/index.ts'
import type { Spoken } from '../../../src/wire/stratum/dialogue.cases.ts'

const encoder = new TextEncoder()

export interface End {
  readonly ip: string
  readonly port: number
}

interface TalkFields {
  readonly client: End
  readonly server: End
  readonly start: number
  readonly stepMs?: number
  readonly isJoinedMidway?: boolean
  /** The connection stays open at the end of the capture. */
  readonly isLeftOpen?: boolean
}

/** One TCP connection in which these lines are spoken, one every `stepMs`. */
export function talk(spoken: readonly Spoken[], fields: TalkFields): TimedPacket[] {
  const { client, server, start, stepMs = 2000 } = fields
  const tcp = new TcpConversation({ client, server, startMs: start, rttMs: 18 })
  let now = fields.isJoinedMidway === true ? start : tcp.connect() + 20
  for (const [who, text] of spoken) {
    tcp.send(who === '>', encoder.encode(text), now)
    now += stepMs
  }
  if (fields.isLeftOpen !== true) tcp.close(now)
  return tcp.packets()
}

/** A wallet of Monero's shape that nobody has. */
export function wallet(number: number): string {
  const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  let state = number + 1
  let text = '48'
  while (text.length < 95) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    text += letters[(state >> 8) % letters.length]
  }
  return text
}

interface Mining extends TalkFields {
  readonly login: string
  readonly minutes: number
  readonly agent?: string
  readonly shareEveryMs?: number
  readonly isRefused?: boolean
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}

function job(id: string): object {
  return {
    blob: '1010'.padEnd(152, '0c'),
    job_id: id,
    target: 'c5a70000',
    algo: 'rx/0',
    height: 3_400_000,
    seed_hash: 'ab'.repeat(32),
  }
}

/** XMRig's dialogue with a pool, a share every so often; `target` 2^32 / 100,000. */
export function mineMonero(mining: Mining): TimedPacket[] {
  const { login, minutes, agent = 'XMRig/6.21.3 (Linux x86_64)', shareEveryMs = 30_000 } = mining
  const spoken: Spoken[] = []
  if (mining.isJoinedMidway !== true) {
    const params = { login, pass: 'x', agent, algo: ['rx/0', 'cn/r'] }
    spoken.push(['>', line({ id: 1, jsonrpc: '2.0', method: 'login', params })])
    if (mining.isRefused === true) {
      const error = { code: -1, message: 'Invalid address used for login' }
      spoken.push(['<', line({ id: 1, jsonrpc: '2.0', error })])
      return talk(spoken, { ...mining, stepMs: 40 })
    }
    spoken.push([
      '<',
      line({ id: 1, jsonrpc: '2.0', error: null, result: { id: 'r1', job: job('j0'), status: 'OK' } }),
    ])
  }
  const shares = Math.floor((minutes * 60_000) / shareEveryMs)
  for (let at = 1; at <= shares; at++) {
    const params = {
      id: 'r1',
      job_id: `j${Math.floor(at / 4)}`,
      nonce: at.toString(16).padStart(8, '0'),
      result: '5e'.repeat(32),
    }
    if (at % 4 === 0) spoken.push(['<', line({ jsonrpc: '2.0', method: 'job', params: job(`j${at / 4}`) })])
    spoken.push(['>', line({ id: at + 1, jsonrpc: '2.0', method: 'submit', params })])
    spoken.push(['<', line({ id: at + 1, jsonrpc: '2.0', error: null, result: { status: 'OK' } })])
  }
  return talk(spoken, { ...mining, stepMs: shareEveryMs / 2.25 })
}

/** All packets of several conversations in order of time, as one capture. */
export function capture(
  path: string,
  ...packets: readonly TimedPacket[][]
): { path: string; content: Uint8Array } {
  return { path, content: encodePcap(packets.flat().toSorted((a, b) => a.timeMs - b.timeMs)) }
}
