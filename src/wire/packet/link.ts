/** What a link layer was found to carry. Values of EtherType where there is one. */
export const CARRIES_IPV4 = 0x0800
export const CARRIES_IPV6 = 0x86dd
/** An Ethernet frame inside (bridged in a tunnel or a pseudowire). */
export const CARRIES_ETHERNET = 0x6558
/** Fine, but not IP: ARP, spanning tree, LLDP … */
export const CARRIES_OTHER = 0
/** Shorter than its own header. */
export const CARRIES_BROKEN = -1
/** A link type that is not read here. */
export const CARRIES_UNKNOWN = -2

const MAX_TAGS = 16

/** Where the packet inside starts, and what it is. One is kept and filled again for every packet. */
export class LinkLayer {
  at = 0
  carries = CARRIES_OTHER

  /** Strips the link layer. Link types: https://www.tcpdump.org/linktypes.html */
  strip(view: DataView, at: number, end: number, linkType: number): void {
    switch (linkType) {
      case 1:
        return this.ethernet(view, at, end)
      case 113: // LINUX_SLL
        return this.#typed(view, at + 14, end)
      case 276: // LINUX_SLL2
        return at + 20 > end
          ? this.#set(end, CARRIES_BROKEN)
          : this.#etherType(view, view.getUint16(at), at + 20, end)
      case 12: // DLT_RAW as some systems write it
      case 14:
      case 101: // RAW
        return this.#byVersion(view, at, end)
      case 228:
        return this.#set(at, CARRIES_IPV4)
      case 229:
        return this.#set(at, CARRIES_IPV6)
      case 0: // NULL, host byte order
      case 108: // LOOP, network byte order
        return this.#family(view, at, end)
      case 9: // PPP
      case 50: // PPP_HDLC
        return this.#ppp(view, at, end)
      case 204: // PPP_WITH_DIR
        return this.#ppp(view, at + 1, end)
      case 51: // PPP_ETHER
        return this.#pppoe(view, at, end)
      case 104: // C_HDLC: address, control, EtherType
        return this.#typed(view, at + 2, end)
      default:
        return this.#set(at, CARRIES_UNKNOWN)
    }
  }

  /** What comes behind an EtherType that was read elsewhere (a tunnel's). */
  typed(view: DataView, type: number, at: number, end: number): void {
    if (type === CARRIES_BROKEN) this.#set(at, type)
    else this.#etherType(view, type, at, end)
  }

  /** Ethernet II, 802.3 with SNAP, any depth of VLAN tags. */
  ethernet(view: DataView, at: number, end: number): void {
    this.#typed(view, at + 12, end)
  }

  #typed(view: DataView, at: number, end: number): void {
    if (at + 2 > end) return this.#set(end, CARRIES_BROKEN)
    return this.#etherType(view, view.getUint16(at), at + 2, end)
  }

  #etherType(view: DataView, first: number, start: number, end: number): void {
    let type = first
    let at = start
    for (let tags = 0; tags < MAX_TAGS; tags++) {
      switch (type) {
        case CARRIES_IPV4:
        case CARRIES_IPV6:
          return this.#set(at, type)
        case 0x8100: // 802.1Q
        case 0x88a8: // 802.1ad
        case 0x9100:
        case 0x9200:
          if (at + 4 > end) return this.#set(end, CARRIES_BROKEN)
          type = view.getUint16(at + 2)
          at += 4
          break
        case 0x8847: // MPLS
        case 0x8848:
          return this.#mpls(view, at, end)
        case 0x8864:
          return this.#pppoe(view, at, end)
        case CARRIES_ETHERNET:
          return this.#set(at, CARRIES_ETHERNET)
        default:
          return this.#snap(view, type, at, end)
      }
    }
    return this.#set(at, CARRIES_OTHER)
  }

  /** 802.3 length and SNAP header (RFC 1042): an EtherType again. */
  #snap(view: DataView, length: number, at: number, end: number): void {
    const isSnap =
      length < 0x600 && at + 8 <= end && view.getUint32(at) === 0xaaaa0300 && view.getUint8(at + 4) === 0
    const type = isSnap ? view.getUint16(at + 6) : 0
    this.#set(isSnap ? at + 8 : at, type === CARRIES_IPV4 || type === CARRIES_IPV6 ? type : CARRIES_OTHER)
  }

  #mpls(view: DataView, start: number, end: number): void {
    let at = start
    let isBottom = false
    while (!isBottom) {
      if (at + 4 > end) return this.#set(end, CARRIES_BROKEN)
      isBottom = (view.getUint8(at + 2) & 1) === 1
      at += 4
    }
    if (at < end && view.getUint8(at) >> 4 === 0) return this.#set(at + 4, CARRIES_ETHERNET) // RFC 4448 control word
    return this.#byVersion(view, at, end)
  }

  #pppoe(view: DataView, at: number, end: number): void {
    if (at + 6 > end) return this.#set(end, CARRIES_BROKEN)
    if (view.getUint8(at + 1) !== 0) return this.#set(at, CARRIES_OTHER) // discovery
    return this.#ppp(view, at + 6, end)
  }

  /** RFC 1661/1662: address and control may be left out, the protocol may be one byte. Cisco HDLC passes as PPP, too. */
  #ppp(view: DataView, start: number, end: number): void {
    if (start + 4 <= end && (view.getUint16(start) & 0x7fff) === 0x0f00)
      return this.#typed(view, start + 2, end)
    const at = start + 2 <= end && view.getUint16(start) === 0xff03 ? start + 2 : start
    if (at + 2 > end) return this.#set(end, CARRIES_BROKEN)
    const isShort = (view.getUint8(at) & 1) === 1
    const protocol = isShort ? view.getUint8(at) : view.getUint16(at)
    const payload = at + (isShort ? 1 : 2)
    if (protocol === 0x21) return this.#set(payload, CARRIES_IPV4)
    if (protocol === 0x57) return this.#set(payload, CARRIES_IPV6)
    if (protocol === 0x281) return this.#mpls(view, payload, end)
    return this.#set(payload, CARRIES_OTHER)
  }

  /** BSD loopback: an address family in the byte order of whoever captured; 24, 28 and 30 are the BSDs' IPv6. */
  #family(view: DataView, at: number, end: number): void {
    if (at + 4 > end) return this.#set(end, CARRIES_BROKEN)
    const little = view.getUint32(at, true)
    const family = little > 0xffff ? view.getUint32(at) : little
    if (family === 2) return this.#set(at + 4, CARRIES_IPV4)
    const isIpv6 = family === 10 || family === 23 || family === 24 || family === 28 || family === 30
    return this.#set(at + 4, isIpv6 ? CARRIES_IPV6 : CARRIES_OTHER)
  }

  #byVersion(view: DataView, at: number, end: number): void {
    this.#set(at, carriesByVersion(view, at, end))
  }

  #set(at: number, carries: number): void {
    this.at = at
    this.carries = carries
  }
}

/** What an IP packet's first bits say it is. */
export function carriesByVersion(view: DataView, at: number, end: number): number {
  if (at >= end) return CARRIES_BROKEN
  const version = view.getUint8(at) >> 4
  return version === 4 ? CARRIES_IPV4 : version === 6 ? CARRIES_IPV6 : CARRIES_OTHER
}
