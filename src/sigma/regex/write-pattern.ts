import type { CharSet } from './char-set.ts'
import type { Anchor, Pattern } from './pattern.ts'

export type Dialect = 'javascript' | 're2'

/** The pattern for a matcher: JavaScript with the flag `u`, or RE2. Nothing in it depends on other flags. */
export function writePattern(pattern: Pattern, dialect: Dialect): string {
  switch (pattern.kind) {
    case 'set':
      return pattern.property ?? setSource(pattern.set, dialect)
    case 'sequence':
      return pattern.parts.map((part) => inSequence(part, dialect)).join('')
    case 'choice':
      return pattern.parts.map((part) => writePattern(part, dialect)).join('|')
    case 'repeat':
      return `${repeatable(pattern.part, dialect)}${countSource(pattern.min, pattern.max)}${pattern.isLazy ? '?' : ''}`
    case 'capture': {
      const name = pattern.name === null ? '' : `?${dialect === 're2' ? 'P' : ''}<${pattern.name}>`
      return `(${name}${writePattern(pattern.part, dialect)})`
    }
    case 'anchor':
      return ANCHORS[dialect][pattern.at]
    case 'look':
      return `(?${pattern.isAhead ? '' : '<'}${pattern.isNegated ? '!' : '='}${writePattern(pattern.part, dialect)})`
    default:
      return /^\d/u.test(pattern.to) ? `(?:\\${pattern.to})` : `\\k<${pattern.to}>`
  }
}

/** PCRE's `$` also stands before a newline that ends the text. */
const ANCHORS: Readonly<Record<Dialect, Readonly<Record<Anchor, string>>>> = {
  javascript: {
    start: '^',
    end: '$',
    'end-or-newline': String.raw`(?=\n?$)`,
    'line-start': String.raw`(?<![^\n])`,
    'line-end': String.raw`(?![^\n])`,
    'word-edge': String.raw`\b`,
    'no-word-edge': String.raw`\B`,
  },
  re2: {
    start: String.raw`\A`,
    end: String.raw`\z`,
    'end-or-newline': String.raw`(?:\n?\z)`,
    'line-start': '(?m:^)',
    'line-end': '(?m:$)',
    'word-edge': String.raw`\b`,
    'no-word-edge': String.raw`\B`,
  },
}

function inSequence(part: Pattern, dialect: Dialect): string {
  const source = writePattern(part, dialect)
  return part.kind === 'choice' ? `(?:${source})` : source
}

function repeatable(part: Pattern, dialect: Dialect): string {
  const source = writePattern(part, dialect)
  return part.kind === 'set' || part.kind === 'capture' ? source : `(?:${source})`
}

function countSource(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  if (min === 0 && max === 1) return '?'
  return min === max ? `{${min}}` : `{${min},${max}}`
}

function setSource(set: CharSet, dialect: Dialect): string {
  const [only] = set
  if (only !== undefined && set.length === 1 && only[0] === only[1]) return charSource(only[0], dialect)
  // An empty set matches nothing: `[^\0-\u{10ffff}]`.
  if (only === undefined) return `[^${charSource(0, dialect)}-${charSource(0x10ffff, dialect)}]`
  const ranges = set.map(([from, to]) =>
    from === to ? charSource(from, dialect) : `${charSource(from, dialect)}-${charSource(to, dialect)}`,
  )
  return `[${ranges.join('')}]`
}

function charSource(code: number, dialect: Dialect): string {
  if ((code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a))
    return String.fromCodePoint(code)
  const hex = code.toString(16)
  return dialect === 're2' ? `\\x{${hex}}` : `\\u{${hex}}`
}
