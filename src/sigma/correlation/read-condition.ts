import { nearestWord } from '../nearest-word.ts'
import { isRecord, type Tell } from '../parse/selection.ts'
import type { CorrelationCondition, CorrelationType } from './correlation.ts'
import { parseExpression } from './expression.ts'
import { entriesOf, textsOf } from './meta.ts'
import { type Bound, meets, OPERATORS, saturation } from './threshold.ts'

const PATH = ['correlation', 'condition']
/** A group keeps about so much to decide a condition; a rule that needs more is a mistake. */
export const MAX_COUNT = 1_000_000

const IS_TEMPORAL: ReadonlySet<CorrelationType> = new Set(['temporal', 'temporal_ordered'])
const IS_COUNT: ReadonlySet<CorrelationType> = new Set([
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
])

export interface ConditionPlace {
  readonly type: CorrelationType
  /** References of the correlation, in order. */
  readonly rules: readonly string[]
  readonly tell: Tell
}

/** The condition of a correlation; null where it is wrong (told). Temporal ones need none: all rules then. */
export function readCorrelationCondition(
  content: unknown,
  place: ConditionPlace,
): CorrelationCondition | null {
  const { type, rules, tell } = place
  const isTemporal = IS_TEMPORAL.has(type)
  if (content === undefined || content === null) {
    if (isTemporal) return allOf(rules.length)
    tell(['correlation'], 'error', `condition is missing: ${type} needs one`)
    return null
  }
  if (typeof content === 'string') return isTemporal ? readExpression(content, place) : refuseText(place)
  if (isRecord(content)) return readThreshold(content, place)
  tell(PATH, 'error', isTemporal ? 'condition must be a map or a text' : 'condition must be a map')
  return null
}

function allOf(count: number): CorrelationCondition {
  return { kind: 'threshold', threshold: [{ operator: 'gte', number: count }], fields: [], percentile: null }
}

function refuseText({ type, tell }: ConditionPlace): null {
  tell(PATH, 'error', `condition must be a map: texts are for temporal correlations, not ${type}`)
  return null
}

function readExpression(text: string, { rules, tell }: ConditionPlace): CorrelationCondition | null {
  const expression = parseExpression(text, (name) => rules.indexOf(name))
  if (typeof expression === 'string') {
    tell(PATH, 'error', `condition ${expression}`)
    return null
  }
  return { kind: 'expression', expression }
}

function readThreshold(
  content: Readonly<Record<string, unknown>>,
  place: ConditionPlace,
): CorrelationCondition | null {
  const { type, rules, tell } = place
  const bounds = entriesOf(content).map(([key, value]) => readBound(key, value, place))
  const threshold = bounds.filter((bound) => bound !== null && bound !== 'no bound')
  const fields = readFields(content['field'], place)
  const percentile = readPercentile(content['percentile'], place)
  if (threshold.length === 0 && !bounds.includes(null)) {
    tell(PATH, 'error', `condition has no bound: it takes ${OPERATORS.join(', ')}`)
    return null
  }
  if (bounds.includes(null) || fields === null || percentile === undefined) return null
  if (IS_COUNT.has(type) && !isReachable(threshold, IS_TEMPORAL.has(type) ? rules.length : Infinity)) {
    tell(PATH, 'error', 'condition can never hold')
    return null
  }
  if (IS_COUNT.has(type) && meets(threshold, 1))
    tell(PATH, 'warning', 'condition holds from the first event of every group on')
  return { kind: 'threshold', threshold, fields, percentile }
}

function isReachable(threshold: readonly Bound[], most: number): boolean {
  // A count changes what the bounds say only beside one of their numbers.
  const turns = threshold.flatMap(({ number }) => [
    Math.floor(number),
    Math.floor(number) + 1,
    Math.ceil(number) - 1,
  ])
  return [1, ...turns].some((count) => count >= 1 && count <= most && meets(threshold, count))
}

function readBound(key: string, value: unknown, { type, tell }: ConditionPlace): Bound | null | 'no bound' {
  if (key === 'field' || key === 'percentile') return 'no bound'
  const operator = OPERATORS.find((one) => one === key)
  if (operator === undefined) {
    const meant = nearestWord(key, OPERATORS)
    tell(
      [...PATH, key],
      'error',
      `unknown key ${key} in condition${meant === null ? '' : ` (did you mean ${meant}?)`}`,
    )
    return null
  }
  const number = numberOf(value)
  if (number === null) {
    tell([...PATH, key], 'error', `${key} must be a number`)
    return null
  }
  if (IS_COUNT.has(type) && (number < 0 || saturation([{ operator, number }]) > MAX_COUNT + 1)) {
    tell([...PATH, key], 'error', `${key} must be between 0 and ${MAX_COUNT}`)
    return null
  }
  return { operator, number }
}

function readFields(content: unknown, { type, tell }: ConditionPlace): string[] | null {
  const fields = textsOf(content)
  const takesField = type.startsWith('value_')
  if (!takesField) {
    if (content !== undefined) tell([...PATH, 'field'], 'warning', `field has no meaning for ${type}`)
    return []
  }
  if (fields.length === 0) {
    tell(PATH, 'error', `field is missing: ${type} needs to know whose values`)
    return null
  }
  if (fields.length > 1 && type !== 'value_count') {
    tell([...PATH, 'field'], 'error', `${type} takes one field`)
    return null
  }
  return fields
}

/** Undefined where it is wrong (told). */
function readPercentile(content: unknown, { type, tell }: ConditionPlace): number | null | undefined {
  if (type !== 'value_percentile') {
    if (content !== undefined)
      tell([...PATH, 'percentile'], 'warning', `percentile has no meaning for ${type}`)
    return null
  }
  const percentile = numberOf(content)
  if (percentile !== null && percentile >= 0 && percentile <= 100) return percentile
  tell(
    content === undefined ? PATH : [...PATH, 'percentile'],
    'error',
    content === undefined
      ? 'percentile is missing (a number from 0 to 100)'
      : 'percentile must be a number from 0 to 100',
  )
  return undefined
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
