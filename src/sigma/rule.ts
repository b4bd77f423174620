import type { LogSource } from '../event/log-record.ts'

/** Ratings of a rule, least first (Sigma 2.x, `level`). */
export const RULE_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const
export type RuleLevel = (typeof RULE_LEVELS)[number]

export const RULE_STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const
export type RuleStatus = (typeof RULE_STATUSES)[number]

/** The log source a rule names: what is absent is not asked for. All in lower case. */
export interface RuleLogSource extends LogSource {
  readonly definition?: string
}

/** Where a rule stands: the file as named by the caller, `line` one-based, `document` zero-based in the file. */
export interface RuleOrigin {
  readonly file: string
  readonly line: number
  readonly document: number
}

export interface RelatedRule {
  readonly id: string
  readonly type: string
}

/** One rule on single events. Immutable: what rewrites rules (mappings, filters) makes new ones. */
export interface SigmaRule {
  readonly id: string | null
  readonly name: string | null
  readonly title: string
  readonly description: string
  readonly status: RuleStatus | null
  /** `medium` where the rule says nothing. */
  readonly level: RuleLevel
  readonly author: string
  /** As written (YYYY-MM-DD). */
  readonly date: string | null
  readonly modified: string | null
  readonly references: readonly string[]
  readonly tags: readonly string[]
  /** ATT&CK technique ids out of the tags: `T1496`, `T1053.003`. */
  readonly attack: readonly string[]
  readonly fields: readonly string[]
  readonly falsePositives: readonly string[]
  readonly related: readonly RelatedRule[]
  /** `sigma` unless the rule names another taxonomy. */
  readonly taxonomy: string
  readonly logSource: RuleLogSource
  readonly detection: Detection
  readonly origin: RuleOrigin
}

export interface Detection {
  readonly selections: ReadonlyMap<string, Selection>
  /** Several conditions of one rule stand in an `or`. */
  readonly condition: Condition
}

/** Names are resolved when the rule is read: selections added later are in no `1 of them`. */
export type Condition =
  | { readonly kind: 'and'; readonly parts: readonly Condition[] }
  | { readonly kind: 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'selection'; readonly name: string }
  | {
      readonly kind: 'of'
      /** How many of `names` must hold. */
      readonly atLeast: number | 'all'
      /** As written: `them`, `selection_*`. */
      readonly pattern: string
      readonly names: readonly string[]
    }

export type Selection =
  | { readonly kind: 'every'; readonly parts: readonly Selection[] }
  | { readonly kind: 'some'; readonly parts: readonly Selection[] }
  | FieldTest
  | KeywordTest

/**
 * A field against values. Holds when one value (with `link: 'every'`: each value) is met by one
 * element of the field; negated (`neq`) when that is not so.
 */
export interface FieldTest {
  readonly kind: 'field'
  readonly field: string
  /** As written after the field: `['contains', 'all']`. */
  readonly modifiers: readonly string[]
  readonly link: 'some' | 'every'
  readonly isNegated: boolean
  readonly values: readonly Value[]
}

/** Values that are looked for anywhere in the record. */
export interface KeywordTest {
  readonly kind: 'keywords'
  readonly modifiers: readonly string[]
  readonly link: 'some' | 'every'
  readonly values: readonly Value[]
}

export type Value =
  | TextValue
  | { readonly kind: 'regex'; readonly source: string; readonly flags: RegexFlags }
  | { readonly kind: 'cidr'; readonly text: string }
  | NumberValue
  | { readonly kind: 'null' }
  | { readonly kind: 'exists'; readonly isExpected: boolean }
  | FieldReference
  /** One value as written that became several (base64offset). */
  | { readonly kind: 'one-of'; readonly values: readonly Value[] }

/** A text with wildcards. Numbers and booleans of rules are texts, too: `EventID: 4688` is `'4688'`. */
export interface TextValue {
  readonly kind: 'text'
  readonly pieces: readonly TextPiece[]
  readonly isCased: boolean
}

/** Literal text, `*`, `?`, one of the dashes of `windash`, or a placeholder that somebody has to fill in. */
export type TextPiece = string | { readonly wild: 'run' | 'one' | 'dash' } | { readonly placeholder: string }

export interface RegexFlags {
  readonly isCaseIgnored: boolean
  readonly isMultiline: boolean
  readonly isDotAll: boolean
}

/** `part`: the number is that part of a date in the field. */
export interface NumberValue {
  readonly kind: 'number'
  readonly operator: 'eq' | 'lt' | 'lte' | 'gt' | 'gte'
  readonly part: DatePart | null
  readonly number: number
}

export const DATE_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const
export type DatePart = (typeof DATE_PARTS)[number]

export interface FieldReference {
  readonly kind: 'field-reference'
  readonly field: string
  readonly relation: 'equals' | 'startswith' | 'endswith' | 'contains'
  readonly isCased: boolean
}

/** Something wrong in a rule file. `line` and `column` are one-based. An error keeps that rule from loading, and no other. */
export interface RuleProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/** A record as rules see it: a JSON object, nested or with dots in its keys. */
export type RecordView = Readonly<Record<string, unknown>>
