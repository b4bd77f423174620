/**
 * Reads JSON (RFC 8259) in place, as bytes: positions instead of values, one pass, no recursion, so that
 * counting shares costs no parse and no depth of nesting can hurt. Nothing here throws: on malformed text
 * the position returned is `to` or -1 and the caller drops the line.
 */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

const utf8 = new TextDecoder('utf-8')
/** 1 for the digits of hex. */
const IS_HEX = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[0-9a-f]/iu.test(String.fromCharCode(byte)) ? 1 : 0,
)

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

export function skipSpace(data: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && isSpace(data[at]!)) at++
  return at
}

/** Up to here a loop is faster than a call into native code. */
const SHORT_STRING = 40

/** `at` is on the opening quote; gives the closing one, or -1. */
export function endOfString(data: Uint8Array, at: number, to: number): number {
  const short = at + SHORT_STRING < to ? at + SHORT_STRING : to
  let i = at + 1
  for (; i < short; i++) {
    const byte = data[i]
    if (byte === QUOTE) return i
    if (byte === BACKSLASH) i++
  }
  return i < to ? endOfLongString(data, i, to) : -1
}

/** A quote ends the string unless an odd number of backslashes stands before it. */
function endOfLongString(data: Uint8Array, from: number, to: number): number {
  let quote = data.indexOf(QUOTE, from)
  while (quote >= 0 && quote < to) {
    let first = quote
    while (first > from && data[first - 1] === BACKSLASH) first--
    if (((quote - first) & 1) === 0) return quote
    quote = data.indexOf(QUOTE, quote + 1)
  }
  return -1
}

/** First position behind the value that starts at `at`. */
export function endOfValue(data: Uint8Array, at: number, to: number): number {
  let depth = 0
  let i = at
  while (i < to) {
    const byte = data[i]
    if (byte === QUOTE) {
      const end = endOfString(data, i, to)
      if (end < 0) return to
      i = end + 1
      if (depth === 0) return i
      continue
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth === 0) return i
      depth--
      if (depth === 0) return i + 1
    } else if (byte === COMMA && depth === 0) return i
    i++
  }
  return to
}

/** Whether the bytes from `at` are exactly `name` (ASCII) and end at `end`. */
export function isName(data: Uint8Array, at: number, end: number, name: string): boolean {
  if (end - at !== name.length) return false
  for (let i = 0; i < name.length; i++) if (data[at + i] !== name.charCodeAt(i)) return false
  return true
}

export function hasByte(data: Uint8Array, from: number, to: number, wanted: number): boolean {
  for (let i = from; i < to; i++) if (data[i] === wanted) return true
  return false
}

/** Whether `text` (ASCII) occurs in the bytes. */
export function hasText(data: Uint8Array, from: number, to: number, text: string): boolean {
  const first = text.charCodeAt(0)
  for (let i = from; i + text.length <= to; i++) {
    if (data[i] === first && isName(data, i, i + text.length, text)) return true
  }
  return false
}

/** Where the first key of the object at `at` opens; -1 where it has none, -2 where this is no object. */
export function firstKey(data: Uint8Array, at: number, to: number): number {
  return at >= 0 && at < to && data[at] === OPEN_OBJECT ? nextKey(data, at + 1, to) : -2
}

/** Where the next key opens, `from` being the end of the value before; -1 at the end of the object, -2 where it is broken. */
export function nextKey(data: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && (data[at] === COMMA || isSpace(data[at]!))) at++
  if (at >= to) return -2
  if (data[at] === QUOTE) return at
  return data[at] === CLOSE_OBJECT ? -1 : -2
}

/** Where the value starts whose key ends (with its quote) at `keyEnd`; -1 where there is none. */
export function valueAfter(data: Uint8Array, keyEnd: number, to: number): number {
  const colon = skipSpace(data, keyEnd + 1, to)
  if (colon >= to || data[colon] !== COLON) return -1
  const value = skipSpace(data, colon + 1, to)
  return value < to ? value : -1
}

/** Puts into `found` where the values of these members of the object at `at` start; -1 for those it has not. */
export function findMembers(
  data: Uint8Array,
  at: number,
  to: number,
  names: readonly string[],
  found: number[],
): void {
  for (let n = 0; n < names.length; n++) found[n] = -1
  let key = firstKey(data, at, to)
  while (key >= 0) {
    const keyEnd = endOfString(data, key, to)
    if (keyEnd < 0) return
    const value = valueAfter(data, keyEnd, to)
    if (value < 0) return
    for (let n = 0; n < names.length; n++) {
      if (isName(data, key + 1, keyEnd, names[n]!)) {
        found[n] = value
        break
      }
    }
    key = nextKey(data, endOfValue(data, value, to), to)
  }
}

/** Where the value of member `name` of the object at `at` starts, or -1. */
export function findMember(data: Uint8Array, at: number, to: number, name: string): number {
  const found = [-1]
  findMembers(data, at, to, [name], found)
  return found[0]!
}

