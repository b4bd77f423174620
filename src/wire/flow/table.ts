import { formatAddress } from '../address.ts'
import type { PacketDecoder } from '../packet/decoder.ts'
import { communityId, icmpPartner } from './community-id.ts'
import { compareAddresses, hashOf, hasPorts, isIcmp } from './key.ts'
import type { FlowRecord } from './news.ts'

/** Bits of a flow's state. A and B are its ends in canonical order (smaller address, then smaller port, is A). */
export const INITIATOR_A = 1
export const FIRST_FROM_A = 1 << 1
export const SYN_A = 1 << 2
export const SYN_B = 1 << 3
export const FIN_A = 1 << 4
export const FIN_B = 1 << 5
export const RESET = 1 << 6
/** Both SYN and SYN-ACK were seen. */
export const HANDSHAKE = 1 << 7
/** A plain SYN told who opened the connection. */
export const OPENED = 1 << 8
/** Its payload is not looked at (any more). */
export const SETTLED = 1 << 9
/** Its times are not those of its packets: the capture has none. */
export const UNTIMED = 1 << 10
const IN_USE = 1 << 11
// Bits 12 to 29: see `credibility.ts`.

/** Integers of a flow, one cache line: addresses (8), ports, protocol, packets, sequence numbers, state, hash. */
const WORDS = 16
const PORTS = 8
const PROTOCOL = 9
const PACKETS_A = 10
const PACKETS_B = 11
const SEQ_A = 12
const SEQ_B = 13
const STATE = 14
const HASH = 15
/** Doubles of a flow: first and last packet (epoch ms), bytes, where the first packet stands. */
const DOUBLES = 8
const FIRST = 0
const LAST = 1
const BYTES_A = 2
const BYTES_B = 3
const PACKET = 4
const OFFSET = 5

const IPV6_BIT = 0x100
const SMALLEST = 1024
/** Longest run of occupied places looked through, so that crafted collisions cost nothing. */
const MAX_PROBES = 128
export const NONE = -1

/**
 * Flows by their five-tuple, both directions in one entry, in typed arrays: nothing is allocated per
 * packet or per flow. A flow is named by its slot until it is removed. Holds at most `limit` flows.
 */
export class FlowTable {
  readonly limit: number
  size = 0
  #capacity = SMALLEST
  #words = new Int32Array(SMALLEST * WORDS)
  #doubles = new Float64Array(SMALLEST * DOUBLES)
  /** Slot + 1 by hash, linear probing, never more than half full. */
  #index = new Int32Array(SMALLEST * 2)
  #free: number[] = []
  /** Slots in use or once used are below this. */
  #used = 0
  /** Key of the packet in hand, in canonical order. */
  readonly #key = new Int32Array(PROTOCOL + 1)
  #hash = 0
  #lastFound = NONE
  /** Whether the packet in hand goes from A to B. */
  fromA = false

  constructor(limit: number) {
    this.limit = limit
  }

