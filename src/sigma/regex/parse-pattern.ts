import type { RegexFlags } from '../rule.ts'
import {
  type CharSet,
  complement,
  DIGIT,
  EVERYTHING,
  HORIZONTAL,
  single,
  SPACE,
  union,
  VERTICAL,
  withBothCases,
  WORD,
} from './char-set.ts'
import type { Pattern } from './pattern.ts'

export type ReadPattern = { readonly pattern: Pattern } | { readonly fault: string }

const MAX_LENGTH = 16 * 1024
const MAX_DEPTH = 100
const MAX_COUNT = 100_000

class Fault extends Error {}

/** Reads a PCRE pattern. What no linear or vetted matcher can do is a fault with its reason. */
export function parsePattern(source: string, flags: RegexFlags): ReadPattern {
  if (source.length > MAX_LENGTH) return { fault: 'the pattern is too long' }
  try {
    return { pattern: new PatternReader(source, flags).read() }
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message }
    throw error
  }
}

/** What escapes stand for a set of characters; capitals for its complement. */
const CLASSES: Readonly<Record<string, CharSet>> = { d: DIGIT, w: WORD, s: SPACE, h: HORIZONTAL, v: VERTICAL }
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, a: 7, e: 27 }
const NEWLINE = single(10)

const POSIX: Readonly<Record<string, CharSet>> = {
  alpha: [
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  digit: DIGIT,
  alnum: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  upper: [[0x41, 0x5a]],
  lower: [[0x61, 0x7a]],
  space: SPACE,
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  xdigit: [
    [0x30, 0x39],
    [0x41, 0x46],
    [0x61, 0x66],
  ],
  word: WORD,
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  print: [[0x20, 0x7e]],
  graph: [[0x21, 0x7e]],
}

class PatternReader {
  readonly #source: string
  #flags: RegexFlags
  #isSpaced = false
  #at = 0
  #depth = 0

  constructor(source: string, flags: RegexFlags) {
    this.#source = source
    this.#flags = flags
  }

  read(): Pattern {
    const pattern = this.#choice()
    if (this.#at < this.#source.length) throw new Fault('a bracket is closed that was not opened')
    return pattern
  }

  #choice(): Pattern {
    if (++this.#depth > MAX_DEPTH) throw new Fault('the pattern is nested too deeply')
    const [flags, isSpaced] = [this.#flags, this.#isSpaced]
    const parts = [this.#sequence()]
    while (this.#takes('|')) parts.push(this.#sequence())
    this.#flags = flags
    this.#isSpaced = isSpaced
    this.#depth--
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: 'choice', parts }
  }

  #sequence(): Pattern {
    const parts: Pattern[] = []
    for (;;) {
      const char = this.#peek()
      if (char === '' || char === '|' || char === ')') break
      const part = this.#atom()
      if (part !== null) parts.push(this.#repeated(part))
    }
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: 'sequence', parts }
  }

  /** Null for what stands for nothing: flags, comments. */
  #atom(): Pattern | null {
    const char = this.#next()
    if (char === '(') return this.#group()
    if (char === '[') return this.#set(this.#class())
    if (char === '.') return { kind: 'set', set: this.#flags.isDotAll ? EVERYTHING : complement(NEWLINE) }
    if (char === '^') return { kind: 'anchor', at: this.#flags.isMultiline ? 'line-start' : 'start' }
    if (char === '$') return { kind: 'anchor', at: this.#flags.isMultiline ? 'line-end' : 'end-or-newline' }
    if (char === '\\') return this.#escape()
    if (char === '*' || char === '+' || char === '?') throw new Fault(`${char} has nothing to repeat`)
    if (this.#isSpaced && /\s/u.test(char)) return null
    if (this.#isSpaced && char === '#') {
      while (this.#peek() !== '' && this.#next() !== '\n');
      return null
    }
    return this.#set(single(char.codePointAt(0) ?? 0))
  }

  #set(set: CharSet): Pattern {
    return { kind: 'set', set: this.#flags.isCaseIgnored ? withBothCases(set) : set }
  }

  #group(): Pattern | null {
    let name: string | null = null
    let isCapture = true
    let look: { isAhead: boolean; isNegated: boolean } | null = null
    const [flags, isSpaced] = [this.#flags, this.#isSpaced]
    let isScoped = false
    if (this.#takes('?')) {
      isCapture = false
      if (this.#takes('#')) {
        const end = this.#source.indexOf(')', this.#at)
        if (end < 0) throw new Fault('a comment is not closed')
        this.#at = end + 1
        return null
      }
      if (this.#takes(':')) isCapture = false
      else if (this.#takes('=')) look = { isAhead: true, isNegated: false }
      else if (this.#takes('!')) look = { isAhead: true, isNegated: true }
      else if (this.#takes('<=')) look = { isAhead: false, isNegated: false }
      else if (this.#takes('<!')) look = { isAhead: false, isNegated: true }
      else if (this.#takes('>')) throw new Fault('atomic groups (?>…) are not supported')
      else if (/^(?:P?<|')/u.test(this.#source.slice(this.#at, this.#at + 2))) {
        const found = /^(?:P?<(\w{1,64})>|'(\w{1,64})')/u.exec(this.#source.slice(this.#at, this.#at + 80))
        if (found === null) throw new Fault('the name of a group is not understood')
        name = found[1] ?? found[2] ?? ''
        this.#at += found[0].length
        isCapture = true
      } else if (this.#inlineFlags()) return null
      else isScoped = true
    } else if (this.#takes('*')) throw new Fault('verbs (*…) are not supported')
    const part = this.#choice()
    if (!this.#takes(')')) throw new Fault('a bracket is not closed')
    if (isScoped) {
      this.#flags = flags
      this.#isSpaced = isSpaced
    }
    if (look !== null) return { kind: 'look', part, ...look }
    return isCapture ? { kind: 'capture', part, name } : { kind: 'sequence', parts: [part] }
  }

  /** `(?i)` holds to the end of the group around it (true), `(?i:` opens one of its own (false). */
  #inlineFlags(): boolean {
    const found = /^([imsxU]*)(?:-([imsx]+))?([:)])/u.exec(this.#source.slice(this.#at, this.#at + 16))
    if (found === null) throw new Fault('a group (?… is not understood')
    const [whole, on = '', off = '', end] = found
    if (on.includes('U')) throw new Fault('the flag U is not supported')
    this.#at += whole.length
    const flag = (letter: string, before: boolean): boolean =>
      off.includes(letter) ? false : on.includes(letter) ? true : before
    const flags = {
      isCaseIgnored: flag('i', this.#flags.isCaseIgnored),
      isMultiline: flag('m', this.#flags.isMultiline),
      isDotAll: flag('s', this.#flags.isDotAll),
    }
    this.#isSpaced = flag('x', this.#isSpaced)
    this.#flags = flags
    return end === ')'
  }

  #repeated(part: Pattern): Pattern {
    let out = part
    for (let times = 0; ; times++) {
      const count = this.#count()
      if (count === null) return out
      if (times > 0) throw new Fault('a repetition is repeated')
      const isLazy = this.#takes('?')
      if (!isLazy && this.#takes('+')) throw new Fault('possessive repetitions are not supported')
      if (count.min > count.max) throw new Fault('a repetition has its limits the wrong way round')
      if (count.min > MAX_COUNT || (count.max !== Infinity && count.max > MAX_COUNT))
        throw new Fault('a repetition has too high a limit')
      out =
        part.kind === 'anchor' || part.kind === 'look'
          ? count.min === 0
            ? { kind: 'sequence', parts: [] }
            : part
          : { kind: 'repeat', part, ...count, isLazy }
    }
  }

  #count(): { min: number; max: number } | null {
    if (this.#takes('*')) return { min: 0, max: Infinity }
    if (this.#takes('+')) return { min: 1, max: Infinity }
    if (this.#takes('?')) return { min: 0, max: 1 }
    if (this.#peek() !== '{') return null
    const found = /^\{(\d{1,9})(?:(,)(\d{1,9})?)?\}/u.exec(this.#source.slice(this.#at, this.#at + 24))
    if (found === null) return null
    this.#at += found[0].length
    const min = Number(found[1])
    return { min, max: found[2] === undefined ? min : found[3] === undefined ? Infinity : Number(found[3]) }
  }

  #escape(): Pattern | null {
    const char = this.#next()
    if (char === 'b') return { kind: 'anchor', at: 'word-edge' }
    if (char === 'B') return { kind: 'anchor', at: 'no-word-edge' }
    if (char === 'A') return { kind: 'anchor', at: 'start' }
    if (char === 'z') return { kind: 'anchor', at: 'end' }
    if (char === 'Z') return { kind: 'anchor', at: 'end-or-newline' }
    if (char === 'N') return { kind: 'set', set: complement(NEWLINE) }
    if (char === 'R') return { kind: 'set', set: VERTICAL }
    if (char === 'Q') return this.#quoted()
    if (char === 'E') return null
    if (char === 'p' || char === 'P') return this.#property(char)
    if (char === 'k' || char === 'g') return this.#namedReference()
    if (/[1-9]/u.test(char)) {
      const rest = /^\d?/u.exec(this.#source.slice(this.#at, this.#at + 1))?.[0] ?? ''
      this.#at += rest.length
      return { kind: 'reference', to: char + rest }
    }
    const set = CLASSES[char] ?? null
    if (set !== null) return { kind: 'set', set }
    const capital = CLASSES[char.toLowerCase()] ?? null
    if (capital !== null) return { kind: 'set', set: complement(capital) }
    return this.#set(single(this.#escapedCode(char)))
  }

  #quoted(): Pattern {
    const end = this.#source.indexOf(String.raw`\E`, this.#at)
    const text = this.#source.slice(this.#at, end < 0 ? undefined : end)
    this.#at = end < 0 ? this.#source.length : end + 2
    return {
      kind: 'sequence',
      parts: Array.from(text, (char) => this.#set(single(char.codePointAt(0) ?? 0))),
    }
  }

  #property(letter: 'p' | 'P'): Pattern {
    const found = /^(?:\{(\^?)(\w{1,40})\}|([A-Z]))/u.exec(this.#source.slice(this.#at, this.#at + 48))
    if (found === null) throw new Fault(`\\${letter} is not understood`)
    this.#at += found[0].length
    const isNegated = (letter === 'P') !== (found[1] === '^')
    const property = `\\${isNegated ? 'P' : 'p'}{${found[2] ?? found[3] ?? ''}}`
    try {
      return new RegExp(property, 'u').source === ''
        ? { kind: 'set', set: EVERYTHING }
        : { kind: 'set', set: EVERYTHING, property }
    } catch {
      throw new Fault(`${property} is no Unicode class`)
    }
  }

  #namedReference(): Pattern {
    const found = /^(?:\{(-?\w{1,64})\}|<(\w{1,64})>|'(\w{1,64})'|(\d{1,2}))/u.exec(
      this.#source.slice(this.#at, this.#at + 70),
    )
    const to = found?.[1] ?? found?.[2] ?? found?.[3] ?? found?.[4]
    if (found === null || to === undefined || to.startsWith('-'))
      throw new Fault('a reference to a group is not understood')
    this.#at += found[0].length
    return { kind: 'reference', to }
  }

  /** The code point of an escape that stands for one character. */
  #escapedCode(char: string): number {
    const control = CONTROLS[char]
    if (control !== undefined) return control
    const rest = this.#source.slice(this.#at, this.#at + 12)
    if (char === 'x') return this.#hex(/^(?:\{([\da-f]{1,6})\}|([\da-f]{0,2}))/iu.exec(rest))
    if (char === 'u') {
      const found = /^(?:\{([\da-f]{1,6})\}|([\da-f]{4}))/iu.exec(rest)
      if (found === null) throw new Fault(String.raw`\u is not understood`)
      return this.#hex(found)
    }
    if (char === '0') {
      const digits = /^[0-7]{0,2}/u.exec(rest)?.[0] ?? ''
      this.#at += digits.length
      return Number.parseInt(`0${digits}`, 8)
    }
    if (char === 'c') return (this.#next().toUpperCase().codePointAt(0) ?? 0x40) ^ 0x40
    if (char === '') throw new Fault('the pattern ends in a backslash')
    if (/[A-Za-z]/u.test(char)) throw new Fault(`the escape \\${char} is not supported`)
    return char.codePointAt(0) ?? 0
  }

  #hex(found: RegExpExecArray | null): number {
    this.#at += found?.[0].length ?? 0
    const code = Number.parseInt(`0${found?.[1] ?? found?.[2] ?? ''}`, 16)
    if (code > 0x10ffff) throw new Fault('a character is beyond Unicode')
    return code
  }

  #class(): CharSet {
    const isNegated = this.#takes('^')
    const sets: CharSet[] = []
    for (let isFirst = true; ; isFirst = false) {
      if (this.#peek() === '') throw new Fault('a [ is not closed')
      if (!isFirst && this.#takes(']')) break
      const from = this.#classItem()
      if (typeof from !== 'number') {
        sets.push(from)
        continue
      }
      const next = this.#source[this.#at + 1]
      if (this.#peek() === '-' && next !== ']' && next !== undefined) {
        const dash = this.#at++
        const to = this.#classItem()
        if (typeof to === 'number') {
          if (to < from) throw new Fault('a range in [ ] has its ends the wrong way round')
          sets.push([[from, to]])
          continue
        }
        // `[a-\d]`: the dash is itself.
        this.#at = dash
      }
      sets.push(single(from))
    }
    const set = union(sets)
    // Case must be worked in before the complement is taken.
    const folded = this.#flags.isCaseIgnored ? withBothCases(set) : set
    return isNegated ? complement(folded) : folded
  }

  #classItem(): number | CharSet {
    const char = this.#next()
    if (char === '[' && this.#peek() === ':') {
      const found = /^:(\^?)([a-z]{1,8}):\]/u.exec(this.#source.slice(this.#at, this.#at + 16))
      const set = POSIX[found?.[2] ?? '']
      if (found !== null && set !== undefined) {
        this.#at += found[0].length
        return found[1] === '^' ? complement(set) : set
      }
    }
    if (char !== '\\') return char.codePointAt(0) ?? 0
    const escaped = this.#next()
    if (escaped === 'b') return 8
    const set = CLASSES[escaped]
    if (set !== undefined) return set
    const capital = CLASSES[escaped.toLowerCase()]
    if (capital !== undefined) return complement(capital)
    if (escaped === 'p' || escaped === 'P') throw new Fault('Unicode classes within [ ] are not supported')
    if (/[1-7]/u.test(escaped)) {
      const more = /^[0-7]{0,2}/u.exec(this.#source.slice(this.#at, this.#at + 2))?.[0] ?? ''
      this.#at += more.length
      return Number.parseInt(escaped + more, 8)
    }
    return this.#escapedCode(escaped)
  }

  #peek(): string {
    return this.#source[this.#at] ?? ''
  }

  /** The next character, whole where it takes two code units. */
  #next(): string {
    const code = this.#source.codePointAt(this.#at)
    if (code === undefined) return ''
    const char = String.fromCodePoint(code)
    this.#at += char.length
    return char
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }
}
