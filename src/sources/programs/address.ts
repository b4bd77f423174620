import ipaddr from 'ipaddr.js'

/** The other end of a connection as a log names it: an address, or a name that stood in for it. */
export interface Peer {
  readonly ip: string | null
  readonly host: string | null
}

export const NOBODY: Peer = { ip: null, host: null }

const MAX_HOST_LENGTH = 255

/**
 * `192.0.2.1`, `2001:db8::1`, `fe80::1%eth0` (the zone is left out), `[2001:db8::1]`, `::ffff:192.0.2.1`
 * (becomes IPv4), or a host name. `UNKNOWN` and the like name nobody.
 */
export function readPeer(text: string): Peer {
  const bits = ipv4Bits(text)
  if (bits >= 0) return ipv4Peer(text, bits)
  if (text.includes(':')) return { ip: readIpv6(text), host: null }
  if (text === '' || text === '?' || text === 'UNKNOWN' || text === '(null)' || text.length > MAX_HOST_LENGTH)
    return NOBODY
  return { ip: null, host: text.toLowerCase() }
}

function readIpv6(text: string): string | null {
  const open = text.startsWith('[') ? 1 : 0
  const close = open === 1 && text.endsWith(']') ? text.length - 1 : text.length
  const zone = text.indexOf('%')
  const bare = text.slice(open, zone > 0 ? zone : close)
  if (bare.length > 45 || !ipaddr.IPv6.isValid(bare)) return null
  const address = ipaddr.IPv6.parse(bare)
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String()
}

/** Addresses whose text is at hand; a power of two. */
const AT_HAND = 8192
// Addresses come again and again. One text for each, and not a piece of some line, is hashed once by everybody
// who keeps something under it, and keeps no line in memory. Nothing but that hangs on it.
const bitsAtHand = new Float64Array(AT_HAND).fill(-1)
const peersAtHand: Peer[] = Array.from({ length: AT_HAND }, () => NOBODY)

function ipv4Peer(text: string, bits: number): Peer {
  const place = (Math.imul(bits, 0x9e3779b1) >>> 16) & (AT_HAND - 1)
  const known = peersAtHand[place]
  if (known !== undefined && bitsAtHand[place] === bits) return known
  const peer = { ip: Buffer.from(text, 'latin1').toString('latin1'), host: null }
  bitsAtHand[place] = bits
  peersAtHand[place] = peer
  return peer
}

/** Four decimal octets without leading zeros. */
export function isIpv4(text: string): boolean {
  return ipv4Bits(text) >= 0
}

/** As one number; -1 for what is none. */
function ipv4Bits(text: string): number {
  const length = text.length
  if (length < 7 || length > 15) return -1
  let bits = 0
  let octet = -1
  let dots = 0
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code === 46) {
      if (octet < 0) return -1
      dots++
      bits = bits * 256 + octet
      octet = -1
      continue
    }
    if (code < 48 || code > 57 || octet === 0) return -1
    octet = (octet < 0 ? 0 : octet) * 10 + code - 48
    if (octet > 255) return -1
  }
  return dots === 3 && octet >= 0 ? bits * 256 + octet : -1
}

/** An address as a name server writes it, perhaps with its port behind `@`, `#` or `/`; null for what is none. */
export function readAddress(text: string): string | null {
  let end = text.length
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 64 || code === 35 || code === 47) {
      end = at
      break
    }
  }
  return readPeer(end === text.length ? text : text.slice(0, end)).ip
}

/** The machine itself. */
export function isLoopback(ip: string): boolean {
  return ip.startsWith('127.') || ip === '::1'
}
