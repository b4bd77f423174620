import { EvidenceFile } from '../evidence-file.ts'
import type { InstanceHour, OpenEvidence, WitnessedFile } from '../witness.ts'
import { type Charge, chargesOf, EC2, type TinyUsd } from './charges.ts'
import { FOCUS_HEADER, focusLine } from './focus-columns.ts'

const HOUR_MS = 3_600_000
const FREE_EGRESS_BYTES = 100 * 1024 ** 3
const EXPORT_NAME = 'costs'

export interface BillSettings {
  readonly granularity: 'hourly' | 'daily'
  readonly folder: string
  /** Of usage, 0 to 1; 0: no rows. */
  readonly taxRate: number
  /** Share of usage that a promotional credit pays, 0 to 1; 0: no rows. */
  readonly creditShare: number
}

interface Month {
  readonly startMs: number
  readonly endMs: number
  readonly path: string
  readonly file: EvidenceFile
  readonly usage: Map<string, { account: string; cost: TinyUsd }>
  egressBytes: number
}

/** A FOCUS 1.0 bill as AWS Data Exports delivers it: gzipped CSV, one file for each billing period. */
export class FocusBill {
  readonly #open: OpenEvidence
  readonly #settings: BillSettings
  readonly #files: WitnessedFile[] = []
  readonly #running = new Map<string, Charge>()
  #period = -1
  #month: Month | null = null
  #total: TinyUsd = 0n

  constructor(open: OpenEvidence, settings: BillSettings) {
    this.#open = open
    this.#settings = settings
  }

  /** Sum of BilledCost over all rows written. */
  get total(): TinyUsd {
    return this.#total
  }

  /** Hours come in the order of their start, give or take the period they are in. */
  used(hour: InstanceHour): void {
    const period = Math.floor(hour.startMs / this.#periodMs)
    if (period > this.#period) this.#closePeriod()
    this.#period = Math.max(period, this.#period)
    const month = this.#monthOf(this.#period * this.#periodMs)
    const isFree = month.egressBytes < FREE_EGRESS_BYTES
    month.egressBytes += hour.egressBytes
    for (const charge of chargesOf(hour, isFree)) this.#add(charge)
  }

  end(): void {
    this.#closePeriod()
    this.#closeMonth()
  }

  files(): readonly WitnessedFile[] {
    return this.#files
  }

  get #periodMs(): number {
    return this.#settings.granularity === 'hourly' ? HOUR_MS : 24 * HOUR_MS
  }

  #add(charge: Charge): void {
    const key = `${charge.resource?.id} ${charge.usageType} ${charge.usdPerUnit}`
    const known = this.#running.get(key)
    this.#running.set(
      key,
      known === undefined
        ? charge
        : { ...known, quantity: known.quantity + charge.quantity, cost: known.cost + charge.cost },
    )
  }

  #closePeriod(): void {
    const startMs = this.#period * this.#periodMs
    for (const charge of this.#running.values()) {
      const month = this.#monthOf(startMs)
      this.#write(month, charge, startMs, startMs + this.#periodMs)
      const usage = month.usage.get(charge.account) ?? { account: charge.account, cost: 0n }
      usage.cost += charge.cost
      month.usage.set(charge.account, usage)
    }
    this.#running.clear()
  }

  #monthOf(timeMs: number): Month {
    if (this.#month !== null && timeMs < this.#month.endMs) return this.#month
    this.#closeMonth()
    const date = new Date(timeMs)
    const startMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
    const endMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
    const label = date.toISOString().slice(0, 7)
    const path = `${this.#settings.folder}${EXPORT_NAME}/data/BILLING_PERIOD=${label}/${EXPORT_NAME}-00001.csv.gz`
    const file = new EvidenceFile(this.#open(path))
    file.writeText(`${FOCUS_HEADER}\n`)
    this.#month = { startMs, endMs, path, file, usage: new Map(), egressBytes: 0 }
    return this.#month
  }

  #closeMonth(): void {
    if (this.#month === null) return
    const month = this.#month
    const { taxRate, creditShare } = this.#settings
    for (const { account, cost } of month.usage.values()) {
      const credit = -partOf(cost, creditShare)
      const tax = partOf(cost + credit, taxRate)
      if (credit !== 0n) this.#write(month, adjustment(account, 'Credit', credit), month.startMs, month.endMs)
      if (tax !== 0n) this.#write(month, adjustment(account, 'Tax', tax), month.startMs, month.endMs)
    }
    month.file.flush()
    this.#files.push({ path: month.path, period: null })
    this.#month = null
  }

  #write(month: Month, charge: Charge, startMs: number, endMs: number): void {
    this.#total += charge.cost
    const row = { charge, startMs, endMs, billingStartMs: month.startMs, billingEndMs: month.endMs }
    month.file.writeText(`${focusLine(row)}\n`)
  }
}

function adjustment(account: string, category: 'Tax' | 'Credit', cost: TinyUsd): Charge {
  return {
    account,
    region: '',
    resource: null,
    category,
    description: category === 'Tax' ? 'Tax for product code AmazonEC2' : 'AWS Activate promotional credit',
    service: EC2,
    usageType: '',
    operation: '',
    quantity: 0,
    unit: '',
    usdPerUnit: 0,
    cost,
  }
}

function partOf(cost: TinyUsd, share: number): TinyUsd {
  return (cost * BigInt(Math.round(share * 10_000))) / 10_000n
}
