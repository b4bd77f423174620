import type { Selection, Value } from '../rule.ts'
import type { DocumentPath } from './documents.ts'
import { canonicalModifiers, modifierFault, readValue, type Scalar } from './modifiers.ts'

/** Takes what is wrong at a place in the document. */
export type Tell = (path: DocumentPath, severity: 'error' | 'warning', message: string) => void

/** More values than any rule has: YAML aliases can multiply without end. */
export const MAX_VALUES = 200_000

const TOO_MANY = `the rule has more than ${MAX_VALUES} values`

export interface Budget {
  left: number
}

/** A selection: a map (all of it), a list (one of it; texts in it are keywords), or one keyword. Null where it cannot be. */
export function readSelection(
  content: unknown,
  path: DocumentPath,
  tell: Tell,
  budget: Budget,
): Selection | null {
  // Aliases make few lines into more than can be visited: every visit counts, told once.
  budget.left--
  if (budget.left < 0) {
    if (budget.left === -1) tell(path, 'error', TOO_MANY)
    return null
  }
  if (isScalar(content) && content !== null) return keywords([content], [], path, tell, budget)
  if (Array.isArray(content)) return readList(content, path, tell, budget)
  if (isRecord(content)) return readMap(content, path, tell, budget)
  tell(path, 'error', 'the selection is empty')
  return null
}

function readList(
  content: readonly unknown[],
  path: DocumentPath,
  tell: Tell,
  budget: Budget,
): Selection | null {
  if (content.length === 0) {
    tell(path, 'error', 'the selection is empty')
    return null
  }
  const words = content.filter((one): one is Scalar => isScalar(one))
  if (words.length === content.length) return keywords(words, [], path, tell, budget)
  const parts = content.map((one, i) => readSelection(one, [...path, i], tell, budget))
  return group('some', parts)
}

function readMap(
  content: Readonly<Record<string, unknown>>,
  path: DocumentPath,
  tell: Tell,
  budget: Budget,
): Selection | null {
  const keys = Object.keys(content)
  if (keys.length === 0) {
    tell(path, 'error', 'the selection is empty')
    return null
  }
  return group(
    'every',
    keys.map((key) => readField(key, content[key], [...path, key], tell, budget)),
  )
}

function group(kind: 'every' | 'some', parts: readonly (Selection | null)[]): Selection | null {
  const whole = parts.filter((part) => part !== null)
  if (whole.length !== parts.length) return null
  const [only] = whole
  return whole.length === 1 && only !== undefined ? only : { kind, parts: whole }
}

function readField(
  key: string,
  content: unknown,
  path: DocumentPath,
  tell: Tell,
  budget: Budget,
): Selection | null {
  const [field = '', ...written] = key.split('|')
  const modifiers = canonicalModifiers(written)
  const fault = modifierFault(modifiers, field === '')
  if (fault !== null) {
    tell(path, 'error', fault)
    return null
  }
  const raw = Array.isArray(content) ? content : [content]
  const scalars = raw.filter((one): one is Scalar => isScalar(one))
  if (scalars.length !== raw.length || raw.length === 0) {
    tell(
      path,
      'error',
      raw.length === 0 ? 'has no values' : 'a value must be a text, a number, a boolean or null',
    )
    return null
  }
  if (field === '') return keywords(scalars, modifiers, path, tell, budget)
  const values = readValues(scalars, modifiers, Array.isArray(content) ? path : null, path, tell, budget)
  if (values === null) return null
  const link = modifiers.includes('all') ? 'every' : 'some'
  if (link === 'every' && values.length === 1) tell(path, 'warning', 'all says nothing about a single value')
  return { kind: 'field', field, modifiers: written, link, isNegated: modifiers.includes('neq'), values }
}

function keywords(
  scalars: readonly Scalar[],
  modifiers: readonly string[],
  path: DocumentPath,
  tell: Tell,
  budget: Budget,
): Selection | null {
  if (scalars.includes(null)) {
    tell(path, 'error', 'a keyword cannot be null')
    return null
  }
  // Keywords are found anywhere in the record: the same as `contains`.
  const placed = modifiers.includes('re') ? modifiers : [...modifiers, 'contains']
  const values = readValues(scalars, placed, path, path, tell, budget)
  if (values === null) return null
  return { kind: 'keywords', modifiers, link: modifiers.includes('all') ? 'every' : 'some', values }
}

function readValues(
  scalars: readonly Scalar[],
  modifiers: readonly string[],
  listPath: DocumentPath | null,
  path: DocumentPath,
  tell: Tell,
  budget: Budget,
): Value[] | null {
  budget.left -= scalars.length
  if (budget.left < 0) {
    tell(path, 'error', TOO_MANY)
    return null
  }
  const values: Value[] = []
  let isWhole = true
  for (const [i, scalar] of scalars.entries()) {
    const value = readValue(scalar, modifiers)
    if (typeof value === 'string') {
      tell(listPath === null ? path : [...listPath, i], 'error', value)
      isWhole = false
    } else values.push(value)
  }
  return isWhole ? values : null
}

function isScalar(content: unknown): content is Scalar {
  return (
    content === null ||
    typeof content === 'string' ||
    typeof content === 'number' ||
    typeof content === 'boolean'
  )
}

export function isRecord(content: unknown): content is Readonly<Record<string, unknown>> {
  return typeof content === 'object' && content !== null && !Array.isArray(content)
}
