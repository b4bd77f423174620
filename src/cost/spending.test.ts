import { describe, expect, it } from 'vitest'
import type { CostEvent } from '../event/cost.ts'
import { BillBook } from './bill-book.ts'
import { charge } from './samples/events.ts'
import { type SpendSign, spendSigns } from './spending.ts'

const DAYS = 30

/** A bill of thirty days: each part is charged on the days that it says. */
function signs(
  ...parts: { from?: number; to?: number; usd: (day: number) => string; of?: Partial<CostEvent> }[]
): SpendSign[] {
  const bills = new BillBook()
  for (let day = 0; day < DAYS; day++)
    for (const { from = 0, to = DAYS, usd, of = {} } of parts)
      if (day >= from && day < to) bills.observe(charge(day, usd(day), of))
  return spendSigns(bills)
}

const always = (usd: string) => (): string => usd
const web = { resource: 'i-0a1b2c3d4e5f60718', meter: 'BoxUsage:t3.small', instanceType: 't3.small' }
const credits = { resource: 'i-0a1b2c3d4e5f60718', meter: 'CPUCredits:t3' }
const gpu = {
  resource: 'i-0fffffffffffffff1',
  region: 'ap-south-1',
  meter: 'APS3-BoxUsage:g5.12xlarge',
  instanceType: 'g5.12xlarge',
}

describe('what has risen in a bill', () => {
  it('a calm bill shows nothing', () => {
    expect(signs({ usd: (day) => (10 + (day % 7)).toString(), of: web })).toEqual([])
  })

  it('the machine, with all that it costs, what is charged, and since when', () => {
    const [sign, ...more] = signs(
      { usd: always('0.4992'), of: web },
      { from: 22, usd: always('1.92'), of: credits },
    )
    expect(more).toEqual([])
    expect(sign).toMatchObject({
      kind: 'jump',
      resources: [credits.resource],
      parts: [{ meter: 'CPUCredits:t3', amountPerDay: 1.92, normalPerDay: 0 }],
      isOpen: true,
      judgement: { likeness: 'strong' },
    })
    expect(sign?.amountPerDay).toBeCloseTo(2.4192, 6)
    expect(sign?.normalPerDay).toBeCloseTo(0.4992, 6)
    expect(sign?.beyond).toBeCloseTo(1.92 * 7, 6)
    expect(sign?.proofs.length).toBeGreaterThan(0)
  })

  it('accelerators where nothing ever ran are one sign, with what came along', () => {
    const found = signs(
      { usd: always('5'), of: web },
      { from: 24, usd: always('68'), of: gpu },
      { from: 24, usd: always('0.9'), of: { ...gpu, meter: 'APS3-EBS:VolumeUsage.gp3', instanceType: null } },
    )
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      kind: 'first-spend',
      region: 'ap-south-1',
      resources: [gpu.resource],
      judgement: { likeness: 'strong' },
    })
    expect(found[0]?.parts.map(({ meter }) => meter)).toEqual([gpu.meter, 'APS3-EBS:VolumeUsage.gp3'])
  })

  it.each<[string, Partial<CostEvent>, string]>([
    ['storage', { meter: 'TimedStorage-ByteHrs', service: 'AmazonS3' }, 'little'],
    ['traffic', { meter: 'DataTransfer-Out-Bytes', service: 'AmazonEC2' }, 'little'],
    ['more machines of a kind', { meter: 'BoxUsage:c6i.4xlarge', instanceType: 'c6i.4xlarge' }, 'some'],
    ['containers without machines', { meter: 'Fargate-vCPU-Hours:perCPU', service: 'AmazonECS' }, 'some'],
    ['credits of a type nobody names', { meter: 'CPUCredits:t3' }, 'some'],
    ['a bill that says nothing', { meter: null, service: null }, 'unknown'],
  ])('%s: %#', (_, of, likeness) => {
    const [sign] = signs(
      { usd: always('3'), of: { meter: 'x', service: 'y' } },
      { usd: always('2'), of },
      { from: 20, usd: always('20'), of },
    )
    expect(sign?.judgement.likeness).toBe(likeness)
    expect(sign?.judgement.confidence).toBeLessThan(0.5)
  })

  it('a rise that ended is told with its end; another currency is another bill', () => {
    const found = signs(
      { usd: always('5'), of: web },
      { from: 15, to: 18, usd: always('9'), of: { ...web, meter: 'BoxUsage:m5.large' } },
      { usd: always('4'), of: { currency: 'EUR', meter: 'a' } },
    )
    expect(found.map(({ from, to, isOpen, currency }) => [to - from + 1, isOpen, currency])).toEqual([
      [3, false, 'USD'],
    ])
  })

  it('a bill by the month is no rise on the first of each', () => {
    const first = charge(0, '1').time
    const firsts = Array.from({ length: 120 }, (_, day) => day).filter(
      (day) => new Date(first + day * 86_400_000).getUTCDate() === 1,
    )
    const bills = new BillBook()
    for (let day = 0; day < 120; day++) bills.observe(charge(day, '2', { meter: 'a' }))
    for (const day of firsts) bills.observe(charge(day, '300', { meter: 'Support' }))
    expect(spendSigns(bills).filter(({ parts }) => parts.some(({ meter }) => meter === 'Support'))).toEqual(
      [],
    )
  })
})
