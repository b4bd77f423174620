import {
  gapMsOf,
  isOut,
  isPushed,
  lengthOf,
  MAX_PACKETS,
  packPacket,
  WINDOW_MS,
} from '../../src/wire/behaviour/first-packets.ts'

/**
 * Flows as they would look elsewhere. The sample has one big pool of one coin, mostly joined mid-stream and in
 * clear text. What shall not matter to the model (inside TLS or not, message lengths of another coin, a slower
 * pool or a slower miner, where in the connection the capture began) is varied, for mining and for everything
 * else alike, so that none of it tells one from the other.
 */
export function vary(packets: Int32Array, random: () => number): Int32Array {
  const between = (from: number, to: number): number => from + random() * (to - from)
  const chance = (share: number): boolean => random() < share
  const stretch = chance(0.5) ? 1 : Math.exp(between(Math.log(0.5), Math.log(16)))
  const scale = { out: between(0.6, 1.6), back: between(0.6, 1.6) }
  const overhead = chance(0.5) ? 0 : chance(0.5) ? TLS_13_BYTES : TLS_12_BYTES
  const from = chance(0.5) ? 0 : Math.floor(random() * packets.length * 0.6)
  const kept = { asked: chance(0.5) ? 1 : between(0.15, 1), own: chance(0.5) ? 1 : between(0.15, 1) }
  const turns = thinned(turnsOf(packets.subarray(from)), kept, random)
  const varied = turns
    .flat()
    .map((packet) =>
      packPacket(
        isOut(packet),
        resized(lengthOf(packet), isOut(packet) ? scale.out : scale.back, overhead),
        isPushed(packet) ? PUSH : 0,
        gapMsOf(packet) >= PAUSE_MS ? gapMsOf(packet) * stretch : gapMsOf(packet),
      ),
    )
  const hello = overhead > 0 && chance(0.6) ? handshake(random) : []
  return windowOf([...hello, ...varied])
}

const PUSH = 8
/** Record header, tag and content type (RFC 8446 §5.2); in TLS 1.2 an explicit nonce instead of the type (RFC 5288). */
const TLS_13_BYTES = 22
const TLS_12_BYTES = 29
/** Beyond it a packet is part of something cut by the segment size: its length says nothing about the message. */
const WHOLE_BYTES = 1300
const PAUSE_MS = 200

/** What is said together: from one pause to the next. */
function turnsOf(packets: Int32Array): number[][] {
  const turns: number[][] = []
  for (const packet of packets) {
    if (turns.length === 0 || gapMsOf(packet) >= PAUSE_MS) turns.push([])
    turns.at(-1)?.push(packet)
  }
  return turns
}

/** Leaves out some of what the client began and some of what the server said of its own; the time stays. */
function thinned(
  turns: readonly number[][],
  kept: { readonly asked: number; readonly own: number },
  random: () => number,
): number[][] {
  const left: number[][] = []
  let owedMs = 0
  for (const turn of turns) {
    const first = turn[0] ?? 0
    const gapMs = owedMs + gapMsOf(first)
    if (random() >= (isOut(first) ? kept.asked : kept.own)) {
      owedMs = gapMs + turn.slice(1).reduce((sum, packet) => sum + gapMsOf(packet), 0)
      continue
    }
    owedMs = 0
    left.push([
      packPacket(isOut(first), lengthOf(first), isPushed(first) ? PUSH : 0, gapMs),
      ...turn.slice(1),
    ])
  }
  return left
}

function resized(length: number, scale: number, overhead: number): number {
  if (length >= WHOLE_BYTES) return length
  return Math.max(1, Math.min(WHOLE_BYTES, Math.round(length * scale) + overhead))
}

/** Hello, the server's flight with its certificates, and the rest of it. */
function handshake(random: () => number): number[] {
  const between = (from: number, to: number): number => Math.round(from + random() * (to - from))
  const rttMs = between(1, 120)
  const segments = between(0, 3)
  return [
    packPacket(true, between(180, 560), PUSH, 0),
    ...Array.from({ length: segments }, (_, at) => packPacket(false, 1448, 0, at === 0 ? rttMs : 0)),
    packPacket(false, between(120, 1400), PUSH, segments === 0 ? rttMs : 0),
    packPacket(true, between(58, 200), PUSH, between(1, 10)),
    ...(random() < 0.5 ? [packPacket(false, between(50, 560), PUSH, rttMs)] : []),
  ]
}

function windowOf(packets: readonly number[]): Int32Array {
  const kept: number[] = []
  let duration = 0
  for (const packet of packets) {
    duration += kept.length === 0 ? 0 : gapMsOf(packet)
    if (kept.length === MAX_PACKETS || duration > WINDOW_MS) break
    kept.push(packet)
  }
  return Int32Array.from(kept)
}

/**
 * A chat or a feed with the times of a mining flow: what is said has all kinds of lengths, receipts may keep
 * theirs. The sample has few such flows, and a network has many.
 */
export function asChat(packets: Int32Array, random: () => number): Int32Array {
  const between = (from: number, to: number): number => Math.round(from + random() * (to - from))
  const longest = between(200, 1200)
  const receiptBytes = random() < 0.5 ? between(20, 120) : 0
  return packets.map((packet, at) => {
    const isReceipt = receiptBytes > 0 && !isOut(packet) && at > 0 && isOut(packets[at - 1] ?? 0)
    return packPacket(isOut(packet), isReceipt ? receiptBytes : between(30, longest), PUSH, gapMsOf(packet))
  })
}
