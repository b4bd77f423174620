import type { TextPiece, TextValue } from '../rule.ts'

const BACKSLASH = '\\'
export const RUN: TextPiece = { wild: 'run' }
const ONE: TextPiece = { wild: 'one' }
const DASH: TextPiece = { wild: 'dash' }

/**
 * A text as rules write it: `*` any run, `?` one character, a backslash before either (or before
 * another backslash) takes its meaning away; any other backslash is itself. With `expands`, `%name%`
 * is a placeholder and `\%` a percent sign. Sigma rules specification 2.x, "Escaping", "Placeholders".
 */
export function parseText(text: string, expands = false): TextPiece[] {
  const pieces: TextPiece[] = []
  let literal = ''
  const push = (piece: TextPiece): void => {
    if (literal !== '') pieces.push(literal)
    literal = ''
    pieces.push(piece)
  }
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    const next = text.charAt(at + 1)
    if (
      char === BACKSLASH &&
      (next === '*' || next === '?' || next === BACKSLASH || (expands && next === '%'))
    ) {
      literal += next
      at++
    } else if (char === '*') push(RUN)
    else if (char === '?') push(ONE)
    else if (expands && char === '%') {
      const end = text.indexOf('%', at + 1)
      const name = end < 0 ? '' : text.slice(at + 1, end)
      if (PLACEHOLDER.test(name)) {
        push({ placeholder: name })
        at = end
      } else literal += char
    } else literal += char
  }
  if (literal !== '') pieces.push(literal)
  return joined(pieces)
}

const PLACEHOLDER = /^[\w.-]{1,200}$/u

/** Neighbouring literals become one, neighbouring `*` as well. */
export function joined(pieces: readonly TextPiece[]): TextPiece[] {
  const out: TextPiece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (typeof piece === 'string' && typeof last === 'string') out[out.length - 1] = last + piece
    else if (piece !== '' && !(isRun(piece) && isRun(last))) out.push(piece)
  }
  return out
}

export function isRun(piece: TextPiece | undefined): boolean {
  return typeof piece === 'object' && 'wild' in piece && piece.wild === 'run'
}

/** The literal text of a pattern without wildcards; null where it has any. */
export function plainText(pieces: readonly TextPiece[]): string | null {
  if (pieces.length === 0) return ''
  const [only] = pieces
  return pieces.length === 1 && typeof only === 'string' ? only : null
}

export function hasPlaceholder(pieces: readonly TextPiece[]): boolean {
  return pieces.some((piece) => typeof piece === 'object' && 'placeholder' in piece)
}

/** What `windash` puts in place of each other: hyphen, slash, en dash, em dash, horizontal bar. */
export const DASHES = '-/–—―'

/** A dash that opens an option: no word before it, a word behind it. */
const OPENING_DASH = /(?<!\w)[-/–—―](?=\w)/u

export function withDashes(pieces: readonly TextPiece[]): TextPiece[] {
  const out: TextPiece[] = []
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      out.push(piece)
      continue
    }
    let rest = piece
    let before = ''
    for (;;) {
      // The lookbehind needs to see what stood before the rest.
      const found = OPENING_DASH.exec(before + rest)
      if (found === null) break
      const at = found.index - before.length
      out.push(rest.slice(0, at), DASH)
      before = rest.charAt(at)
      rest = rest.slice(at + 1)
      if (DASHES.includes(before)) before = ' '
    }
    out.push(rest)
  }
  return joined(out.filter((piece) => piece !== ''))
}

/** A text value as a rule would write it. */
export function textInWords({ pieces }: TextValue): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece.replaceAll(/[*?]/gu, String.raw`\$&`)
      if ('placeholder' in piece) return `%${piece.placeholder}%`
      return piece.wild === 'run' ? '*' : piece.wild === 'one' ? '?' : '-'
    })
    .join('')
}
