import type { PacketDecoder } from '../packet/decoder.ts'
import { icmpPartner } from './community-id.ts'
import { compareAddresses, hashOf, hashOfIpv4, isIcmp } from './key.ts'
import {
  ADDRESS_A,
  ADDRESS_B,
  BYTES_A,
  BYTES_B,
  CONNECTION,
  DOUBLES,
  FIRST,
  FIRST_PACKETS,
  HASH,
  IPV6_BIT,
  LAST,
  NEXT_FREE,
  OFFSET,
  PACKET,
  PACKETS_A,
  PACKETS_B,
  PORTS,
  PROTOCOL,
  REST,
  REST_WORDS,
  SEQ_A,
  SEQ_B,
  STATE,
  WORDS,
} from './layout.ts'
import type { FlowRecord } from './news.ts'
import { TableRecord } from './record.ts'
import { IN_USE } from './state.ts'

/** Sizes the table grows through before it takes its limit: memory is used when it is touched, so no more steps are needed. */
const SIZES = [1024, 16_384]
/** The words that a flow begins with and is found by; for IPv6 those of `REST` follow. */
const KEY_WORDS = 4
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
  #capacity = 0
  #words = new Int32Array(0)
  #doubles = new Float64Array(0)
  /** What few packets touch. */
  #rareWords = new Int32Array(0)
  #rareDoubles = new Float64Array(0)
  /** Slot + 1 and hash, placed by hash, linear probing, never more than half full. */
  #index = new Int32Array(0)
  /** The slot freed last, plus one; zero where none is. */
  #free = 0
  /** Slots in use or once used are below this. */
  #used = 0
  /** Of the packet in hand, in canonical order. */
  readonly #key = new Int32Array(KEY_WORDS + REST_WORDS)
  #hash = 0
  #lastFound = NONE
  /** Whether the packet in hand goes from A to B. */
  fromA = false

  constructor(limit: number) {
    this.limit = limit
    this.#grow()
  }

  /** The flow of the packet in hand, or `NONE`; sets `fromA`. */
  find(packet: PacketDecoder): number {
    this.#readKey(packet)
    const last = this.#lastFound
    if (last !== NONE && this.#isKeyOf(last)) {
      this.#hash = this.#words[last * WORDS + HASH] ?? 0
      return last
    }
    this.#hash = this.#hashOfKey()
    const index = this.#index
    const hash = this.#hash
    const mask = index.length - 1
    let place = (hash << 1) & mask
    for (let probes = 0; probes < MAX_PROBES; probes++) {
      const slot = (index[place] ?? 0) - 1
      if (slot === NONE) return NONE
      if (index[place + 1] === hash && this.#isKeyOf(slot)) {
        this.#lastFound = slot
        return slot
      }
      place = (place + 2) & mask
    }
    return NONE
  }

  /**
   * The slots that flows with these hashes most likely have (any slot where there is none), in the same order.
   * All of them are read at once, so that waiting for memory overlaps.
   */
  guess(hashes: Int32Array, slots: Int32Array, count: number): void {
    const index = this.#index
    const mask = index.length - 1
    for (let i = 0; i < count; i++) {
      const hash = hashes[i] ?? 0
      let place = (hash << 1) & mask
      if (index[place + 1] !== hash) place = (place + 2) & mask
      const slot = (index[place] ?? 0) - 1
      slots[i] = slot < 0 ? 0 : slot
    }
  }

  /** Puts in the place of each slot the caller's name for it (`connection`). */
  connectionsOf(slots: Int32Array, count: number): void {
    const words = this.#words
    for (let i = 0; i < count; i++) slots[i] = words[(slots[i] ?? 0) * WORDS + CONNECTION] ?? NONE
  }

  /** The flow that has to go before one for the packet looked up last can be added, or `NONE`. */
  crowding(): number {
    if (this.size >= this.#capacity && this.#capacity < this.limit) this.#grow()
    const mask = this.#index.length - 1
    const home = (this.#hash << 1) & mask
    for (let probes = 0; probes < MAX_PROBES; probes++) {
      if (this.#index[(home + probes * 2) & mask] === 0) return NONE
    }
    return (this.#index[home] ?? 0) - 1
  }

  /** Adds a flow for the packet looked up last; there has to be room (`size < limit`, nothing crowding). */
  add(timeMs: number, packet: number, offset: number, state: number): number {
    const slot = this.#takeFree()
    place(this.#index, slot, this.#hash)
    const words = this.#words
    const at = slot * WORDS
    for (let i = 0; i < KEY_WORDS; i++) words[at + i] = this.#key[i] ?? 0
    for (let i = 0; i < REST_WORDS; i++) this.#rareWords[at + REST + i] = this.#key[KEY_WORDS + i] ?? 0
    words[at + HASH] = this.#hash
    words[at + STATE] = state | IN_USE
    words[at + PACKETS_A] = words[at + PACKETS_B] = 0
    words[at + CONNECTION] = words[at + FIRST_PACKETS] = NONE
    const to = slot * DOUBLES
    this.#rareDoubles[to + FIRST] = timeMs
    this.#doubles[to + LAST] = timeMs
    this.#doubles[to + BYTES_A] = 0
    this.#doubles[to + BYTES_B] = 0
    this.#rareDoubles[to + PACKET] = packet
    this.#rareDoubles[to + OFFSET] = offset
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
    else if (timeMs < (this.#rareDoubles[to + FIRST] ?? 0)) this.#rareDoubles[to + FIRST] = timeMs
  }

  remove(slot: number): void {
    displace(this.#index, slot, this.#words[slot * WORDS + HASH] ?? 0)
    this.#words[slot * WORDS + STATE] = 0
    this.#words[slot * WORDS + NEXT_FREE] = this.#free
    this.#free = slot + 1
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
    return this.#rareWords[slot * WORDS + (fromA ? SEQ_A : SEQ_B)] ?? 0
  }

  setSynSeq(slot: number, fromA: boolean, seq: number): void {
    this.#rareWords[slot * WORDS + (fromA ? SEQ_A : SEQ_B)] = seq
  }

  /** The caller's own name for what it keeps of a flow elsewhere; `NONE` until it is set. */
  connection(slot: number): number {
    return this.#words[slot * WORDS + CONNECTION] ?? NONE
  }

  setConnection(slot: number, name: number): void {
    this.#words[slot * WORDS + CONNECTION] = name
  }

  /** As `connection`, for another thing. */
  firstPackets(slot: number): number {
    return this.#words[slot * WORDS + FIRST_PACKETS] ?? NONE
  }

  setFirstPackets(slot: number, name: number): void {
    this.#words[slot * WORDS + FIRST_PACKETS] = name
  }

  /** Number of the first packet, as it was given. */
  packet(slot: number): number {
    return this.#rareDoubles[slot * DOUBLES + PACKET] ?? 0
  }

  record(slot: number): FlowRecord {
    return new TableRecord(this.#words, this.#doubles, this.#rareWords, this.#rareDoubles, slot)
  }

  /** Packets of both directions have been seen. */
  isTwoWay(slot: number): boolean {
    const at = slot * WORDS
    return this.#words[at + PACKETS_A] !== 0 && this.#words[at + PACKETS_B] !== 0
  }

  #readKey(packet: PacketDecoder): void {
    const { view, srcAt, dstAt, isIpv6, protocol } = packet
    const key = this.#key
    let dstPort = packet.dstPort
    if (isIcmp(protocol)) dstPort = icmpPartner(isIpv6, packet.srcPort) ?? dstPort
    const order = compareAddresses(view, srcAt, dstAt, isIpv6) || packet.srcPort - dstPort
    const fromA = order <= 0
    this.fromA = fromA
    const a = fromA ? srcAt : dstAt
    const b = fromA ? dstAt : srcAt
    key[ADDRESS_A] = view.getInt32(a)
    key[ADDRESS_B] = view.getInt32(b)
    key[PORTS] = fromA ? (packet.srcPort << 16) | dstPort : (dstPort << 16) | packet.srcPort
    key[PROTOCOL] = isIpv6 ? protocol | IPV6_BIT : protocol
    if (!isIpv6) return
    for (let i = 0; i < 3; i++) {
      key[KEY_WORDS + i] = view.getInt32(a + 4 + i * 4)
      key[KEY_WORDS + 3 + i] = view.getInt32(b + 4 + i * 4)
    }
  }

  #hashOfKey(): number {
    const key = this.#key
    const protocol = key[PROTOCOL] ?? 0
    if ((protocol & IPV6_BIT) !== 0) return hashOf(key, KEY_WORDS + REST_WORDS)
    return hashOfIpv4(key[ADDRESS_A] ?? 0, key[ADDRESS_B] ?? 0, key[PORTS] ?? 0, protocol)
  }

  #isKeyOf(slot: number): boolean {
    const words = this.#words
    const key = this.#key
    const at = slot * WORDS
    for (let i = 0; i < KEY_WORDS; i++) if (words[at + i] !== key[i]) return false
    if (((key[PROTOCOL] ?? 0) & IPV6_BIT) === 0) return true
    const rare = this.#rareWords
    for (let i = 0; i < REST_WORDS; i++) if (rare[at + REST + i] !== key[KEY_WORDS + i]) return false
    return true
  }

  #takeFree(): number {
    if (this.#free === 0) return this.#used++
    const slot = this.#free - 1
    this.#free = this.#words[slot * WORDS + NEXT_FREE] ?? 0
    return slot
  }

  #grow(): void {
    const next = SIZES.find((size) => size > this.#capacity) ?? this.limit
    this.#capacity = Math.min(this.limit, next)
    const words = grown(this.#words, this.#capacity * WORDS)
    this.#words = words
    this.#doubles = doublesOf(words)
    this.#rareWords = grown(this.#rareWords, this.#capacity * WORDS)
    this.#rareDoubles = doublesOf(this.#rareWords)
    const index = new Int32Array(2 * 2 ** Math.ceil(Math.log2(this.#capacity * 2)))
    for (let slot = 0; slot < this.#used; slot++) {
      if (this.isInUse(slot)) place(index, slot, words[slot * WORDS + HASH] ?? 0)
    }
    this.#index = index
  }
}

/** Large blocks of memory begin 16 bytes behind a cache line's start (glibc's header): records are to begin with one. */
const UNTIL_LINE_BYTES = 48

function grown(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const words = new Int32Array(new ArrayBuffer(length * 4 + UNTIL_LINE_BYTES), UNTIL_LINE_BYTES, length)
  words.set(old)
  return words
}

function doublesOf(words: Int32Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  return new Float64Array(words.buffer, words.byteOffset, words.length / 2)
}

function place(index: Int32Array, slot: number, hash: number): void {
  const mask = index.length - 1
  let at = (hash << 1) & mask
  while (index[at] !== 0) at = (at + 2) & mask
  index[at] = slot + 1
  index[at + 1] = hash
}

/** Takes an entry out and moves those behind it closer to where their hashes want them. */
function displace(index: Int32Array, slot: number, hash: number): void {
  const mask = index.length - 1
  let hole = (hash << 1) & mask
  while (index[hole] !== slot + 1) hole = (hole + 2) & mask
  for (let at = (hole + 2) & mask; index[at] !== 0; at = (at + 2) & mask) {
    const home = ((index[at + 1] ?? 0) << 1) & mask
    if (((at - home) & mask) < ((at - hole) & mask)) continue
    index[hole] = index[at] ?? 0
    index[hole + 1] = index[at + 1] ?? 0
    hole = at
  }
  index[hole] = 0
}
