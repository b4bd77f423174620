import { concatBytes, uint16s } from '../bytes.ts'

const IPV4 = 0x0800
const IPV6 = 0x86dd

function etherTypeOf(ip: Uint8Array): number {
  return (ip[0] ?? 0) >> 4 === 6 ? IPV6 : IPV4
}

/** Locally administered MAC made from an IP packet's address, so that a host keeps its own. */
export function macFor(address: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < address.length; i++) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193) >>> 0
  const hex = hash.toString(16).padStart(8, '0')
  return `02:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}`
}

export interface EthernetFields {
  readonly srcMac?: string
  readonly dstMac?: string
  /** VLAN ids from the outside in; the outer of two is tagged 802.1ad. */
  readonly vlans?: readonly number[]
  readonly etherType?: number
}

/** An Ethernet II frame (IEEE 802.3, 802.1Q), padded to its 60-byte minimum. */
export function ethernetFrame(payload: Uint8Array, fields: EthernetFields = {}): Uint8Array {
  const vlans = fields.vlans ?? []
  const tags = vlans.flatMap((vlan, i) => [i === 0 && vlans.length > 1 ? 0x88a8 : 0x8100, vlan])
  const frame = concatBytes(
    macBytes(fields.dstMac ?? '02:00:00:00:00:02'),
    macBytes(fields.srcMac ?? '02:00:00:00:00:01'),
    uint16s(...tags, fields.etherType ?? etherTypeOf(payload)),
    payload,
  )
  return frame.length < 60 ? concatBytes(frame, new Uint8Array(60 - frame.length)) : frame
}

/** Linux cooked capture, version 1 (LINKTYPE_LINUX_SLL, 113). */
export function cookedFrame(payload: Uint8Array): Uint8Array {
  return concatBytes(
    uint16s(0, 1, 6),
    macBytes('02:00:00:00:00:01'),
    uint16s(0, etherTypeOf(payload)),
    payload,
  )
}

/** Linux cooked capture, version 2 (LINKTYPE_LINUX_SLL2, 276). */
export function cookedV2Frame(payload: Uint8Array): Uint8Array {
  const header = concatBytes(
    uint16s(etherTypeOf(payload), 0, 0, 2, 1),
    Uint8Array.of(0, 6),
    macBytes('02:00:00:00:00:01'),
    uint16s(0),
  )
  return concatBytes(header, payload)
}

/** BSD loopback: a 4-byte address family, little-endian as a PC's host order or big-endian (LINKTYPE_NULL 0, LINKTYPE_LOOP 108). */
export function loopbackFrame(payload: Uint8Array, isBigEndian: boolean): Uint8Array {
  const header = new Uint8Array(4)
  new DataView(header.buffer).setUint32(0, etherTypeOf(payload) === IPV6 ? 30 : 2, !isBigEndian)
  return concatBytes(header, payload)
}

/** PPP in HDLC-like framing (LINKTYPE_PPP, 9; RFC 1662). */
export function pppFrame(payload: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0xff, 0x03), uint16s(etherTypeOf(payload) === IPV6 ? 0x57 : 0x21), payload)
}

/** PPPoE session payload (RFC 2516), to go into an Ethernet frame of type 0x8864. */
export function pppoeSession(payload: Uint8Array): Uint8Array {
  return concatBytes(
    uint16s(0x1100, 1, payload.length + 2, etherTypeOf(payload) === IPV6 ? 0x57 : 0x21),
    payload,
  )
}

/** MPLS label stack (RFC 3032), to go into an Ethernet frame of type 0x8847. */
export function mplsStack(payload: Uint8Array, labels: readonly number[]): Uint8Array {
  const stack = new Uint8Array(labels.length * 4)
  const view = new DataView(stack.buffer)
  for (const [i, label] of labels.entries())
    view.setUint32(i * 4, (label << 12) | (i === labels.length - 1 ? 0x100 : 0) | 64)
  return concatBytes(stack, payload)
}

function macBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(':', 6), (part) => Number.parseInt(part, 16))
}
