import { RE2JS } from 're2js'
import type { RegexFlags } from '../rule.ts'
import { growthOf } from './ambiguity.ts'
import { parsePattern } from './parse-pattern.ts'
import { type Pattern, visit } from './pattern.ts'
import { requiredTexts } from './required-text.ts'
import { writePattern } from './write-pattern.ts'

/** A vetted pattern that is searched for anywhere in a text. */
export interface Regex {
  /** Never takes long, whatever the text. */
  test(text: string): boolean
  /** Texts of which one must be in a match, folded; null where there are none. */
  readonly required: readonly string[] | null
  /** Up to this length of a text the native matcher is used; beyond it a linear one. */
  readonly nativeLength: number
  /** There is no linear matcher for the pattern: texts longer than `nativeLength` never match. */
  readonly isBounded: boolean
}

/** Steps a native match may take: some tens of milliseconds at the very worst. */
const MAX_STEPS = 20_000_000
/** A pattern that only the native matcher can do must get along with texts of this length. */
const LEAST_BOUNDED_LENGTH = 2048

/** Makes the matcher of a PCRE pattern, or says why there can be none. */
export function createRegex(source: string, flags: RegexFlags): Regex | { readonly fault: string } {
  const read = parsePattern(source, flags)
  if ('fault' in read) return read
  const { pattern } = read
  const growth = growthOf(pattern)
  const nativeLength =
    growth.degree === Infinity ? -1 : Math.floor((MAX_STEPS / growth.factor) ** (1 / growth.degree))
  const native = nativeLength < 0 ? null : nativeRegExp(pattern)
  if (typeof native === 'string') return { fault: native }
  const beyond = beyondLinear(pattern)
  if (beyond !== null) {
    if (native === null || nativeLength < LEAST_BOUNDED_LENGTH)
      return { fault: `${beyond} in a pattern whose matching time can grow without bound` }
    return {
      test: (text) => text.length <= nativeLength && native.test(text),
      required: requiredTexts(pattern),
      nativeLength,
      isBounded: true,
    }
  }
  return withLinear(pattern, native, nativeLength)
}

function withLinear(
  pattern: Pattern,
  native: RegExp | null,
  nativeLength: number,
): Regex | { readonly fault: string } {
  const required = requiredTexts(pattern)
  if (native === null) {
    // Made at once: what the linear matcher refuses must be known when the rule is loaded.
    const linear = linearRegex(pattern)
    if (typeof linear === 'string') return { fault: linear }
    return { test: (text) => linear.test(text), required, nativeLength: -1, isBounded: false }
  }
  let linear: RE2JS | string | null = null
  return {
    test: (text) => {
      if (text.length <= nativeLength) return native.test(text)
      linear ??= linearRegex(pattern)
      return typeof linear !== 'string' && linear.test(text)
    },
    required,
    nativeLength,
    isBounded: false,
  }
}

function nativeRegExp(pattern: Pattern): RegExp | string {
  try {
    return new RegExp(writePattern(pattern, 'javascript'), 'u')
  } catch (error) {
    return `is no valid pattern: ${error instanceof Error ? error.message.slice(0, 120) : ''}`
  }
}

function linearRegex(pattern: Pattern): RE2JS | string {
  try {
    return RE2JS.compile(writePattern(pattern, 're2'))
  } catch (error) {
    return `the pattern could take without bound, and the linear matcher refuses it: ${error instanceof Error ? error.message.slice(0, 120) : ''}`
  }
}

/** What in a pattern no linear matcher does. */
function beyondLinear(pattern: Pattern): string | null {
  let found: string | null = null
  visit(pattern, (one) => {
    if (one.kind === 'look') found ??= 'look-around'
    if (one.kind === 'reference') found ??= 'a reference to a group'
    // RE2 limits counted repetitions.
    if (one.kind === 'repeat' && Math.max(one.min, one.max === Infinity ? 0 : one.max) > 1000)
      found ??= 'a repetition of more than 1000'
  })
  return found
}
