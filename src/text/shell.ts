import { visible } from './visible.ts'

const SAFE = /^[A-Za-z0-9_@%+:,./-]+$/
const encoder = new TextEncoder()

/** `printf %b` (POSIX) reads `\0ddd`; everything but plain letters goes that way, so nothing needs a second quoting. */
function octal(text: string): string {
  let out = ''
  for (const byte of encoder.encode(text)) {
    const char = String.fromCharCode(byte)
    out += SAFE.test(char) ? char : `\\0${byte.toString(8).padStart(3, '0')}`
  }
  return out
}

/**
 * One word for a POSIX shell (sh, dash, bash, ksh, zsh), always on one line and printable: bare where
 * that is safe, else in single quotes, else (controls, bidi marks and the like) as
 * `"$(printf %b '…')"`, because dash lacks `$'…'`.
 *
 * NUL cannot be in an argument and `$(…)` drops line ends at the end: both become U+FFFD, so that such a
 * command names nothing rather than something else. A word that begins with `-` is still an option to
 * the program: put `--` before it.
 */
export function quoteShell(text: string): string {
  if (SAFE.test(text)) return text
  if (visible(text) === text) return `'${text.replaceAll("'", String.raw`'\''`)}'`
  const exact = text.replaceAll('\0', '\ufffd').replace(/\n$/, '\ufffd')
  return `"$(printf %b '${octal(exact)}')"`
}
