import type { Arrival } from './arrival.ts'
import type { Clearance, Groups } from './filter.ts'
import type { Intervals } from './interval.ts'
import type { Family, NetworkAcl } from './model.ts'

/** An interface as rules see it. */
export interface Gate {
  readonly subnet: string | null
  readonly vpc: string | null
  /** Null = it has none and needs none. */
  readonly groups: readonly string[] | null
  readonly family: Family
  /** Who may come at all: nobody else's rules are looked at. The same for many gates. */
  readonly whom: Intervals
  /** Traffic within one subnet meets no ACL. */
  readonly passesAcl: boolean
}

/** What stands in the way of those who come to a gate. */
export interface Rules {
  readonly acl: NetworkAcl | null
  readonly arrival: Arrival
  readonly clearance: Clearance
  readonly groups: Groups
}
