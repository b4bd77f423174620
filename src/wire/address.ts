import ipaddr from 'ipaddr.js'

/** Bytes of an address written as text: 4 for IPv4, 16 for IPv6. Throws on anything else: for encoders and tests, not for evidence. */
export function addressBytes(text: string): Uint8Array {
  return Uint8Array.from(ipaddr.parse(text).toByteArray())
}

export function formatIpv4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
}

/** IPv6 text as RFC 5952 asks for it: lower case, longest run of zero groups (two or more) shortened. */
export function formatIpv6(bytes: Uint8Array, at: number): string {
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[at + i] ?? 0) << 8) | (bytes[at + i + 1] ?? 0))
  if (isIpv4Mapped(groups)) return `::ffff:${formatIpv4(bytes, at + 12)}`
  const { start, length } = longestZeroRun(groups)
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

/** Text of the address in `bytes`; `isIpv6` says how many bytes belong to it. */
export function formatAddress(bytes: Uint8Array, at: number, isIpv6: boolean): string {
  return isIpv6 ? formatIpv6(bytes, at) : formatIpv4(bytes, at)
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`. */
export function endpointText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function isIpv4Mapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue
    if (i - start > best.length) best = { start, length: i - start }
    start = i + 1
  }
  return best
}
