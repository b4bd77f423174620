import ipaddr from 'ipaddr.js'
import { type Bound, difference, type Intervals, overlaps, unionOf } from './interval.ts'
import type { Family } from './model.ts'

/** A block of addresses, half open. */
export interface Block {
  readonly family: Family
  readonly intervals: Intervals
  /** Bits of the prefix. */
  readonly length: number
}

const V4_BITS = 32
const V6_BITS = 128
const ALL_V4: Intervals = Object.freeze([0, 2 ** V4_BITS])
const ALL_V6: Intervals = Object.freeze([0n, 1n << BigInt(V6_BITS)])

export function everywhere(family: Family): Intervals {
  return family === 4 ? ALL_V4 : ALL_V6
}

/**
 * A CIDR, or an address alone. Host bits that are set do not count: `203.0.113.9/0` is every address. Null where
 * the text is neither.
 */
export function parseCidr(text: string): Block | null {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const bits = address.includes(':') ? V6_BITS : V4_BITS
  const length = slash < 0 ? bits : prefixLength(text.slice(slash + 1))
  if (length === null || length > bits) return null
  if (bits === V4_BITS) {
    const value = ipv4Number(address)
    if (value === null) return null
    const size = 2 ** (V4_BITS - length)
    const from = value - (value % size)
    return { family: 4, intervals: length === 0 ? ALL_V4 : [from, from + size], length }
  }
  const value = ipv6Number(address)
  if (value === null) return null
  const shift = BigInt(V6_BITS - length)
  const from = (value >> shift) << shift
  return { family: 6, intervals: length === 0 ? ALL_V6 : [from, from + (1n << shift)], length }
}

/** The number of an address, with its family; null where the text is none. */
export function parseAddress(text: string): { family: Family; value: Bound } | null {
  const value = text.includes(':') ? ipv6Number(text) : ipv4Number(text)
  if (value === null) return null
  return { family: typeof value === 'bigint' ? 6 : 4, value }
}

export function single(value: Bound): Intervals {
  return typeof value === 'bigint' ? [value, value + 1n] : [value, value + 1]
}

function prefixLength(text: string): number | null {
  return /^\d{1,3}$/u.test(text) ? Number(text) : null
}

function ipv4Number(text: string): number | null {
  let value = 0
  let part = -1
  let parts = 0
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : DOT
    if (code === DOT) {
      if (part < 0) return null
      value = value * 256 + part
      part = -1
      parts++
    } else if (code < ZERO || code > NINE) return null
    else {
      part = (part < 0 ? 0 : part * 10) + code - ZERO
      if (part > 255) return null
    }
  }
  return parts === 4 ? value : null
}

const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const MAX_TEXT = 64

function ipv6Number(text: string): bigint | null {
  if (text.length > MAX_TEXT || !ipaddr.IPv6.isValid(text)) return null
  let value = 0n
  for (const byte of ipaddr.IPv6.parse(text).toByteArray()) value = (value << 8n) | BigInt(byte)
  return value
}

/** Addresses that nobody on the internet has: what comes from them came from elsewhere. RFC 6890. */
const NOT_INTERNET_V4: Intervals = unionOf(
  [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '224.0.0.0/3',
  ].map((cidr) => parseCidr(cidr)?.intervals ?? []),
)
const INTERNET_V4: Intervals = difference(ALL_V4, NOT_INTERNET_V4)
/** Global unicast, RFC 4291. */
const INTERNET_V6: Intervals = parseCidr('2000::/3')?.intervals ?? []

/** The addresses of the internet. Ranges kept for documentation count: nothing else than examples uses them. */
export function internet(family: Family): Intervals {
  return family === 4 ? INTERNET_V4 : INTERNET_V6
}

export function isInternetAddress(text: string): boolean {
  const parsed = parseAddress(text)
  return parsed !== null && overlaps(single(parsed.value), internet(parsed.family))
}

/** The shortest list of CIDRs that is exactly this set. */
export function cidrsOf(set: Intervals): string[] {
  const cidrs: string[] = []
  for (let i = 0; i < set.length; i += 2) {
    const from = set[i] ?? 0
    const to = set[i + 1] ?? 0
    if (typeof from === 'bigint') coverV6(from, BigInt(to), cidrs)
    else coverV4(from, Number(to), cidrs)
  }
  return cidrs
}

/** As `cidrsOf`, without the blocks in which nobody of `wanted` is. */
export function cidrsTouching(set: Intervals, wanted: Intervals): string[] {
  return cidrsOf(set).filter((cidr) => overlaps(parseCidr(cidr)?.intervals ?? [], wanted))
}

function coverV4(start: number, to: number, cidrs: string[]): void {
  let from = start
  while (from < to) {
    let size = 1
    let length = V4_BITS
    while (length > 0 && from % (size * 2) === 0 && from + size * 2 <= to) {
      size *= 2
      length--
    }
    cidrs.push(formatV4(from, length))
    from += size
  }
}

function coverV6(start: bigint, to: bigint, cidrs: string[]): void {
  let from = start
  while (from < to) {
    let size = 1n
    let length = V6_BITS
    while (length > 0 && from % (size * 2n) === 0n && from + size * 2n <= to) {
      size *= 2n
      length--
    }
    cidrs.push(`${formatV6(from)}/${length}`)
    from += size
  }
}

/** Joined, it is one piece of text: put together from many it would be a chain of them as long as it lives. */
function formatV4(value: number, length: number): string {
  const last = value % 256
  return [
    Math.floor(value / 2 ** 24),
    Math.floor(value / 2 ** 16) % 256,
    Math.floor(value / 256) % 256,
    `${last}/${length}`,
  ].join('.')
}

function formatV6(value: bigint): string {
  const bytes = Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * (15 - i))) & 0xffn))
  return new ipaddr.IPv6(bytes).toRFC5952String()
}
