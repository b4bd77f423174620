import { type Expression, isTrue, parseExpression } from '../../correlation/expression.ts'
import { nearestWord } from '../../nearest-word.ts'
import { appliesTo } from '../../compile/log-source.ts'
import { textInWords } from '../../parse/text-pattern.ts'
import { isRecord, type Tell } from '../../parse/selection.ts'
import type { DocumentPath } from '../../parse/documents.ts'
import { RULE_LEVELS, RULE_STATUSES, type SigmaRule, type Value } from '../../rule.ts'
import type { Context } from './context.ts'
import { Parameters } from './parameters.ts'
import { type DetectionItem, itemsOf } from './rewrite.ts'

/** Whether a transformation is for this rule, this item, this field. */
export type Check<Subject> = (subject: Subject, context: Context) => boolean

type Factory<Subject> = (parameters: Parameters) => Check<Subject>
type Factories<Subject> = Readonly<Record<string, Factory<Subject>>>

const RULE_CONDITIONS: Factories<SigmaRule> = {
  logsource(parameters) {
    const parts = ['category', 'product', 'service'].flatMap((key) => {
      const value = parameters.textOrNull(key)
      return value === null ? [] : [[key, value.toLowerCase()] as const]
    })
    const wanted = Object.fromEntries(parts)
    return ({ logSource }) => appliesTo(wanted, logSource)
  },
  contains_detection_item(parameters) {
    const field = parameters.text('field')
    const wanted = parameters.text('value')
    return ({ detection }) =>
      itemsOf(detection).some(
        (item) =>
          item.kind === 'field' &&
          item.field === field &&
          item.values.some((value) => wordsOf(value) === wanted),
      )
  },
  contains_field(parameters) {
    const field = parameters.text('field')
    return ({ detection }) => itemsOf(detection).some((item) => item.kind === 'field' && item.field === field)
  },
  processing_item_applied: wasApplied,
  processing_state: hasState,
  is_sigma_rule: () => () => true,
  is_sigma_correlation_rule: () => () => false,
  rule_attribute: ruleAttribute,
  tag(parameters) {
    const tag = parameters.text('tag').toLowerCase()
    return ({ tags }) => tags.some((one) => one.toLowerCase() === tag)
  },
}

const ITEM_CONDITIONS: Factories<DetectionItem> = {
  match_string(parameters) {
    const pattern = parameters.pattern('pattern', true)
    const isNegated = parameters.flag('negate')
    return ofValues(parameters, (value) => {
      const isMatch = value.kind === 'text' && pattern !== null && textInWords(value).search(pattern) >= 0
      return isMatch !== isNegated
    })
  },
  match_value(parameters) {
    const wanted = parameters.text('value')
    return ofValues(parameters, (value) => wordsOf(value) === wanted)
  },
  contains_wildcard: (parameters) =>
    ofValues(
      parameters,
      (value) =>
        value.kind === 'text' && value.pieces.some((piece) => typeof piece === 'object' && 'wild' in piece),
    ),
  is_null: (parameters) => ofValues(parameters, ({ kind }) => kind === 'null'),
  processing_state: hasState,
}

const FIELD_CONDITIONS: Factories<string | null> = {
  include_fields: isAmong,
  exclude_fields(parameters) {
    const isIncluded = isAmong(parameters)
    return (field, context) => !isIncluded(field, context)
  },
  processing_state: hasState,
}

function ofValues(parameters: Parameters, isMet: (value: Value) => boolean): Check<DetectionItem> {
  const isAll = parameters.word('cond', ['any', 'all']) === 'all'
  return ({ values }) =>
    isAll ? values.every((value) => isMet(value)) : values.some((value) => isMet(value))
}

function isAmong(parameters: Parameters): Check<string | null> {
  const fields = parameters.texts('fields')
  if (parameters.word('mode', ['plain', 're']) === 'plain')
    return (field) => field !== null && fields.includes(field)
  const patterns = fields.map((field) => parameters.compiled('fields', field, true))
  return (field) =>
    field !== null && patterns.some((pattern) => pattern !== null && field.search(pattern) >= 0)
}

function wasApplied(parameters: Parameters): Check<unknown> {
  const id = parameters.text('processing_item_id')
  return (_, { applied }) => applied.has(id)
}

function hasState(parameters: Parameters): Check<unknown> {
  const key = parameters.text('key')
  const wanted = parameters.text('val')
  const isEqual = parameters.word('op', ['eq', 'ne']) === 'eq'
  return (_, { state }) => (state.get(key) === wanted) === isEqual
}

const ATTRIBUTES = ['id', 'name', 'title', 'description', 'author', 'date', 'modified', 'taxonomy'] as const
const LISTS: ReadonlySet<string> = new Set(['tags', 'references', 'fields', 'falsepositives'])
const RANKS: Readonly<Record<string, readonly string[]>> = { level: RULE_LEVELS, status: RULE_STATUSES }

