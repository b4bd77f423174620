import ipaddr from 'ipaddr.js'
import type { AuthEvent } from '../../../event/auth.ts'
import type { Event } from '../../../event/event.ts'

/** Names under which sources tell logins over SSH. */
const SSH_SERVICES = new Set(['sshd', 'sshd-session', 'ssh', 'dropbear'])

/**
 * Ways to log in that can be guessed. The others fail in everyday use: an agent offers one key after
 * the other, Kerberos is tried before the password, and a client asks with `none` what is allowed.
 */
const KEYED_METHODS = /^(?:publickey|hostbased|gssapi|none)/u

const INTERNAL_RANGES = new Set(['private', 'uniqueLocal', 'linkLocal', 'loopback', 'carrierGradeNat'])

export function isSsh(event: Event): event is AuthEvent {
  return event.kind === 'auth' && SSH_SERVICES.has(event.service)
}

export function isKeyed(method: string | null): boolean {
  return method !== null && KEYED_METHODS.test(method)
}

/** A failed try at a login, as guessing makes it. */
export function isGuess(event: AuthEvent): boolean {
  if (event.outcome === 'success') return false
  return event.isUnknownUser || !isKeyed(event.method)
}

/** A connection broken off before anybody was named: a scanner, or a health check. */
export function isNameless(event: AuthEvent): boolean {
  return event.outcome === 'aborted' && event.user === null
}

/** Of a private network, or this very machine; false for what is no address. */
export function isInternal(ip: string): boolean {
  const bits = ipv4Bits(ip)
  if (bits >= 0) return isInternalIpv4(bits)
  return ipaddr.isValid(ip) && INTERNAL_RANGES.has(ipaddr.process(ip).range())
}

/** The network that is usually in one hand (IPv4 /24, IPv6 /64); null for internal and for what is no address. */
export function networkOf(ip: string): string | null {
  if (ipv4Bits(ip) >= 0) return isInternal(ip) ? null : `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`
  if (!ipaddr.isValid(ip)) return null
  const address = ipaddr.process(ip)
  if (INTERNAL_RANGES.has(address.range())) return null
  if (address instanceof ipaddr.IPv4) return `${address.octets.slice(0, 3).join('.')}.0/24`
  const first = address.parts.slice(0, 4).map((part) => part.toString(16))
  return `${first.join(':')}::/64`
}

/** The same ranges by their leading bits. */
function isInternalIpv4(bits: number): boolean {
  switch (bits >>> 24) {
    case 10:
    case 127:
      return true
    case 100: // 100.64/10
      return ((bits >>> 22) & 3) === 1
    case 169: // 169.254/16
      return ((bits >>> 16) & 0xff) === 254
    case 172: // 172.16/12
      return ((bits >>> 20) & 0xf) === 1
    case 192: // 192.168/16
      return ((bits >>> 16) & 0xff) === 168
    default:
      return false
  }
}

/** Four plain decimal octets as one number; -1 for everything else. Nearly every address of a log passes here. */
function ipv4Bits(text: string): number {
  if (text.length > 15) return -1
  let bits = 0
  let octet = -1
  let dots = 0
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit === -2 && octet >= 0) {
      bits = bits * 256 + octet
      octet = -1
      dots++
    } else if (digit >= 0 && digit <= 9 && octet !== 0) {
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return -1
    } else return -1
  }
  return dots === 3 && octet >= 0 ? bits * 256 + octet : -1
}

/**
 * Who saw it. Sshd's lines and the audit trail tell of the same tries: each is a witness of its own, or a
 * machine that has both would count everything twice.
 */
export function witnessOf(event: Event): string {
  return event.origin.source === 'auditd' ? `${event.observer} (audit trail)` : event.observer
}

/** The key of whoever tries: the witness and the address; null where the event says nothing about guessing. */
export function attackerOf(event: Event): string | null {
  if (event !== latestEvent) {
    latestEvent = event
    latestAttacker = attackerIn(event)
  }
  return latestAttacker
}

// Several detectors ask the same of one event, and each would make and hash a text of its own. Nothing but speed hangs on it.
let latestEvent: Event | null = null
let latestAttacker: string | null = null

function attackerIn(event: Event): string | null {
  if (!isSsh(event) || event.srcIp === null) return null
  const counts = event.outcome === 'success' || (isGuess(event) && !isHealthCheck(event))
  return counts ? keysOf(event, event.srcIp).address : null
}

/** Under what the tries from one address count on one witness: `WITNESS|ADDRESS`, `network|WITNESS|NETWORK`. */
export interface SourceKeys {
  readonly witness: string
  readonly address: string
  /** Null where the address is of no network in one hand. */
  readonly network: string | null
}

/** The keys of where an event came from; null where it does not say. */
export function sourceKeysOf(event: AuthEvent): SourceKeys | null {
  return event.srcIp === null ? null : keysOf(event, event.srcIp)
}

/** Addresses whose keys are at hand. */
const MAX_AT_HAND = 8192
// Addresses come again and again: a key that is the same text every time needs not to be made, hashed and
// compared anew by everybody who keeps something under it. Nothing but speed hangs on it.
const atHand = new Map<string, SourceKeys>()

function keysOf(event: AuthEvent, srcIp: string): SourceKeys {
  if (event === latestKeyed?.event) return latestKeyed.keys
  const keys = keysAtHand(event, srcIp)
  latestKeyed = { event, keys }
  return keys
}

// Guessing, spraying and success after guessing ask for them of every event.
let latestKeyed: { readonly event: AuthEvent; readonly keys: SourceKeys } | null = null

function keysAtHand(event: AuthEvent, srcIp: string): SourceKeys {
  const witness = witnessOf(event)
  const known = atHand.get(srcIp)
  if (known !== undefined && known.witness === witness) return known
  if (atHand.size >= MAX_AT_HAND) atHand.clear()
  const network = networkOf(srcIp)
  const keys = {
    witness,
    address: `${witness}|${srcIp}`,
    network: network === null ? null : `network|${witness}|${network}`,
  }
  atHand.set(srcIp, keys)
  return keys
}

// As with addresses: everybody tries the same accounts.
const accountsAtHand = new Map<string, { readonly witness: string; readonly key: string }>()
const MAX_ACCOUNT_LENGTH = 128

/** Under what the tries at an account of one witness count: `user|WITNESS|NAME`. */
export function accountKeyOf(event: AuthEvent, user: string): string {
  const witness = witnessOf(event)
  const known = accountsAtHand.get(user)
  if (known !== undefined && known.witness === witness) return known.key
  const key = `user|${witness}|${user}`
  if (user.length > MAX_ACCOUNT_LENGTH) return key
  if (accountsAtHand.size >= MAX_AT_HAND) accountsAtHand.clear()
  accountsAtHand.set(user, { witness, key })
  return key
}

/** Load balancers and monitors of one's own open the port and leave, all day long. */
function isHealthCheck(event: AuthEvent): boolean {
  return isNameless(event) && event.srcIp !== null && isInternal(event.srcIp)
}
