import type { Condition, Detection, FieldTest, KeywordTest, Selection } from '../rule.ts'
import type { FieldSlots } from './field-slots.ts'
import { anyOf, everyOf, keywordTest, someValueTest, type Test, valueTest } from './value-test.ts'

/** The test of a whole rule. Throws `Refusal` where something in it cannot be tested. */
export function ruleTest({ selections, condition }: Detection, slots: FieldSlots): Test {
  const tests = new Map<string, Test>()
  for (const [name, selection] of selections) tests.set(name, selectionTest(selection, slots))
  return conditionTest(condition, tests)
}

function conditionTest(condition: Condition, tests: ReadonlyMap<string, Test>): Test {
  switch (condition.kind) {
    case 'and':
      return everyOf(condition.parts.map((part) => conditionTest(part, tests)))
    case 'or':
      return anyOf(condition.parts.map((part) => conditionTest(part, tests)))
    case 'not': {
      const test = conditionTest(condition.part, tests)
      return (values) => !test(values)
    }
    case 'selection':
      return tests.get(condition.name) ?? NEVER
    default: {
      const named = condition.names.map((name) => tests.get(name) ?? NEVER)
      if (condition.atLeast === 'all') return everyOf(named)
      return condition.atLeast === 1 ? anyOf(named) : atLeastOf(named, condition.atLeast)
    }
  }
}

const NEVER: Test = () => false

function atLeastOf(tests: readonly Test[], least: number): Test {
  return (values) => {
    let held = 0
    for (const test of tests) if (test(values) && ++held >= least) return true
    return false
  }
}

export function selectionTest(selection: Selection, slots: FieldSlots): Test {
  if (selection.kind === 'field') return fieldTest(selection, slots)
  if (selection.kind === 'keywords') return keywordsTest(selection)
  const parts = selection.parts.map((part) => selectionTest(part, slots))
  return selection.kind === 'every' ? everyOf(parts) : anyOf(parts)
}

/** `neq` holds wherever the test without it does not, also where the field is not there. */
function fieldTest({ field, link, isNegated, values: wanted }: FieldTest, slots: FieldSlots): Test {
  const slot = slots.slotOf(field)
  const test =
    link === 'every'
      ? everyOf(wanted.map((value) => valueTest(value, slot, slots)))
      : someValueTest(wanted, slot, slots)
  return isNegated ? (values) => !test(values) : test
}

function keywordsTest({ link, values: wanted, modifiers }: KeywordTest): Test {
  const tests = wanted.map((value) => keywordTest(value))
  const test = link === 'every' ? everyOf(tests) : anyOf(tests)
  return modifiers.includes('neq') ? (values) => !test(values) : test
}
