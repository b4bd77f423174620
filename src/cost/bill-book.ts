import type { ChargeCategory, CostEvent } from '../event/cost.ts'
import { addDecimals, type Decimal, decimalNumber, parseDecimal, ZERO } from '../text/decimal.ts'
import { gpuFamilyOf } from './instance-size.ts'
import { MeterBook } from './meter-book.ts'

const DAY_MS = 86_400_000
const MAX_RESOURCES = 100_000
const MAX_DAYS = 800
const MAX_DAY_CELLS = 1_000_000
const MAX_DIMENSIONS = 10_000
/** A bill must tell of a week before something in it can be new. */
const MIN_HISTORY_DAYS = 7

/** What one resource was charged for on one day, in the currency of the bill. */
export interface BillDay {
  /** Day number: epoch days, UTC. */
  readonly day: number
  /** Usage of all kinds. */
  usage: Decimal
  /** The part of it that is surplus CPU credits. */
  surplus: Decimal
  /** The part of it that is for the machine's own hours. */
  compute: Decimal
  /** Hours of the machine that were billed, as far as rows and periods tell. */
  hours: number
}

export interface BillResource {
  readonly id: string
  currency: string
  instanceType: string | null
  region: string | null
  readonly days: Map<number, BillDay>
}

/** Money spent for the first time ever in a region or for a family of accelerators. */
export interface FirstSpend {
  readonly kind: 'region' | 'gpu-family'
  readonly account: string | null
  readonly name: string
  readonly day: number
  /** From then on, usage alone. */
  readonly amount: Decimal
  readonly currency: string
  /** Days of bill before it. */
  readonly historyDays: number
  readonly services: readonly string[]
}

interface Dimension {
  readonly kind: FirstSpend['kind']
  readonly account: string | null
  readonly name: string
  readonly currency: string
  firstDay: number
  amount: Decimal
  readonly services: Set<string>
}

/** What bills say, kept per machine and day and per region; bounded, whatever the bill. */
export class BillBook {
  /** Totals by currency and category: those of the bill, to the last place. */
  readonly totals = new Map<string, Map<ChargeCategory, Decimal>>()
  readonly days = new Map<string, Map<number, Decimal>>()
  readonly resources = new Map<string, BillResource>()
  readonly meters = new MeterBook()
  /** Charges of resources that there was no room for; they are in the totals. */
  leftOut = 0
  readonly #dimensions = new Map<string, Dimension>()
  readonly #firstDays = new Map<string, number>()
  #cells = 0

  get isEmpty(): boolean {
    return this.totals.size === 0
  }