  /** The flow of the packet in hand, or `NONE`; sets `fromA`. */
  find(packet: PacketDecoder): number {
    this.#readKey(packet)
    const last = this.#lastFound
    if (last !== NONE && this.#isKeyOf(last)) {
      this.#hash = this.#words[last * WORDS + HASH] ?? 0
      return last
    }
    this.#hash = hashOf(this.#key)
    const mask = this.#index.length - 1
    let place = this.#hash & mask
    for (let probes = 0; probes < MAX_PROBES; probes++) {
      const slot = (this.#index[place] ?? 0) - 1
      if (slot === NONE) return NONE
      if (this.#words[slot * WORDS + HASH] === this.#hash && this.#isKeyOf(slot)) {
        this.#lastFound = slot
        return slot
      }
      place = (place + 1) & mask
    }
    return NONE
  }

  /** The flow that has to go before one for the packet looked up last can be added, or `NONE`. */
  crowding(): number {
    if (this.size >= this.#capacity && this.#capacity < this.limit) this.#grow()
    const mask = this.#index.length - 1
    const home = this.#hash & mask
    for (let probes = 0; probes < MAX_PROBES; probes++) {
      if (this.#index[(home + probes) & mask] === 0) return NONE
    }
    return (this.#index[home] ?? 0) - 1
  }

  /** Adds a flow for the packet looked up last; there has to be room (`size < limit`, nothing crowding). */
  add(timeMs: number, packet: number, offset: number, state: number): number {
    const slot = this.#free.pop() ?? this.#used++
    const mask = this.#index.length - 1
    let place = this.#hash & mask
    while (this.#index[place] !== 0) place = (place + 1) & mask
    this.#index[place] = slot + 1
    const at = slot * WORDS
    this.#words.fill(0, at, at + WORDS)
    this.#words.set(this.#key, at)
    this.#words[at + STATE] = state | IN_USE
    this.#words[at + HASH] = this.#hash
    const to = slot * DOUBLES
    this.#doubles[to + FIRST] = timeMs
    this.#doubles[to + LAST] = timeMs
    this.#doubles[to + BYTES_A] = 0
    this.#doubles[to + BYTES_B] = 0
    this.#doubles[to + PACKET] = packet
    this.#doubles[to + OFFSET] = offset
    this.size++
    this.#lastFound = slot
    return slot
  }

  count(slot: number, timeMs: number, packets: number, bytes: number): void {
    const at = slot * WORDS + (this.fromA ? PACKETS_A : PACKETS_B)
    this.#words[at] = (this.#words[at] ?? 0) + packets
    const to = slot * DOUBLES
    const bytesAt = to + (this.fromA ? BYTES_A : BYTES_B)
    this.#doubles[bytesAt] = (this.#doubles[bytesAt] ?? 0) + bytes
    if (timeMs > (this.#doubles[to + LAST] ?? 0)) this.#doubles[to + LAST] = timeMs
    else if (timeMs < (this.#doubles[to + FIRST] ?? 0)) this.#doubles[to + FIRST] = timeMs
  }

  remove(slot: number): void {
    const mask = this.#index.length - 1
    let hole = (this.#words[slot * WORDS + HASH] ?? 0) & mask
    while (this.#index[hole] !== slot + 1) hole = (hole + 1) & mask
    for (let place = (hole + 1) & mask; this.#index[place] !== 0; place = (place + 1) & mask) {
      const home = (this.#words[((this.#index[place] ?? 0) - 1) * WORDS + HASH] ?? 0) & mask
      if (((place - home) & mask) < ((place - hole) & mask)) continue
      this.#index[hole] = this.#index[place] ?? 0
      hole = place
    }
    this.#index[hole] = 0
    this.#words[slot * WORDS + STATE] = 0
    this.#free.push(slot)
    this.size--
    if (this.#lastFound === slot) this.#lastFound = NONE
  }

  /** Every slot below this may be in use: see `isInUse`. */
  get slots(): number {
    return this.#used
  }

  isInUse(slot: number): boolean {
    return (this.state(slot) & IN_USE) !== 0
  }

  state(slot: number): number {
    return this.#words[slot * WORDS + STATE] ?? 0
  }

  setState(slot: number, state: number): void {
    this.#words[slot * WORDS + STATE] = state | IN_USE
  }

  last(slot: number): number {
    return this.#doubles[slot * DOUBLES + LAST] ?? 0
  }

  protocol(slot: number): number {
    return (this.#words[slot * WORDS + PROTOCOL] ?? 0) & 0xff
  }

  hasPackets(slot: number, fromA: boolean): boolean {
    return this.#words[slot * WORDS + (fromA ? PACKETS_A : PACKETS_B)] !== 0
  }

  /** Sequence number of the SYN of one direction; only where the state has its bit. */
  synSeq(slot: number, fromA: boolean): number {
    return this.#words[slot * WORDS + (fromA ? SEQ_A : SEQ_B)] ?? 0
  }

  setSynSeq(slot: number, fromA: boolean, seq: number): void {
    this.#words[slot * WORDS + (fromA ? SEQ_A : SEQ_B)] = seq
  }

  record(slot: number): FlowRecord {
    const state = this.state(slot)
    const at = slot * WORDS
    const to = slot * DOUBLES
    const isSrcA = (state & INITIATOR_A) !== 0
    const ports = this.#words[at + PORTS] ?? 0
    const portA = ports >>> 16
    const portB = ports & 0xffff
    const a = this.#addressBytes(slot, 0)
    const b = this.#addressBytes(slot, 4)
    const ipA = formatAddress(a, 0, a.length === 16)
    const ipB = formatAddress(b, 0, b.length === 16)
    const packetsA = this.#words[at + PACKETS_A] ?? 0
    const packetsB = this.#words[at + PACKETS_B] ?? 0
    const bytesA = this.#doubles[to + BYTES_A] ?? 0
    const bytesB = this.#doubles[to + BYTES_B] ?? 0
    return {
      communityId: this.#communityId(slot, a, b),
      protocol: this.protocol(slot),
      srcIp: isSrcA ? ipA : ipB,
      srcPort: isSrcA ? portA : portB,
      dstIp: isSrcA ? ipB : ipA,
      dstPort: isSrcA ? portB : portA,
      start: this.#doubles[to + FIRST] ?? 0,
      last: this.last(slot),
      packetsOut: isSrcA ? packetsA : packetsB,
      packetsIn: isSrcA ? packetsB : packetsA,
      bytesOut: isSrcA ? bytesA : bytesB,
      bytesIn: isSrcA ? bytesB : bytesA,
      isHandshakeSeen: (state & HANDSHAKE) !== 0,
      isTimed: (state & UNTIMED) === 0,
      packet: this.#doubles[to + PACKET] ?? 0,
      offset: this.#doubles[to + OFFSET] ?? 0,
    }
  }

  /** One-way ICMP keeps its direction, everything else is hashed from A to B. */
  #communityId(slot: number, a: Uint8Array, b: Uint8Array): string {
    const protocol = this.protocol(slot)
    const ports = this.#words[slot * WORDS + PORTS] ?? 0
    const portA = ports >>> 16
    const portB = ports & 0xffff
    const isOneWay = isIcmp(protocol) && icmpPartner(a.length === 16, this.#icmpType(slot)) === null
    if (isOneWay && (this.state(slot) & FIRST_FROM_A) === 0) {
      return communityId(b, a, protocol, { src: portB, dst: portA })
    }
    return communityId(a, b, protocol, hasPorts(protocol) ? { src: portA, dst: portB } : null)
  }

  /** Type of the ICMP message that began the flow: its source's port. */
  #icmpType(slot: number): number {
    const ports = this.#words[slot * WORDS + PORTS] ?? 0
    return (this.state(slot) & FIRST_FROM_A) !== 0 ? ports >>> 16 : ports & 0xffff
  }

  #readKey(packet: PacketDecoder): void {
    const { view, srcAt, dstAt, isIpv6, protocol } = packet
    const key = this.#key
    let dstPort = packet.dstPort
    if (isIcmp(protocol)) dstPort = icmpPartner(isIpv6, packet.srcPort) ?? dstPort
    const order = compareAddresses(view, srcAt, dstAt, isIpv6) || packet.srcPort - dstPort
    this.fromA = order <= 0
    const first = this.fromA ? srcAt : dstAt
    const second = this.fromA ? dstAt : srcAt
    key[0] = view.getInt32(first)
    key[4] = view.getInt32(second)
    if (isIpv6) {
      for (let i = 1; i < 4; i++) {
        key[i] = view.getInt32(first + i * 4)
        key[4 + i] = view.getInt32(second + i * 4)
      }
    } else {
      key[1] = key[2] = key[3] = 0
      key[5] = key[6] = key[7] = 0
    }
    key[PORTS] = this.fromA ? (packet.srcPort << 16) | dstPort : (dstPort << 16) | packet.srcPort
    key[PROTOCOL] = isIpv6 ? protocol | IPV6_BIT : protocol
  }

  #isKeyOf(slot: number): boolean {
    const words = this.#words
    const key = this.#key
    const at = slot * WORDS
    if (words[at] !== key[0] || words[at + 4] !== key[4]) return false
    if (words[at + PORTS] !== key[PORTS] || words[at + PROTOCOL] !== key[PROTOCOL]) return false
    if (((key[PROTOCOL] ?? 0) & IPV6_BIT) === 0) return true
    for (let i = 1; i < 4; i++) {
      if (words[at + i] !== key[i] || words[at + 4 + i] !== key[4 + i]) return false
    }
    return true
  }

  #addressBytes(slot: number, from: number): Uint8Array {
    const at = slot * WORDS
    const isIpv6 = ((this.#words[at + PROTOCOL] ?? 0) & IPV6_BIT) !== 0
    const bytes = new Uint8Array(isIpv6 ? 16 : 4)
    for (let i = 0; i < bytes.length; i++)
      bytes[i] = (this.#words[at + from + (i >> 2)] ?? 0) >>> (24 - (i & 3) * 8)
    return bytes
  }

  #grow(): void {
    this.#capacity = Math.min(this.limit, this.#capacity * 4)
    const words = new Int32Array(this.#capacity * WORDS)
    words.set(this.#words)
    this.#words = words
    const doubles = new Float64Array(this.#capacity * DOUBLES)
    doubles.set(this.#doubles)
    this.#doubles = doubles
    const index = new Int32Array(2 ** Math.ceil(Math.log2(this.#capacity * 2)))
    const mask = index.length - 1
    for (let slot = 0; slot < this.#used; slot++) {
      if (!this.isInUse(slot)) continue
      let place = (words[slot * WORDS + HASH] ?? 0) & mask
      while (index[place] !== 0) place = (place + 1) & mask
      index[place] = slot + 1
    }
    this.#index = index
  }
}
