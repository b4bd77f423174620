import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../packet/decoder.ts'

export function isIcmp(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMPV6
}

/** Protocols whose flows are told apart by ports (for ICMP: type and code). */
export function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP || isIcmp(protocol)
}

/** Order of two addresses as numbers: negative, zero, positive. */
export function compareAddresses(view: DataView, a: number, b: number, isIpv6: boolean): number {
  const end = isIpv6 ? 16 : 4
  for (let i = 0; i < end; i += 4) {
    const order = view.getUint32(a + i) - view.getUint32(b + i)
    if (order !== 0) return order
  }
  return 0
}

/** Mixes the first words of a key (murmur3's rounds): neighbouring addresses and ports end up far apart. */
export function hashOf(key: Int32Array, length: number): number {
  let hash = length
  for (let i = 0; i < length; i++) {
    let word = Math.imul(key[i] ?? 0, 0xcc9e2d51)
    word = (word << 15) | (word >>> 17)
    hash ^= Math.imul(word, 0x1b873593)
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
