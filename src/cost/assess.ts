import type { Asset } from '../assets/asset.ts'
import { addDecimals, decimalNumber, decimalText, type Decimal, ZERO } from '../text/decimal.ts'
import { formatTime } from '../text/time.ts'
import { Baseline } from './baseline.ts'
import { burstOf, creditsUsd, restedCredits, runCredits, steadySurplusUsdPerHour } from './burst.ts'
import type { BillBook } from './bill-book.ts'
import type { Consumed, Consumption } from './consumption.ts'
import type { CostDocument, MachineCost, RiseEntry } from './document.ts'
import { vcpusOf } from './instance-size.ts'
import { dayText, jumpsIn } from './jumps.ts'
import { HOURS_PER_MONTH } from './money.ts'
import { risesIn, type Rise } from './plateau.ts'
import { energyUsdPerHour, type Power } from './power.ts'
import { type HourPrice, type Price, type PriceQuestion, priceFor } from './price.ts'
import { niceStep, type StepSeries } from './step-series.ts'
import { surplusIn } from './surplus.ts'

export interface AssessOptions {
  /** What a machine is whose type nobody says; null = that is not known, and `assumedType` is only a price. */
  readonly givenType: string | null
  readonly assumedType: string
  readonly priceOf: (instanceType: string) => Price | null
  /** Of the owner's own hardware: its hours are priced by what it draws. */
  readonly power: Power | null
}

const HOUR_MS = 3_600_000
const DAY_HOURS = 24
const MAX_POINTS = 240
const MAX_MACHINES = 1000
const MAX_WORKERS = 20
const MAX_RESOURCES = 100
const MAX_BILL_DAYS = 400

/** What machines cost: those that were measured, and those of the bill's that are also known by measurements. */
export function assess(
  consumption: Consumption,
  assetOf: (id: string) => Asset,
  options: AssessOptions,
): Pick<CostDocument, 'machines' | 'bills' | 'notes'> {
  const assets = new Map<string, Asset>()
  for (const id of consumption.identifiers()) {
    const asset = assetOf(id)
    assets.set(asset.id, asset)
  }
  const machines = [...assets.values()]
    .slice(0, MAX_MACHINES)
    .flatMap((asset) => {
      const consumed = consumption.of(asset.identifiers)
      return consumed === null ? [] : [machineCost(asset, consumed, options)]
    })
    .toSorted((a, b) => beyond(b) - beyond(a) || (a.id < b.id ? -1 : 1))
  const left = consumption.leftOut + consumption.bills.leftOut
  const notes = left === 0 ? [] : [`${left.toLocaleString('en-US')} measurements and charges found no room`]
  return { machines, bills: billEntries(consumption.bills), notes }
}

function beyond({ rises }: MachineCost): number {
  return rises.reduce((sum, { usd, machineHours }) => sum + (usd ?? 0) + machineHours / 1e6, 0)
}

/** What one machine costs, and when it worked far beyond normal. */
export function machineCost(asset: Asset, consumed: Consumed, options: AssessOptions): MachineCost {
  const { machine } = asset
  const question: PriceQuestion = {
    instanceType: machine?.instanceType ?? options.givenType,
    assumedType: options.assumedType,
    ownUsdPerHour: machine?.usdPerHour ?? null,
    priceOf: options.priceOf,
  }
  const price = priceFor(question, consumed)
  const isOwn = options.power !== null && machine?.instanceType == null && machine?.usdPerHour == null
  const power = isOwn ? options.power : null
  const burst = burstOf(price.instanceType)
  const rises = risesIn(consumed.cpu.steps())
  const baseline = new Baseline(consumed.cpu, rises[0]?.from ?? Infinity)
  // Less than a day may be of the intruder's own hours.
  const normal = baseline.hours < DAY_HOURS ? null : baseline.overall()
  const to = consumed.cpu.to
  const recent = to === null ? null : (consumed.cpu.mean(to - HOUR_MS, to)?.value ?? null)
  const hourAt = (share: number): number | null => {
    if (power !== null) return energyUsdPerHour(power, share)
    if (price.usdPerHour === null) return null
    return price.usdPerHour + (burst === null ? 0 : steadySurplusUsdPerHour(burst, share))
  }
  const normalUsd = normal === null ? null : hourAt(normal.value)
  const nowUsd = recent === null ? (price.usdPerHour ?? null) : hourAt(recent)
  const isBilledByLoad = power !== null || burst !== null
  const cores = consumed.cores ?? vcpusOf(price.instanceType)
  return {
    id: asset.id,
    names: [...asset.names],
    instanceType: price.instanceType,
    usdPerHour: power === null ? price.usdPerHour : hourAt(recent ?? 1),
    basis: basisOf(price, power, burst !== null),
    cpu:
      to === null
        ? null
        : cpuEntry(
            consumed,
            to,
            recent ?? 0,
            normal === null ? null : { share: normal.value, spread: normal.spread, hours: baseline.hours },
          ),
    normalUsdPerHour: normalUsd,
    nowUsdPerHour: nowUsd,
    nowUsdPerMonth: nowUsd === null ? null : nowUsd * HOURS_PER_MONTH,
    timesNormal:
      isBilledByLoad && normalUsd !== null && nowUsd !== null && normalUsd > 0 ? nowUsd / normalUsd : null,
    rises: rises.map((rise) => riseEntry(rise, riseUsd(rise, consumed, baseline, power, price))),
    response: slowness(consumed.responses, rises),
    workers: consumed.workers.slice(0, MAX_WORKERS).map((worker) => {
      const busy = worker.measuredHours > 0 ? worker.coreHours / worker.measuredHours : worker.lastCores
      return {
        name: worker.name,
        user: worker.user,
        scope: worker.scope,
        cores: busy,
        coreHours: worker.coreHours,
        usdPerHour: cores === null || nowUsd === null ? null : Math.min(1, busy / cores) * nowUsd,
      }
    }),
    bill: billOf(consumed, price.usdPerHour, burst),
  }
}

