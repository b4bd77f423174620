import { gapMsOf, isOut, isPushed, lengthOf, packPacket, TCP_PUSH } from './first-packets.ts'
import { type Judgement, judgeFlow, MAX_CONFIDENCE } from './judge.ts'
import type { FlowModel } from './model.ts'

/** Of a record of TLS beside what it carries: header, content type and tag in TLS 1.3 (RFC 8446 §5.2), about as much in 1.2 (RFC 5288). */
const RECORD_BYTES = 22
/** A server that has only asked for another hello (RFC 8446 §4.1.4) says no more than this. */
const RETRY_BYTES = 150
/** What else belongs to a flight comes within this time. */
const FLIGHT_MS = 20
/** Tickets, and the end of an old handshake, come within a round trip. */
const TICKET_MS = 500
/** ChangeCipherSpec and Finished, where they leave on their own. */
const FINISHED_BYTES = 130
/** The shortest usual message of a pool's dialogue, `{"id":4,"result":true,"error":null}`, has 58 bytes when sealed. */
const TERSE_BYTES = 56
/** Alerts that close a connection are as short. */
const MIN_TERSE = 3
const MIN_TERSE_SHARE = 0.1
/** Segments of one message follow each other within this time. */
const SEGMENT_GAP_MS = 50
/** No answer is taken for longer than this where each has its question. */
const MAX_ANSWER_MS = 400
/** A pool has a new job sooner: none of the captures at hand has one that was silent for more than 133 s. */
const MAX_SILENCE_MS = 180_000
/** Shares come at random; so many of a timer's intervals are within a quarter of the middle one. */
const MIN_EVEN_SHARE = 0.8
const MIN_INTERVALS = 4
const TOLERANCE = 0.25
const MIN_INTERVAL_MS = 1000

/** A miner stays; what is over sooner is not worth the look. */
const MIN_LASTED_MS = 30_000

/** Whether a flow (epoch ms) went on for long enough to be judged. */
export function hasLasted({ start, last }: { readonly start: number; readonly last: number }): boolean {
  return last - start >= MIN_LASTED_MS
}

/** Whether HTTP/2 or 3 is offered inside of TLS, as browsers do and no pool. */
export function offersHttp2(alpn: readonly string[]): boolean {
  return alpn.includes('h2') || alpn.includes('h3')
}

/**
 * Judges a TLS connection by what goes on inside of it. The model knows dialogues, so the handshake, which every
 * program's connection begins with, is left out, and lengths are those of what the records carry. What no pool
 * would do is said beside it and takes the suspicion away.
 */
export function judgeSealedFlow(model: FlowModel, packets: Int32Array): Judgement {
  const inside = withoutHandshake(packets)
  const mostMs = isTurnByTurn(inside) ? MAX_ANSWER_MS : Number.POSITIVE_INFINITY
  const judgement = judgeFlow(
    model,
    inside.map((packet, at) => unsealed(packet, at === 0, mostMs)),
  )
  const objection = objectionTo(inside)
  if (objection === null) return judgement
  const miningProbability = Math.min(MAX_CONFIDENCE, judgement.miningProbability)
  return { ...judgement, miningProbability, why: [`against mining: ${objection}`, ...judgement.why] }
}

/**
 * Acknowledgements of MQTT and heartbeats of brokers are too short for any pool. A pool speaks of its own accord:
 * who only ever answers, to a timer or for long, is an API.
 */
function objectionTo(inside: Int32Array): string | null {
  const terse = inside.filter((packet) => lengthOf(packet) <= TERSE_BYTES).length
  if (terse >= MIN_TERSE && terse >= inside.length * MIN_TERSE_SHARE)
    return `messages too short for a pool's dialogue (${terse} of ${inside.length})`
  if (!isTurnByTurn(inside)) return null
  if (isEven(inside)) return 'the client asks as evenly as a timer, and the server only answers'
  const lastedMs = inside.reduce((sum, packet, at) => (at === 0 ? 0 : sum + gapMsOf(packet)), 0)
  if (lastedMs < MAX_SILENCE_MS) return null
  return `the server only answers (nothing of its own in ${Math.round(lastedMs / 1000)} s)`
}

/** Packets behind the handshake of TLS, which begins with the first of them. */
function withoutHandshake(packets: Int32Array): Int32Array {
  let at = flightEnd(packets, 0, true)
  const helloEnd = at
  at = flightEnd(packets, at, false)
  if (sumOf(packets, helloEnd, at) <= RETRY_BYTES)
    at = flightEnd(packets, flightEnd(packets, at, true), false)
  at++
  while (at < packets.length && isRestOfFlight(packets[at] ?? 0)) at++
  while (at < packets.length && !isOut(packets[at] ?? 0) && gapMsOf(packets[at] ?? 0) <= TICKET_MS) at++
  return packets.slice(at)
}

/** Where the other side goes on, or the end. */
function flightEnd(packets: Int32Array, from: number, fromSource: boolean): number {
  let at = from
  while (at < packets.length && isOut(packets[at] ?? 0) === fromSource) at++
  return at
}

function isRestOfFlight(packet: number): boolean {
  return isOut(packet) && lengthOf(packet) <= FINISHED_BYTES && gapMsOf(packet) <= FLIGHT_MS
}

function sumOf(packets: Int32Array, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at++) sum += lengthOf(packets[at] ?? 0)
  return sum
}

/** Whether each message of the server follows one of the client. */
function isTurnByTurn(packets: Int32Array): boolean {
  return packets.every((packet, at) => {
    const before = packets[at - 1]
    return isOut(packet) || (before !== undefined && (isOut(before) || gapMsOf(packet) <= SEGMENT_GAP_MS))
  })
}

/** Whether the client's messages come as evenly as a timer's. */
function isEven(packets: Int32Array): boolean {
  const intervals: number[] = []
  let sinceMs = 0
  for (const [at, packet] of packets.entries()) {
    if (at > 0) sinceMs += gapMsOf(packet)
    if (!isOut(packet) || sinceMs < MIN_INTERVAL_MS) continue
    intervals.push(sinceMs)
    sinceMs = 0
  }
  if (intervals.length < MIN_INTERVALS) return false
  const middle = intervals.toSorted((a, b) => a - b)[intervals.length >> 1] ?? 0
  const even = intervals.filter((interval) => Math.abs(interval - middle) <= middle * TOLERANCE)
  return even.length >= intervals.length * MIN_EVEN_SHARE
}

/** The same packet with the length of what its record carries; the first one follows nothing. */
function unsealed(packet: number, isFirst: boolean, mostAnswerMs: number): number {
  const length = Math.max(1, lengthOf(packet) - RECORD_BYTES)
  const gapMs = isOut(packet) ? gapMsOf(packet) : Math.min(mostAnswerMs, gapMsOf(packet))
  return packPacket(isOut(packet), length, isPushed(packet) ? TCP_PUSH : 0, isFirst ? 0 : gapMs)
}
