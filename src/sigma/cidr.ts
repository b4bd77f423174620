import ipaddr from 'ipaddr.js'

/** A network: the bytes of its first address (4 or 16) and how many leading bits count. */
export interface Cidr {
  readonly bytes: readonly number[]
  readonly bits: number
}

/** IPv4 or IPv6 network, or a single address; null for anything else. */
export function parseCidr(text: string): Cidr | null {
  const slash = text.indexOf('/')
  const bytes = addressBytes(slash < 0 ? text : text.slice(0, slash), false)
  if (bytes === null) return null
  const length = slash < 0 ? String(bytes.length * 8) : text.slice(slash + 1)
  if (!/^\d{1,3}$/u.test(length) || Number(length) > bytes.length * 8) return null
  return { bytes, bits: Number(length) }
}

/** Bits set behind the prefix: the author may have meant another network. */
export function hasHostBits({ bytes, bits }: Cidr): boolean {
  return bytes.some((byte, i) => (byte & (0xff >> Math.min(8, Math.max(0, bits - i * 8)))) !== 0)
}

export function containsAddress({ bytes, bits }: Cidr, text: string): boolean {
  const address = addressBytes(text, bytes.length === 4)
  if (address === null || address.length !== bytes.length) return false
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (address[i] !== bytes[i]) return false
  const rest = bits & 7
  return rest === 0 || ((address[whole] ?? 0) ^ (bytes[whole] ?? 0)) >> (8 - rest) === 0
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/u

/** `unmaps`: an IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) counts as IPv4. */
function addressBytes(text: string, unmaps: boolean): number[] | null {
  const plain = IPV4.exec(text)
  if (plain !== null) {
    const bytes = plain.slice(1).map(Number)
    return bytes.every((byte) => byte <= 255) ? bytes : null
  }
  if (!text.includes(':') || text.length > 64) return null
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  if (!ipaddr.IPv6.isValid(bare)) return null
  const address = ipaddr.IPv6.parse(bare)
  if (unmaps && address.isIPv4MappedAddress()) return address.toIPv4Address().toByteArray()
  return address.toByteArray()
}
