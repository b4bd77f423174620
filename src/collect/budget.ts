export interface BudgetOptions {
  /** ms, of any clock that does not step. */
  readonly now: () => number
  /** Processor time that this process has used, ms. */
  readonly cpuMs: () => number
  readonly maxMs: number
  readonly maxCpuMs: number
  readonly maxHashBytes: number
}

/**
 * How long collecting may take, what it may work and what it may read. On a machine that is at rest the work ends it, on
 * one where everybody waits for a processor the time does. Whoever does something long asks in between.
 */
export class Budget {
  readonly #options: BudgetOptions
  readonly #until: number
  readonly #untilCpu: number
  #hashBytes: number

  constructor(options: BudgetOptions) {
    this.#options = options
    this.#until = options.now() + options.maxMs
    this.#untilCpu = options.cpuMs() + options.maxCpuMs
    this.#hashBytes = options.maxHashBytes
  }

  /** Of time or of work, whichever ends first. */
  get leftMs(): number {
    const { now, cpuMs } = this.#options
    return Math.max(0, Math.min(this.#until - now(), this.#untilCpu - cpuMs()))
  }

  /** Whether less than `reserveMs` are left. */
  isSpent(reserveMs = 0): boolean {
    return this.leftMs <= reserveMs
  }

  /** Takes bytes to be hashed; false where there are not so many left. */
  takeHash(bytes: number): boolean {
    if (bytes > this.#hashBytes) return false
    this.#hashBytes -= bytes
    return true
  }
}
