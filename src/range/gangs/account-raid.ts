import type { CloudObservation } from '../evidence/witness.ts'
import type { Machine } from '../machine.ts'

/** The owner's cloud account, as far as the stage lets anybody at it. */
export interface StagedAccount {
  readonly id: string
  readonly region: string
  readonly endMs: number
  tell(seen: CloudObservation): void
}

/** A gang in the owner's account, with the credentials of a role that it read on a machine. */
export interface AccountRaid {
  readonly account: StagedAccount
  /** Whose role it is. */
  readonly machine: Machine
  /** Where the gang calls from. */
  readonly sources: readonly string[]
}
