import { formatAddress } from '../address.ts'
import type { CaptureReader } from '../capture/reader.ts'
import type { FirstPackets } from '../behaviour/first-packets.ts'
import { decodeDns, type DnsMessage, isDnsQuery } from '../dns/message.ts'
import { type PacketDecoder, TCP, UDP } from '../packet/decoder.ts'
import { Message } from '../stratum/message.ts'
import { type SharedMemory, TcpConnection } from '../tcp/connection.ts'
import { Connections } from '../tcp/connections.ts'
import { CertificateBook } from '../tls/certificate-book.ts'
import { isDoubtful, withSyn } from './credibility.ts'
import { FlowPackets } from './flow-packets.ts'
import { LookAhead } from './look-ahead.ts'
import type { FlowListener } from './news.ts'
import {
  FIN_A,
  FIN_B,
  FIRST_FROM_A,
  HANDSHAKE,
  INITIATOR_A,
  OPENED,
  RESET,
  SETTLED,
  SYN_A,
  SYN_B,
  UNTIMED,
} from './state.ts'
import { FlowTable, NONE } from './table.ts'

/** A flow without packets for this long (ms of packet time) is over. */
const TCP_IDLE_MS = 300_000
const OTHER_IDLE_MS = 60_000
/** After both FINs or a reset, if its payload is not being read: stragglers still belong to it. */
const CLOSED_IDLE_MS = 15_000

const SWEEP_EVERY_MS = 10_000
const SLOTS_PER_STEP = 256
/** Share of the table that makes room when it is full, the longest idle first. */
const EVICTED_SHARE = 16
/** Over all connections: behind gaps, and of lines that are not complete. */
const HELD_BYTES_LIMIT = 33_554_432
/** Connections whose payload is looked at, at once. */
export const MAX_CONNECTIONS = 16_384
const DNS_PORT = 53

const FIN = 1
const SYN = 2
const RST = 4
const ACK = 16

/**
 * Follows flows from decoded packets: counts them, ends them, and reads the payload of those that are
 * still of interest. `packet` and `offset` name a packet to the caller and come back as they are.
 */
