import { FieldSlots } from '../compile/field-slots.ts'
import { FieldValues } from '../compile/field-values.ts'
import { selectionTest } from '../compile/rule-test.ts'
import { keywordTest, Refusal, valueTest } from '../compile/value-test.ts'
import { textInWords } from '../parse/text-pattern.ts'
import type { Condition, FieldTest, KeywordTest, RecordView, Selection, SigmaRule, Value } from '../rule.ts'

/** One part of a rule against one record. */
export interface Explanation {
  /** As a rule would write it: `not 1 of filter_*`, `CommandLine|contains`, `'xmrig'`. */
  readonly part: string
  readonly holds: boolean
  /** What the record has there, shortened; null where the part is not about a field. An empty list: the field is not there. */
  readonly seen: readonly string[] | null
  readonly parts: readonly Explanation[]
}

const MAX_VALUES = 200
const MAX_SEEN = 10
const MAX_SEEN_LENGTH = 300

/** Which parts of a rule hold for a record and which do not. A part that cannot be tested does not hold and says why. */
export function explainRule(rule: SigmaRule, record: RecordView): Explanation {
  const slots = new FieldSlots()
  for (const selection of rule.detection.selections.values()) name(selection, slots)
  const values = new FieldValues()
  values.begin(record, slots.allPlaces())
  const context: Context = { slots, values, selections: rule.detection.selections }
  return ofCondition(rule.detection.condition, context)
}

interface Context {
  readonly slots: FieldSlots
  readonly values: FieldValues
  readonly selections: ReadonlyMap<string, Selection>
}

/** Fields must be known before the record is walked. */
function name(selection: Selection, slots: FieldSlots): void {
  if (selection.kind === 'every' || selection.kind === 'some')
    for (const part of selection.parts) name(part, slots)
  else if (selection.kind === 'field') {
    slots.slotOf(selection.field)
    for (const value of selection.values) if (value.kind === 'field-reference') slots.slotOf(value.field)
  }
}

function ofCondition(condition: Condition, context: Context): Explanation {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => ofCondition(part, context))
      const holds =
        condition.kind === 'and' ? parts.every((part) => part.holds) : parts.some((part) => part.holds)
      return { part: condition.kind, holds, seen: null, parts }
    }
    case 'not': {
      const part = ofCondition(condition.part, context)
      return { part: 'not', holds: !part.holds, seen: null, parts: [part] }
    }
    case 'selection':
      return named(condition.name, context)
    default: {
      const parts = condition.names.map((one) => named(one, context))
      const held = parts.filter((part) => part.holds).length
      const needed = condition.atLeast === 'all' ? parts.length : condition.atLeast
      return {
        part: `${condition.atLeast} of ${condition.pattern}`,
        holds: held >= needed,
        seen: null,
        parts,
      }
    }
  }
}

function named(selectionName: string, context: Context): Explanation {
  const selection = context.selections.get(selectionName)
  if (selection === undefined) return { part: selectionName, holds: false, seen: null, parts: [] }
  const inner = ofSelection(selection, context)
  const isGroup = selection.kind === 'every' || selection.kind === 'some'
  return { part: selectionName, holds: inner.holds, seen: null, parts: isGroup ? inner.parts : [inner] }
}

function ofSelection(selection: Selection, context: Context): Explanation {
  if (selection.kind === 'field') return ofField(selection, context)
  if (selection.kind === 'keywords') return ofKeywords(selection, context)
  const parts = selection.parts.map((part) => ofSelection(part, context))
  const holds =
    selection.kind === 'every' ? parts.every((part) => part.holds) : parts.some((part) => part.holds)
  return { part: selection.kind === 'every' ? 'all of these' : 'one of these', holds, seen: null, parts }
}

function ofField(test: FieldTest, context: Context): Explanation {
  const slot = context.slots.slotOf(test.field)
  const parts = test.values.slice(0, MAX_VALUES).map((value): Explanation => {
    const [holds, why] = attempt(() => valueTest(value, slot, context.slots)(context.values))
    return { part: why ?? valueInWords(value), holds, seen: null, parts: [] }
  })
  const [holds] = attempt(() => selectionTest(test, context.slots)(context.values))
  const seen = context.values.has(slot)
    ? context.values
        .raw(slot)
        .slice(0, MAX_SEEN)
        .map((raw) => shortened(raw))
    : []
  return { part: [test.field, ...test.modifiers].join('|'), holds, seen, parts }
}

function ofKeywords(test: KeywordTest, context: Context): Explanation {
  const parts = test.values.slice(0, MAX_VALUES).map((value): Explanation => {
    const [holds, why] = attempt(() => keywordTest(value)(context.values))
    return { part: why ?? valueInWords(value), holds, seen: null, parts: [] }
  })
  const [holds] = attempt(() => selectionTest(test, context.slots)(context.values))
  return { part: test.link === 'every' ? 'all keywords' : 'keywords', holds, seen: null, parts }
}

function attempt(test: () => boolean): readonly [boolean, string | null] {
  try {
    return [test(), null]
  } catch (error) {
    if (error instanceof Refusal) return [false, error.message]
    throw error
  }
}

const SIGNS = { eq: '=', lt: '<', lte: '≤', gt: '>', gte: '≥' } as const

/** A value as a rule would write it. */
export function valueInWords(value: Value): string {
  switch (value.kind) {
    case 'text':
      return `'${textInWords(value)}'`
    case 'regex':
      return `/${value.source}/`
    case 'cidr':
      return value.text
    case 'number':
      return `${value.part === null ? '' : `${value.part} `}${SIGNS[value.operator]} ${value.number}`
    case 'null':
      return 'null'
    case 'exists':
      return value.isExpected ? 'is there' : 'is not there'
    case 'field-reference':
      return `the field ${value.field}`
    default:
      return value.values.map((one) => valueInWords(one)).join(' or ')
  }
}

function shortened(raw: unknown): string {
  let text: string
  try {
    text = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? String(raw))
  } catch {
    text = 'nested too deeply to show'
  }
  return text.length > MAX_SEEN_LENGTH ? `${text.slice(0, MAX_SEEN_LENGTH)}…` : text
}
