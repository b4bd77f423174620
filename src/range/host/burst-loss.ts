import { burstTypeOf, CpuCredits } from '../evidence/cpu/cpu-credits.ts'

/** As many hours' earnings as the bill lets a machine begin with. */
const SAVED_HOURS = 24

/**
 * What intruders cost a burstable machine beyond the price of its hours: surplus credits, charged or still owed, less
 * those that its everyday load alone would have come to. Saved credits are spent first.
 */
export class BurstLoss {
  readonly #usdPerVcpuHour: number
  readonly #actual: CpuCredits | null
  readonly #everyday: CpuCredits | null
  #chargedVcpuHours = 0

  constructor(instanceType: string) {
    const type = burstTypeOf(instanceType)
    this.#usdPerVcpuHour = type?.usdPerVcpuHour ?? 0
    this.#actual = type === null ? null : new CpuCredits(type, SAVED_HOURS)
    this.#everyday = type === null ? null : new CpuCredits(type, SAVED_HOURS)
  }

  /** Shares of the whole machine, 0 to 1, over so many hours. */
  measure(busy: number, everyday: number, hours: number): void {
    if (this.#actual === null || this.#everyday === null) return
    this.#chargedVcpuHours += this.#actual.use(busy, hours) - this.#everyday.use(everyday, hours)
  }

  get usd(): number {
    if (this.#actual === null || this.#everyday === null) return 0
    const owed = this.#actual.owedVcpuHours - this.#everyday.owedVcpuHours
    return Math.max(0, this.#chargedVcpuHours + owed) * this.#usdPerVcpuHour
  }
}
