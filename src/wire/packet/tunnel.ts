import { carriesByVersion, CARRIES_ETHERNET, CARRIES_IPV4, CARRIES_IPV6, CARRIES_OTHER } from './link.ts'

const VXLAN_PORT = 4789
/** Where Linux has VXLAN unless told otherwise, and with it many container networks. */
const VXLAN_LINUX_PORT = 8472
const VXLAN_GPE_PORT = 4790
const GENEVE_PORT = 6081
const GTP_PORT = 2152

const MPLS = 0x8847
const MAX_GTP_EXTENSIONS = 8

/** Where a tunnel's payload stands and what it is (an EtherType). One is kept and filled again. */
export class Tunnel {
  at = 0
  carries = CARRIES_OTHER

  /** Tunnels in UDP, as cloud mirrors and container networks send them; false where the datagram is none. */
  udp(view: DataView, dstPort: number, at: number, end: number): boolean {
    if (at + 8 > end) return false
    switch (dstPort) {
      case VXLAN_PORT:
      case VXLAN_LINUX_PORT:
        return (view.getUint8(at) & 0x08) !== 0 && this.#set(at + 8, CARRIES_ETHERNET)
      case VXLAN_GPE_PORT:
        return this.#vxlanGpe(view, at)
      case GENEVE_PORT:
        return (
          view.getUint8(at) >> 6 === 0 &&
          this.#set(at + 8 + (view.getUint8(at) & 0x3f) * 4, view.getUint16(at + 2))
        )
      case GTP_PORT:
        return this.#gtp(view, at, end)
      default:
        return false
    }
  }

  /** GRE (RFC 2784, RFC 2890): anything with an EtherType, or a frame mirrored by ERSPAN type I–III. */
  gre(view: DataView, at: number, end: number): boolean {
    if (at + 4 > end) return false
    const flags = view.getUint16(at)
    if ((flags & 0x4007) !== 0) return false
    const hasSequence = (flags & 0x1000) !== 0
    const inner = at + 4 + (flags & 0x8000 ? 4 : 0) + (flags & 0x2000 ? 4 : 0) + (hasSequence ? 4 : 0)
    const type = view.getUint16(at + 2)
    if (type === 0x88be) return this.#set(inner + (hasSequence ? 8 : 0), CARRIES_ETHERNET)
    if (type === 0x22eb) return this.#set(inner + erspan3Bytes(view, inner, end), CARRIES_ETHERNET)
    if (type === 0x883e) return this.#set(inner + wccpBytes(view, inner, end), CARRIES_IPV4)
    return this.#set(inner, type)
  }

  /** draft-ietf-nvo3-vxlan-gpe: the next protocol is one of a list. */
  #vxlanGpe(view: DataView, at: number): boolean {
    if ((view.getUint8(at) & 0x0c) !== 0x0c) return false
    const types = [CARRIES_OTHER, CARRIES_IPV4, CARRIES_IPV6, CARRIES_ETHERNET, CARRIES_OTHER, MPLS]
    return this.#set(at + 8, types[view.getUint8(at + 3)] ?? CARRIES_OTHER)
  }

  /** GTP-U version 1 (3GPP TS 29.281): a user's packet behind optional fields and extension headers. */
  #gtp(view: DataView, start: number, end: number): boolean {
    const flags = view.getUint8(start)
    if ((flags & 0xf0) !== 0x30 || view.getUint8(start + 1) !== 0xff) return false
    let at = start + 8
    if ((flags & 7) !== 0) {
      at += 4
      let next = (flags & 4) !== 0 && at <= end ? view.getUint8(at - 1) : 0
      for (let headers = 0; next !== 0; headers++) {
        if (headers === MAX_GTP_EXTENSIONS || at >= end || view.getUint8(at) === 0) return false
        at += view.getUint8(at) * 4
        if (at > end) return false
        next = view.getUint8(at - 1)
      }
    }
    return this.#set(at, carriesByVersion(view, at, end))
  }

  #set(at: number, carries: number): boolean {
    this.at = at
    this.carries = carries
    return true
  }
}

/** ERSPAN type III header: 12 bytes, and 8 more where its O bit says so. */
function erspan3Bytes(view: DataView, at: number, end: number): number {
  return at + 12 <= end && view.getUint8(at + 11) & 1 ? 20 : 12
}

/** WCCP version 2 puts four bytes before the packet, version 1 nothing. */
function wccpBytes(view: DataView, at: number, end: number): number {
  return at < end && view.getUint8(at) >> 4 === 4 ? 0 : 4
}
