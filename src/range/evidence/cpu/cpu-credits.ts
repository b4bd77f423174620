/** A burstable type in unlimited mode: what it earns, and what it costs beyond that. */
export interface BurstType {
  readonly vcpus: number
  /** Share of each vCPU that its credits sustain (EC2 user guide, "Burstable performance instances"). */
  readonly baseline: number
  /** For a vCPU-hour of surplus credits, Linux. */
  readonly usdPerVcpuHour: number
}

const SURPLUS_USD = { t3: 0.05, t3a: 0.05, t4g: 0.04 } as const
const SIZES = {
  nano: { vcpus: 2, baseline: 0.05 },
  micro: { vcpus: 2, baseline: 0.1 },
  small: { vcpus: 2, baseline: 0.2 },
  medium: { vcpus: 2, baseline: 0.2 },
  large: { vcpus: 2, baseline: 0.3 },
  xlarge: { vcpus: 4, baseline: 0.4 },
  '2xlarge': { vcpus: 8, baseline: 0.4 },
} as const
const EARNED_HOURS_KEPT = 24

/** Null for a type of fixed performance. */
export function burstTypeOf(instanceType: string): BurstType | null {
  const [family = '', size = ''] = instanceType.split('.')
  if (!isKeyOf(SURPLUS_USD, family) || !isKeyOf(SIZES, size)) return null
  return { ...SIZES[size], usdPerVcpuHour: SURPLUS_USD[family] }
}

/**
 * CPU credits of one instance, in vCPU-hours (60 credits). It saves up what it earns in a day; in unlimited mode it
 * may overdraw as much again, and what it spends beyond that is charged (EC2 user guide, "Unlimited mode concepts").
 */
export class CpuCredits {
  readonly #type: BurstType
  readonly #most: number
  #balance: number
  #surplus = 0

  /** `savedHours`: hours' worth of earned credits that it starts with. T3 and T4g start with none. */
  constructor(type: BurstType, savedHours = 0) {
    this.#type = type
    this.#most = type.vcpus * type.baseline * EARNED_HOURS_KEPT
    this.#balance = Math.min(this.#most, type.vcpus * type.baseline * savedHours)
  }

  /** Spent beyond what was saved, and not charged yet. */
  get owedVcpuHours(): number {
    return this.#surplus
  }

  /** `busy`: share of the whole machine, 0 to 1, over so many hours. Returns the vCPU-hours charged for them. */
  use(busy: number, hours: number): number {
    const { vcpus, baseline } = this.#type
    const change = vcpus * (baseline - busy) * hours
    const paidBack = Math.min(this.#surplus, Math.max(0, change))
    this.#surplus -= paidBack
    const overdrawn = Math.max(0, -(this.#balance + change))
    this.#balance = Math.min(this.#most, Math.max(0, this.#balance + change - paidBack))
    this.#surplus += overdrawn
    const charged = Math.max(0, this.#surplus - this.#most)
    this.#surplus -= charged
    return charged
  }
}

function isKeyOf<Table extends object>(table: Table, key: PropertyKey): key is keyof Table {
  return Object.hasOwn(table, key)
}
