import type { HeldTotal } from '../kept-bytes.ts'
import { Doubted } from './doubted.ts'
import type { ConnectionReader } from './reader.ts'
import type { Segment } from './segment.ts'

/** Held while a gap is open, for one direction: bytes, segments, and for how long (ms of packet time). */
export const MAX_HELD_BYTES = 131_072
const MAX_HELD_SEGMENTS = 512
export const MAX_GAP_MS = 10_000
/** Sequence numbers further away than this are strays; so many in a row and the stream is taken up there. */
const MAX_DISTANCE = 0x1000000
const STRAYS_BELIEVED = 8
/** What most directions hold at all times; never written to. */
const NO_SEGMENTS: Segment[] = []

/**
 * Puts the segments of one direction in order (RFC 9293): out of order, retransmitted, overlapping (the
 * first copy wins), across sequence wrap. A gap is waited for until the other side has acknowledged
 * what is missing or a bound is reached; then the reader is told and the stream goes on behind it.
 * Without a SYN the first segment with data starts the stream. What the receiver may not have taken waits
 * until it is acknowledged; what comes in its place wins.
 */
export class TcpDirection {
  readonly #reader: ConnectionReader
  readonly #fromInitiator: boolean
  readonly #total: HeldTotal
  /** Next sequence number to hand on, as a signed 32-bit integer. */
  #next = 0
  #isStarted = false
  #acknowledged = 0
  #isAcknowledged = false
  /** Sorted by sequence number, not overlapping. */
  #held = NO_SEGMENTS
  /** Zero where none is held: tells it without a look at the list, which is seldom in the cache. */
  #heldBytes = 0
  #strays = 0
  #doubted: Doubted | null = null

  constructor(reader: ConnectionReader, fromInitiator: boolean, total: HeldTotal) {
    this.#reader = reader
    this.#fromInitiator = fromInitiator
    this.#total = total
  }

  touch(): number {
    return this.#next ^ this.#acknowledged
  }

