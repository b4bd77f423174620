export const SPACE = 0x20
export const NEWLINE = 0x0a
export const QUOTE = 0x22
export const COMMA = 0x2c
export const COLON = 0x3a
export const OPEN_ARRAY = 0x5b
export const BACKSLASH = 0x5c
export const CLOSE_ARRAY = 0x5d
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d

/** White space of JSON (RFC 8259). */
export function isGap(byte: number | undefined): boolean {
  return byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09
}

/** Where the last byte at or before `from` is that is no white space. */
export function behindGap(bytes: Uint8Array, from: number): number {
  let at = from
  while (at > 0 && isGap(bytes[at])) at--
  return at
}
