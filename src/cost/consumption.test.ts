import { describe, expect, it } from 'vitest'
import { assess } from './assess.ts'
import { Consumption } from './consumption.ts'
import { CostDocument } from './document.ts'
import { charge, cpuAt, HOUR_MS, load, metricAt, requestAt, START } from './samples/events.ts'

const PRICES: Readonly<Record<string, number>> = {
  't3.medium': 0.0416,
  't3.large': 0.0832,
  'm5.large': 0.096,
}
const options = {
  givenType: 't3.large',
  assumedType: 't3.medium',
  power: null,
  priceOf(type: string) {
    const usdPerHour = PRICES[type]
    return usdPerHour === undefined ? null : { usdPerHour, region: 'us-east-1', date: '2026-07-20' }
  },
}

function watched(...events: readonly Parameters<Consumption['observe']>[0][]): Consumption {
  const consumption = new Consumption()
  for (const event of events) consumption.observe(event)
  return consumption
}

function assessed(consumption: Consumption, more: Partial<Parameters<typeof assess>[2]> = {}) {
  const found = assess(
    consumption,
    (id) => ({
      id: id.replace(/^\w+:/u, ''),
      names: [],
      identifiers: [id, 'instance:i-0aaaaaaaaaaaaaaaa'],
      joins: [],
      machine: null,
    }),
    { ...options, ...more },
  )
  return CostDocument.pick({ machines: true, bills: true, notes: true }).parse(found)
}

const taken = load(60, (hour) => (hour >= 48 ? 1 : 0.13))

const worker = (name: string, busyCores: number, isLifetime: boolean) =>
  cpuAt(START, 0, {
    scope: 'process',
    busyShare: null,
    busyCores,
    name,
    pid: 1,
    user: 'root',
    isLifetime,
  })

describe('assess', () => {
  it('tells what is normal, what is taken, and what an hour costs now', () => {
    const [machine] = assessed(watched(...taken)).machines
    expect(machine).toMatchObject({
      id: 'web-1',
      instanceType: 't3.large',
      normalUsdPerHour: 0.0832,
      nowUsdPerHour: expect.closeTo(0.1532),
      timesNormal: expect.closeTo(1.84, 1),
      rises: [{ shape: 'plateau', isOngoing: true, machineHours: expect.closeTo(12 * 0.87) }],
    })
    expect(machine?.cpu?.normal?.share).toBeCloseTo(0.13)
    expect(machine?.cpu?.values.length).toBeLessThanOrEqual(240)
  })

  it('invents no bill at a fixed price', () => {
    const [machine] = assessed(watched(...taken), { givenType: 'm5.large' }).machines
    expect(machine).toMatchObject({ nowUsdPerHour: 0.096, timesNormal: null })
    expect(machine?.basis).toContain('the loss is work not done')
  })

  it('does not say of a machine nobody knows what its load costs', () => {
    const [machine] = assessed(watched(...taken), { givenType: null }).machines
    expect(machine?.instanceType).toBeNull()
    expect(machine?.basis).toContain('name its type')
  })

  it("prices the owner's own hardware by what it draws", () => {
    const power = { fullWatts: 300, idleWatts: 100, usdPerKwh: 0.3 }
    const [machine] = assessed(watched(...taken), { power, givenType: null }).machines
    expect(machine?.normalUsdPerHour).toBeCloseTo((0.126 * 0.3 * 1000) / 1000, 3)
    expect(machine?.nowUsdPerHour).toBeCloseTo(0.09)
    expect(machine?.rises[0]?.usd).toBeCloseTo(12 * 0.2 * 0.87 * 0.3)
  })

  it('tells who worked, measured before guessed', () => {
    const [machine] = assessed(watched(...taken, worker('x', 2, false), worker('y', 0.5, true))).machines
    expect(machine?.workers.map(({ name, cores }) => [name, cores])).toEqual([
      ['x', 2],
      ['y', 0.5],
    ])
    expect(machine?.workers[0]?.usdPerHour).toBeCloseTo(0.1532)
  })

  it('tells how much slower requests became', () => {
    const requests = Array.from({ length: 600 }, (_, index) =>
      requestAt(START + index * (HOUR_MS / 10), index >= 480 ? 0.9 : 0.3),
    )
    const [machine] = assessed(watched(...taken, ...requests)).machines
    expect(machine?.response).toMatchObject({ normalSeconds: expect.closeTo(0.3), times: expect.closeTo(3) })
  })

  it('sets bill and estimate side by side, day by day', () => {
    const one = {
      subjects: ['instance:i-0aaaaaaaaaaaaaaaa', 'account:111122223333'],
      resource: 'i-0aaaaaaaaaaaaaaaa',
    }
    const consumption = watched(
      ...load(72, (hour) => (hour >= 48 ? 1 : 0.13)),
      ...[0, 1, 2].map((day) =>
        charge(day, '1.9968', { ...one, meter: 'BoxUsage:t3.large', instanceType: 't3.large' }),
      ),
      charge(2, '1.2', { ...one, meter: 'CPUCredits:t3' }),
    )
    const { bill } = assessed(consumption).machines[0] ?? {}
    expect(bill?.days.map(({ billedUsd, error }) => [billedUsd, Number(error?.toFixed(2))])).toEqual([
      ['1.9968', 0],
      ['1.9968', 0],
      // 84 credits an hour beyond the baseline: 864 were saved, 864 more are owed, 288 are charged ($0.24).
      ['3.1968', 0.3],
    ])
    expect(bill?.billedUsd).toBe('7.1904')
  })

  it('holds no more series than it may, and says so', () => {
    const events = Array.from({ length: 4500 }, (_, index) =>
      metricAt(START, 'load-1', 1, { subjects: [`host:web-${index}`] }),
    )
    const { machines, notes } = assessed(watched(...events))
    expect(machines).toHaveLength(1000)
    expect(notes).toEqual(['500 measurements and charges found no room'])
  })
})

