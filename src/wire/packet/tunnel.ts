import { CARRIES_ETHERNET, CARRIES_OTHER } from './link.ts'

export const NO_TUNNEL = -1
const VXLAN_PORT = 4789
const GENEVE_PORT = 6081

/** Position of the Ethernet frame in VXLAN (RFC 7348) or Geneve (RFC 8926), as cloud mirrors send them; else `NO_TUNNEL`. */
export function innerOfUdp(view: DataView, dstPort: number, at: number, end: number): number {
  if (dstPort !== VXLAN_PORT && dstPort !== GENEVE_PORT) return NO_TUNNEL
  if (at + 8 > end) return NO_TUNNEL
  const first = view.getUint8(at)
  if (dstPort === VXLAN_PORT) return first & 0x08 ? at + 8 : NO_TUNNEL
  const isFrame = first >> 6 === 0 && view.getUint16(at + 2) === CARRIES_ETHERNET
  return isFrame ? at + 8 + (first & 0x3f) * 4 : NO_TUNNEL
}

/** What GRE carries (RFC 2784, RFC 2890) and where: IP, a bridged frame, or a frame mirrored by ERSPAN type I–III. */
export function innerOfGre(view: DataView, at: number, end: number): { at: number; carries: number } {
  const nothing = { at: end, carries: CARRIES_OTHER }
  if (at + 4 > end) return nothing
  const flags = view.getUint16(at)
  if ((flags & 0x4007) !== 0) return nothing
  const hasSequence = (flags & 0x1000) !== 0
  const inner = at + 4 + (flags & 0x8000 ? 4 : 0) + (flags & 0x2000 ? 4 : 0) + (hasSequence ? 4 : 0)
  const type = view.getUint16(at + 2)
  if (type === 0x88be) return { at: inner + (hasSequence ? 8 : 0), carries: CARRIES_ETHERNET }
  if (type === 0x22eb) return { at: inner + erspan3Bytes(view, inner, end), carries: CARRIES_ETHERNET }
  return { at: inner, carries: type }
}

/** ERSPAN type III header: 12 bytes, and 8 more where its O bit says so. */
function erspan3Bytes(view: DataView, at: number, end: number): number {
  return at + 12 <= end && view.getUint8(at + 11) & 1 ? 20 : 12
}
