import type { TimeQuality } from '../../event/base.ts'
import type { Identifier } from '../../event/identifier.ts'
import type { Evidence } from '../../event/origin.ts'
import type { RuleMatchEvent } from '../../event/rule-match.ts'
import type { RuleLevel } from '../rule.ts'

export type FieldValue = RuleMatchEvent['fields'][string]

/**
 * A correlation that held for a group. One firing covers a whole episode: every event at which the
 * condition held, as long as no more than a timespan lies between two of them. It is told when it
 * begins, when its count has doubled and when nothing more can come: same `id`, the newest wins.
 */
export interface Firing {
  /** From the correlation, the group and the time of the first member: the same input gives the same id. */
  readonly id: string
  /** Key of the correlation. */
  readonly rule: string
  readonly title: string
  readonly level: RuleLevel
  readonly attack: readonly string[]
  /** What the members have in common: `group-by`, under the names written there. */
  readonly group: Readonly<Record<string, FieldValue>>
  /** Epoch ms of the first and the last member. */
  readonly firstSeen: number
  readonly lastSeen: number
  /**
   * Members. At first those that were looked at: all events (`event_count`, metrics), one per distinct
   * value (`value_count`), the newest of each rule (temporal); then every further event of the episode.
   */
  readonly count: number
  /** At most 20, oldest first: how it began and how it stands. Never empty. */
  readonly evidence: readonly Evidence[]
  /** Whom the members are about; at most 20. */
  readonly subjects: readonly Identifier[]
  readonly observer: Identifier
  readonly timeQuality: TimeQuality
  /** More events than a group keeps were measured: the oldest were left out. */
  readonly isPartial: boolean
}

/** What correlations take in: a match of a rule, or a correlation that held. */
export interface Item {
  /** Key of the rule. */
  readonly kind: string
  readonly time: number
  readonly fields: RuleMatchEvent['fields']
  readonly subjects: readonly Identifier[]
  readonly observer: Identifier
  readonly timeQuality: TimeQuality
  readonly proof: Evidence
  /**
   * A correlation that still holds, over events that it was already counted for. Temporal correlations
   * want to know when it last held; those that count, how often.
   */
  readonly isRepeat: boolean
}

/** What a correlation says: a firing for the user, or an input for the correlations above it. */
export type Told =
  | { readonly kind: 'firing'; readonly firing: Firing }
  | { readonly kind: 'input'; readonly item: Item }
