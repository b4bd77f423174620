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
  if (isIpv4(text)) return { ip: text, host: null }
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

/** Four decimal octets without leading zeros. */
export function isIpv4(text: string): boolean {
  const length = text.length
  if (length < 7 || length > 15) return false
  let octet = -1
  let dots = 0
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code === 46) {
      if (octet < 0) return false
      dots++
      octet = -1
      continue
    }
    if (code < 48 || code > 57 || octet === 0) return false
    octet = (octet < 0 ? 0 : octet) * 10 + code - 48
    if (octet > 255) return false
  }
  return dots === 3 && octet >= 0
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
