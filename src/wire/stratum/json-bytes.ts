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

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

export function skipSpace(data: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && isSpace(data[at]!)) at++
  return at
}

/** `at` is on the opening quote; gives the closing one, or -1. */
export function endOfString(data: Uint8Array, at: number, to: number): number {
  for (let i = at + 1; i < to; i++) {
    const byte = data[i]
    if (byte === QUOTE) return i
    if (byte === BACKSLASH) i++
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

export function startsWith(data: Uint8Array, at: number, to: number, text: string): boolean {
  return at + text.length <= to && isName(data, at, at + text.length, text)
}

/**
 * Walks the members of the object that starts at `at`. The visitor gets the bounds of the key (without
 * quotes) and where the value starts; false from it ends the walk. Gives false where this is no object.
 */
export function eachMember(
  data: Uint8Array,
  at: number,
  to: number,
  visit: (keyFrom: number, keyTo: number, value: number) => boolean,
): boolean {
  if (data[at] !== OPEN_OBJECT) return false
  let i = at + 1
  for (;;) {
    i = skipSpace(data, i, to)
    if (i >= to) return false
    const byte = data[i]
    if (byte === CLOSE_OBJECT) return true
    if (byte === COMMA) {
      i++
      continue
    }
    if (byte !== QUOTE) return false
    const keyEnd = endOfString(data, i, to)
    if (keyEnd < 0) return false
    const keyFrom = i + 1
    i = skipSpace(data, keyEnd + 1, to)
    if (data[i] !== COLON || i >= to) return false
    i = skipSpace(data, i + 1, to)
    if (i >= to) return false
    if (!visit(keyFrom, keyEnd, i)) return true
    i = endOfValue(data, i, to)
  }
}

/** Where the value of member `name` of the object at `at` starts, or -1. */
export function findMember(data: Uint8Array, at: number, to: number, name: string): number {
  let found = -1
  eachMember(data, at, to, (keyFrom, keyTo, value) => {
    if (!isName(data, keyFrom, keyTo, name)) return true
    found = value
    return false
  })
  return found
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

/** The bytes as text; ASCII fast, everything else as UTF-8 with replacement characters. */
export function textOf(data: Uint8Array, from: number, to: number): string {
  if (to - from > 96) return utf8.decode(data.subarray(from, to))
  let text = ''
  for (let i = from; i < to; i++) {
    const byte = data[i]!
    if (byte >= 0x80) return utf8.decode(data.subarray(from, to))
    text += String.fromCharCode(byte)
  }
  return text
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
