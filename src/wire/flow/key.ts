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
  for (let i = 0; i < length; i++) hash = mixed(hash, key[i] ?? 0)
  return finished(hash)
}

/** As `hashOf` for the four words of a flow between IPv4 addresses. */
export function hashOfIpv4(a: number, b: number, ports: number, protocol: number): number {
  return finished(mixed(mixed(mixed(mixed(4, a), b), ports), protocol))
}

function mixed(hash: number, word: number): number {
  let mix = Math.imul(word, 0xcc9e2d51)
  mix = (mix << 15) | (mix >>> 17)
  mix = hash ^ Math.imul(mix, 0x1b873593)
  mix = (mix << 13) | (mix >>> 19)
  return (Math.imul(mix, 5) + 0xe6546b64) | 0
}

function finished(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return mix ^ (mix >>> 16)
}
