import { FragmentTable, type Whole } from './fragments.ts'
import {
  CARRIES_BROKEN,
  CARRIES_ETHERNET,
  CARRIES_IPV4,
  CARRIES_IPV6,
  CARRIES_UNKNOWN,
  LinkLayer,
} from './link.ts'
import { Tunnel } from './tunnel.ts'

/** What became of a packet. */
export const DECODED = 0
/** Fine, but no IP packet. */
export const NOT_IP = 1
/** Its headers make no sense or are not all there. */
export const MALFORMED = 2
/** A fragment, kept until the rest comes. */
export const HELD = 3
/** A link type that is not read. */
export const UNKNOWN_LINK = 4

export const ICMP = 1
export const TCP = 6
export const UDP = 17
export const ICMPV6 = 58
export const SCTP = 132

/** Tunnels in tunnels are followed this far; one that carries a frame counts twice. */
const MAX_DEPTH = 8
const MAX_EXTENSION_HEADERS = 16

/**
 * Decodes packets in place. One decoder is used for all packets: its fields describe the last one
 * that gave `DECODED` and point into `bytes`, which is the caller's buffer or, for a packet that came
 * in fragments, one of the decoder's own. Checksums are not looked at here: with offload they are wrong
 * in every capture taken on the sending host. The innermost packet of a tunnel is the one described.
 */
export class PacketDecoder {
  bytes: Uint8Array
  view: DataView
  isIpv6 = false
  /** Positions of the addresses: 4 or 16 bytes. */
  srcAt = 0
  dstAt = 0
  /** IANA number of the transport (behind extension headers). */
  protocol = 0
  /** Packets this one arrived in (fragments), and their bytes from the IP header on. */
  packetCount = 1
  ipBytes = 0
  /** Where the IP header starts. */
  ipAt = 0
  /** Zero where the transport has none; ICMP: type and code. */
  srcPort = 0
  dstPort = 0
  tcpFlags = 0
  seq = 0
  ack = 0
  /** Payload of the transport as captured, and its length on the wire. */
  dataAt = 0
  dataEnd = 0
  dataLength = 0
  /** Where the header of the transport starts. */
  transportAt = 0
  readonly #link = new LinkLayer()
  readonly #tunnelSeen = new Tunnel()
  readonly #fragments = new FragmentTable()
  #timeMs = 0

  constructor() {
    this.bytes = new Uint8Array(0)
    this.view = new DataView(this.bytes.buffer)
  }

  /** Time to live, or hop limit. */
  get ttl(): number {
    return this.view.getUint8(this.ipAt + (this.isIpv6 ? 7 : 8))
  }

  /** `view` covers the same memory as `bytes`; the packet stands from `at` to `end`. */
  decode(
    bytes: Uint8Array,
    view: DataView,
    at: number,
    end: number,
    linkType: number,
    timeMs: number,
  ): number {
    this.bytes = bytes
    this.view = view
    this.#timeMs = timeMs
    this.packetCount = 1
    this.ipBytes = 0
    this.#link.strip(view, at, end, linkType)
    return this.#network(end, MAX_DEPTH)
  }

