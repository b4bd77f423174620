import { RE2JS } from 're2js'
import { fold } from '../fold.ts'
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
/** RE2 refuses counted repetitions beyond a thousand, and patterns that grow too large. */
const MAX_DEFERRED_REPEATS = 1000
const MAX_DEFERRED_NODES = 5000

/** Makes the matcher of a PCRE pattern, or says why there can be none. */
export function createRegex(source: string, flags: RegexFlags): Regex | { readonly fault: string } {
  const read = parsePattern(source, flags)
  if ('fault' in read) return read
  const { pattern } = read
  if (isSafeToDefer(pattern)) return deferred(pattern)
  const limit = nativeLengthOf(pattern)
  const native = limit < 0 ? null : nativeRegExp(pattern)
  if (typeof native === 'string') return { fault: native }
  const beyond = beyondLinear(pattern)
  if (beyond !== null) {
    if (native === null || limit < LEAST_BOUNDED_LENGTH)
      return { fault: `${beyond} in a pattern whose matching time can grow without bound` }
    return {
      test: (text) => text.length <= limit && native.test(text),
      required: requiredTexts(pattern),
      nativeLength: limit,
      isBounded: true,
    }
  }
  // Made at once: what the linear matcher refuses must be known when the rule is loaded.
  const linear = linearRegex(pattern)
  if (typeof linear === 'string' && native === null) return { fault: linear }
  return {
    test: (text) => {
      if (native !== null && text.length <= limit) return native.test(text)
      return typeof linear !== 'string' && linear.test(text)
    },
    required: requiredTexts(pattern),
    nativeLength: limit,
    isBounded: false,
  }
}

/** What the native matcher takes for a text is found out at the first text: most patterns never see one. */
function deferred(pattern: Pattern): Regex {
  let limit: number | null = null
  let native: RegExp | string | null = null
  let linear: RE2JS | string | null = null
  const nativeLength = (): number => (limit ??= nativeLengthOf(pattern))
  const required = requiredTexts(pattern)
  return {
    test: (text) => {
      if (required !== null && !hasOneOf(required, text)) return false
      if (text.length <= nativeLength()) {
        native ??= nativeRegExp(pattern)
        if (typeof native !== 'string') return native.test(text)
      }
      linear ??= linearRegex(pattern)
      return typeof linear !== 'string' && linear.test(text)
    },
    required,
    get nativeLength() {
      return nativeLength()
    },
    isBounded: false,
  }
}

function hasOneOf(texts: readonly string[], text: string): boolean {
  const folded = fold(text)
  return texts.some((one) => folded.includes(one))
}

/** Neither matcher refuses such a pattern: nothing about it needs to be known when the rule is loaded. */
function isSafeToDefer(pattern: Pattern): boolean {
  let nodes = 0
  let isSafe = true
  visit(pattern, (one) => {
    nodes++
    if (one.kind === 'look' || one.kind === 'reference') isSafe = false
    // The names of Unicode classes are not the same everywhere.
    if (one.kind === 'set' && one.property !== undefined) isSafe = false
  })
  return isSafe && nodes <= MAX_DEFERRED_NODES && mostRepeats(pattern) <= MAX_DEFERRED_REPEATS
}

/** Counted repetitions, those within others multiplied: what a linear matcher unfolds. */
function mostRepeats(pattern: Pattern): number {
  if (pattern.kind === 'repeat') {
    const own = pattern.max === Infinity ? pattern.min : pattern.max
    return Math.max(1, own) * mostRepeats(pattern.part)
  }
  if ('parts' in pattern) return Math.max(1, ...pattern.parts.map((part) => mostRepeats(part)))
  return 'part' in pattern ? mostRepeats(pattern.part) : 1
}

/** Texts up to this length the native matcher can do in bounded time; -1 for none. */
function nativeLengthOf(pattern: Pattern): number {
  const growth = growthOf(pattern)
  return growth.degree === Infinity ? -1 : Math.floor((MAX_STEPS / growth.factor) ** (1 / growth.degree))
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
