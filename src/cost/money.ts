/** A price as a table gives it. */
interface Price {
  readonly usdPerHour: number
  readonly region: string
  /** ISO date of the table. */
  readonly date: string
}

export interface MoneyQuestion {
  /** As the cloud calls it (`t3.large`); null = nobody said. */
  readonly instanceType: string | null
  /** What to take where the type, or its price, is not known. */
  readonly assumedType: string
  /** What the owner says an hour costs; goes before every table. */
  readonly ownUsdPerHour: number | null
  /** Epoch ms: since when and until when the machine was held, as far as the evidence goes. */
  readonly from: number
  readonly to: number
  /** Still held when the evidence ended. */
  readonly isOngoing: boolean
  readonly priceOf: (instanceType: string) => Price | null
}

export interface Reckoning {
  readonly usdPerHour: number | null
  readonly usdSoFar: number | null
  readonly usdPerMonth: number | null
  /** Cost as a multiple of normal: null, because it takes CPU credit data to say. */
  readonly timesNormal: number | null
  /** How it was reckoned, with every assumption, in words. */
  readonly basis: string
}

/** What clouds call a month. */
export const HOURS_PER_MONTH = 730
const HOUR_MS = 3_600_000

/**
 * What the machine costs in the hands of whoever holds it: hours × price. A machine at a fixed price
 * costs the same with or without a miner, so this is the price of what was taken, not a rise of the bill.
 */
export function reckon(question: MoneyQuestion): Reckoning {
  const { usdPerHour, words } = priceFor(question)
  const hours = Math.max(0, question.to - question.from) / HOUR_MS
  if (usdPerHour === null || !Number.isFinite(hours)) {
    return { usdPerHour, usdSoFar: null, usdPerMonth: null, timesNormal: null, basis: words }
  }
  const until = question.isOngoing ? ' up to the end of the evidence' : ''
  return {
    usdPerHour,
    usdSoFar: usdPerHour * hours,
    usdPerMonth: usdPerHour * HOURS_PER_MONTH,
    timesNormal: null,
    basis: `${words}; ${hoursInWords(hours)}${until}; a month is ${HOURS_PER_MONTH} h. ${billNote(question)}`,
  }
}

function priceFor(question: MoneyQuestion): { usdPerHour: number | null; words: string } {
  const { instanceType, assumedType, ownUsdPerHour, priceOf } = question
  if (ownUsdPerHour !== null) {
    return { usdPerHour: ownUsdPerHour, words: `${usd(ownUsdPerHour)} an hour (inventory)` }
  }
  const known = instanceType === null ? null : priceOf(instanceType)
  if (known !== null) {
    return { usdPerHour: known.usdPerHour, words: `${instanceType} at ${priceInWords(known)}` }
  }
  const why = instanceType === null ? 'unknown instance type' : `no price known for ${instanceType}`
  const assumed = priceOf(assumedType)
  if (assumed === null) return { usdPerHour: null, words: `${why}, and no price known for ${assumedType}` }
  return {
    usdPerHour: assumed.usdPerHour,
    words: `${why}, assumed ${assumedType} at ${priceInWords(assumed)}`,
  }
}

function priceInWords({ usdPerHour, region, date }: Price): string {
  return `${usd(usdPerHour)} an hour (${region}, on demand, ${date})`
}

/** Prices are often below a cent: four places, fewer where the rest are zeros. */
function usd(amount: number): string {
  return `$${amount.toFixed(4).replace(/0{1,2}$/u, '')}`
}

function hoursInWords(hours: number): string {
  return hours < 1 ? `${Math.round(hours * 60)} min` : `${hours.toFixed(1).replace(/\.0$/u, '')} h`
}

/**
 * Baseline share of each vCPU and number of vCPUs of T3 and T3a, by size. Above the baseline, in the
 * default unlimited mode, AWS bills $0.05 per vCPU-hour once a day's credits are used up.
 * Source: AWS, "Burstable performance instances", EC2 user guide.
 */
const BURSTABLE: Readonly<Record<string, { readonly vcpus: number; readonly baseline: number }>> = {
  nano: { vcpus: 2, baseline: 0.05 },
  micro: { vcpus: 2, baseline: 0.1 },
  small: { vcpus: 2, baseline: 0.2 },
  medium: { vcpus: 2, baseline: 0.2 },
  large: { vcpus: 2, baseline: 0.3 },
  xlarge: { vcpus: 4, baseline: 0.4 },
  '2xlarge': { vcpus: 8, baseline: 0.4 },
}
const SURPLUS_USD_PER_VCPU_HOUR = 0.05

function billNote({ instanceType }: MoneyQuestion): string {
  const size = /^t3a?\.(\w+)$/u.exec(instanceType ?? '')?.[1] ?? ''
  const burstable = Object.hasOwn(BURSTABLE, size) ? BURSTABLE[size] : undefined
  if (burstable !== undefined) {
    const surplus = burstable.vcpus * (1 - burstable.baseline) * SURPLUS_USD_PER_VCPU_HOUR
    return `At full load surplus CPU credits can add up to ${usd(surplus)} an hour to the bill (unlimited mode); not counted, because no CPU credit data was given.`
  }
  return 'At a fixed price mining does not raise the bill: this is the price of the machine that they use.'
}
