import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN, ipPacket, tcpSegment } from '../../wire/encode/index.ts'
import type { ConnectionEnds } from '../evidence/witness.ts'
import type { Random } from '../random.ts'
import type { Tap } from './tap.ts'

export type Side = 'local' | 'remote'

interface Endpoint {
  readonly ip: string
  readonly port: number
}

export interface TcpFields {
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly opener: Side
  readonly rttMs: number
  /** Share of segments that are sent twice or overtake each other. */
  readonly disorder?: number
}

const MSS_BYTES = 1460
const TCP_PROTOCOL = 6
const LOCAL_TURNAROUND_MS = 0.06
const SEGMENT_GAP_MS = 0.02
/** Linux: an acknowledgement waits so long for data to ride on. */
const DELAYED_ACK_MS = 40
/** Linux: RTO = smoothed RTT + at least 200 ms. */
const MIN_RETRANSMIT_MS = 200
/** MSS, SACK permitted, window scale 7; the path has time stamps switched off. */
const SYN_OPTIONS = Uint8Array.of(2, 4, 5, 180, 1, 1, 4, 2, 1, 3, 3, 7)

interface Flow {
  seq: number
  ipId: number
  readonly ttl: number
  /** When this side will acknowledge what it got, if nothing it sends does so before. */
  ackDueMs: number | null
}

/**
 * One TCP connection as a tap on the local host sees it; all times are epoch ms at the tap. `send`
 * and `close` return when the other side has everything, so a dialogue follows the round-trip time.
 */
export class TcpConnection {
  readonly #tap: Tap
  readonly #fields: TcpFields
  readonly #random: Random
  readonly #flows: Readonly<Record<Side, Flow>>
  readonly #sentBytes: Record<Side, number> = { local: 0, remote: 0 }
  #openedMs = 0

  constructor(tap: Tap, fields: TcpFields, random: Random) {
    this.#tap = tap
    this.#fields = fields
    this.#random = random
    const remoteTtl = random.pick([64, 64, 64, 128]) - random.integer(7, 19)
    this.#flows = { local: flow(random, 64), remote: flow(random, remoteTtl) }
  }

  /** The handshake; returns when the opener may send. */
  open(atMs: number): number {
    const { opener } = this.#fields
    this.#openedMs = atMs
    this.#tap.watch?.({ kind: 'connection-opened', timeMs: atMs, ...this.#ends() })
    const answering = other(opener)
    this.#control(opener, TCP_SYN, atMs)
    const answeredMs = atMs + this.#travelMs(opener)
    this.#control(answering, TCP_SYN | TCP_ACK, answeredMs)
    const openMs = answeredMs + this.#travelMs(answering)
    this.#emit(opener, TCP_ACK, openMs)
    return openMs + LOCAL_TURNAROUND_MS
  }

  /** One write; returns when the receiver has it. */
  send(from: Side, bytes: Uint8Array, atMs: number): number {
    this.#acknowledgeDue(atMs)
    this.#flows[from].ackDueMs = null
    const times = this.#segmentTimes(from, Math.ceil(bytes.length / MSS_BYTES), atMs)
    let lastMs = atMs
    for (let i = 0; i * MSS_BYTES < bytes.length; i++) {
      const part = bytes.subarray(i * MSS_BYTES, (i + 1) * MSS_BYTES)
      const isLast = (i + 1) * MSS_BYTES >= bytes.length
      for (const timeMs of times[i] ?? []) {
        this.#emit(from, isLast ? TCP_ACK | TCP_PSH : TCP_ACK, timeMs, part)
        lastMs = Math.max(lastMs, timeMs)
      }
      this.#advance(from, part.length)
    }
    this.#planAcknowledgement(other(from), lastMs, bytes.length > MSS_BYTES)
    return lastMs + this.#travelMs(from)
  }

  /** Two writes that set out together and may overtake each other on the way. */
  sendPair(from: Side, first: Uint8Array, second: Uint8Array, atMs: number): number {
    if (!this.#random.chance(10 * (this.#fields.disorder ?? 0))) {
      const laterMs = atMs + this.#random.between(0.1, 0.9)
      this.send(from, first, atMs)
      return this.send(from, second, laterMs)
    }
    this.#acknowledgeDue(atMs)
    this.#flows[from].ackDueMs = null
    const firstMs = atMs + this.#random.between(0.1, 0.9)
    this.#emit(from, TCP_ACK | TCP_PSH, firstMs, first)
    this.#advance(from, first.length)
    this.#emit(from, TCP_ACK | TCP_PSH, atMs, second)
    this.#advance(from, second.length)
    this.#planAcknowledgement(other(from), firstMs, false)
    return firstMs + this.#travelMs(from)
  }

  close(from: Side, atMs: number): number {
    this.#acknowledgeDue(atMs)
    this.#tellClosed(atMs)
    const answering = other(from)
    this.#flows[from].ackDueMs = null
    this.#flows[answering].ackDueMs = null
    this.#control(from, TCP_FIN | TCP_ACK, atMs)
    const answeredMs = atMs + this.#travelMs(from)
    this.#control(answering, TCP_FIN | TCP_ACK, answeredMs)
    const closedMs = answeredMs + this.#travelMs(answering)
    this.#emit(from, TCP_ACK, closedMs)
    return closedMs
  }