  #network(end: number, depth: number): number {
    const { at, carries } = this.#link
    switch (carries) {
      case CARRIES_IPV4:
        return this.#ipv4(at, end, depth)
      case CARRIES_IPV6:
        return this.#ipv6(at, end, depth)
      case CARRIES_ETHERNET:
        return depth > 0 ? this.#ethernet(at, end, depth - 1) : NOT_IP
      case CARRIES_BROKEN:
        return MALFORMED
      case CARRIES_UNKNOWN:
        return UNKNOWN_LINK
      default:
        return NOT_IP
    }
  }

  #ethernet(at: number, end: number, depth: number): number {
    this.#link.ethernet(this.view, at, end)
    return this.#network(end, depth)
  }

  /** RFC 791. A total length of zero is what a sender with segmentation offload shows: then the frame tells. */
  #ipv4(at: number, end: number, depth: number): number {
    if (at + 20 > end) return MALFORMED
    const view = this.view
    const version = view.getUint8(at)
    const headerBytes = (version & 15) * 4
    const total = view.getUint16(at + 2) || end - at
    if (version >> 4 !== 4 || headerBytes < 20 || at + headerBytes > end || total < headerBytes)
      return MALFORMED
    const protocol = view.getUint8(at + 9)
    const wireEnd = at + total
    const capturedEnd = wireEnd < end ? wireEnd : end
    const fragment = view.getUint16(at + 6) & 0x3fff
    if (fragment !== 0) {
      if (capturedEnd < wireEnd) return HELD
      const from = (fragment & 0x1fff) * 8
      const key = this.#fragmentKey(at + 12, at + 20, at + 4, at + 6, protocol)
      return this.#fragment(key, at, at + headerBytes, wireEnd, from, (fragment & 0x2000) !== 0, depth)
    }
    this.isIpv6 = false
    this.ipAt = at
    this.srcAt = at + 12
    this.dstAt = at + 16
    if (this.ipBytes === 0) this.ipBytes = total
    return this.#transport(protocol, at + headerBytes, capturedEnd, wireEnd, depth)
  }

  /** RFC 8200. */
  #ipv6(at: number, end: number, depth: number): number {
    if (at + 40 > end) return MALFORMED
    const view = this.view
    if (view.getUint8(at) >> 4 !== 6) return MALFORMED
    const total = view.getUint16(at + 4) === 0 ? end - at : 40 + view.getUint16(at + 4)
    const wireEnd = at + total
    const capturedEnd = wireEnd < end ? wireEnd : end
    let protocol = view.getUint8(at + 6)
    let next = at + 40
    for (let headers = 0; isExtension(protocol); headers++) {
      if (headers === MAX_EXTENSION_HEADERS || next + 8 > capturedEnd) return MALFORMED
      const upper = view.getUint8(next)
      const field = protocol === 44 ? view.getUint16(next + 2) : 0
      if ((field & 0xfff9) !== 0) {
        if (capturedEnd < wireEnd) return HELD
        const key = this.#fragmentKey(at + 8, at + 40, next + 4, next + 8, upper)
        return this.#fragment(key, at, next + 8, wireEnd, field & 0xfff8, (field & 1) === 1, depth)
      }
      next += extensionBytes(view, protocol, next)
      protocol = upper
    }
    if (next > capturedEnd) return MALFORMED
    this.isIpv6 = true
    this.ipAt = at
    this.srcAt = at + 8
    this.dstAt = at + 24
    if (this.ipBytes === 0) this.ipBytes = total
    return this.#transport(protocol, next, capturedEnd, wireEnd, depth)
  }

  #transport(protocol: number, at: number, end: number, wireEnd: number, depth: number): number {
    this.protocol = protocol
    this.transportAt = at
    this.srcPort = 0
    this.dstPort = 0
    this.tcpFlags = 0
    this.dataAt = end
    this.dataEnd = end
    this.dataLength = 0
    switch (protocol) {
      case TCP:
        return this.#tcp(at, end, wireEnd)
      case UDP:
        return this.#udp(at, end, wireEnd, depth)
      case ICMP:
      case ICMPV6:
        if (at + 2 > end) return MALFORMED
        this.srcPort = this.view.getUint8(at)
        this.dstPort = this.view.getUint8(at + 1)
        return DECODED
      case SCTP:
        if (at + 4 > end) return MALFORMED
        this.#ports(at)
        return DECODED
      case 4: // RFC 2003
      case 41: // RFC 4213
      case 47: // RFC 2784
        return depth > 0 ? this.#tunnel(protocol, at, end, wireEnd, depth) : DECODED
      default:
        return DECODED
    }
  }

  /** RFC 9293. */
  #tcp(at: number, end: number, wireEnd: number): number {
    if (at + 14 > end) return MALFORMED
    const view = this.view
    const headerBytes = (view.getUint8(at + 12) >> 4) * 4
    if (headerBytes < 20 || at + headerBytes > wireEnd) return MALFORMED
    this.#ports(at)
    this.seq = view.getUint32(at + 4)
    this.ack = view.getUint32(at + 8)
    this.tcpFlags = view.getUint8(at + 13)
    this.dataAt = at + headerBytes < end ? at + headerBytes : end
    this.dataLength = wireEnd - at - headerBytes
    return DECODED
  }

  /** RFC 768. */
  #udp(at: number, end: number, wireEnd: number, depth: number): number {
    if (at + 8 > end) return MALFORMED
    this.#ports(at)
    const length = this.view.getUint16(at + 4)
    const dataWireEnd = length >= 8 && at + length < wireEnd ? at + length : wireEnd
    this.dataAt = at + 8
    this.dataEnd = dataWireEnd < end ? dataWireEnd : end
    this.dataLength = dataWireEnd - at - 8
    if (depth === 0) return DECODED
    if (!this.#tunnelSeen.udp(this.view, this.dstPort, this.dataAt, this.dataEnd)) return DECODED
    const outcome = this.#carried(this.dataEnd, depth - 1)
    return outcome === DECODED || outcome === HELD ? outcome : this.#outer(UDP, at, end, wireEnd)
  }

  #tunnel(protocol: number, at: number, end: number, wireEnd: number, depth: number): number {
    const outcome = this.#inner(protocol, at, end, depth - 1)
    return outcome === DECODED || outcome === HELD ? outcome : this.#outer(protocol, at, end, wireEnd)
  }

  #inner(protocol: number, at: number, end: number, depth: number): number {
    if (protocol === 4) return this.#ipv4(at, end, depth)
    if (protocol === 41) return this.#ipv6(at, end, depth)
    return this.#tunnelSeen.gre(this.view, at, end) ? this.#carried(end, depth) : NOT_IP
  }

  #carried(end: number, depth: number): number {
    this.#link.typed(this.view, this.#tunnelSeen.carries, this.#tunnelSeen.at, end)
    return this.#network(end, depth)
  }

  /** What looked like a tunnel was none: the packet is described as it stands. */
  #outer(protocol: number, at: number, end: number, wireEnd: number): number {
    return this.#transport(protocol, at, end, wireEnd, 0)
  }

  #ports(at: number): void {
    this.srcPort = this.view.getUint16(at)
    this.dstPort = this.view.getUint16(at + 2)
  }

  #fragmentKey(addresses: number, addressesEnd: number, id: number, idEnd: number, protocol: number): string {
    const bytes = this.bytes
    return `${protocol} ${latin1(bytes, addresses, addressesEnd)}${latin1(bytes, id, idEnd)}`
  }

  #fragment(
    key: string,
    ipAt: number,
    payloadAt: number,
    end: number,
    from: number,
    isMore: boolean,
    depth: number,
  ): number {
    const bytes = this.bytes
    const header = bytes.subarray(ipAt, payloadAt)
    const whole = this.#fragments.add(key, this.#timeMs, header, bytes.subarray(payloadAt, end), from, isMore)
    return whole === null ? HELD : this.#whole(whole, depth)
  }

  #whole(whole: Whole, depth: number): number {
    const { bytes, headerBytes } = whole
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.packetCount = whole.packets
    this.ipBytes = whole.wireBytes
    this.ipAt = 0
    this.isIpv6 = this.view.getUint8(0) >> 4 === 6
    this.srcAt = this.isIpv6 ? 8 : 12
    this.dstAt = this.isIpv6 ? 24 : 16
    if (!this.isIpv6)
      return this.#transport(this.view.getUint8(9), headerBytes, bytes.length, bytes.length, depth)
    return this.#behindFragment(headerBytes, bytes.length, depth)
  }

  /** Extension headers may stand behind the fragment header as well. */
  #behindFragment(start: number, end: number, depth: number): number {
    let protocol = this.view.getUint8(start - 8)
    let next = start
    for (let headers = 0; isExtension(protocol); headers++) {
      if (headers === MAX_EXTENSION_HEADERS || protocol === 44 || next + 8 > end) return MALFORMED
      const upper = this.view.getUint8(next)
      next += extensionBytes(this.view, protocol, next)
      protocol = upper
    }
    return next > end ? MALFORMED : this.#transport(protocol, next, end, end, depth)
  }
}

/** Length of the extension header at `at` (RFC 8200 §4; RFC 4302 counts differently). */
function extensionBytes(view: DataView, protocol: number, at: number): number {
  if (protocol === 44) return 8
  return protocol === 51 ? (view.getUint8(at + 1) + 2) * 4 : (view.getUint8(at + 1) + 1) * 8
}

function isExtension(protocol: number): boolean {
  switch (protocol) {
    case 0: // hop-by-hop
    case 43: // routing
    case 44: // fragment
    case 51: // authentication
    case 60: // destination options
    case 135: // mobility
    case 139: // host identity
    case 140: // shim6
      return true
    default:
      return false
  }
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] ?? 0)
  return text
}
