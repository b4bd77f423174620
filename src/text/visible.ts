/**
 * What must never reach a terminal or a page as it is: controls (C0, DEL, C1), format characters
 * (bidi overrides and isolates, zero-width, BOM, tags, soft hyphen), line and paragraph separators,
 * lone surrogates, private use, unassigned, and everything Unicode calls default ignorable
 * (variation selectors, fillers), which can hide text inside text.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const PLAIN = /^[\x20-\x7e]*$/

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeOf(char: string): string {
  const short = SHORT[char]
  if (short !== undefined) return short
  const code = char.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

/**
 * One line of text that shows what it holds: `\n`, `\x1b`, `\u202e`, `\u{e0041}` stand for characters
 * that would move the cursor, reorder or hide text. Ordinary Unicode stays. Backslashes stay too, so
 * the result is for reading, not for decoding. Mask secrets before calling this, not after.
 */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(HIDDEN, escapeOf)
}

const ELLIPSIS = '…'
const ELLIPSIS_BYTES = 3
const encoder = new TextEncoder()

/**
 * The text itself if it has at most `maxBytes` bytes in UTF-8; else as many whole characters as fit
 * together with a closing `…` (without it where not even that fits).
 */
export function cutBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text
  const head = text.slice(0, maxBytes + 1)
  if (head.length === text.length && Buffer.byteLength(text) <= maxBytes) return text
  const mark = maxBytes >= ELLIPSIS_BYTES ? ELLIPSIS : ''
  const room = new Uint8Array(Math.max(0, maxBytes - Buffer.byteLength(mark)))
  return head.slice(0, encoder.encodeInto(head, room).read) + mark
}

/** `visible` for every string in a JSON-like value, keys excepted. */
export function visibleDeep<T>(value: T): T
export function visibleDeep(value: unknown): unknown {
  if (typeof value === 'string') return visible(value)
  if (Array.isArray(value)) return value.map((item: unknown) => visibleDeep(item))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visibleDeep(item)]))
}
