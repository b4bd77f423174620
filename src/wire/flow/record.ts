import { formatAddress } from '../address.ts'
import { communityId, icmpPartner } from './community-id.ts'
import { hasPorts, isIcmp } from './key.ts'
import {
  ADDRESS_A,
  ADDRESS_B,
  BYTES_A,
  BYTES_B,
  DOUBLES,
  FIRST,
  IPV6_BIT,
  LAST,
  OFFSET,
  PACKET,
  PACKETS_A,
  PACKETS_B,
  PORTS,
  PROTOCOL,
  REST,
  REST_WORDS,
  STATE,
  WORDS,
} from './layout.ts'
import type { FlowRecord } from './news.ts'
import { FIRST_FROM_A, HANDSHAKE, INITIATOR_A, UNTIMED } from './state.ts'

/** What the table holds of one flow, copied. Its Community ID costs more than all the rest: it is computed when it is asked for. */
export class TableRecord implements FlowRecord {
  readonly protocol: number
  readonly srcIp: string
  readonly srcPort: number
  readonly dstIp: string
  readonly dstPort: number
  readonly start: number
  readonly last: number
  readonly packetsOut: number
  readonly packetsIn: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly isHandshakeSeen: boolean
  readonly isTimed: boolean
  readonly packet: number
  readonly offset: number
  readonly #a: Uint8Array
  readonly #b: Uint8Array
  readonly #ports: number
  readonly #isFirstFromA: boolean
  #communityId: string | null = null

  constructor(
    words: Int32Array,
    doubles: Float64Array,
    rareWords: Int32Array,
    rareDoubles: Float64Array,
    slot: number,
  ) {
    const at = slot * WORDS
    const to = slot * DOUBLES
    const state = words[at + STATE] ?? 0
    const protocol = words[at + PROTOCOL] ?? 0
    const ports = words[at + PORTS] ?? 0
    const isIpv6 = (protocol & IPV6_BIT) !== 0
    const a = addressOf(words[at + ADDRESS_A] ?? 0, rareWords, at + REST, isIpv6)
    const b = addressOf(words[at + ADDRESS_B] ?? 0, rareWords, at + REST + REST_WORDS / 2, isIpv6)
    const isSourceA = (state & INITIATOR_A) !== 0
    this.#a = a
    this.#b = b
    this.#ports = ports
    this.#isFirstFromA = (state & FIRST_FROM_A) !== 0
    this.protocol = protocol & 0xff
    this.srcIp = formatAddress(isSourceA ? a : b, 0, isIpv6)
    this.srcPort = isSourceA ? ports >>> 16 : ports & 0xffff
    this.dstIp = formatAddress(isSourceA ? b : a, 0, isIpv6)
    this.dstPort = isSourceA ? ports & 0xffff : ports >>> 16
    this.start = rareDoubles[to + FIRST] ?? 0
    this.last = doubles[to + LAST] ?? 0
    this.packetsOut = words[at + (isSourceA ? PACKETS_A : PACKETS_B)] ?? 0
    this.packetsIn = words[at + (isSourceA ? PACKETS_B : PACKETS_A)] ?? 0
    this.bytesOut = doubles[to + (isSourceA ? BYTES_A : BYTES_B)] ?? 0
    this.bytesIn = doubles[to + (isSourceA ? BYTES_B : BYTES_A)] ?? 0
    this.isHandshakeSeen = (state & HANDSHAKE) !== 0
    this.isTimed = (state & UNTIMED) === 0
    this.packet = rareDoubles[to + PACKET] ?? 0
    this.offset = rareDoubles[to + OFFSET] ?? 0
  }

  /** One-way ICMP keeps its direction, everything else is hashed from A to B. */
  get communityId(): string {
    return (this.#communityId ??= this.#makeCommunityId())
  }

  #makeCommunityId(): string {
    const { protocol } = this
    const portA = this.#ports >>> 16
    const portB = this.#ports & 0xffff
    // Type of the ICMP message that began the flow: its source's port.
    const type = this.#isFirstFromA ? portA : portB
    const isOneWay = isIcmp(protocol) && icmpPartner(this.#a.length === 16, type) === null
    if (isOneWay && !this.#isFirstFromA)
      return communityId(this.#b, this.#a, protocol, { src: portB, dst: portA })
    return communityId(this.#a, this.#b, protocol, hasPorts(protocol) ? { src: portA, dst: portB } : null)
  }
}

function addressOf(first: number, rest: Int32Array, restAt: number, isIpv6: boolean): Uint8Array {
  const bytes = new Uint8Array(isIpv6 ? 16 : 4)
  write(bytes, 0, first)
  if (isIpv6) for (let i = 0; i < 3; i++) write(bytes, 4 + i * 4, rest[restAt + i] ?? 0)
  return bytes
}

function write(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
}
