import type { Identifier } from '../event/identifier.ts'

/** A machine as the inventory names it. */
export interface Machine {
  readonly name: string
  readonly id: string | null
  readonly addresses: readonly string[]
  readonly hostNames: readonly string[]
  readonly instanceType: string | null
  readonly region: string | null
  readonly usdPerHour: number | null
}

/** A machine as the evidence shows it: the identifiers that turned out to be one, and why. */
export interface Asset {
  /** The most telling name: inventory name, else host name, instance id, address. Stable under merging of less telling names. */
  readonly id: string
  /** Most telling first; for people. */
  readonly names: readonly string[]
  readonly identifiers: readonly Identifier[]
  /** Why its identifiers are taken for one machine, in words. */
  readonly joins: readonly string[]
  readonly machine: Machine | null
}