function basisOf({ words, isAssumed }: HourPrice, power: Power | null, isBurstable: boolean): string {
  if (power !== null)
    return `own hardware: ${power.idleWatts} W idle, ${power.fullWatts} W at full load, $${power.usdPerKwh} a kWh; energy alone`
  if (isBurstable) return `${words}; surplus CPU credits above the baseline, once a day's credits are spent`
  if (isAssumed) return `${words}; whether its load is billed (burstable types) is not known: name its type`
  return `${words}; a fixed price: load does not move it, the loss is work not done`
}

function cpuEntry(
  { cpu, steal }: Consumed,
  to: number,
  recentShare: number,
  normal: NonNullable<MachineCost['cpu']>['normal'],
): MachineCost['cpu'] {
  const from = cpu.from ?? to
  const stepMs = niceStep(to - from, MAX_POINTS - 1, cpu.stepMs)
  const begin = Math.floor(from / stepMs) * stepMs
  const count = Math.min(MAX_POINTS, Math.max(1, Math.ceil((to - begin) / stepMs)))
  return {
    from: formatTime(begin),
    to: formatTime(begin + count * stepMs),
    stepSeconds: stepMs / 1000,
    values: Array.from(
      { length: count },
      (_, index) => cpu.mean(begin + index * stepMs, begin + (index + 1) * stepMs)?.value ?? null,
    ),
    meanShare: cpu.mean(from, to)?.value ?? 0,
    recentShare,
    normal,
    stealShare: steal.to === null ? null : (steal.mean(from, to)?.value ?? null),
  }
}

/** The machine's price for what was taken of it, and what the load brought with it. */
function riseUsd(
  rise: Rise,
  consumed: Consumed,
  baseline: Baseline,
  power: Power | null,
  price: { readonly usdPerHour: number | null; readonly instanceType: string | null },
): number | null {
  const hours = (rise.to - rise.from) / HOUR_MS
  if (power !== null)
    return (energyUsdPerHour(power, rise.busyShare) - energyUsdPerHour(power, rise.normalShare)) * hours
  if (price.usdPerHour === null) return null
  const burst = burstOf(price.instanceType)
  const surplus = burst === null ? null : surplusIn(burst, consumed, baseline, [rise])
  return price.usdPerHour * rise.machineHours + (surplus?.usd ?? 0)
}

function riseEntry(rise: Rise, usd: number | null): RiseEntry {
  return {
    from: formatTime(rise.from),
    to: formatTime(rise.to),
    isOngoing: rise.isOpen,
    shape: rise.isFlat ? 'plateau' : 'uneven',
    isPastShort: rise.isPastShort,
    busyShare: rise.busyShare,
    normalShare: rise.normalShare,
    machineHours: rise.machineHours,
    usd,
  }
}

/** Geometric means of response times: in rises, and before the first of them. */
function slowness(responses: StepSeries | null, rises: readonly Rise[]): MachineCost['response'] {
  const first = rises[0]
  if (responses === null || first === undefined) return null
  const before = responses.mean(-8.64e15, first.from)
  const during = rises.map((rise) => responses.mean(rise.from, rise.to)).filter((mean) => mean !== null)
  if (before === null || during.length === 0) return null
  const weight = during.reduce((sum, { coveredMs }) => sum + coveredMs, 0)
  const risen = Math.exp(during.reduce((sum, { value, coveredMs }) => sum + value * coveredMs, 0) / weight)
  const normalSeconds = Math.exp(before.value)
  return { normalSeconds, risenSeconds: risen, times: risen / normalSeconds }
}

