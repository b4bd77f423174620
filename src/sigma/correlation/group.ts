import type { Identifier } from '../../event/identifier.ts'
import type { Evidence } from '../../event/origin.ts'
import type { Item } from './firing.ts'
import { mergeProofs } from './proofs.ts'

/** What is kept of one group. Plain JSON. */
export interface Group<State> {
  window: State
  /** Epoch ms of the newest event. */
  newest: number
  subjects: readonly Identifier[]
  episode: Episode | null
}

/** A time in which the condition held again and again. */
export interface Episode {
  readonly id: string
  readonly fields: Item['fields']
  readonly observer: Identifier
  readonly timeQuality: Item['timeQuality']
  firstSeen: number
  /** When the condition last held. */
  lastSeen: number
  count: number
  /** Events since the condition last held; members as well, should it hold again in time. */
  pending: number
  /** Count when it was last told. */
  told: number
  /** When it was last given to the correlations above as something new. */
  counted: number
  proofs: Evidence[]
  isPartial: boolean
}

const MAX_SUBJECTS = 20

export function withSubjects(
  known: readonly Identifier[],
  more: readonly Identifier[],
): readonly Identifier[] {
  if (known === more) return known
  if (known.length === 0 && more.length <= MAX_SUBJECTS) return more
  const fresh = more.filter((one) => !known.includes(one))
  return fresh.length === 0 ? known : [...known, ...fresh].slice(0, MAX_SUBJECTS)
}

/** Two groups that turned out to be one: the earlier episode gives the name. */
export function mergeEpisodes(one: Episode | null, other: Episode | null): Episode | null {
  if (one === null || other === null) return one ?? other
  const [first, second] = one.firstSeen <= other.firstSeen ? [one, other] : [other, one]
  return {
    ...first,
    lastSeen: Math.max(first.lastSeen, second.lastSeen),
    count: first.count + second.count,
    pending: first.pending + second.pending,
    counted: Math.max(first.counted, second.counted),
    proofs: mergeProofs(first.proofs, second.proofs),
    isPartial: first.isPartial || second.isPartial,
  }
}
