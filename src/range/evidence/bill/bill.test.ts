import { describe, expect, it } from 'vitest'
import { Random } from '../../random.ts'
import { collected, machineFacts, packet } from '../samples/stage.ts'
import type { InstanceHour } from '../witness.ts'
import { tinyUsd, usdText } from './charges.ts'
import { FocusBill } from './focus-bill.ts'
import { BILL } from './index.ts'

const START_MS = Date.UTC(2026, 4, 30)
const HOUR_MS = 3_600_000
const WEB = machineFacts('web-1', 't3.micro')

function hour(number: number, about: Partial<InstanceHour> = {}): InstanceHour {
  const startMs = START_MS + number * HOUR_MS
  return {
    kind: 'instance-hour',
    timeMs: startMs + HOUR_MS,
    account: '111122223333',
    machine: WEB,
    region: 'us-east-1',
    startMs,
    endMs: startMs + HOUR_MS,
    usdPerHour: 0.0104,
    burstUsd: 0,
    egressBytes: 0,
    ...about,
  }
}

/** RFC 4180, as far as this bill needs it: quotes, doubled quotes, no line breaks within. */
function rowsOf(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text.trimEnd().split('\n')
  const names = header.split(',')
  return lines.map((line) => {
    const fields = [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/gu)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
    )
    expect(fields).toHaveLength(names.length)
    return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? '']))
  })
}

function billOf(
  hours: readonly InstanceHour[],
  settings: Partial<ConstructorParameters<typeof FocusBill>[1]> = {},
): { rows: Record<string, string>[]; paths: string[]; total: bigint } {
  const { open, paths, textOf } = collected()
  const bill = new FocusBill(open, {
    granularity: 'hourly',
    folder: '',
    taxRate: 0,
    creditShare: 0,
    ...settings,
  })
  for (const one of hours) bill.used(one)
  bill.end()
  return { rows: paths().flatMap((path) => rowsOf(textOf(path))), paths: paths(), total: bill.total }
}

function sumOf(rows: readonly Record<string, string>[]): bigint {
  return rows.reduce((sum, row) => sum + BigInt((row['BilledCost'] ?? '').replace('.', '')), 0n)
}