  /** The SYN of this direction was seen: its first byte has this number. */
  start(seq: number): void {
    if (this.#isStarted) return
    this.#isStarted = true
    this.#next = seq | 0
  }

  /** True if `seq` is at or shortly before what was handed on: a SYN that came after its own data. */
  startsNear(seq: number): boolean {
    const behind = (this.#next - seq) | 0
    return this.#isStarted && behind >= 0 && behind <= 0xffff
  }

  /** True where all of a segment was handed on before: there is no need to give it to `segment`. */
  isRepeat(seq: number, wireLength: number): boolean {
    const ahead = (seq - this.#next) | 0
    if (!this.#isStarted || ahead + wireLength > 0 || ahead < -MAX_DISTANCE) return false
    this.#strays = 0
    return true
  }

  /** `wireLength` is the segment's length on the wire; more than `data` where the snap length cut it. */
  segment(
    seq: number,
    data: Uint8Array,
    wireLength: number,
    timeMs: number,
    packet: number,
    offset: number,
  ): void {
    if (!this.#isStarted) this.#pickUp(seq, data, wireLength)
    const ahead = (seq - this.#next) | 0
    if (ahead > MAX_DISTANCE || ahead < -MAX_DISTANCE) {
      this.#stray(seq, data, wireLength, timeMs, packet, offset)
      return
    }
    this.#strays = 0
    if (ahead > 0) {
      this.#hold({ seq, data, missing: wireLength - data.length, timeMs, packet, offset })
      this.#giveUpIfDue(timeMs)
      return
    }
    if (ahead + wireLength <= 0) return
    this.#deliver(ahead, data, wireLength, timeMs, packet, offset)
    if (this.#heldBytes > 0) this.#drain()
  }

  /** As `segment`, for one that its receiver may not have taken. */
  doubtful(
    seq: number,
    data: Uint8Array,
    wireLength: number,
    timeMs: number,
    packet: number,
    offset: number,
  ): void {
    this.#doubted ??= new Doubted(this.#total)
    if (this.#doubted.isGroundless || !this.#isStarted) {
      this.segment(seq, data, wireLength, timeMs, packet, offset)
      return
    }
    this.#doubted.add({ seq, data: data.slice(), missing: wireLength - data.length, timeMs, packet, offset })
    this.#take(this.#doubted.overdue(timeMs))
  }

  /** Some of its segments were doubtful, and rightly as far as has shown. */
  get isDoubted(): boolean {
    return this.#doubted?.isGroundless === false
  }

  /** The other side has acknowledged everything before `ack`: what is still missing will not come. */
  acknowledge(ack: number): void {
    this.#acknowledged = ack | 0
    this.#isAcknowledged = true
    if (this.#doubted !== null) {
      let taken = this.#doubted.taken(ack)
      for (; taken !== null; taken = this.#doubted.taken(ack)) {
        if (((taken.seq + taken.data.length - this.#next) | 0) > 0) this.#doubted.clear()
        this.#take(taken)
      }
    }
    if (this.#heldBytes > 0) this.#giveUpIfDue(Number.NEGATIVE_INFINITY)
  }

  /** Hands on what is held, gaps told, and gives the memory back. */
  finish(): void {
    let waiting = this.#doubted?.overdue(Number.POSITIVE_INFINITY) ?? null
    for (; waiting !== null; waiting = this.#doubted?.overdue(Number.POSITIVE_INFINITY) ?? null)
      this.#take(waiting)
    while (this.#held.length > 0) this.#skipGap()
  }

  /** Gives the memory back, nothing is handed on, and it is as new. */
  drop(): void {
    this.#doubted?.drop()
    this.#doubted = null
    this.#total.bytes -= this.#heldBytes
    this.#heldBytes = 0
    this.#held = NO_SEGMENTS
    this.#next = this.#acknowledged = this.#strays = 0
    this.#isStarted = this.#isAcknowledged = false
  }

  #take(segment: Segment | null): void {
    if (segment === null) return
    const { data, missing, offset, packet, seq, timeMs } = segment
    this.segment(seq, data, data.length + missing, timeMs, packet, offset)
  }

  /** A lone zero byte may be a keep-alive probe, which repeats the last byte: it is no data. */
  #pickUp(seq: number, data: Uint8Array, wireLength: number): void {
    this.#isStarted = true
    this.#next = wireLength === 1 && data[0] === 0 ? (seq + 1) | 0 : seq | 0
  }

  #stray(
    seq: number,
    data: Uint8Array,
    wireLength: number,
    timeMs: number,
    packet: number,
    offset: number,
  ): void {
    if (++this.#strays < STRAYS_BELIEVED) return
    this.#strays = 0
    this.finish()
    this.#reader.gap(this.#fromInitiator)
    this.#next = seq | 0
    this.#deliver(0, data, wireLength, timeMs, packet, offset)
  }

  /** `behind` (0 or negative): how much of the segment was handed on before. */
  #deliver(
    behind: number,
    data: Uint8Array,
    wireLength: number,
    timeMs: number,
    packet: number,
    offset: number,
  ): void {
    const fresh = behind === 0 ? data : data.subarray(-behind)
    this.#next = (this.#next + wireLength + behind) | 0
    if (fresh.length > 0) this.#reader.feed(this.#fromInitiator, fresh, timeMs, packet, offset)
    if (wireLength > data.length) this.#reader.gap(this.#fromInitiator)
  }

  /** Keeps a copy of those parts of the segment that are not held already. */
  #hold(segment: Segment): void {
    if (this.#held === NO_SEGMENTS) this.#held = []
    let from = segment.seq
    const end = (segment.seq + segment.data.length) | 0
    for (let i = 0; i <= this.#held.length; i++) {
      const next = this.#held[i]
      const isLast = next === undefined || ((next.seq - end) | 0) >= 0
      const to = isLast ? end : next.seq
      if (((to - from) | 0) > 0) {
        const start = (from - segment.seq) | 0
        const data = segment.data.slice(start, start + ((to - from) | 0))
        this.#held.splice(i, 0, { ...segment, seq: from, data, missing: isLast ? segment.missing : 0 })
        this.#heldBytes += data.length
        this.#total.bytes += data.length
        i++
      }
      if (isLast) return
      const nextEnd = (next.seq + next.data.length) | 0
      if (((nextEnd - from) | 0) > 0) from = nextEnd
    }
  }

  #giveUpIfDue(timeMs: number): void {
    for (;;) {
      const first = this.#held[0]
      if (first === undefined) return
      const isLost = this.#isAcknowledged && ((this.#acknowledged - first.seq) | 0) >= 0
      const isFull = this.#heldBytes > MAX_HELD_BYTES || this.#held.length > MAX_HELD_SEGMENTS
      const isOld = timeMs - first.timeMs > MAX_GAP_MS
      if (!isLost && !isFull && !isOld && this.#total.bytes <= this.#total.limit) return
      this.#skipGap()
    }
  }

  #skipGap(): void {
    const first = this.#held[0]
    if (first === undefined) return
    this.#reader.gap(this.#fromInitiator)
    this.#next = first.seq | 0
    this.#drain()
  }

  /** Hands on held segments for as long as they join up. */
  #drain(): void {
    let count = 0
    for (const segment of this.#held) {
      const ahead = (segment.seq - this.#next) | 0
      if (ahead > 0) break
      count++
      this.#heldBytes -= segment.data.length
      this.#total.bytes -= segment.data.length
      const wireLength = segment.data.length + segment.missing
      if (ahead + wireLength > 0) {
        this.#deliver(ahead, segment.data, wireLength, segment.timeMs, segment.packet, segment.offset)
      }
    }
    this.#held.splice(0, count)
  }
}
