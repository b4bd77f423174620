/**
 * Burstable instances of AWS: below their baseline they earn CPU credits, above it they spend them, and what they spend
 * beyond those is surplus. A credit is one minute of one vCPU at full load.
 * Source: AWS, EC2 user guide, "Burstable performance instances"; surplus prices: EC2 on-demand pricing (Linux).
 */
export interface Burst {
  readonly vcpus: number
  /** Share of each vCPU that is paid for with the hour. */
  readonly baseline: number
  /** Null in standard mode, where a machine without credits is slowed down and nothing is charged. */
  readonly surplusUsdPerVcpuHour: number | null
}

const T3: Readonly<Record<string, Pick<Burst, 'vcpus' | 'baseline'>>> = {
  nano: { vcpus: 2, baseline: 0.05 },
  micro: { vcpus: 2, baseline: 0.1 },
  small: { vcpus: 2, baseline: 0.2 },
  medium: { vcpus: 2, baseline: 0.2 },
  large: { vcpus: 2, baseline: 0.3 },
  xlarge: { vcpus: 4, baseline: 0.4 },
  '2xlarge': { vcpus: 8, baseline: 0.4 },
}
const T2: Readonly<Record<string, Pick<Burst, 'vcpus' | 'baseline'>>> = {
  nano: { vcpus: 1, baseline: 0.05 },
  micro: { vcpus: 1, baseline: 0.1 },
  small: { vcpus: 1, baseline: 0.2 },
  medium: { vcpus: 2, baseline: 0.2 },
  large: { vcpus: 2, baseline: 0.3 },
  xlarge: { vcpus: 4, baseline: 0.225 },
  '2xlarge': { vcpus: 8, baseline: 0.16875 },
}
interface Family {
  readonly sizes: typeof T3
  readonly surplusUsdPerVcpuHour: number
  /** The mode that AWS starts them in: unlimited, save for T2. */
  readonly isUnlimited: boolean
}
const FAMILIES: Readonly<Record<string, Family>> = {
  t2: { sizes: T2, surplusUsdPerVcpuHour: 0.05, isUnlimited: false },
  t3: { sizes: T3, surplusUsdPerVcpuHour: 0.05, isUnlimited: true },
  t3a: { sizes: T3, surplusUsdPerVcpuHour: 0.05, isUnlimited: true },
  t4g: { sizes: T3, surplusUsdPerVcpuHour: 0.04, isUnlimited: true },
}

/** In the mode that AWS starts the type in, or in the one that is named. Null for a machine at a fixed price. */
export function burstOf(instanceType: string | null, mode?: 'unlimited' | 'standard'): Burst | null {
  const [family = '', size = ''] = (instanceType ?? '').toLowerCase().split('.')
  const known = Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : undefined
  const of = known !== undefined && Object.hasOwn(known.sizes, size) ? known.sizes[size] : undefined
  if (known === undefined || of === undefined) return null
  const isUnlimited = mode === undefined ? known.isUnlimited : mode === 'unlimited'
  return { ...of, surplusUsdPerVcpuHour: isUnlimited ? known.surplusUsdPerVcpuHour : null }
}

/** What an hour of steady load costs on top of the price of the machine, once its credits are spent. */
export function steadySurplusUsdPerHour(burst: Burst, busyShare: number): number {
  return Math.max(0, busyShare - burst.baseline) * burst.vcpus * (burst.surplusUsdPerVcpuHour ?? 0)
}

const HOUR_MS = 3_600_000
const CREDITS_PER_VCPU_HOUR = 60
const DAY_HOURS = 24

/** A stretch of even load. */
export interface Load {
  readonly from: number
  readonly to: number
  readonly busyShare: number
}

/** The account of credits: what is saved, and what was spent beyond it. */
export interface Credits {
  saved: number
  /** Surplus not paid for yet; falls while the machine earns, and is charged beyond a day's earnings or when the machine stops. */
  owed: number
  charged: number
}

/**
 * Runs the account over stretches of load. What is saved ends at a day's earnings, and so does what is owed: the rest is
 * charged at once.
 */
export function runCredits(burst: Burst, loads: Iterable<Load>, start: Credits): Credits {
  const account = { ...start }
  const earnsPerHour = burst.baseline * burst.vcpus * CREDITS_PER_VCPU_HOUR
  const day = earnsPerHour * DAY_HOURS
  for (const { from, to, busyShare } of loads) {
    const hours = Math.max(0, to - from) / HOUR_MS
    let balance = (burst.baseline - busyShare) * burst.vcpus * CREDITS_PER_VCPU_HOUR * hours
    if (balance > 0) {
      const paid = Math.min(balance, account.owed)
      account.owed -= paid
      balance -= paid
      account.saved = Math.min(day, account.saved + balance)
    } else {
      const spent = Math.min(-balance, account.saved)
      account.saved -= spent
      if (burst.surplusUsdPerVcpuHour === null) continue
      account.owed += -balance - spent
      const beyond = Math.max(0, account.owed - day)
      account.charged += beyond
      account.owed -= beyond
    }
  }
  return account
}

/** A day's earnings saved: how a machine stands that has idled below its baseline. */
export function restedCredits(burst: Burst): Credits {
  return { saved: burst.baseline * burst.vcpus * CREDITS_PER_VCPU_HOUR * DAY_HOURS, owed: 0, charged: 0 }
}

export function creditsUsd(burst: Burst, credits: number): number {
  return (credits / CREDITS_PER_VCPU_HOUR) * (burst.surplusUsdPerVcpuHour ?? 0)
}
