import { containsAddress, parseCidr } from '../cidr.ts'
import { regexOf } from './regex-of.ts'
import type { NumberValue, TextValue, Value } from '../rule.ts'
import { hasPlaceholder, plainText } from '../parse/text-pattern.ts'
import { fold } from '../fold.ts'
import { datePart } from './date-part.ts'
import type { FieldSlots } from './field-slots.ts'
import type { FieldValues } from './field-values.ts'
import { textTest } from './glob.ts'
import { type Literal, literalOf, literalsTest } from './literals.ts'

/** Whether something holds for the record whose values these are. */
export type Test = (values: FieldValues) => boolean

/** Why a rule cannot be used, in words. Caught where the rule is compiled. */
export class Refusal extends Error {}

/** Whether one element of a field meets a value. */
export function valueTest(value: Value, slot: number, slots: FieldSlots): Test {
  switch (value.kind) {
    case 'text':
      return fieldTextTest(value, slot)
    case 'regex': {
      const regex = regexOf(value)
      if ('fault' in regex)
        throw new Refusal(`the pattern ${shortened(value.source)} cannot be used: ${regex.fault}`)
      return (values) => some(values.texts(slot), (text) => regex.test(text))
    }
    case 'cidr': {
      const network = parseCidr(value.text)
      if (network === null) throw new Refusal(`${value.text} is no network`)
      return (values) => some(values.texts(slot), (text) => containsAddress(network, text))
    }
    case 'number':
      return numberTest(value, slot)
    case 'null':
      return (values) => values.isNull(slot)
    case 'exists':
      return (values) => values.has(slot) === value.isExpected
    case 'field-reference':
      return referenceTest(value.relation, value.isCased, slot, slots.slotOf(value.field))
    default: {
      const tests = value.values.map((one) => valueTest(one, slot, slots))
      return (values) => tests.some((test) => test(values))
    }
  }
}

/** Several values of which one must be met; many plain texts are looked up at once. */
export function someValueTest(all: readonly Value[], slot: number, slots: FieldSlots): Test {
  const plain = new Set<string>()
  const literals: Literal[] = []
  const others: Value[] = []
  for (const value of all) {
    const text = value.kind === 'text' && !value.isCased ? plainText(value.pieces) : null
    const literal = text === null ? literalOf(value) : null
    if (text !== null) plain.add(fold(text))
    else if (literal === null) others.push(value)
    else literals.push(literal)
  }
  const tests = others.map((value) => valueTest(value, slot, slots))
  if (literals.length > 0) {
    const test = literalsTest(literals)
    tests.unshift((values) => some(values.folded(slot), test))
  }
  if (plain.size > 0) tests.unshift((values) => some(values.folded(slot), (text) => plain.has(text)))
  return anyOf(tests)
}

export function anyOf(tests: readonly Test[]): Test {
  const [only] = tests
  if (tests.length === 1 && only !== undefined) return only
  return (values) => {
    for (const test of tests) if (test(values)) return true
    return false
  }
}

export function everyOf(tests: readonly Test[]): Test {
  const [only] = tests
  if (tests.length === 1 && only !== undefined) return only
  return (values) => {
    for (const test of tests) if (!test(values)) return false
    return true
  }
}

function some(texts: readonly string[], test: (text: string) => boolean): boolean {
  for (const text of texts) if (test(text)) return true
  return false
}

function fieldTextTest(value: TextValue, slot: number): Test {
  refusePlaceholders(value)
  const test = textTest(value)
  if (value.isCased) return (values) => some(values.texts(slot), test)
  return (values) => some(values.folded(slot), test)
}

export function refusePlaceholders({ pieces }: TextValue): void {
  if (!hasPlaceholder(pieces)) return
  const open = pieces.find((piece) => typeof piece === 'object' && 'placeholder' in piece)
  const name = typeof open === 'object' && 'placeholder' in open ? open.placeholder : ''
  throw new Refusal(`nobody says what the placeholder %${name}% stands for`)
}

/** A keyword: anywhere in the record. */
export function keywordTest(value: Value): Test {
  if (value.kind === 'text') {
    refusePlaceholders(value)
    const test = textTest(value)
    return value.isCased ? (values) => test(values.whole()) : (values) => test(values.wholeFolded())
  }
  if (value.kind === 'regex') {
    const regex = regexOf(value)
    if ('fault' in regex)
      throw new Refusal(`the pattern ${shortened(value.source)} cannot be used: ${regex.fault}`)
    return (values) => regex.test(values.whole())
  }
  if (value.kind === 'one-of') return anyOf(value.values.map((one) => keywordTest(one)))
  throw new Refusal('a keyword must be a text')
}

function numberTest({ operator, part, number }: NumberValue, slot: number): Test {
  const compare = COMPARE[operator]
  return (values) => {
    for (const raw of values.raw(slot)) {
      const found = part === null ? numberOf(raw) : datePart(raw, part)
      if (found !== null && compare(found, number)) return true
    }
    return false
  }
}

const COMPARE: Readonly<Record<NumberValue['operator'], (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
}

/** Numbers may be written as texts, in hexadecimal, too. */
function numberOf(raw: unknown): number | null {
  if (typeof raw === 'number') return raw
  if (typeof raw !== 'string' || raw.length > 64 || raw.trim() === '') return null
  const number = Number(raw)
  return Number.isNaN(number) ? null : number
}

type Relation = 'equals' | 'startswith' | 'endswith' | 'contains'
const RELATE: Readonly<Record<Relation, (a: string, b: string) => boolean>> = {
  equals: (a, b) => a === b,
  startswith: (a, b) => a.startsWith(b),
  endswith: (a, b) => a.endsWith(b),
  contains: (a, b) => a.includes(b),
}

function referenceTest(relation: Relation, isCased: boolean, slot: number, other: number): Test {
  const relate = RELATE[relation]
  return (values) => {
    const mine = isCased ? values.texts(slot) : values.folded(slot)
    const theirs = isCased ? values.texts(other) : values.folded(other)
    return mine.some((text) => theirs.some((one) => relate(text, one)))
  }
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
