import type { DocumentPath } from '../parse/documents.ts'
import type { RuleLevel, RuleOrigin, RuleStatus } from '../rule.ts'
import type { Expression } from './expression.ts'
import type { Threshold } from './threshold.ts'

/**
 * Kinds of correlation: the Sigma correlation rules specification, pySigma's metrics, and the two
 * (`value_min`, `value_max`) that only the specification's schema names.
 */
export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
  'value_min',
  'value_max',
] as const
export type CorrelationType = (typeof CORRELATION_TYPES)[number]

/** A correlation as its author wrote it: rules are still references. */
export interface Correlation {
  readonly id: string | null
  readonly name: string | null
  readonly title: string
  readonly description: string
  readonly status: RuleStatus | null
  readonly level: RuleLevel
  readonly tags: readonly string[]
  /** ATT&CK technique ids out of the tags. */
  readonly attack: readonly string[]
  readonly falsePositives: readonly string[]
  readonly type: CorrelationType
  /** Ids or names, in the order written. */
  readonly rules: readonly Reference[]
  readonly groupBy: readonly string[]
  /** Alias → reference of a rule → field of that rule's events. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly timespanMs: number
  readonly condition: CorrelationCondition
  /** The rules it refers to are reported on their own, too. */
  readonly generate: boolean
  readonly origin: RuleOrigin
}

export interface Reference {
  readonly text: string
  /** Where it stands in the document. */
  readonly path: DocumentPath
}

export type CorrelationCondition =
  | {
      readonly kind: 'threshold'
      readonly threshold: Threshold
      /** Whose values are counted or measured; several together are one value. */
      readonly fields: readonly string[]
      /** 0 to 100. */
      readonly percentile: number | null
    }
  | { readonly kind: 'expression'; readonly expression: Expression }

/** How rule matches and other correlations name a rule: by its id, else its name, else its title. */
export function ruleKey(rule: {
  readonly id: string | null
  readonly name: string | null
  readonly title: string
}): string {
  return rule.id ?? rule.name ?? rule.title
}
