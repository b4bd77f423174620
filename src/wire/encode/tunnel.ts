import { concatBytes, uint16s } from '../bytes.ts'
import { ipPacket } from './ip.ts'
import { udpPacket } from './transport.ts'

/** Ends of the tunnels made here. */
const OUTER = { src: '198.51.100.1', dst: '198.51.100.2' }

function inUdp(dstPort: number, payload: Uint8Array): Uint8Array {
  return udpPacket({ ...OUTER, srcPort: 40_000, dstPort }, payload)
}

/** A frame in VXLAN (RFC 7348), as an IP packet. */
export function vxlanPacket(frame: Uint8Array, port = 4789): Uint8Array {
  return inUdp(port, concatBytes(Uint8Array.of(8, 0, 0, 0, 0, 0, 42, 0), frame))
}

/** VXLAN-GPE: `protocol` 1 IPv4, 2 IPv6, 3 Ethernet, 5 MPLS. */
export function vxlanGpePacket(payload: Uint8Array, protocol: number): Uint8Array {
  return inUdp(4790, concatBytes(Uint8Array.of(0x0c, 0, 0, protocol, 0, 0, 42, 0), payload))
}

/** Geneve (RFC 8926) with one option; what is carried is named by its EtherType. */
export function genevePacket(payload: Uint8Array, etherType = 0x6558): Uint8Array {
  return inUdp(6081, concatBytes(Uint8Array.of(1, 0), uint16s(etherType, 0, 0), new Uint8Array(4), payload))
}

/** A user's packet in GTP-U (3GPP TS 29.281), with a sequence number and an extension header or with neither. */
export function gtpPacket(ip: Uint8Array, hasOptions: boolean): Uint8Array {
  const options = hasOptions ? Uint8Array.of(0, 7, 0, 0x85, 1, 0x10, 9, 0) : new Uint8Array()
  const flags = hasOptions ? 0x36 : 0x30
  return inUdp(
    2152,
    concatBytes(Uint8Array.of(flags, 0xff), uint16s(options.length + ip.length, 0, 7), options, ip),
  )
}

export interface GreFields {
  /** EtherType of what is carried; 0x88be ERSPAN I and II, 0x22eb ERSPAN III, 0x883e WCCP. */
  readonly type: number
  readonly hasChecksum?: boolean
  readonly key?: number
  readonly sequence?: number
}

/** GRE (RFC 2784, RFC 2890), as an IP packet. */
export function grePacket(payload: Uint8Array, fields: GreFields): Uint8Array {
  const flags =
    (fields.hasChecksum === true ? 0x8000 : 0) |
    (fields.key === undefined ? 0 : 0x2000) |
    (fields.sequence === undefined ? 0 : 0x1000)
  const parts = [uint16s(flags, fields.type)]
  if (fields.hasChecksum === true) parts.push(uint16s(0, 0))
  if (fields.key !== undefined) parts.push(uint16s(fields.key >>> 16, fields.key & 0xffff))
  if (fields.sequence !== undefined) parts.push(uint16s(fields.sequence >>> 16, fields.sequence & 0xffff))
  return carryingPacket(47, concatBytes(...parts, payload))
}

/** An IP packet around anything that has a protocol number: 4 IPv4, 41 IPv6, 47 GRE. */
export function carryingPacket(protocol: number, payload: Uint8Array): Uint8Array {
  return ipPacket({ ...OUTER, protocol }, payload)
}
