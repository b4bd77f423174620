import { formatIpv4, formatIpv6 } from '../address.ts'

/** What a DNS message says, as far as it is used here: its first question and all addresses and names answered. */
export interface DnsMessage {
  readonly id: number
  readonly isResponse: boolean
  /** NOERROR, NXDOMAIN … by name; `RCODE11` where it has none. */
  readonly responseCode: string
  /** Lower case, without the last dot; bytes outside printable ASCII, dots and backslashes in labels as `\DDD` (RFC 1035 §5.1). */
  readonly query: string
  /** A, AAAA …; `TYPE65280` where it has no name here. */
  readonly queryType: string
  readonly answers: readonly string[]
  /** How long the answers hold: the shortest time to live among them, null where there are none. */
  readonly ttlSeconds: number | null
}

const RESPONSE_CODES = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
]

const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [2, 'NS'],
  [5, 'CNAME'],
  [6, 'SOA'],
  [12, 'PTR'],
  [15, 'MX'],
  [16, 'TXT'],
  [28, 'AAAA'],
  [33, 'SRV'],
  [35, 'NAPTR'],
  [43, 'DS'],
  [46, 'RRSIG'],
  [48, 'DNSKEY'],
  [64, 'SVCB'],
  [65, 'HTTPS'],
  [252, 'AXFR'],
  [255, 'ANY'],
  [257, 'CAA'],
])

const MAX_NAME_BYTES = 255
const DOT = 0x2e
const BACKSLASH = 0x5c
const DIGIT_0 = 0x30
/** The text of the name being read, each byte of it four at most; whole texts are made at once, and hold no parts. */
const NAME = Buffer.alloc(MAX_NAME_BYTES * 4)
const MAX_ANSWERS = 64
const MAX_TTL_SECONDS = 0x7fffffff

/** Decodes a message (RFC 1035), or null where the bytes are none. Never throws. */
export function decodeDns(bytes: Uint8Array): DnsMessage | null {
  if (bytes.length < 17) return null
  const flags = uint16(bytes, 2)
  const isResponse = (flags & 0x8000) !== 0
  const isQuery = (flags & 0x7800) === 0
  if (!isQuery || uint16(bytes, 4) !== 1) return null
  const question = readName(bytes, 12)
  if (question === null || question.end + 4 > bytes.length) return null
  const count = isResponse ? uint16(bytes, 6) : 0
  const { answers, ttlSeconds } = readAnswers(bytes, question.end + 4, count)
  return {
    id: uint16(bytes, 0),
    isResponse,
    responseCode: RESPONSE_CODES[flags & 15] ?? `RCODE${flags & 15}`,
    query: question.name,
    queryType: typeName(uint16(bytes, question.end)),
    answers,
    ttlSeconds,
  }
}

/** Whether the message at `at` asks; too short a one does neither. */
export function isDnsQuery(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at + 2] ?? 0) & 0x80) === 0
}

/** One line for people: `A? pool.example → 192.0.2.1`. */
export function dnsText(message: DnsMessage): string {
  const question = `${message.queryType}? ${message.query === '' ? '.' : message.query}`
  if (!message.isResponse) return question
  return `${question} → ${message.answers.length > 0 ? message.answers.join(', ') : message.responseCode}`
}

function typeName(type: number): string {
  return TYPES.get(type) ?? `TYPE${type}`
}

/** Answers up to the first that does not make sense. */
function readAnswers(
  bytes: Uint8Array,
  start: number,
  count: number,
): Pick<DnsMessage, 'answers' | 'ttlSeconds'> {
  const answers: string[] = []
  let ttlSeconds: number | null = null
  let at = start
  for (let i = 0; i < count && answers.length < MAX_ANSWERS; i++) {
    const owner = readName(bytes, at, false)
    if (owner === null || owner.end + 10 > bytes.length) break
    const type = uint16(bytes, owner.end)
    const data = owner.end + 10
    const end = data + uint16(bytes, owner.end + 8)
    if (end > bytes.length) break
    const value = answerValue(bytes, type, data, end)
    if (value !== null) {
      answers.push(value)
      ttlSeconds = Math.min(ttlSeconds ?? MAX_TTL_SECONDS, timeToLive(bytes, owner.end + 4))
    }
    at = end
  }
  return { answers, ttlSeconds }
}

/** RFC 2181 §8: a value with the first bit set means zero. */
function timeToLive(bytes: Uint8Array, at: number): number {
  const high = uint16(bytes, at)
  return high > 0x7fff ? 0 : high * 0x10000 + uint16(bytes, at + 2)
}

function answerValue(bytes: Uint8Array, type: number, at: number, end: number): string | null {
  if (type === 1 && end - at === 4) return formatIpv4(bytes, at)
  if (type === 28 && end - at === 16) return formatIpv6(bytes, at)
  if (type === 2 || type === 5 || type === 12) return readName(bytes, at)?.name ?? null
  if (type === 15) return readName(bytes, at + 2)?.name ?? null
  if (type === 33) return readName(bytes, at + 6)?.name ?? null
  return null
}

/**
 * A name and where it ends in place. A pointer has to lead to before the place it stands at or was
 * reached from, so that loops cannot be built, and names longer than 255 bytes are refused. Without `isWanted`
 * the name is checked and not put together.
 */
function readName(bytes: Uint8Array, start: number, isWanted = true): { name: string; end: number } | null {
  let textEnd = 0
  let at = start
  let end = -1
  let floor = start
  let length = 0
  for (;;) {
    const size = bytes[at]
    if (size === undefined) return null
    if (size === 0) return { name: NAME.toString('latin1', 0, textEnd), end: end < 0 ? at + 1 : end }
    if (size >= 0xc0) {
      if (at + 2 > bytes.length) return null
      if (end < 0) end = at + 2
      at = ((size & 0x3f) << 8) | (bytes[at + 1] ?? 0)
      if (at >= floor || at < 12) return null
      floor = at
      continue
    }
    length += size + 1
    if (size > 63 || length > MAX_NAME_BYTES || at + 1 + size > bytes.length) return null
    if (isWanted) {
      if (textEnd > 0) NAME[textEnd++] = DOT
      textEnd = writeLabel(bytes, at + 1, at + 1 + size, textEnd)
    }
    at += 1 + size
  }
}

/** Writes a label as text to `NAME` and tells where it ends there. */
function writeLabel(bytes: Uint8Array, from: number, to: number, start: number): number {
  let end = start
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== DOT && byte !== BACKSLASH
    if (isPlain) NAME[end++] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
    else {
      NAME[end++] = BACKSLASH
      NAME[end++] = DIGIT_0 + Math.floor(byte / 100)
      NAME[end++] = DIGIT_0 + (Math.floor(byte / 10) % 10)
      NAME[end++] = DIGIT_0 + (byte % 10)
    }
  }
  return end
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