function billOf(
  { bills, cpu }: Consumed,
  usdPerHour: number | null,
  burst: ReturnType<typeof burstOf>,
): MachineCost['bill'] {
  const dollars = bills.filter(({ currency }) => currency === 'USD')
  if (dollars.length === 0) return null
  const byDay = new Map<number, { billed: Decimal; surplus: Decimal; hours: number }>()
  for (const bill of dollars) {
    for (const { day, compute, surplus, hours } of bill.days.values()) {
      const entry = byDay.get(day) ?? { billed: ZERO, surplus: ZERO, hours: 0 }
      byDay.set(day, {
        billed: addDecimals(entry.billed, addDecimals(compute, surplus)),
        surplus: addDecimals(entry.surplus, surplus),
        hours: Math.max(entry.hours, hours),
      })
    }
  }
  const surplus = surplusByDay(cpu, burst)
  let billed = ZERO
  let estimated = 0
  const days = [...byDay]
    .toSorted(([a], [b]) => a - b)
    .slice(-MAX_BILL_DAYS)
    .map(([day, entry]) => {
      const estimate = usdPerHour === null ? null : usdPerHour * entry.hours + (surplus.get(day) ?? 0)
      const amount = decimalNumber(entry.billed)
      billed = addDecimals(billed, entry.billed)
      estimated += estimate ?? 0
      return {
        day: dayText(day),
        billedUsd: decimalText(entry.billed),
        surplusUsd: decimalText(entry.surplus),
        estimatedUsd: estimate,
        error: estimate === null || amount <= 0 ? null : Math.abs(estimate - amount) / amount,
      }
    })
  const total = decimalNumber(billed)
  return {
    days,
    billedUsd: decimalText(billed),
    estimatedUsd: usdPerHour === null ? null : estimated,
    error: usdPerHour === null || total <= 0 ? null : Math.abs(estimated - total) / total,
  }
}

/** Surplus credits that the load of each day would be charged; a machine begins with a day's earnings saved. */
function surplusByDay(cpu: StepSeries, burst: ReturnType<typeof burstOf>): ReadonlyMap<number, number> {
  const byDay = new Map<number, number>()
  if (burst === null) return byDay
  let account = restedCredits(burst)
  for (const step of cpu.steps()) {
    const day = Math.floor(step.from / (DAY_HOURS * HOUR_MS))
    const next = runCredits(burst, [{ from: step.from, to: step.to, busyShare: step.value }], account)
    byDay.set(day, (byDay.get(day) ?? 0) + creditsUsd(burst, next.charged - account.charged))
    account = next
  }
  return byDay
}

function billEntries(bills: BillBook): CostDocument['bills'] {
  const totals = [...bills.totals]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, categories]) => ({
      currency,
      total: decimalText([...categories.values()].reduce(addDecimals, ZERO)),
      categories: Object.fromEntries(
        [...categories].map(([category, amount]) => [category, decimalText(amount)]),
      ),
    }))
  const days = [...bills.days]
    .flatMap(([currency, perDay]) => [...perDay].map(([day, amount]) => ({ day, currency, amount })))
    .toSorted((a, b) => a.day - b.day || (a.currency < b.currency ? -1 : 1))
    .slice(-MAX_BILL_DAYS)
  const resources = [...bills.resources.values()]
    .map(({ id, currency, instanceType, days: perDay }) => ({
      resource: id,
      currency,
      instanceType,
      usage: [...perDay.values()].reduce((sum, { usage }) => addDecimals(sum, usage), ZERO),
    }))
    .toSorted((a, b) => decimalNumber(b.usage) - decimalNumber(a.usage) || (a.resource < b.resource ? -1 : 1))
    .slice(0, MAX_RESOURCES)
  return {
    totals,
    days: days.map(({ day, currency, amount }) => ({
      day: dayText(day),
      currency,
      usage: decimalText(amount),
    })),
    resources: resources.map(({ usage, ...entry }) => ({ ...entry, usage: decimalText(usage) })),
    jumps: jumpsIn(bills),
    firstSpends: bills.firstSpends().map(({ day, amount, ...first }) => ({
      ...first,
      services: [...first.services],
      since: dayText(day),
      amount: decimalText(amount),
    })),
  }
}
