/** The operator's own: what would look like mining, or like an intruder's doing, and is not. */
export interface Known {
  /** What the entry names: a machine, an address or network, a wallet, a program (path or SHA-256). */
  readonly what: 'asset' | 'address' | 'wallet' | 'process'
  readonly value: string
  readonly reason: string
  /** Epoch ms of event time from which the entry no longer counts; null = it does not expire. */
  readonly expiresAt: number | null
}

/** Somebody who belongs here. */
export interface Operator {
  readonly name: string | null
  /** Addresses and networks (CIDR). */
  readonly addresses: readonly string[]
  readonly accounts: readonly string[]
}

export interface PolicyRules {
  readonly known: readonly Known[]
  readonly operators: readonly Operator[]
}
