import { hash } from 'node:crypto'

/**
 * Community ID version 1, seed 0 (https://github.com/corelight/community-id-spec). Addresses are 4 or
 * 16 bytes, ports `null` for protocols without. The ends have to come in the order the specification
 * asks for: smaller address first, then smaller port; one-way ICMP as it was sent.
 */
export function communityId(
  src: Uint8Array,
  dst: Uint8Array,
  protocol: number,
  ports: { readonly src: number; readonly dst: number } | null,
): string {
  const size = src.length
  const bytes = Buffer.alloc(2 + size * 2 + 2 + (ports === null ? 0 : 4))
  bytes.set(src, 2)
  bytes.set(dst, 2 + size)
  bytes[2 + size * 2] = protocol
  if (ports !== null) {
    bytes.writeUInt16BE(ports.src, 4 + size * 2)
    bytes.writeUInt16BE(ports.dst, 6 + size * 2)
  }
  return `1:${hash('sha1', bytes, 'base64')}`
}

/** Types of ICMP that come in pairs (request, reply), and their partners. */
const ICMP_PAIRS = pairs([8, 0], [13, 14], [15, 16], [17, 18], [10, 9])
const ICMPV6_PAIRS = pairs([128, 129], [133, 134], [135, 136], [130, 131], [144, 145], [139, 140])

/** The partner of an ICMP type, null where it has none: then the code stands for the second port. */
export function icmpPartner(isIpv6: boolean, type: number): number | null {
  return (isIpv6 ? ICMPV6_PAIRS : ICMP_PAIRS).get(type) ?? null
}

function pairs(...list: readonly (readonly [number, number])[]): ReadonlyMap<number, number> {
  return new Map(list.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]))
}
