import type { Consumed } from './consumption.ts'
import { decimalNumber } from '../text/decimal.ts'
import { median } from './baseline.ts'

/** A price as a table gives it. */
export interface Price {
  readonly usdPerHour: number
  readonly region: string
  /** ISO date of the table. */
  readonly date: string
}

export interface PriceQuestion {
  /** As the cloud calls it (`t3.large`); null = nobody said. */
  readonly instanceType: string | null
  /** What to take where the type, or its price, is not known. */
  readonly assumedType: string
  /** What the owner says an hour costs; goes before every table. */
  readonly ownUsdPerHour: number | null
  readonly priceOf: (instanceType: string) => Price | null
}

export interface HourPrice {
  readonly usdPerHour: number | null
  readonly instanceType: string | null
  /** Nobody said what the machine is: the price is that of the assumed type. */
  readonly isAssumed: boolean
  readonly words: string
}

/** Days of a bill that give a price. */
const MIN_BILL_DAYS = 3

/** What an hour of a machine costs: as the owner says, by its type, by its bill, or assumed. */
export function priceFor(question: PriceQuestion, consumed: Consumed | null): HourPrice {
  const { assumedType, ownUsdPerHour, priceOf } = question
  const billedType = consumed?.bills.find((bill) => bill.instanceType !== null)?.instanceType ?? null
  const instanceType = question.instanceType ?? billedType
  if (ownUsdPerHour !== null)
    return {
      usdPerHour: ownUsdPerHour,
      instanceType,
      isAssumed: false,
      words: `${usd(ownUsdPerHour)} an hour (inventory)`,
    }
  const known = instanceType === null ? null : priceOf(instanceType)
  if (known !== null) {
    const source = question.instanceType === null ? ' (type by its bill)' : ''
    return {
      usdPerHour: known.usdPerHour,
      instanceType,
      isAssumed: false,
      words: `${instanceType}${source} at ${priceInWords(known)}`,
    }
  }
  const billed = consumed === null ? null : billedUsdPerHour(consumed)
  if (billed !== null)
    return {
      usdPerHour: billed,
      instanceType,
      isAssumed: false,
      words: `${usd(billed)} an hour (median of the days of its bill)`,
    }
  const why = instanceType === null ? 'unknown instance type' : `no price known for ${instanceType}`
  const assumed = priceOf(assumedType)
  if (assumed === null)
    return {
      usdPerHour: null,
      instanceType,
      isAssumed: true,
      words: `${why}, and no price known for ${assumedType}`,
    }
  return {
    usdPerHour: assumed.usdPerHour,
    instanceType,
    isAssumed: true,
    words: `${why}, assumed ${assumedType} at ${priceInWords(assumed)}`,
  }
}

function billedUsdPerHour({ bills }: Consumed): number | null {
  const days = bills
    .filter(({ currency }) => currency === 'USD')
    .flatMap((bill) => [...bill.days.values()])
    .filter(({ hours }) => hours > 0)
    .map(({ compute, hours }) => decimalNumber(compute) / hours)
    .filter((amount) => amount > 0)
  return days.length < MIN_BILL_DAYS ? null : median(days)
}

function priceInWords({ usdPerHour, region, date }: Price): string {
  return `${usd(usdPerHour)} an hour (${region}, on demand, ${date})`
}

/** Prices are often below a cent: four places, fewer where the rest are zeros. */
export function usd(amount: number): string {
  return `$${amount.toFixed(4).replace(/0{1,2}$/u, '')}`
}
