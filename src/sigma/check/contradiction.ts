import { textTest } from '../compile/glob.ts'
import { fold } from '../fold.ts'
import { hasPlaceholder, plainText } from '../parse/text-pattern.ts'
import type { FieldTest, NumberValue, Selection, TextValue, Value } from '../rule.ts'

/** Tests of the same field that stand side by side and cannot both hold for one value. */
export function contradictions(parts: readonly Selection[]): string[] {
  const byField = new Map<string, FieldTest[]>()
  for (const part of parts) {
    if (part.kind !== 'field' || part.isNegated) continue
    const tests = byField.get(part.field) ?? []
    tests.push(part)
    byField.set(part.field, tests)
  }
  const found: string[] = []
  for (const [field, tests] of byField) {
    if (tests.length > 1 && (isAbsentAndMore(tests) || isBeyondRange(tests) || hasUnmetValue(tests)))
      found.push(`can never hold: the tests of ${field} contradict each other`)
  }
  return found
}

function isAbsentAndMore(tests: readonly FieldTest[]): boolean {
  return (
    tests.some((test) => test.values.every((one) => isAbsence(one))) && tests.some((test) => needsValue(test))
  )
}

function needsValue({ values }: FieldTest): boolean {
  return values.every((one) => one.kind !== 'null' && !isAbsence(one))
}

function isAbsence(value: Value): boolean {
  return value.kind === 'exists' && !value.isExpected
}

/** `gt: 5` beside `lt: 3`. */
function isBeyondRange(tests: readonly FieldTest[]): boolean {
  const numbers = tests.flatMap(({ values }): NumberValue[] => {
    const [only] = values
    return values.length === 1 && only?.kind === 'number' ? [only] : []
  })
  return numbers.some((low) =>
    numbers.some((high) => {
      if (low.part !== high.part || !low.operator.startsWith('gt') || !high.operator.startsWith('lt'))
        return false
      const isOpen = low.operator === 'gt' || high.operator === 'lt'
      return low.number > high.number || (isOpen && low.number === high.number)
    }),
  )
}

/** Whole values of which none meets another test of the field. */
function hasUnmetValue(tests: readonly FieldTest[]): boolean {
  return tests.some((test) => {
    const texts = test.values.map((one) =>
      one.kind === 'text' && !one.isCased ? plainText(one.pieces) : null,
    )
    if (test.link !== 'some' || !texts.every((text) => text !== null)) return false
    return tests.some(
      (other) => other !== test && isTextual(other) && texts.every((text) => !meets(other, text)),
    )
  })
}

function isTextual(test: FieldTest): boolean {
  return test.values.every((one) => one.kind === 'text' && !hasPlaceholder(one.pieces))
}

function meets({ values, link }: FieldTest, text: string): boolean {
  const holds = (value: TextValue): boolean => textTest(value)(value.isCased ? text : fold(text))
  const texts = values.filter((value) => value.kind === 'text')
  return link === 'every' ? texts.every((one) => holds(one)) : texts.some((one) => holds(one))
}
