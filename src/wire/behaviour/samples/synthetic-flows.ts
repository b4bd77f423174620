import { MAX_PACKETS, packPacket, WINDOW_MS } from '../first-packets.ts'

/** Time (ms), whether the client sent it, bytes. */
export type Said = readonly [atMs: number, isOut: boolean, length: number]

const PUSH = 0x18
const ACK = 0x10
const SEGMENT = 1448

/** What was said, cut into segments, as the first packets of a flow. */
export function flowOf(said: readonly Said[]): Int32Array {
  const packets: number[] = []
  const inOrder = said.toSorted((a, b) => a[0] - b[0])
  let last = inOrder[0]?.[0] ?? 0
  for (const [at, isOut, length] of inOrder) {
    if (at - (inOrder[0]?.[0] ?? 0) > WINDOW_MS) break
    for (let left = length; left > 0 && packets.length < MAX_PACKETS; left -= SEGMENT) {
      packets.push(packPacket(isOut, Math.min(left, SEGMENT), left > SEGMENT ? ACK : PUSH, at - last))
      last = at
    }
  }
  return Int32Array.from(packets)
}

/** The same behind a TLS 1.3 handshake. */
export function insideTls(said: readonly Said[], rttMs = 30): Said[] {
  return [
    [0, true, 517],
    [rttMs, false, 2900],
    [rttMs + 2, true, 80],
    [2 * rttMs, false, 510],
    ...said.map(([at, isOut, length]): Said => [at + 2 * rttMs + 5, isOut, length + 22]),
  ]
}

const RTT_MS = 40

function every(ms: number, from: number, say: (at: number, turn: number) => readonly Said[]): Said[] {
  const said: Said[] = []
  for (let turn = 0; from + turn * ms < WINDOW_MS; turn++) said.push(...say(from + turn * ms, turn))
  return said
}

/** A CryptoNote miner: job after job, a share and its answer in between. */
export function miner(jobMs = 23_000, shareMs = 14_000): Said[] {
  return [
    [0, true, 431],
    [RTT_MS, false, 486],
    ...every(jobMs, jobMs, (at) => [[at, false, 371]]),
    ...every(shareMs, 9_000, (at, turn): Said[] => {
      const jitter = (turn * 977) % 4_000
      return [
        [at + jitter, true, 223],
        [at + jitter + RTT_MS, false, 63],
      ]
    }),
  ]
}

/** A client that asks over one HTTPS connection again and again. */
export function keepAliveHttps(everyMs = 5_000): Said[] {
  return every(everyMs, 0, (at, turn) => [
    [at, true, 380 + ((turn * 7) % 40)],
    [at + RTT_MS + 20, false, 900 + ((turn * 331) % 2_400)],
  ])
}

/** Two people who write to each other. */
export function chat(): Said[] {
  return every(4_000, 0, (at, turn) => [
    [at + ((turn * 1_313) % 2_500), turn % 3 !== 0, 40 + ((turn * 89) % 210)],
  ])
}

/** Keystrokes and their echoes, and what a command prints. */
export function shell(): Said[] {
  return every(400, 0, (at, turn): Said[] => [
    [at, true, 36],
    [at + 20, false, 36],
    ...(turn % 9 === 8 ? ([[at + 60, false, 300 + ((turn * 113) % 900)]] satisfies Said[]) : []),
  ])
}

/** One big answer. */
export function download(): Said[] {
  return [
    [0, true, 420],
    [RTT_MS, false, 60_000],
  ]
}