  reset(from: Side, atMs: number): void {
    this.#acknowledgeDue(atMs)
    this.#tellClosed(atMs)
    this.#flows.local.ackDueMs = null
    this.#flows.remote.ackDueMs = null
    this.#emit(from, TCP_RST | TCP_ACK, atMs)
  }

  /** A SYN that nobody takes: answered with a reset. */
  refuse(atMs: number): void {
    const { opener } = this.#fields
    this.#control(opener, TCP_SYN, atMs)
    this.#emit(other(opener), TCP_RST | TCP_ACK, atMs + this.#travelMs(opener))
  }

  #ends(): ConnectionEnds {
    const { local, remote, opener } = this.#fields
    return { protocol: 'tcp', direction: opener === 'local' ? 'out' : 'in', local, remote }
  }

  #tellClosed(timeMs: number): void {
    this.#tap.watch?.({
      kind: 'connection-closed',
      timeMs,
      ...this.#ends(),
      openedMs: this.#openedMs,
      bytesOut: this.#sentBytes.local,
      bytesIn: this.#sentBytes.remote,
    })
  }

  /** From passing the tap until the answer of the receiver may pass it. */
  #travelMs(from: Side): number {
    return from === 'local' ? this.#fields.rttMs * this.#random.between(0.98, 1.06) : LOCAL_TURNAROUND_MS
  }

  /** When each segment passes: in a row, now and then sent twice, or two from afar swapped. */
  #segmentTimes(from: Side, count: number, atMs: number): number[][] {
    const times = Array.from({ length: count }, (_, i) => [atMs + i * SEGMENT_GAP_MS])
    const disorder = this.#fields.disorder ?? 0
    for (const [i, own] of times.entries()) {
      const before = times[i - 1]
      const timeMs = own[0] ?? atMs
      if (!this.#random.chance(disorder)) continue
      if (from === 'remote' && before?.length === 1) {
        times[i] = before
        times[i - 1] = own
      } else {
        own.push(timeMs + MIN_RETRANSMIT_MS + this.#fields.rttMs + this.#random.between(0, 8))
      }
    }
    return times
  }

  #planAcknowledgement(side: Side, atMs: number, isAtOnce: boolean): void {
    const waitMs = isAtOnce ? LOCAL_TURNAROUND_MS : DELAYED_ACK_MS
    const dueMs = atMs + waitMs + (side === 'remote' ? this.#fields.rttMs : 0)
    this.#flows[side].ackDueMs = dueMs
    this.#tap.schedule.at(dueMs, () => {
      if (this.#flows[side].ackDueMs === dueMs) this.#acknowledgeDue(dueMs)
    })
  }

  #acknowledgeDue(byMs: number): void {
    for (const side of ['local', 'remote'] as const) {
      const { ackDueMs } = this.#flows[side]
      if (ackDueMs === null || ackDueMs > byMs) continue
      this.#flows[side].ackDueMs = null
      this.#emit(side, TCP_ACK, ackDueMs)
    }
  }

  /** SYN and FIN take a sequence number of their own. */
  #control(from: Side, flags: number, atMs: number): void {
    this.#emit(from, flags, atMs)
    this.#advance(from, 1)
  }

  #advance(from: Side, bytes: number): void {
    this.#sentBytes[from] += bytes
    this.#flows[from].seq = (this.#flows[from].seq + bytes) >>> 0
  }

  #emit(from: Side, flags: number, timeMs: number, payload?: Uint8Array): void {
    const { local, remote } = this.#fields
    const [src, dst] = from === 'local' ? [local, remote] : [remote, local]
    const own = this.#flows[from]
    const isSyn = (flags & TCP_SYN) !== 0
    const segment = tcpSegment(
      {
        src: src.ip,
        srcPort: src.port,
        dst: dst.ip,
        dstPort: dst.port,
        seq: own.seq,
        ack: flags & TCP_ACK ? this.#flows[other(from)].seq : 0,
        flags,
        window: isSyn ? 64240 : 502,
        ...(isSyn ? { options: SYN_OPTIONS } : {}),
      },
      payload,
    )
    own.ipId = (own.ipId + 1) & 0xffff
    const fields = { src: src.ip, dst: dst.ip, protocol: TCP_PROTOCOL, id: own.ipId, ttl: own.ttl }
    const ip = ipPacket(fields, segment)
    if (from === 'local') this.#tap.sent(timeMs, ip)
    else this.#tap.received(timeMs, ip)
  }
}

function flow(random: Random, ttl: number): Flow {
  return { seq: random.uint32(), ipId: random.integer(0, 0xffff), ttl, ackDueMs: null }
}

function other(side: Side): Side {
  return side === 'local' ? 'remote' : 'local'
}