function ruleAttribute(parameters: Parameters): Check<SigmaRule> {
  const attribute = parameters.text('attribute')
  const wanted = parameters.text('value')
  const operator = parameters.word('op', ['eq', 'ne', 'gte', 'gt', 'lte', 'lt', 'in', 'not_in'])
  return (rule, { attributes }) => {
    if (LISTS.has(attribute)) {
      const list = attribute === 'falsepositives' ? rule.falsePositives : listOf(rule, attribute)
      return operator === 'in'
        ? list.includes(wanted)
        : operator === 'not_in'
          ? !list.includes(wanted)
          : operator === 'ne'
    }
    const name = ATTRIBUTES.find((one) => one === attribute)
    const ranks = RANKS[attribute]
    const value =
      name !== undefined
        ? rule[name]
        : ranks === undefined
          ? (attributes.get(attribute) ?? null)
          : rankOf(rule, attribute)
    if (value === null) return false
    const order =
      ranks === undefined
        ? compare(value, wanted)
        : ranks.indexOf(value) - ranks.indexOf(wanted.toLowerCase())
    return holds(operator, order)
  }
}

function listOf({ tags, references, fields }: SigmaRule, attribute: string): readonly string[] {
  return attribute === 'tags' ? tags : attribute === 'references' ? references : fields
}

function rankOf({ level, status }: SigmaRule, attribute: string): string | null {
  return attribute === 'level' ? level : status
}

function compare(one: string, other: string): number {
  const difference = Number(one) - Number(other)
  if (!Number.isNaN(difference)) return difference
  return one === other ? 0 : one < other ? -1 : 1
}

function holds(operator: string, order: number): boolean {
  if (operator === 'eq' || operator === 'in') return order === 0
  if (operator === 'ne' || operator === 'not_in') return order !== 0
  if (operator === 'gte') return order >= 0
  if (operator === 'gt') return order > 0
  return operator === 'lte' ? order <= 0 : order < 0
}

/** A value as a rule would write it. */
export function wordsOf(value: Value): string | null {
  if (value.kind === 'text') return textInWords(value)
  if (value.kind === 'number') return String(value.number)
  if (value.kind === 'regex') return value.source
  return value.kind === 'cidr' ? value.text : null
}

const SCOPES = { rule: RULE_CONDITIONS, detection_item: ITEM_CONDITIONS, field_name: FIELD_CONDITIONS }
/** Keys of an entry that are conditions, not parameters. */
export const CONDITION_KEYS: readonly string[] = Object.keys(SCOPES).flatMap((scope) => [
  `${scope}_conditions`,
  `${scope}_cond_op`,
  `${scope}_cond_not`,
  `${scope}_cond_expr`,
])

interface Place {
  readonly content: Readonly<Record<string, unknown>>
  readonly path: DocumentPath
  readonly tell: Tell
}

export interface Checks {
  readonly rule: Check<SigmaRule>
  readonly item: Check<DetectionItem>
  readonly field: Check<string | null>
}

/** The three kinds of conditions of an entry; null where one is wrong (told). */
export function readChecks(place: Place): Checks | null {
  const rule = readScope('rule', RULE_CONDITIONS, place)
  const item = readScope('detection_item', ITEM_CONDITIONS, place)
  const field = readScope('field_name', FIELD_CONDITIONS, place)
  return rule === null || item === null || field === null ? null : { rule, item, field }
}

function readScope<Subject>(
  scope: keyof typeof SCOPES,
  factories: Factories<Subject>,
  { content, path, tell }: Place,
): Check<Subject> | null {
  const key = `${scope}_conditions`
  const written = content[key] ?? []
  if (!Array.isArray(written) && !isRecord(written)) {
    tell([...path, key], 'error', `${key} must be a list or a map`)
    return null
  }
  const entries: [string, unknown][] = Object.entries(written)
  const checks = entries.map(([name, one]) =>
    readCheck(one, [...path, key, Array.isArray(written) ? Number(name) : name], factories, tell),
  )
  const good = checks.filter((check) => check !== null)
  if (good.length !== checks.length) return null
  const options = new Parameters(content, path, tell, Object.keys(content))
  const isAny = options.word(`${scope}_cond_op`, ['and', 'or']) === 'or'
  const isNegated = options.flag(`${scope}_cond_not`)
  const text = options.textOrNull(`${scope}_cond_expr`)
  if (!options.isDone()) return null
  if (good.length === 0) return () => true
  if (text === null) {
    return (subject, context) =>
      (isAny
        ? good.some((check) => check(subject, context))
        : good.every((check) => check(subject, context))) !== isNegated
  }
  const expression: Expression | string = parseExpression(text, (name) =>
    entries.findIndex(([one]) => one === name),
  )
  if (typeof expression === 'string') {
    tell([...path, `${scope}_cond_expr`], 'error', `${scope}_cond_expr ${expression}`)
    return null
  }
  return (subject, context) => isTrue(expression, (at) => good[at]?.(subject, context) ?? false) !== isNegated
}

function readCheck<Subject>(
  content: unknown,
  path: DocumentPath,
  factories: Factories<Subject>,
  tell: Tell,
): Check<Subject> | null {
  if (!isRecord(content)) {
    tell(path, 'error', 'a condition must be a map')
    return null
  }
  const type = typeof content['type'] === 'string' ? content['type'] : ''
  const factory = Object.hasOwn(factories, type) ? factories[type] : undefined
  if (factory === undefined) {
    const meant = nearestWord(type, Object.keys(factories))
    const said =
      type === ''
        ? 'type is missing'
        : `unknown condition ${type}${meant === null ? '' : ` (did you mean ${meant}?)`}`
    tell(type === '' ? path : [...path, 'type'], 'error', said)
    return null
  }
  const parameters = new Parameters(content, path, tell, ['type'])
  const check = factory(parameters)
  return parameters.isDone() ? check : null
}
