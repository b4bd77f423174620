import type { Random } from '../../random.ts'
import type { CpuSampled } from '../witness.ts'

/** Of the whole machine over one period, 0 to 1; they sum to 1. */
export interface CpuShares {
  readonly user: number
  readonly nice: number
  readonly system: number
  readonly iowait: number
  readonly irq: number
  readonly steal: number
  readonly idle: number
}

export interface LoadAverages {
  readonly one: number
  readonly five: number
  readonly fifteen: number
  /** Runnable at the moment of looking. */
  readonly runnable: number
}

/** Kernel work around a program that mostly waits; one that only computes asks the kernel for nearly nothing. */
const WAITING_SYSTEM_PART = 0.34
const COMPUTING_SYSTEM_PART = 0.006
const IDLE_MACHINE_SYSTEM = 0.002
const MINUTES = [1, 5, 15] as const

/** Turns what processes took into what the kernel's counters say of it, with the noise that real ones have. */
export class CpuAccount {
  readonly #random: Random
  readonly #stealMean: number
  readonly #load: [number, number, number] = [0, 0, 0]

  constructor(random: Random) {
    this.#random = random
    // Neighbours on the same host differ.
    this.#stealMean = random.chance(0.5) ? 0 : random.between(0.0002, 0.004)
  }

  account(sample: CpuSampled): { readonly shares: CpuShares; readonly load: LoadAverages } {
    const shares = this.#shares(sample)
    return { shares, load: this.#loadOf(sample, shares) }
  }

  #shares(sample: CpuSampled): CpuShares {
    const busy = clamp(sample.busy * this.#random.between(0.985, 1.012) + this.#random.exponential(0.003), 1)
    const system = Math.min(busy, busy * systemPart(sample) + this.#random.exponential(IDLE_MACHINE_SYSTEM))
    const irq = Math.min(busy - system, this.#random.exponential(0.0004))
    const steal = clamp(this.#random.exponential(this.#stealMean), 1 - busy)
    const iowait = clamp(this.#random.exponential(0.0025 + 0.02 * system), 1 - busy - steal)
    return {
      user: busy - system - irq,
      nice: 0,
      system,
      iowait,
      irq,
      steal,
      idle: Math.max(0, 1 - busy - steal - iowait),
    }
  }

  #loadOf(sample: CpuSampled, { user, system, iowait }: CpuShares): LoadAverages {
    const running = (user + system) * sample.cores
    // Above nine tenths others have to wait for their turn.
    const waiting = Math.max(0, user + system - 0.9) * sample.cores * this.#random.between(0.4, 2.4)
    const active = running + waiting + iowait * sample.cores
    const minutes = sample.periodMs / 60_000
    for (const [i, span] of MINUTES.entries()) {
      const kept = Math.exp(-minutes / span)
      this.#load[i] = (this.#load[i] ?? 0) * kept + active * (1 - kept)
    }
    const [one, five, fifteen] = this.#load
    return { one, five, fifteen, runnable: Math.round(active * this.#random.between(0.6, 1.4)) }
  }
}

/** By how much of a core each process takes. */
function systemPart({ processes, cores, busy }: CpuSampled): number {
  if (busy <= 0) return 0
  let system = 0
  let told = 0
  for (const { share } of processes) {
    const coresTaken = Math.min(1, share * cores)
    const part = COMPUTING_SYSTEM_PART + WAITING_SYSTEM_PART * (1 - coresTaken) ** 3
    system += share * part
    told += share
  }
  const rest = Math.max(0, busy - told)
  return (system + rest * WAITING_SYSTEM_PART) / Math.max(busy, told)
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most))
}
