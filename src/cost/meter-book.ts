import type { CostEvent } from '../event/cost.ts'
import type { Origin } from '../event/origin.ts'
import { addDecimals, type Decimal, decimalNumber, ZERO } from '../text/decimal.ts'

const DAY_MS = 86_400_000
const MAX_METERS = 20_000
const MAX_CELLS = 400_000
const MAX_RESOURCES_PER_METER = 200
const MAX_RESOURCES = 50_000
/** What costs less on its dearest day is no proof of anything, in the currency of the bill. */
const MIN_PROOF = 0.5

/** Where a charge stands in the bill, and when it was for (epoch ms). */
export interface ChargeProof {
  readonly origin: Origin
  readonly time: number
  readonly amount: number
}

/** What one meter of one service in one region was charged for, by day. */
export interface Meter {
  readonly provider: string | null
  readonly account: string | null
  readonly region: string | null
  readonly service: string | null
  readonly name: string | null
  readonly currency: string
  instanceType: string | null
  /** By day number: epoch days, UTC. */
  readonly days: Map<number, Decimal>
  /** What it was charged for: since when, and how much in all. */
  readonly resources: Map<string, { firstDay: number; amount: number }>
  /** The dearest day of it. */
  proof: ChargeProof | null
}

/** What is metered, whoever it is charged for: bills name a jump by it also where they name no resource. Bounded. */
export class MeterBook {
  readonly #meters = new Map<string, Meter>()
  /** The dearest day of each resource. */
  readonly #proofs = new Map<string, ChargeProof>()
  #cells = 0
  #resources = 0

  get meters(): Iterable<Meter> {
    return this.#meters.values()
  }

  proofOf(currency: string, resource: string): ChargeProof | null {
    return this.#proofs.get(`${currency}\0${resource}`) ?? null
  }

  /** Usage alone. */
  observe(event: CostEvent, day: number, billed: Decimal): void {
    const amount = decimalNumber(billed)
    const meter = this.#meterOf(event)
    if (meter !== null) {
      const before = meter.days.get(day)
      if (before === undefined) this.#cells++
      if (before !== undefined || this.#cells <= MAX_CELLS)
        meter.days.set(day, addDecimals(before ?? ZERO, billed))
      meter.instanceType ??= event.instanceType
      if (amount >= MIN_PROOF && amount > (meter.proof?.amount ?? 0)) meter.proof = proofOf(event, amount)
      if (event.resource !== null) this.#charge(meter, event.resource, day, amount)
    }
    if (event.resource === null || amount < MIN_PROOF) return
    const key = `${event.currency}\0${event.resource}`
    const known = this.#proofs.get(key)
    if (known === undefined ? this.#proofs.size < MAX_RESOURCES : amount > known.amount)
      this.#proofs.set(key, proofOf(event, amount))
  }

  #meterOf({
    currency,
    provider,
    account,
    region,
    service,
    meter: name,
    instanceType,
  }: CostEvent): Meter | null {
    const key = `${currency}\0${account}\0${region}\0${service}\0${name}`
    const known = this.#meters.get(key)
    if (known !== undefined) return known
    if (this.#meters.size >= MAX_METERS) return null
    const place = { provider, account, region, service, name, currency, instanceType }
    const meter: Meter = { ...place, days: new Map(), resources: new Map(), proof: null }
    this.#meters.set(key, meter)
    return meter
  }

  #charge(meter: Meter, resource: string, day: number, amount: number): void {
    const known = meter.resources.get(resource)
    if (known !== undefined) {
      known.firstDay = Math.min(known.firstDay, day)
      known.amount += amount
    } else if (meter.resources.size < MAX_RESOURCES_PER_METER && this.#resources < MAX_RESOURCES) {
      this.#resources++
      meter.resources.set(resource, { firstDay: day, amount })
    }
  }
}

function proofOf({ origin, time }: CostEvent, amount: number): ChargeProof {
  return { origin, time: Math.floor(time / DAY_MS) * DAY_MS, amount }
}
