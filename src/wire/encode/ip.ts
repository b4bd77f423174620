import { addressBytes } from '../address.ts'
import { concatBytes, uint16s } from '../bytes.ts'
import { internetChecksum } from './checksum.ts'

export interface IpFields {
  readonly src: string
  readonly dst: string
  /** IANA protocol number: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6. */
  readonly protocol: number
  /** IPv4 identification, or that of an IPv6 fragment header. */
  readonly id?: number
  readonly ttl?: number
  /** IPv4 options, padded here to whole words; IPv6: extension headers ready made, see `firstHeader`. */
  readonly options?: Uint8Array
  /** IPv6 only: type of the first header in `options`. */
  readonly firstHeader?: number
  /** Makes a fragment: offset in bytes (a multiple of 8) of `payload`, and whether more follow. */
  readonly fragment?: { readonly offset: number; readonly isMore: boolean }
}

/** An IPv4 or IPv6 packet, by the family of `src`. RFC 791, RFC 8200. */
export function ipPacket(fields: IpFields, payload: Uint8Array): Uint8Array {
  return fields.src.includes(':') ? ipv6Packet(fields, payload) : ipv4Packet(fields, payload)
}

function ipv4Packet(fields: IpFields, payload: Uint8Array): Uint8Array {
  const options = padded(fields.options ?? new Uint8Array(), 4)
  const header = new Uint8Array(20 + options.length)
  const view = new DataView(header.buffer)
  header[0] = 0x40 | (header.length / 4)
  view.setUint16(2, header.length + payload.length)
  view.setUint16(4, fields.id ?? 0)
  view.setUint16(
    6,
    fields.fragment ? (fields.fragment.offset / 8) | (fields.fragment.isMore ? 0x2000 : 0) : 0x4000,
  )
  header[8] = fields.ttl ?? 64
  header[9] = fields.protocol
  header.set(addressBytes(fields.src), 12)
  header.set(addressBytes(fields.dst), 16)
  header.set(options, 20)
  view.setUint16(10, internetChecksum(header))
  return concatBytes(header, payload)
}

function ipv6Packet(fields: IpFields, payload: Uint8Array): Uint8Array {
  const extensions = concatBytes(fields.options ?? new Uint8Array(), fragmentHeader(fields))
  const header = new Uint8Array(40)
  const view = new DataView(header.buffer)
  header[0] = 0x60
  view.setUint16(4, extensions.length + payload.length)
  header[6] = fields.options ? (fields.firstHeader ?? 60) : fields.fragment ? 44 : fields.protocol
  header[7] = fields.ttl ?? 64
  header.set(addressBytes(fields.src), 8)
  header.set(addressBytes(fields.dst), 24)
  return concatBytes(header, extensions, payload)
}

function fragmentHeader(fields: IpFields): Uint8Array {
  if (!fields.fragment) return new Uint8Array()
  const header = new Uint8Array(8)
  const view = new DataView(header.buffer)
  header[0] = fields.protocol
  view.setUint16(2, fields.fragment.offset | (fields.fragment.isMore ? 1 : 0))
  view.setUint32(4, fields.id ?? 0)
  return header
}

/** The same packet as fragments of at most `size` payload bytes (made a multiple of 8). */
export function ipFragments(fields: IpFields, payload: Uint8Array, size: number): Uint8Array[] {
  const step = Math.max(8, size - (size % 8))
  const fragments: Uint8Array[] = []
  for (let offset = 0; offset < payload.length; offset += step) {
    const end = Math.min(payload.length, offset + step)
    const fragment = { offset, isMore: end < payload.length }
    fragments.push(ipPacket({ ...fields, fragment }, payload.subarray(offset, end)))
  }
  return fragments
}

/** Pseudo header of TCP and UDP checksums. */
export function pseudoHeader(src: string, dst: string, protocol: number, length: number): Uint8Array {
  const tail = src.includes(':') ? uint16s(0, length, 0, protocol) : uint16s(protocol, length)
  return concatBytes(addressBytes(src), addressBytes(dst), tail)
}

function padded(bytes: Uint8Array, unit: number): Uint8Array {
  return concatBytes(bytes, new Uint8Array((unit - (bytes.length % unit)) % unit))
}
