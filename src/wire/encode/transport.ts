import { concatBytes } from '../bytes.ts'
import { internetChecksum } from './checksum.ts'
import { ipPacket, pseudoHeader } from './ip.ts'

export const TCP_FIN = 0x01
export const TCP_SYN = 0x02
export const TCP_RST = 0x04
export const TCP_PSH = 0x08
export const TCP_ACK = 0x10

export interface PortPair {
  readonly src: string
  readonly srcPort: number
  readonly dst: string
  readonly dstPort: number
}

export interface TcpFields extends PortPair {
  readonly seq: number
  readonly ack?: number
  readonly flags: number
  readonly window?: number
  /** TCP options, a multiple of four bytes. */
  readonly options?: Uint8Array
}

/** A TCP segment with its checksum (RFC 9293), without the IP header. */
export function tcpSegment(fields: TcpFields, payload: Uint8Array = new Uint8Array()): Uint8Array {
  const options = fields.options ?? new Uint8Array()
  const segment = new Uint8Array(20 + options.length + payload.length)
  const view = new DataView(segment.buffer)
  view.setUint16(0, fields.srcPort)
  view.setUint16(2, fields.dstPort)
  view.setUint32(4, fields.seq)
  view.setUint32(8, fields.ack ?? 0)
  segment[12] = ((20 + options.length) / 4) << 4
  segment[13] = fields.flags
  view.setUint16(14, fields.window ?? 64240)
  segment.set(options, 20)
  segment.set(payload, 20 + options.length)
  view.setUint16(16, internetChecksum(pseudoHeader(fields.src, fields.dst, 6, segment.length), segment))
  return segment
}

/** A TCP segment in its IP packet. */
export function tcpPacket(
  fields: TcpFields & { readonly id?: number; readonly ttl?: number },
  payload?: Uint8Array,
): Uint8Array {
  const { options: _tcpOptions, ...ip } = fields
  return ipPacket({ ...ip, protocol: 6 }, tcpSegment(fields, payload))
}

/** A UDP datagram with its checksum (RFC 768), without the IP header. */
export function udpDatagram(fields: PortPair, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(8)
  const view = new DataView(header.buffer)
  view.setUint16(0, fields.srcPort)
  view.setUint16(2, fields.dstPort)
  view.setUint16(4, 8 + payload.length)
  const sum = internetChecksum(pseudoHeader(fields.src, fields.dst, 17, 8 + payload.length), header, payload)
  view.setUint16(6, sum === 0 ? 0xffff : sum)
  return concatBytes(header, payload)
}

/** A UDP datagram in its IP packet. */
export function udpPacket(fields: PortPair & { readonly id?: number }, payload: Uint8Array): Uint8Array {
  return ipPacket({ ...fields, protocol: 17 }, udpDatagram(fields, payload))
}

/** An ICMP (RFC 792) or ICMPv6 (RFC 4443) message in its IP packet; `body` is everything after the checksum. */
export function icmpPacket(
  fields: { readonly src: string; readonly dst: string; readonly type: number; readonly code: number },
  body: Uint8Array,
): Uint8Array {
  const isIpv6 = fields.src.includes(':')
  const message = concatBytes(Uint8Array.of(fields.type, fields.code, 0, 0), body)
  const pseudo = isIpv6 ? pseudoHeader(fields.src, fields.dst, 58, message.length) : new Uint8Array()
  new DataView(message.buffer).setUint16(2, internetChecksum(pseudo, message))
  return ipPacket({ src: fields.src, dst: fields.dst, protocol: isIpv6 ? 58 : 1 }, message)
}