export class FlowTracker {
  readonly #table: FlowTable
  readonly #listener: FlowListener
  readonly #firstPackets: FlowPackets | null
  readonly #shared: SharedMemory = {
    gaps: { bytes: 0, limit: HELD_BYTES_LIMIT, refused: 0 },
    lines: { bytes: 0, limit: HELD_BYTES_LIMIT, refused: 0 },
    message: new Message(),
    certificates: new CertificateBook(),
  }
  readonly #connections = new Connections()
  readonly #spare: TcpConnection[] = []
  readonly #lookAhead: LookAhead
  #ahead = 0
  /** When the sweep going on (or the last one) began, where it has come to, and when the last whole one began. */
  #sweepMs = Number.NEGATIVE_INFINITY
  #sweepAt = 0
  #sweptMs = Number.NEGATIVE_INFINITY
  #finishedTo = 0
  /** Flows told before their time, and connections no longer read, because there were too many. */
  evicted = 0
  unread = 0

  /** `firstPackets`: where the first packets of TLS connections are kept, to be told with them; null to keep none. */
  constructor(maxFlows: number, listener: FlowListener, firstPackets: FirstPackets | null = null) {
    this.#table = new FlowTable(maxFlows)
    this.#listener = listener
    this.#firstPackets = firstPackets === null ? null : new FlowPackets(this.#table, firstPackets)
    this.#lookAhead = new LookAhead(this.#table, this.#connections)
  }

  /** Call it before each packet of this reader: makes what comes next faster. */
  prepare(reader: CaptureReader): void {
    if (--this.#ahead < 0) this.#ahead = this.#lookAhead.look(reader)
  }

  get size(): number {
    return this.#table.size
  }

  /** Lines that were left out because too many were not complete at once. */
  get linesLeftOut(): number {
    return this.#shared.lines.refused
  }

  /** Epoch ms: no flow that is still open can be told with a time before this. */
  get settledBefore(): number {
    return this.#sweptMs - TCP_IDLE_MS
  }

  /** One packet, just decoded. `isTimed` is false where the capture has no times. */
  track(packet: PacketDecoder, timeMs: number, isTimed: boolean, id: number, offset: number): void {
    const table = this.#table
    let slot = table.find(packet)
    if (slot !== NONE && this.#isOver(slot, packet, timeMs)) {
      this.#end(slot)
      slot = NONE
    }
    if (slot === NONE) slot = this.#begin(packet, timeMs, isTimed, id, offset)
    table.count(slot, timeMs, packet.packetCount, packet.ipBytes)
    if (packet.protocol === TCP) this.#tcp(slot, packet, timeMs, isTimed, id, offset)
    else if (packet.protocol === UDP && (packet.srcPort === DNS_PORT || packet.dstPort === DNS_PORT)) {
      this.#dnsDatagram(packet, timeMs, isTimed, id, offset)
    }
  }

  /**
   * Time has come to `clockMs` (never goes back): ends flows that have been idle for long enough, a
   * part of the table with every call, so that neither time nor events come in lumps.
   */
  advance(clockMs: number): void {
    if (this.#sweepAt === 0) {
      if (clockMs < this.#sweepMs + SWEEP_EVERY_MS) return
      this.#sweepMs = clockMs
    }
    const table = this.#table
    const end = Math.min(this.#sweepAt + SLOTS_PER_STEP, table.slots)
    for (let slot = this.#sweepAt; slot < end; slot++) {
      if (table.isInUse(slot) && clockMs - table.last(slot) > this.#idleLimit(slot)) this.#end(slot)
    }
    this.#sweepAt = end
    if (end < table.slots) return
    this.#sweepAt = 0
    this.#sweptMs = this.#sweepMs
  }

  /** Everything has been read: ends up to `count` flows; true once there are none left. */
  finish(count: number): boolean {
    const table = this.#table
    let slot = this.#finishedTo
    for (let left = count; left > 0 && slot < table.slots; slot++) {
      if (!table.isInUse(slot)) continue
      this.#end(slot)
      left--
    }
    this.#finishedTo = slot
    return slot >= table.slots
  }

  #idleLimit(slot: number): number {
    if (this.#table.protocol(slot) !== TCP) return OTHER_IDLE_MS
    const isOnlyClosing = isClosed(this.#table.state(slot)) && this.#connectionOf(slot) === null
    return isOnlyClosing ? CLOSED_IDLE_MS : TCP_IDLE_MS
  }

  /** Whether a flow is over and the packet in hand, though of the same ends, begins another. */
  #isOver(slot: number, packet: PacketDecoder, timeMs: number): boolean {
    const idleMs = timeMs - this.#table.last(slot)
    if (idleMs > CLOSED_IDLE_MS && idleMs > this.#idleLimit(slot)) return true
    if (packet.protocol !== TCP || (packet.tcpFlags & SYN) === 0) return false
    const table = this.#table
    const state = table.state(slot)
    const fromA = table.fromA
    const isReply = (packet.tcpFlags & ACK) !== 0
    const connection = this.#connectionOf(slot)
    if ((state & (fromA ? SYN_A : SYN_B)) !== 0) {
      if (table.synSeq(slot, fromA) === (packet.seq | 0) || isDoubtful(state, fromA, packet, true))
        return false
      // The other end may answer one SYN twice, with numbers of its own each time.
      const isSameSyn =
        (state & (fromA ? SYN_B : SYN_A)) !== 0 && ((packet.ack - 1) | 0) === table.synSeq(slot, !fromA)
      if (isReply && isSameSyn) return false
      return !isReply || connection !== null || isClosed(state)
    }
    if (isReply || !table.hasPackets(slot, fromA)) return isClosed(state)
    return connection === null || !connection.direction(fromA).startsNear(packet.seq + 1)
  }

  #begin(packet: PacketDecoder, timeMs: number, isTimed: boolean, id: number, offset: number): number {
    const table = this.#table
    if (table.size >= table.limit) this.#makeRoom()
    const crowding = table.crowding()
    if (crowding !== NONE) {
      this.evicted++
      this.#end(crowding)
    }
    const isFromInitiator = isInitiator(packet)
    let state = table.fromA ? FIRST_FROM_A : 0
    if (isFromInitiator === table.fromA) state |= INITIATOR_A
    if (!isTimed) state |= UNTIMED
    return table.add(timeMs, id, offset, state)
  }

  #tcp(
    slot: number,
    packet: PacketDecoder,
    timeMs: number,
    isTimed: boolean,
    id: number,
    offset: number,
  ): void {
    const table = this.#table
    const flags = packet.tcpFlags
    const fromA = table.fromA
    if ((flags & (SYN | FIN | RST)) !== 0) this.#mark(slot, packet)
    const state = table.state(slot)
    if ((state & SETTLED) !== 0) {
      if (packet.dataLength > 0) this.#firstPackets?.add(slot, packet, timeMs)
      return
    }
    let connection = this.#connectionOf(slot)
    if (connection === null) {
      if (packet.dataLength <= 0) return
      connection = this.#open(slot, packet, isTimed)
    }
    if ((flags & ACK) !== 0) connection.direction(!fromA).acknowledge(packet.ack)
    if (packet.dataLength > 0) {
      this.#firstPackets?.add(slot, packet, timeMs)
      const seq = (packet.seq + (flags & SYN ? 1 : 0)) | 0
      const { dataLength } = packet
      const direction = connection.direction(fromA)
      const isDoubted = isDoubtful(state, fromA, packet, connection.isWatched)
      if (isDoubted || !direction.isRepeat(seq, dataLength)) {
        const data = packet.bytes.subarray(packet.dataAt, packet.dataEnd)
        if (isDoubted) direction.doubtful(seq, data, dataLength, timeMs, id, offset)
        else direction.segment(seq, data, dataLength, timeMs, id, offset)
      }
    }
    if (!connection.isFed) return
    connection.isFed = false
    if (connection.tls?.isDone === true && !connection.isTlsTold) this.#tellTls(connection)
    if (connection.isSettled) this.#settle(connection)
    else if (connection.dialogue?.takeChange() === true) this.#tellStratum(connection, false)
  }

  /** Keeps what SYN, FIN and RST say. */
  #mark(slot: number, packet: PacketDecoder): void {
    const table = this.#table
    const flags = packet.tcpFlags
    const fromA = table.fromA
    let state = table.state(slot)
    if ((flags & SYN) !== 0) {
      // The first SYN of an end is believed; a forged one comes later.
      const syn = fromA ? SYN_A : SYN_B
      if ((state & syn) === 0) state = withSyn(state, fromA, packet)
      else if (isDoubtful(state, fromA, packet, true)) return
      state |= syn
      table.setSynSeq(slot, fromA, packet.seq)
      const isReply = (flags & ACK) !== 0
      if (!isReply && (state & OPENED) === 0 && this.#connectionOf(slot) === null) {
        state = (state & ~INITIATOR_A) | OPENED | (fromA ? INITIATOR_A : 0)
      }
      if ((state & SYN_A) !== 0 && (state & SYN_B) !== 0) state |= HANDSHAKE
      this.#connectionOf(slot)
        ?.direction(fromA)
        .start(packet.seq + 1)
    }
    if ((flags & FIN) !== 0) state |= fromA ? FIN_A : FIN_B
    if ((flags & RST) !== 0) state |= RESET
    else if (packet.dataLength > 0) state &= ~RESET
    table.setState(slot, state)
  }

  #open(slot: number, packet: PacketDecoder, isTimed: boolean): TcpConnection {
    const table = this.#table
    const state = table.state(slot)
    if (this.#connections.size >= MAX_CONNECTIONS) this.#forgetOldest()
    const isInitiatorA = (state & INITIATOR_A) !== 0
    const isDns = packet.srcPort === DNS_PORT || packet.dstPort === DNS_PORT
    const connection = this.#spare.pop() ?? new TcpConnection(this.#shared, this.#listener.tls !== undefined)
    connection.begin(slot, isInitiatorA, isDns ? this.#dnsListener(slot, isTimed) : null)
    for (const fromA of [true, false]) {
      if ((state & (fromA ? SYN_A : SYN_B)) !== 0) {
        connection.direction(fromA).start(table.synSeq(slot, fromA) + 1)
      }
    }
    table.setConnection(slot, this.#connections.add(connection))
    this.#firstPackets?.begin(slot)
    return connection
  }

  #connectionOf(slot: number): TcpConnection | null {
    const number = this.#table.connection(slot)
    return number === NONE ? null : this.#connections.get(number)
  }

  /** Looks no further at the payload of this flow. */
  #settle(connection: TcpConnection): void {
    const { slot, tls } = connection
    if ((tls?.handshake() ?? null) === null) this.#firstPackets?.forget(slot)
    this.#forget(connection)
    this.#table.setState(slot, this.#table.state(slot) | SETTLED)
  }

  #forget(connection: TcpConnection): void {
    const { slot } = connection
    this.#connections.delete(this.#table.connection(slot))
    this.#table.setConnection(slot, NONE)
    connection.drop()
    this.#spare.push(connection)
  }

  /** The connection that has been undecided for longest is no longer read; mining ones only where there are no others. */
  #forgetOldest(): void {
    const connection = this.#connections.oldest()
    if (connection === null) return
    if (connection.verdict !== 'other') this.unread++
    this.#tellTls(connection)
    if (connection.verdict === 'mining') this.#tellStratum(connection, true)
    this.#settle(connection)
  }

  #tellStratum(connection: TcpConnection, isLast: boolean): void {
    const { dialogue, slot } = connection
    if (dialogue === null) return
    const flow = this.#table.record(slot)
    const isSourceInitiator = ((this.#table.state(slot) & INITIATOR_A) !== 0) === connection.isInitiatorA
    const phase = isLast ? 'closed' : connection.isTold ? 'progress' : 'opened'
    const minerIsSource = dialogue.minerIsInitiator === isSourceInitiator
    connection.isTold = true
    this.#listener.stratum({ phase, flow, minerIsSource, snapshot: dialogue.snapshot() })
  }

  #tellTls(connection: TcpConnection): void {
    const handshake = connection.tls?.handshake() ?? null
    if (connection.isTlsTold || connection.tls === null) return
    connection.isTlsTold = true
    if (handshake === null) return
    const { slot } = connection
    const isSourceInitiator = ((this.#table.state(slot) & INITIATOR_A) !== 0) === connection.isInitiatorA
    const clientIsSource = handshake.clientIsInitiator === isSourceInitiator
    this.#listener.tls?.({ flow: this.#table.record(slot), clientIsSource, handshake })
  }

  #end(slot: number): void {
    const table = this.#table
    const connection = this.#connectionOf(slot)
    if (connection !== null) {
      connection.finish()
      this.#tellTls(connection)
      if (connection.verdict === 'mining') this.#tellStratum(connection, true)
      this.#forget(connection)
    }
    const isWanted = this.#listener.ended?.(table.protocol(slot), table.packet(slot), table.isTwoWay(slot))
    if (isWanted !== false) this.#listener.flow(table.record(slot), this.#firstPackets?.take(slot) ?? null)
    this.#firstPackets?.forget(slot)
    table.remove(slot)
  }

  /** Ends the flows that have been idle for longest, found by sampling. */
  #makeRoom(): void {
    const table = this.#table
    const lasts: number[] = []
    const step = Math.max(1, Math.floor(table.slots / 1024))
    for (let slot = 0; slot < table.slots; slot += step) if (table.isInUse(slot)) lasts.push(table.last(slot))
    lasts.sort((a, b) => a - b)
    const limit = lasts[Math.floor(lasts.length / EVICTED_SHARE)] ?? Number.POSITIVE_INFINITY
    for (let slot = 0; slot < table.slots; slot++) {
      if (!table.isInUse(slot) || table.last(slot) > limit) continue
      this.evicted++
      this.#end(slot)
    }
  }

  #dnsDatagram(packet: PacketDecoder, timeMs: number, isTimed: boolean, id: number, offset: number): void {
    if (this.#listener.wantsDnsQueries === false && isDnsQuery(packet.bytes, packet.dataAt)) return
    const message = decodeDns(packet.bytes.subarray(packet.dataAt, packet.dataEnd))
    if (message === null) return
    const src = formatAddress(packet.bytes, packet.srcAt, packet.isIpv6)
    const dst = formatAddress(packet.bytes, packet.dstAt, packet.isIpv6)
    const clientIp = message.isResponse ? dst : src
    const resolverIp = message.isResponse ? src : dst
    this.#listener.dns({ message, clientIp, resolverIp, timeMs, isTimed, packet: id, offset })
  }

  #dnsListener(slot: number, isTimed: boolean) {
    const flow = this.#table.record(slot)
    const [clientIp, resolverIp] =
      flow.dstPort === DNS_PORT ? [flow.srcIp, flow.dstIp] : [flow.dstIp, flow.srcIp]
    return (message: DnsMessage, _fromInitiator: boolean, timeMs: number, packet: number, offset: number) => {
      this.#listener.dns({ message, clientIp, resolverIp, timeMs, isTimed, packet, offset })
    }
  }
}

function isClosed(state: number): boolean {
  return (state & RESET) !== 0 || ((state & FIN_A) !== 0 && (state & FIN_B) !== 0)
}

/** Whether the sender of a flow's first packet counts as its source: SYN, else the higher port, else whoever spoke first. */
function isInitiator(packet: PacketDecoder): boolean {
  if (packet.protocol === TCP && (packet.tcpFlags & SYN) !== 0) return (packet.tcpFlags & ACK) === 0
  if (packet.protocol !== TCP && packet.protocol !== UDP) return true
  return packet.srcPort >= packet.dstPort
}