/** Where element `index` of the array at `at` starts, or -1. */
export function findElement(data: Uint8Array, at: number, to: number, index: number): number {
  if (data[at] !== OPEN_ARRAY) return -1
  let i = skipSpace(data, at + 1, to)
  for (let n = 0; i < to && data[i] !== CLOSE_ARRAY; n++) {
    if (n === index) return i
    i = skipSpace(data, endOfValue(data, i, to), to)
    if (data[i] !== COMMA) return -1
    i = skipSpace(data, i + 1, to)
  }
  return -1
}

/** The bytes as text; what is no UTF-8 becomes replacement characters. */
export function textOf(data: Uint8Array, from: number, to: number): string {
  for (let i = from; i < to; i++) if (data[i]! >= 0x80) return utf8.decode(data.subarray(from, to))
  return latin1Of(data, from, to)
}

export function latin1Of(data: Uint8Array, from: number, to: number): string {
  return Buffer.from(data.buffer, data.byteOffset + from, to - from).toString('latin1')
}

/** Where the digits of a string of hex start that opens at `at`: behind 0x, if it begins so. */
function digitsFrom(data: Uint8Array, at: number): number {
  return data[at + 1] === 0x30 && (data[at + 2]! | 0x20) === 0x78 ? at + 3 : at + 1
}

/** How many digits a string of hex (after 0x, if it begins so) that opens at `at` has; -1 where there is none. */
export function hexDigitsAt(data: Uint8Array, at: number, to: number): number {
  if (at < 0 || data[at] !== QUOTE) return -1
  const from = digitsFrom(data, at)
  let i = from
  while (i < to && IS_HEX[data[i]!] === 1) i++
  return i < to && data[i] === QUOTE ? i - from : -1
}

/** Whether a string that opens at `at` begins with that many digits of hex (after 0x, if it begins so). */
export function hasHexDigits(data: Uint8Array, at: number, to: number, digits: number): boolean {
  if (at < 0 || data[at] !== QUOTE) return false
  const end = digitsFrom(data, at) + digits
  if (end > to) return false
  for (let i = end - digits; i < end; i++) if (IS_HEX[data[i]!] !== 1) return false
  return true
}

/**
 * Position behind the string of `digits` digits that opens at `at`; -1 where there stands none. With `isTrusted`
 * only its ends are looked at, not what is between them.
 */
export function endOfHash(
  data: Uint8Array,
  at: number,
  to: number,
  digits: number,
  isTrusted: boolean,
): number {
  if (at < 0 || data[at] !== QUOTE) return -1
  const quote = digitsFrom(data, at) + digits
  if (quote >= to || data[quote] !== QUOTE || IS_HEX[data[quote - 1]!] !== 1) return -1
  return isTrusted || hasHexDigits(data, at, to, digits) ? quote + 1 : -1
}

/** A number that stands for the string or number at `at` (equal text, equal key); null for anything else. */
export function keyAt(data: Uint8Array, at: number, to: number): number | null {
  if (at < 0) return null
  const isString = data[at] === QUOTE
  const end = isString ? endOfString(data, at, to) : endOfValue(data, at, to)
  if (end < 0 || (!isString && !isNumberStart(data[at]!))) return null
  return keyOf(data, isString ? at + 1 : at, end)
}

const KEY_END_BYTES = 16

/**
 * FNV-1a, signed 32 bits, of a long text only its ends and its length: two of the few jobs that are kept at
 * once hardly ever share a key.
 */
export function keyOf(data: Uint8Array, from: number, to: number): number {
  const isLong = to - from > 2 * KEY_END_BYTES
  let key = (0x811c9dc5 ^ (to - from)) | 0
  const middle = isLong ? from + KEY_END_BYTES : to
  for (let i = from; i < middle; i++) key = Math.imul(key ^ data[i]!, 0x01000193)
  if (isLong) for (let i = to - KEY_END_BYTES; i < to; i++) key = Math.imul(key ^ data[i]!, 0x01000193)
  return key
}

function isNumberStart(byte: number): boolean {
  return byte === 0x2d || (byte >= 0x30 && byte <= 0x39)
}

/** The string that starts at `at`, escapes undone, or null where no string starts there. */
export function stringAt(data: Uint8Array, at: number, to: number): string | null {
  if (at < 0 || data[at] !== QUOTE) return null
  const end = endOfString(data, at, to)
  if (end < 0) return null
  const text = textOf(data, at + 1, end)
  if (!text.includes('\\')) return text
  const value = parseJson(`"${text}"`)
  return typeof value === 'string' ? value : null
}

/** JSON.parse as a value: undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The value that starts at `at`, parsed; undefined where it is no JSON. */
export function valueAt(data: Uint8Array, at: number, to: number): unknown {
  return at < 0 ? undefined : parseJson(textOf(data, at, endOfValue(data, at, to)))
}