describe('a FOCUS 1.0 bill', () => {
  it('has AWS’s columns in AWS’s order', () => {
    const [row = {}] = billOf([hour(0)]).rows
    const names = Object.keys(row)
    expect(names).toHaveLength(48)
    expect(names.slice(0, 43)).toEqual(names.slice(0, 43).toSorted())
    expect(names.slice(43)).toEqual([
      'x_CostCategories',
      'x_Discounts',
      'x_Operation',
      'x_ServiceCode',
      'x_UsageType',
    ])
  })

  it('charges an hour of a machine and of its disk', () => {
    const { rows } = billOf([hour(0)])
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      BilledCost: '0.0104000000',
      BillingCurrency: 'USD',
      BillingPeriodStart: '2026-05-01T00:00:00.000Z',
      BillingPeriodEnd: '2026-06-01T00:00:00.000Z',
      ChargeCategory: 'Usage',
      ChargePeriodStart: '2026-05-30T00:00:00.000Z',
      ChargePeriodEnd: '2026-05-30T01:00:00.000Z',
      ConsumedQuantity: '1',
      ConsumedUnit: 'Hours',
      InvoiceIssuerName: 'Amazon Web Services, Inc.',
      ListUnitPrice: '0.0104',
      ResourceId: WEB.instanceId,
      Tags: '{"Name":"web-1"}',
      x_UsageType: 'BoxUsage:t3.micro',
    })
    expect(rows[1]).toMatchObject({ x_UsageType: 'EBS:VolumeUsage.gp3', ResourceType: 'Volume' })
  })

  it('names the region where it is not us-east-1', () => {
    const [row] = billOf([hour(0, { region: 'eu-central-1' })]).rows
    expect(row).toMatchObject({
      x_UsageType: 'EUC1-BoxUsage:t3.micro',
      RegionId: 'eu-central-1',
      RegionName: 'EU (Frankfurt)',
    })
  })

  it.each(['hourly', 'daily'] as const)('sums exactly to what was used, %s', (granularity) => {
    const hours = Array.from({ length: 70 }, (_, i) =>
      hour(i, { burstUsd: 0.09, egressBytes: 3e9, endMs: START_MS + i * HOUR_MS + 1_234_567 }),
    )
    const { rows, total } = billOf(hours, { granularity, taxRate: 0.19, creditShare: 0.25 })
    expect(sumOf(rows)).toBe(total)
    const boxes = rows.filter((row) => row['x_UsageType'] === 'BoxUsage:t3.micro')
    const expected = hours.reduce(
      (sum, one) => sum + tinyUsd((one.usdPerHour * (one.endMs - one.startMs)) / HOUR_MS),
      0n,
    )
    expect(sumOf(boxes)).toBe(expected)
    expect(boxes).toHaveLength(granularity === 'hourly' ? 70 : 3)
    const credits = rows.filter((row) => row['x_UsageType'] === 'CPUCredits:t3')
    expect(sumOf(credits)).toBe(tinyUsd(0.09) * 70n)
    expect(credits[0]?.['ConsumedUnit']).toBe('vCPU-Hours')
  })

  it('takes a month for itself, with its tax and its credit', () => {
    const { rows, paths } = billOf([hour(46), hour(47), hour(48)], { taxRate: 0.07, creditShare: 0.1 })
    expect(paths).toEqual([
      'costs/data/BILLING_PERIOD=2026-05/costs-00001.csv.gz',
      'costs/data/BILLING_PERIOD=2026-06/costs-00001.csv.gz',
    ])
    const tax = rows.filter((row) => row['ChargeCategory'] === 'Tax')
    const credit = rows.filter((row) => row['ChargeCategory'] === 'Credit')
    expect(tax).toHaveLength(2)
    expect(tax.every((row) => row['ResourceId'] === '' && row['ConsumedQuantity'] === '')).toBe(true)
    expect(credit.every((row) => row['BilledCost']?.startsWith('-0.') === true)).toBe(true)
    expect(tax[0]?.['ChargePeriodStart']).toBe('2026-05-01T00:00:00.000Z')
  })

  it('sends out a hundred gigabytes for nothing', () => {
    const hours = [hour(0, { egressBytes: 100 * 1024 ** 3 }), hour(1, { egressBytes: 1024 ** 3 })]
    const out = billOf(hours).rows.filter((row) => row['x_UsageType'] === 'DataTransfer-Out-Bytes')
    expect(out.map((row) => row['BilledCost'])).toEqual(['0.0000000000', '0.0900000000'])
  })
})

it('meters the credits and the traffic of its machines itself', () => {
  const { open, paths, textOf } = collected()
  const place = { open, random: new Random('bill'), startMs: START_MS, endMs: START_MS + 80 * HOUR_MS }
  const witness = BILL.start({ ...place, account: '111122223333', region: 'us-east-1', machines: [WEB] })
  for (let i = 0; i < 80; i++) {
    const timeMs = START_MS + i * HOUR_MS
    const sample = {
      kind: 'cpu-sampled',
      timeMs,
      periodMs: HOUR_MS,
      cores: 2,
      busy: 1,
      processes: [],
    } as const
    witness.observe({ kind: 'on-machine', machine: WEB, seen: sample })
    const sent = packet(WEB, timeMs, {
      direction: 'out',
      far: '198.51.100.4',
      farPort: 443,
      port: 40_000,
      bytes: 1500,
      tcpFlags: 0x18,
    })
    witness.observe({ kind: 'on-machine', machine: WEB, seen: sent })
    witness.observe(hour(i))
  }
  witness.end()
  const rows = paths().flatMap((path) => rowsOf(textOf(path)))
  const credits = rows.filter((row) => row['x_UsageType'] === 'CPUCredits:t3')
  // 1.8 vCPU-hours an hour beyond the baseline, less a day's saved and a day's overdrawn credits.
  expect(Number(sumOf(credits)) / 1e10).toBeCloseTo((80 * 1.8 - 2 * 4.8) * 0.05, 6)
  expect(rows.some((row) => row['x_UsageType'] === 'DataTransfer-Out-Bytes')).toBe(true)
})

it.each([
  [12n, '0.0000000012'],
  [-12n, '-0.0000000012'],
  [104_000_000n, '0.0104000000'],
  [1_234_567_890_123n, '123.4567890123'],
])('writes %d as %s', (cost, text) => {
  expect(usdText(cost)).toBe(text)
})
