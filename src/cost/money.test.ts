import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Consumption } from './consumption.ts'
import { HOURS_PER_MONTH, type MoneyQuestion, reckon } from './money.ts'

const PRICES: Record<string, number> = { 't3.medium': 0.0416, 't3.micro': 0.0104, 'm5.large': 0.096 }
const HOUR_MS = 3_600_000

const question: MoneyQuestion = {
  instanceType: null,
  assumedType: 't3.medium',
  ownUsdPerHour: null,
  held: [{ from: 0, to: 10 * HOUR_MS }],
  isOngoing: false,
  consumed: null,
  priceOf(type) {
    const usdPerHour = PRICES[type]
    return usdPerHour === undefined ? null : { usdPerHour, region: 'us-east-1', date: '2026-07-20' }
  },
}

describe('reckon', () => {
  it('says what it assumed where the type is not known', () => {
    const { usdPerHour, usdSoFar, usdPerMonth, timesNormal, basis } = reckon(question)
    expect(usdPerHour).toBe(0.0416)
    expect(usdSoFar).toBeCloseTo(0.416)
    expect(usdPerMonth).toBeCloseTo(30.368)
    expect(timesNormal).toBeNull()
    expect(basis).toContain(
      'unknown instance type, assumed t3.medium at $0.0416 an hour (us-east-1, on demand, 2026-07-20)',
    )
  })

  it.each([
    ['a type with a price', { instanceType: 'm5.large' }, 0.096, 'm5.large at $0.096 an hour'],
    [
      'a type without one',
      { instanceType: 'z9.odd' },
      0.0416,
      'no price known for z9.odd, assumed t3.medium',
    ],
    [
      'a price of the owner',
      { instanceType: 'm5.large', ownUsdPerHour: 0.5 },
      0.5,
      '$0.50 an hour (inventory)',
    ],
    ['a machine at a fixed price', { instanceType: 'm5.large' }, 0.096, 'mining does not raise the bill'],
    ['a burstable machine', { instanceType: 't3.micro' }, 0.0104, 'can add up to $0.09 an hour'],
    ['a tenure that goes on', { isOngoing: true }, 0.0416, '10 h up to the end of the evidence'],
    ['minutes', { held: [{ from: 0, to: HOUR_MS / 4 }] }, 0.0416, '15 min'],
    [
      'a name every object has',
      { instanceType: 't3.constructor' },
      0.0416,
      'no price known for t3.constructor',
    ],
  ] satisfies [string, Partial<MoneyQuestion>, number, string][])(
    '%s',
    (_case, change, usdPerHour, words) => {
      const reckoning = reckon({ ...question, ...change })
      expect(reckoning.usdPerHour).toBe(usdPerHour)
      expect(reckoning.basis).toContain(words)
    },
  )

  it('has no figure where no price is known at all', () => {
    const reckoning = reckon({ ...question, assumedType: 'z9.odd' })
    expect(reckoning).toMatchObject({ usdPerHour: null, usdSoFar: null, usdPerMonth: null })
    expect(reckoning.basis).toBe('unknown instance type, and no price known for z9.odd')
  })

  it('never counts hours backwards', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (from, to) => {
        const { usdSoFar, usdPerMonth } = reckon({ ...question, held: [{ from, to }] })
        expect(usdSoFar === null || usdSoFar >= 0).toBe(true)
        expect(usdPerMonth === null || Math.abs(usdPerMonth - 0.0416 * HOURS_PER_MONTH) < 1e-9).toBe(true)
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  it('has one price for two stretches apart', () => {
    const held = [
      { from: 0, to: 2 * HOUR_MS },
      { from: 10 * HOUR_MS, to: 13 * HOUR_MS },
    ]
    expect(reckon({ ...question, instanceType: 'm5.large', held }).usdSoFar).toBeCloseTo(5 * 0.096)
  })
})

/** Two days at 13 %, then full load for ten hours. */
const NORMAL = 0.13
const TAKEN_AT = 48 * HOUR_MS
const TAKEN = [{ from: TAKEN_AT, to: TAKEN_AT + 10 * HOUR_MS }]
const base = {
  timeQuality: 'exact',
  observer: 'host:web-1',
  subjects: ['host:web-1'],
  origin: { source: 'sysstat', file: 'sa', offset: 0, raw: '' },
} as const

function measured(hours = 58): Consumption {
  const consumption = new Consumption()
  for (let at = 0; at < hours * HOUR_MS; at += HOUR_MS / 6) {
    consumption.observe({
      ...base,
      subjects: [...base.subjects],
      kind: 'cpu',
      time: at + HOUR_MS / 6,
      start: at,
      scope: 'machine',
      busyShare: at < TAKEN_AT ? NORMAL : 1,
      userShare: null,
      systemShare: null,
      ioWaitShare: null,
      stealShare: null,
      busyCores: null,
      cores: null,
      pid: null,
      user: null,
      name: null,
      isLifetime: false,
    })
  }
  return consumption
}

describe('reckon with measurements', () => {
  const consumed = measured().of(['host:web-1'])

  it('counts surplus once the saved credits are spent, on a burstable machine', () => {
    // t3.micro earns 12 credits an hour, has 288 saved, and spends 120 an hour: 2.67 h for nothing, the rest is surplus.
    const reckoning = reckon({
      ...question,
      instanceType: 't3.micro',
      held: TAKEN,
      isOngoing: true,
      consumed,
    })
    // At 13 % it had spent 3.6 an hour beyond its 12: what was saved at the start (288) had shrunk by 24 h × 3.6.
    const saved = 288 - 24 * 3.6
    const surplus = 10 * 108 - saved
    const usual = 0
    expect(reckoning.usdSoFar).toBeCloseTo(10 * 0.0104 + ((surplus - usual) / 60) * 0.05, 3)
    expect(reckoning.usdPerHour).toBeCloseTo(0.0104 + 0.09 - 0.03 * 2 * 0.05)
    expect(reckoning.basis).toContain('reckoned from its CPU load')
    expect(reckoning.timesNormal).toBeGreaterThan(7)
  })

  it('raises no bill at a fixed price, and tells what was taken', () => {
    const reckoning = reckon({ ...question, instanceType: 'm5.large', held: TAKEN, consumed })
    expect(reckoning.usdSoFar).toBeCloseTo(0.96)
    expect(reckoning.timesNormal).toBeNull()
    expect(reckoning.stolenShare).toBeCloseTo(0.87)
    expect(reckoning.basis).toContain('CPU 13 % → 100 %: 87 % of the machine was taken, 8.7 h of its work.')
    expect(reckoning.basis).toContain('mining does not raise the bill')
  })

  it('says nothing of what is normal without a past, and how little it knows with a short one', () => {
    const early = measured(52).of(['host:web-1'])
    const all = [{ from: 0, to: 52 * HOUR_MS }]
    expect(
      reckon({ ...question, instanceType: 'm5.large', held: all, consumed: early }).stolenShare,
    ).toBeNull()
    const held = [{ from: 4 * HOUR_MS, to: 52 * HOUR_MS }]
    const { basis, stolenShare } = reckon({ ...question, instanceType: 'm5.large', held, consumed: early })
    expect(stolenShare).toBeCloseTo((4 * 0.87) / 48)
    expect(basis).toContain('What is normal: by the 4 h before.')
  })
})

function billed(meter: string, day: number, billedUsd: string): Parameters<Consumption['observe']>[0] {
  return {
    ...base,
    observer: 'account:111122223333',
    subjects: ['instance:i-0aaaaaaaaaaaaaaaa', 'account:111122223333'],
    kind: 'cost',
    time: day * 24 * HOUR_MS,
    end: (day + 1) * 24 * HOUR_MS,
    provider: 'AWS',
    account: '111122223333',
    region: 'us-east-1',
    service: 'AmazonEC2',
    resource: 'i-0aaaaaaaaaaaaaaaa',
    meter,
    instanceType: meter.startsWith('BoxUsage') ? 't3.micro' : null,
    category: 'usage',
    currency: 'USD',
    billed: billedUsd,
    effective: billedUsd,
    quantity: null,
    rows: 24,
  }
}

describe('reckon with a bill', () => {
  it('takes surplus from the bill where it has all days, and shows how far off the estimate was', () => {
    const consumption = measured()
    for (let day = 0; day < 4; day++) consumption.observe(billed('BoxUsage:t3.micro', day, '0.2496'))
    consumption.observe(billed('CPUCredits:t3', 2, '0.70'))
    const consumed = consumption.of(['host:web-1', 'instance:i-0aaaaaaaaaaaaaaaa'])
    const reckoning = reckon({ ...question, held: TAKEN, consumed })
    expect(reckoning.usdSoFar).toBeCloseTo(0.104 + 0.7)
    expect(reckoning.isAssumed).toBe(false)
    expect(reckoning.basis).toContain('t3.micro (type by its bill)')
    expect(reckoning.basis).toMatch(/Bill of its day: \$0\.95; estimate for the same: \$0\.98, 3 % off\./u)
  })

  it('waits for a day that is still being billed', () => {
    const consumption = measured()
    for (let day = 0; day < 3; day++) consumption.observe(billed('BoxUsage:t3.micro', day, '0.2496'))
    const consumed = consumption.of(['host:web-1', 'instance:i-0aaaaaaaaaaaaaaaa'])
    expect(reckon({ ...question, held: TAKEN, consumed }).basis).toContain('reckoned from its CPU load')
  })
})
