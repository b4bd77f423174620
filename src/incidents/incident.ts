import type { Asset } from '../assets/asset.ts'
import type { Finding, LoginFacts, Severity } from '../event/finding.ts'
import type { Evidence } from '../event/origin.ts'

/** How the intruder got in, as far as the evidence says. */
export interface WayIn {
  readonly kind: 'ssh-password' | 'ssh-key' | 'ssh'
  readonly time: number
  readonly srcIp: string | null
  readonly user: string | null
  readonly tries: number
  readonly sourceCount: number
  readonly method: string | null
  readonly pid: number | null
  /** Audit session that the login opened. */
  readonly session: string | null
  readonly confidence: number
  readonly evidence: readonly Evidence[]
}

export interface Artefact {
  readonly type: 'wallet' | 'worker' | 'pool' | 'agent' | 'path' | 'remote' | 'address' | 'command'
  readonly value: string
  readonly evidence: readonly Evidence[]
}

/** Somebody who holds a machine: artefacts that belong together. */
export interface Occupant {
  /** Short form of the wallet, or `unknown-1` … in the order of appearance on this machine. */
  readonly id: string
  readonly wallet: string | null
  readonly coin: string | null
  readonly agent: string | null
  readonly reasons: readonly string[]
  readonly artefacts: readonly Artefact[]
}

export interface Tenure {
  readonly occupant: string
  readonly start: number
  readonly end: number
  /** Whether the evidence shows the beginning itself, or it may have begun before. */
  readonly startKnown: boolean
  readonly endKnown: boolean
  readonly confidence: number
  /** H/s; null where shares do not tell. */
  readonly hashrate: number | null
  readonly sharesAccepted: number | null
  readonly evidence: readonly Evidence[]
}

export interface ChangeOfHands {
  readonly time: number
  readonly from: string
  readonly to: string
  readonly how: readonly string[]
  readonly confidence: number
  readonly evidence: readonly Evidence[]
}

/** An intrusion on one machine: everything that belongs together, in time order. */
export interface Incident {
  /** Derived from its first anchor evidence. */
  readonly id: string
  /** Ids it had before evidence was added or incidents were merged. */
  readonly aliases: readonly string[]
  readonly asset: Asset
  readonly severity: Severity
  readonly status: 'ongoing' | 'ended' | 'unknown'
  readonly firstSeen: number
  readonly lastSeen: number
  readonly wayIn: WayIn | null
  readonly occupants: readonly Occupant[]
  readonly tenures: readonly Tenure[]
  readonly changes: readonly ChangeOfHands[]
  /** What the intruder did, time order; the context around it included. */
  readonly findings: readonly Finding[]
  /** Guessing that led up to the way in. */
  readonly guessing: readonly (Finding & { readonly facts: LoginFacts })[]
}