const spent = (amounts: readonly number[]) =>
  assessed(
    watched(...amounts.map((amount, day) => charge(day, String(amount), { resource: 'db-1' }))),
  ).bills.jumps.map(({ resource, day, normal }) => [resource, day, normal])

describe('bills', () => {
  const month = Array.from({ length: 20 }, (_, day) => charge(day, '2'))

  it('keeps totals of all categories, exact', () => {
    const { bills } = assessed(
      watched(
        charge(0, '0.1'),
        charge(0, '0.2'),
        charge(0, '0.3', { category: 'tax' }),
        charge(1, '-1', { category: 'credit' }),
      ),
    )
    expect(bills.totals).toEqual([
      { currency: 'USD', total: '-0.4', categories: { usage: '0.3', tax: '0.3', credit: '-1' } },
    ])
  })

  it.each([
    ['a region', { region: 'ap-south-1' }, { kind: 'region', name: 'ap-south-1' }],
    ['accelerators', { instanceType: 'p4d.24xlarge' }, { kind: 'gpu-family', name: 'p4d' }],
    ['accelerators of Azure', { instanceType: 'Standard_NC6s_v3' }, { kind: 'gpu-family', name: 'NC' }],
  ])('tells of the first money in %s', (_what, more, expected) => {
    const { bills } = assessed(watched(...month, charge(15, '30', more), charge(16, '40', more)))
    expect(bills.firstSpends).toMatchObject([
      { ...expected, amount: '70', since: '2026-05-19', historyDays: 15 },
    ])
  })

  it.each([
    ['there from the start', charge(0, '30', { region: 'eu-west-1' })],
    ['nothing but tax', charge(15, '30', { region: 'eu-west-1', category: 'tax' })],
    ['of no place', charge(15, '30', { region: 'global' })],
    ['free', charge(15, '0', { region: 'eu-west-1' })],
  ])('leaves out what is %s', (_what, event) => {
    expect(assessed(watched(...month, event)).bills.firstSpends).toEqual([])
  })

  it('tells of a jump once, never of the last day or of cents', () => {
    const twoWeeks = Array.from({ length: 14 }, () => 2)
    expect(spent([...twoWeeks, 12, 12, 12])).toEqual([
      [null, '2026-05-18', 2],
      ['db-1', '2026-05-18', 2],
    ])
    expect(spent([...twoWeeks, 12])).toEqual([])
    expect(spent([...twoWeeks.map((amount) => amount / 100), 0.1, 0.1])).toEqual([])
    expect(spent([2, 2, 12, 12])).toEqual([])
  })
})
