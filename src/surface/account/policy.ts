import { type Attributes, isAttributes, valueAt } from '../attributes.ts'

/** One statement of an IAM policy. */
export interface Statement {
  readonly isAllow: boolean
  readonly actions: readonly string[]
  /** Everything but these; empty unless the statement says `NotAction`. */
  readonly notActions: readonly string[]
  readonly resources: readonly string[]
  readonly notResources: readonly string[]
  readonly principals: readonly string[]
  /** Operator, key, values. */
  readonly conditions: readonly {
    readonly operator: string
    readonly key: string
    readonly values: readonly string[]
  }[]
}

const MAX_TEXT = 256 * 1024
const MAX_STATEMENTS = 2_000

/**
 * The statements of a policy document: an object, or JSON text as APIs (URL-encoded) and Terraform (plain) give it.
 * Null where it is neither.
 */
export function parsePolicy(document: unknown): Statement[] | null {
  const parsed = typeof document === 'string' ? parseText(document) : document
  if (!isAttributes(parsed)) return null
  const given = valueAt(parsed, 'Statement')
  const list: unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given]
  return list.filter(isAttributes).slice(0, MAX_STATEMENTS).map(statementOf)
}

function parseText(text: string): unknown {
  if (text.length > MAX_TEXT) return null
  for (const candidate of [text, decoded(text)]) {
    if (candidate === null) continue
    try {
      return JSON.parse(candidate)
    } catch {
      // The other form is tried.
    }
  }
  return null
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function statementOf(statement: Attributes): Statement {
  return {
    isAllow: valueAt(statement, 'Effect') === 'Allow',
    actions: textsOf(valueAt(statement, 'Action')),
    notActions: textsOf(valueAt(statement, 'NotAction')),
    resources: textsOf(valueAt(statement, 'Resource')),
    notResources: textsOf(valueAt(statement, 'NotResource')),
    principals: principalsOf(valueAt(statement, 'Principal')),
    conditions: conditionsOf(valueAt(statement, 'Condition')),
  }
}

function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.filter((one): one is string => typeof one === 'string')
}

/** `*`, `AWS:arn…`, `Service:ec2.amazonaws.com`, `Federated:…`. */
function principalsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (!isAttributes(value)) return []
  return Object.entries(value).flatMap(([kind, names]) => textsOf(names).map((name) => `${kind}:${name}`))
}

function conditionsOf(value: unknown): Statement['conditions'] {
  if (!isAttributes(value)) return []
  return Object.entries(value).flatMap(([operator, keys]) =>
    isAttributes(keys)
      ? Object.entries(keys).map(([key, values]) => ({
          operator,
          key: key.toLowerCase(),
          values: textsOf(values),
        }))
      : [],
  )
}
