import type { Random } from '../random.ts'

/**
 * Lines of a CryptoNote mining dialogue as XMRig and its pools write them (xmrig-proxy, doc/STRATUM.md).
 * One JSON object a line; nothing here can mine.
 */
export interface Job {
  readonly id: string
  readonly height: number
  readonly difficulty: number
  readonly line: Readonly<Record<string, string | number>>
}

const ALGORITHM = 'rx/0'
/** What XMRig 6.21 says it could do. */
const ALGORITHMS = [
  'rx/0',
  'cn/r',
  'cn-heavy/xhv',
  'cn-pico',
  'cn/gpu',
  'rx/wow',
  'rx/arq',
  'rx/graft',
  'argon2/chukwav2',
  'ghostrider',
]
export const XMRIG_AGENT = 'XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/9.3.0'
const JOB_ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export function newJob(
  chain: { height: number; seedHash: string; previousBlock: string; timeMs: number },
  difficulty: number,
  random: Random,
): Job {
  const id = random.text(14, JOB_ID_ALPHABET)
  const line = {
    blob: blockBlob(chain.previousBlock, chain.timeMs, random),
    job_id: id,
    target: targetOf(difficulty),
    algo: ALGORITHM,
    height: chain.height,
    seed_hash: chain.seedHash,
  }
  return { id, height: chain.height, difficulty, line }
}

export function loginLine(id: number, who: { login: string; pass: string; agent: string }): Uint8Array {
  const { login, pass, agent } = who
  const params = { login, pass, agent, algo: ALGORITHMS }
  return jsonLine({ id, jsonrpc: '2.0', method: 'login', params })
}

export function loginReply(id: number, rpcId: string, job: Job): Uint8Array {
  const result = { id: rpcId, job: job.line, extensions: ['algo', 'nicehash', 'keepalive'], status: 'OK' }
  return jsonLine({ jsonrpc: '2.0', id, error: null, result })
}

export function jobLine(job: Job): Uint8Array {
  return jsonLine({ jsonrpc: '2.0', method: 'job', params: job.line })
}

export function submitLine(id: number, rpcId: string, job: Job, random: Random): Uint8Array {
  const params = {
    id: rpcId,
    job_id: job.id,
    nonce: random.hex(8),
    result: resultHash(job, random),
    algo: ALGORITHM,
  }
  return jsonLine({ id, jsonrpc: '2.0', method: 'submit', params })
}

export function keepAliveLine(id: number, rpcId: string): Uint8Array {
  return jsonLine({ id, jsonrpc: '2.0', method: 'keepalived', params: { id: rpcId } })
}

export function statusReply(id: number, status: 'OK' | 'KEEPALIVED'): Uint8Array {
  return jsonLine({ jsonrpc: '2.0', id, error: null, result: { status } })
}

export function rejection(id: number): Uint8Array {
  return jsonLine({ jsonrpc: '2.0', id, error: { code: -1, message: 'Block expired' } })
}

/** Compact target: 2^32 / difficulty, four bytes little-endian. */
function targetOf(difficulty: number): string {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, Math.floor(0xffff_ffff / difficulty), true)
  return hexOf(bytes)
}

/** A hash below the target, as a share's must be: its last eight bytes, little-endian, are less than 2^64 / difficulty. */
function resultHash(job: Job, random: Random): string {
  const hash = random.bytes(32)
  const limit = 0xffff_ffff / job.difficulty
  new DataView(hash.buffer).setUint32(28, Math.floor(random.fraction() * Math.floor(limit)), true)
  return hexOf(hash)
}

/** Block hashing blob: versions 16.16, time (varint), previous block, nonce, root, transactions. */
function blockBlob(previousBlock: string, timeMs: number, random: Random): string {
  return `1010${varint(Math.floor(timeMs / 1000))}${previousBlock}00000000${random.hex(64)}${random.pick(['15', '1f', '2a', '33'])}`
}

function varint(value: number): string {
  let rest = value
  const bytes: number[] = []
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return hexOf(Uint8Array.from([...bytes, rest]))
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function jsonLine(message: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(message)}\n`)
}
