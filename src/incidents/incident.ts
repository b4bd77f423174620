import type { Asset } from '../assets/asset.ts'
import type { Finding, LoginFacts, Severity } from '../event/finding.ts'
import type { Evidence } from '../event/origin.ts'

/** How the intruder got in, as far as the evidence says. */
export interface WayIn {
  /** `ssh-password`, `ssh-key`, `ssh`, or the service: `docker-api`, `redis`, `web-exploit` … */
  readonly kind: string
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
  readonly type:
    | 'wallet'
    | 'worker'
    | 'pool'
    | 'agent'
    | 'path'
    | 'process'
    | 'cron'
    | 'unit'
    | 'key-file'
    | 'user'
    | 'container'
    | 'remote'
    | 'address'
    | 'command'
  readonly value: string
  readonly evidence: readonly Evidence[]
}

/** Somebody who holds a machine: artefacts that belong together. */
export interface Occupant {
  /** Short form of the wallet, else `unknown-1` … in the order of appearance on this machine. */
  readonly id: string
  /** Gang it is like, as public descriptions know it; null where too little speaks for one. */
  readonly family: string | null
  readonly familyConfidence: number
  readonly wallet: string | null
  readonly coin: string | null
  readonly agent: string | null
  /** Whether it was seen mining. */
  readonly isMiner: boolean
  /** Only the load of the machine shows it: who else could have worked is not known for sure. */
  readonly isOnlyBusy?: boolean
  /** How it came in, where a login is known to be its own. */
  readonly wayIn: WayIn | null
  readonly reasons: readonly string[]
  /** Ids of what it did. */
  readonly findings: readonly string[]
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

/** Something that the way in put within the intruder's reach, as far as the evidence shows. */
export interface Reach {
  readonly kind: 'credential' | 'account' | 'host' | 'data' | 'access'
  readonly what: string
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
  /** What else the same way in opens, what weighs most first. */
  readonly reach: readonly Reach[]
  /** What the intruder did, time order; the context around it included. */
  readonly findings: readonly Finding[]
  /** Ids of findings that others of `findings` tell as well. */
  readonly absorbed: readonly string[]
  /** Guessing that led up to the way in. */
  readonly guessing: readonly (Finding & { readonly facts: LoginFacts })[]
}

/** The same hands on several machines. */
export interface Campaign {
  /** Derived from what joins it. */
  readonly id: string
  readonly occupants: readonly {
    readonly incident: string
    readonly asset: string
    readonly occupant: string
  }[]
  /** What is the same on all of these machines, or on some of them, the surest first. */
  readonly sharedBy: readonly {
    readonly type: string
    readonly value: string
    readonly assets: readonly string[]
  }[]
  /** How it went from one machine to the next, where a login or a command shows it. */
  readonly spread: readonly {
    readonly from: string
    readonly to: string
    readonly time: number
    readonly how: string
    readonly evidence: readonly Evidence[]
  }[]
}
