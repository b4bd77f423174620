import type { PacketDecoder } from './decoder.ts'

/** Of the checksum within the TCP header (RFC 9293 §3.1). */
const CHECKSUM_AT = 16
const TCP = 6

/**
 * What the checksum of the TCP packet in hand says. `right`: it is the one of these bytes. `offloaded`: it
 * is left to the network card, as in captures on the host that sends (or that puts received packets together):
 * then the sum of the pseudo header stands there, or nothing. `wrong`: anything else; the receiver will not
 * take it. `unknown`: not all of it was captured.
 */
export type ChecksumState = 'right' | 'offloaded' | 'wrong' | 'unknown'

export function checksumOf(packet: PacketDecoder): ChecksumState {
  const { dataAt, dataEnd, dataLength, transportAt, view } = packet
  if (dataEnd - dataAt !== dataLength || dataAt - transportAt < 20) return 'unknown'
  const pseudo = pseudoSum(packet, dataEnd - transportAt)
  const told = view.getUint16(transportAt + CHECKSUM_AT)
  // One's complement has two zeros.
  if (told === 0 || told === 0xffff) return 'offloaded'
  if (folded(pseudo + sumOf(view, transportAt, dataEnd)) === 0xffff) return 'right'
  return told === folded(pseudo) ? 'offloaded' : 'wrong'
}

function pseudoSum({ dstAt, isIpv6, srcAt, view }: PacketDecoder, length: number): number {
  const addressBytes = isIpv6 ? 16 : 4
  return TCP + length + sumOf(view, srcAt, srcAt + addressBytes) + sumOf(view, dstAt, dstAt + addressBytes)
}

/** Sum of 16-bit words, high byte first; an odd last byte is padded. At most 64 kB: stays within 53 bits. */
function sumOf(view: DataView, from: number, to: number): number {
  let high = 0
  let low = 0
  let at = from
  for (; at + 4 <= to; at += 4) {
    const word = view.getInt32(at)
    high += word >>> 16
    low += word & 0xffff
  }
  if (at + 2 <= to) {
    low += view.getUint16(at)
    at += 2
  }
  return at < to ? high + low + view.getUint8(at) * 256 : high + low
}

function folded(sum: number): number {
  let rest = sum
  while (rest > 0xffff) rest = (rest & 0xffff) + Math.floor(rest / 0x10000)
  return rest
}
