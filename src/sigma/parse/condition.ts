import type { Condition } from '../rule.ts'

export type ReadCondition = { readonly condition: Condition } | { readonly fault: string }

const MAX_LENGTH = 64 * 1024
const MAX_DEPTH = 200

class Fault extends Error {}

/**
 * A condition: `or` binds least, then `and`, `not`, `1 of`/`all of`, brackets. `names` are the
 * selections there are. Patterns and `them` leave out names with an underscore in front, unless the
 * pattern itself has it.
 */
export function parseCondition(text: string, names: readonly string[]): ReadCondition {
  if (text.length > MAX_LENGTH) return { fault: 'the condition is too long' }
  if (text.includes('|'))
    return { fault: 'aggregation after | is no longer part of Sigma: write it as a correlation' }
  const reader = new ConditionReader(text, names)
  try {
    return { condition: reader.read() }
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message }
    throw error
  }
}

class ConditionReader {
  readonly #tokens: readonly string[]
  readonly #names: readonly string[]
  #at = 0
  #depth = 0

  constructor(text: string, names: readonly string[]) {
    this.#tokens = text.match(/[()]|[^\s()]+/gu) ?? []
    this.#names = names
  }

  read(): Condition {
    if (this.#tokens.length === 0) throw new Fault('the condition is empty')
    const condition = this.#any()
    const rest = this.#tokens[this.#at]
    if (rest === ')') throw new Fault('the condition closes a bracket that was not opened')
    if (rest !== undefined) throw new Fault(`the condition has ${rest} where and, or or its end should stand`)
    return condition
  }

  #any(): Condition {
    const parts = [this.#every()]
    while (this.#takes('or')) parts.push(this.#every())
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: 'or', parts }
  }

  #every(): Condition {
    const parts = [this.#negation()]
    while (this.#takes('and')) parts.push(this.#negation())
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: 'and', parts }
  }

  #negation(): Condition {
    let isNegated = false
    while (this.#takes('not')) isNegated = !isNegated
    const part = this.#term()
    return isNegated ? { kind: 'not', part } : part
  }

  #term(): Condition {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new Fault('the condition ends where a selection should stand')
    if (token === '(') {
      if (++this.#depth > MAX_DEPTH) throw new Fault('the condition is nested too deeply')
      const inner = this.#any()
      if (this.#tokens[this.#at++] !== ')') throw new Fault('the condition does not close a bracket')
      this.#depth--
      return inner
    }
    if (this.#tokens[this.#at]?.toLowerCase() === 'of') return this.#quantified(token)
    if (!this.#names.includes(token)) throw new Fault(missing(token))
    return { kind: 'selection', name: token }
  }

  #quantified(quantity: string): Condition {
    this.#at++
    const word = quantity.toLowerCase()
    const atLeast = word === 'all' ? 'all' : word === 'any' ? 1 : /^\d{1,3}$/u.test(word) ? Number(word) : 0
    if (atLeast === 0) throw new Fault(`the condition says ${quantity} of: it takes 1, any or all`)
    const pattern = this.#tokens[this.#at++]
    if (pattern === undefined || pattern === '(' || pattern === ')')
      throw new Fault(`the condition says ${quantity} of, but not of what`)
    const names = this.#matching(pattern)
    if (names.length === 0)
      throw new Fault(
        pattern === 'them'
          ? 'the condition says them, but there are no selections'
          : `no selection is called ${pattern}`,
      )
    return { kind: 'of', atLeast, pattern, names }
  }

  #matching(pattern: string): readonly string[] {
    const isThem = pattern.toLowerCase() === 'them'
    return this.#names.filter(
      (name) =>
        (isThem || matchesPattern(name, pattern)) && (pattern.startsWith('_') || !name.startsWith('_')),
    )
  }

  /** Words of the language may be written in capitals, unless a selection is called so. */
  #takes(word: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.toLowerCase() !== word || (token !== word && this.#names.includes(token))) return false
    this.#at++
    return true
  }
}

function missing(token: string): string {
  if (token === ')') return 'the condition closes a bracket where a selection should stand'
  const isWord = /^(?:and|or|of)$/iu.test(token)
  return isWord
    ? `the condition has ${token} where a selection should stand`
    : `the condition names ${token}, and there is no such selection`
}

/** `*` in a pattern stands for any characters. */
function matchesPattern(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return name === pattern
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false
  let at = first.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= name.length - last.length
}
