import type { Process } from '../evidence/audit-calls.ts'
import type { Gang, PoolTraits } from '../gangs/gang.ts'
import type { Haul, MinerLife } from '../intrusion/mining.ts'

/** A miner at work on a host. */
export interface RunningMiner {
  readonly gang: Gang
  readonly process: Process
  readonly login: string
  readonly pool: PoolTraits
  readonly startedMs: number
  /** Names by which a kill list may know it: process name, path, pool. */
  readonly names: readonly string[]
  readonly cpuShare: number
  readonly life: MinerLife
  readonly haul: Haul
  /** Mean hash rate of the time it was at work, H/s times ms; grows as it works. */
  readonly work: { hashMs: number; sinceMs: number }
}
