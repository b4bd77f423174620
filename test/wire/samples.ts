import { encodePcap, TcpConversation, type TimedPacket } from '../../src/wire/encode/index.ts'

export const START_MS = Date.UTC(2026, 4, 12, 3, 14)
export const MINER = { ip: '10.0.3.17', port: 51_234 }
export const POOL = { ip: '198.51.100.7', port: 443 }
/** The right shape, and nobody's. */
export const WALLET = `4${'8DavyLampExampLe'.repeat(7).slice(0, 94)}`
export const PASSWORD = 'hunter2-not-shown'
/** 2^32 over the target: hashes a share takes on average. */
const TARGET = 'ffff0000'
export const HASHES_PER_SHARE = 2 ** 32 / 0xffff

export interface MiningFields {
  readonly startMs?: number
  readonly shares?: number
  readonly everyMs?: number
  readonly client?: { readonly ip: string; readonly port: number }
  readonly server?: { readonly ip: string; readonly port: number }
  readonly login?: string
  readonly worker?: string
}

/** A miner at work: login, a job, a share every 20 s, the last one rejected. */
export function miningPackets(fields: MiningFields = {}): TimedPacket[] {
  const { startMs = START_MS, shares = 31, everyMs = 20_000, client = MINER, server = POOL } = fields
  const talk = new TcpConversation({ client, server, startMs, rttMs: 30 })
  const ready = talk.connect()
  const params = {
    login: fields.login ?? WALLET,
    pass: PASSWORD,
    agent: 'XMRig/6.21.0 (Linux x86_64)',
    rigid: fields.worker ?? 'rig-1',
  }
  talk.send(true, line({ id: 1, method: 'login', params }), ready)
  const job = { blob: '0e'.repeat(76), job_id: 'j1', target: TARGET, algo: 'rx/0', height: 3_000_000 }
  talk.send(false, line({ id: 1, error: null, result: { id: 's1', job, status: 'OK' } }), ready + 60)
  for (let share = 1; share <= shares; share++) {
    const at = ready + everyMs * share
    const nonce = share.toString(16).padStart(8, '0')
    const handedIn = { id: 's1', job_id: 'j1', nonce, result: 'cd'.repeat(32) }
    talk.send(true, line({ id: share + 1, method: 'submit', params: handedIn }), at)
    const answer =
      share === shares
        ? { error: { code: -1, message: 'Low difficulty share' }, result: null }
        : { error: null, result: { status: 'OK' } }
    talk.send(false, line({ id: share + 1, ...answer }), at + 60)
  }
  talk.close(ready + everyMs * shares + 1_000)
  return talk.packets()
}

/** A browser that fetches a page. */
export function webPackets(startMs: number = START_MS): TimedPacket[] {
  const talk = new TcpConversation({
    client: { ip: MINER.ip, port: 40_001 },
    server: { ip: '203.0.113.80', port: 80 },
    startMs,
    rttMs: 10,
  })
  const ready = talk.connect()
  talk.send(true, text('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'), ready)
  talk.send(false, text('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'), ready + 20)
  talk.close(ready + 100)
  return talk.packets()
}

export function captureOf(...packets: readonly (readonly TimedPacket[])[]): Uint8Array {
  return encodePcap(packets.flat().toSorted((a, b) => a.timeMs - b.timeMs))
}

function line(message: object): Uint8Array {
  return text(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}
