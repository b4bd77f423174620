import type { Evidence } from '../../../event/origin.ts'

/** An event of a group, as a correlation sees it. */
export interface Sample {
  /** Epoch ms. */
  readonly time: number
  /** Place of its rule in the correlation. */
  readonly rule: number
  /** What is counted or measured; null where the event has none. */
  readonly value: string | number | null
  readonly proof: Evidence
}

/** The members of a firing: what its window was looked at. */
export interface Members {
  readonly count: number
  /** Epoch ms of the oldest. */
  readonly firstSeen: number
  /** At most 20, oldest first. */
  readonly proofs: readonly Evidence[]
  /** The group had more events than are kept: what was measured leaves the oldest out. */
  readonly isPartial: boolean
}

/**
 * What one type of correlation keeps of a group, and what it says about the timespan that ends with
 * the group's newest event. Exact, unless `isPartial` says otherwise. State is plain JSON.
 */
export interface Window<State> {
  create(): State
  /** False: the event says nothing here (it lacks the value). */
  add(state: State, sample: Sample): boolean
  /** Whether the condition holds over `from` … now (both included). What is older is let go. */
  holds(state: State, from: number): boolean
  /** Asked only right after it held. */
  membersOf(state: State, from: number): Members
  /** Of two groups that turned out to be one. */
  merge(into: State, from: State): State
  /** About what the state takes, in bytes. */
  bytesOf(state: State): number
}