  observe(event: CostEvent): void {
    const billed = parseDecimal(event.billed)
    if (billed === null) return
    const day = Math.floor(event.time / DAY_MS)
    this.#total(event, billed)
    if (event.category !== 'usage') return
    const account = event.account ?? ''
    const first = this.#firstDays.get(account)
    if (first === undefined ? this.#firstDays.size < MAX_DIMENSIONS : day < first)
      this.#firstDays.set(account, day)
    const perDay = this.days.get(event.currency) ?? new Map<number, Decimal>()
    if (perDay.size < MAX_DAYS * 4 || perDay.has(day))
      perDay.set(day, addDecimals(perDay.get(day) ?? ZERO, billed))
    if (this.days.size < 64) this.days.set(event.currency, perDay)
    if (billed.units > 0n) {
      this.#dimensionsOf(event, day, billed)
      this.meters.observe(event, day, billed)
    }
    if (event.resource !== null) this.#resource(event, event.resource, day, billed)
  }

  /** By the identifier of a machine (`instance:i-…`): what the bill calls it ends in that id. */
  ofMachine(subject: string): readonly BillResource[] {
    return this.#byMachine.get(subject) ?? []
  }

  /** Newest money first: what was spent for the first time after at least a week without it. */
  firstSpends(): FirstSpend[] {
    const found: FirstSpend[] = []
    for (const { kind, account, name, currency, firstDay, amount, services } of this.#dimensions.values()) {
      const historyDays = firstDay - (this.#firstDays.get(account ?? '') ?? firstDay)
      if (historyDays < MIN_HISTORY_DAYS) continue
      found.push({
        kind,
        account,
        name,
        day: firstDay,
        amount,
        currency,
        historyDays,
        services: [...services].toSorted(),
      })
    }
    return found.toSorted(
      (a, b) => decimalNumber(b.amount) - decimalNumber(a.amount) || (a.name < b.name ? -1 : 1),
    )
  }

  readonly #byMachine = new Map<string, BillResource[]>()

  #total({ currency, category }: CostEvent, billed: Decimal): void {
    let totals = this.totals.get(currency)
    if (totals === undefined) {
      totals = new Map()
      this.totals.set(currency, totals)
    }
    totals.set(category, addDecimals(totals.get(category) ?? ZERO, billed))
  }

  #dimensionsOf(event: CostEvent, day: number, billed: Decimal): void {
    const family = event.instanceType === null ? null : gpuFamilyOf(event.instanceType)
    // Names of regions that are none: charges of no place.
    const region =
      event.region === null || /^(?:global|any|no ?region|)$/iu.test(event.region) ? null : event.region
    for (const [kind, name] of [
      ['region', region],
      ['gpu-family', family],
    ] as const) {
      if (name === null) continue
      const key = `${event.account}\0${kind}\0${name}\0${event.currency}`
      let dimension = this.#dimensions.get(key)
      if (dimension === undefined) {
        if (this.#dimensions.size >= MAX_DIMENSIONS) return
        dimension = {
          kind,
          account: event.account,
          name,
          currency: event.currency,
          firstDay: day,
          amount: ZERO,
          services: new Set(),
        }
        this.#dimensions.set(key, dimension)
      }
      dimension.firstDay = Math.min(dimension.firstDay, day)
      dimension.amount = addDecimals(dimension.amount, billed)
      if (event.service !== null && dimension.services.size < 10) dimension.services.add(event.service)
    }
  }

  #resource(event: CostEvent, id: string, day: number, billed: Decimal): void {
    const key = `${event.currency}\0${id}`
    let resource = this.resources.get(key)
    if (resource === undefined) {
      if (this.resources.size >= MAX_RESOURCES) {
        this.leftOut++
        return
      }
      resource = { id, currency: event.currency, instanceType: null, region: event.region, days: new Map() }
      this.resources.set(key, resource)
      const machine = event.subjects[0]
      if (machine?.startsWith('instance:') === true)
        this.#byMachine.set(machine, [...(this.#byMachine.get(machine) ?? []), resource])
    }
    const isSurplus = /CPUCredits/iu.test(event.meter ?? '')
    if (!isSurplus) resource.instanceType ??= event.instanceType
    let entry = resource.days.get(day)
    if (entry === undefined) {
      if (resource.days.size >= MAX_DAYS || this.#cells >= MAX_DAY_CELLS) {
        this.leftOut++
        return
      }
      this.#cells++
      entry = { day, usage: ZERO, surplus: ZERO, compute: ZERO, hours: 0 }
      resource.days.set(day, entry)
    }
    entry.usage = addDecimals(entry.usage, billed)
    if (isSurplus) entry.surplus = addDecimals(entry.surplus, billed)
    else if (event.instanceType !== null) {
      entry.compute = addDecimals(entry.compute, billed)
      entry.hours = Math.max(entry.hours, hoursOf(event))
    }
  }
}

const DAY_HOURS = 24

/**
 * The quantity of a machine's meter is hours. Where a bill does not tell it: hourly bills have a row for each hour that a
 * machine ran; others one for the day, or for the part of it that is billed yet.
 */
function hoursOf({ rows, time, end, quantity }: CostEvent): number {
  if (quantity !== null && quantity > 0 && quantity <= DAY_HOURS + 1) return Math.min(DAY_HOURS, quantity)
  const hours = rows > 1 ? rows : (end - time) / 3_600_000
  return Math.min(DAY_HOURS, Math.max(1, hours))
}
