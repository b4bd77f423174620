import type { InstanceHour } from '../witness.ts'

/** Money in units of 10⁻¹⁰ USD: exact sums of what a bill tells with ten decimals. */
export type TinyUsd = bigint

export const TINY_PER_USD = 10_000_000_000

/** One thing that is charged for, over a part of a billing period. */
export interface Charge {
  readonly account: string
  readonly region: string
  readonly resource: { readonly id: string; readonly name: string; readonly type: string } | null
  readonly category: 'Usage' | 'Tax' | 'Credit'
  readonly description: string
  readonly service: ServiceTerms
  readonly usageType: string
  readonly operation: string
  readonly quantity: number
  readonly unit: string
  readonly usdPerUnit: number
  readonly cost: TinyUsd
}

interface ServiceTerms {
  readonly code: string
  readonly name: string
  readonly category: string
}

export const EC2: ServiceTerms = {
  code: 'AmazonEC2',
  name: 'Amazon Elastic Compute Cloud',
  category: 'Compute',
}

/** EC2 price list, us-east-1. */
const EGRESS_USD_PER_GB = 0.09
const GB_BYTES = 1024 ** 3
const VOLUME_GB = 30
const VOLUME_USD_PER_GB_MONTH = 0.08
const MONTH_HOURS = 730
const SURPLUS_USD = { t4g: 0.04 } as const
const DEFAULT_SURPLUS_USD = 0.05

/** Usage types carry the region's code, but for us-east-1 (CUR data dictionary). */
const REGION_CODES: Readonly<Record<string, string>> = {
  'us-east-1': '',
  'us-east-2': 'USE2-',
  'us-west-1': 'USW1-',
  'us-west-2': 'USW2-',
  'eu-west-1': 'EU-',
  'eu-central-1': 'EUC1-',
  'ap-southeast-1': 'APS1-',
  'ap-northeast-1': 'APN1-',
  'sa-east-1': 'SAE1-',
}

export function tinyUsd(usd: number): TinyUsd {
  return BigInt(Math.round(usd * TINY_PER_USD))
}

/** Ten decimals, as exact as it is kept. */
export function usdText(cost: TinyUsd): string {
  const digits = (cost < 0n ? -cost : cost).toString().padStart(11, '0')
  const text = `${digits.slice(0, -10)}.${digits.slice(-10)}`
  return cost < 0n ? `-${text}` : text
}

/** The machine's hours, the credits it overdrew, what it sent out and its disk. */
export function chargesOf(hour: InstanceHour, egressFree: boolean): Charge[] {
  const { machine, usdPerHour, burstUsd, egressBytes } = hour
  const hours = (hour.endMs - hour.startMs) / 3_600_000
  const charges = [
    onInstance(hour, {
      description: `$${usdPerHour} per On Demand Linux ${machine.instanceType} Instance Hour`,
      usageType: `BoxUsage:${machine.instanceType}`,
      operation: 'RunInstances',
      quantity: hours,
      unit: 'Hours',
      usdPerUnit: usdPerHour,
      cost: tinyUsd(usdPerHour * hours),
    }),
    volumeCharge(hour, hours),
  ]
  if (burstUsd > 0) charges.push(burstCharge(hour))
  if (egressBytes > 0) {
    const usdPerUnit = egressFree ? 0 : EGRESS_USD_PER_GB
    const gigabytes = egressBytes / GB_BYTES
    charges.push(
      onInstance(hour, {
        description: egressFree
          ? '$0.000 per GB - first 100 GB / month data transfer out under the global free tier'
          : '$0.090 per GB - first 10 TB / month data transfer out beyond the global free tier',
        usageType: 'DataTransfer-Out-Bytes',
        operation: 'RunInstances',
        quantity: gigabytes,
        unit: 'GB',
        usdPerUnit,
        cost: tinyUsd(gigabytes * usdPerUnit),
      }),
    )
  }
  return charges
}

type Particulars = Omit<Charge, 'account' | 'region' | 'resource' | 'category' | 'service'>

function onInstance({ account, region, machine }: InstanceHour, particulars: Particulars): Charge {
  const resource = { id: machine.instanceId, name: machine.name, type: 'Instance' }
  const usageType = (REGION_CODES[region] ?? '') + particulars.usageType
  return { account, region, resource, category: 'Usage', service: EC2, ...particulars, usageType }
}

function burstCharge(hour: InstanceHour): Charge {
  const family = hour.machine.instanceType.split('.', 1)[0] ?? 't3'
  const usdPerUnit = family === 't4g' ? SURPLUS_USD.t4g : DEFAULT_SURPLUS_USD
  return onInstance(hour, {
    description: `$${usdPerUnit} per vCPU-Hour of ${family.toUpperCase()} CPU Credits`,
    usageType: `CPUCredits:${family}`,
    operation: `${family.toUpperCase()}CPUCredits`,
    quantity: hour.burstUsd / usdPerUnit,
    unit: 'vCPU-Hours',
    usdPerUnit,
    cost: tinyUsd(hour.burstUsd),
  })
}

function volumeCharge(hour: InstanceHour, hours: number): Charge {
  const quantity = (VOLUME_GB * hours) / MONTH_HOURS
  const charge = onInstance(hour, {
    description: '$0.08 per GB-month of General Purpose (gp3) provisioned storage',
    usageType: 'EBS:VolumeUsage.gp3',
    operation: 'CreateVolume-Gp3',
    quantity,
    unit: 'GB-Mo',
    usdPerUnit: VOLUME_USD_PER_GB_MONTH,
    cost: tinyUsd(quantity * VOLUME_USD_PER_GB_MONTH),
  })
  const id = hour.machine.instanceId.replace(/^i-/u, 'vol-')
  return { ...charge, resource: { id, name: '', type: 'Volume' } }
}
