import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { burstOf, creditsUsd, restedCredits, runCredits, steadySurplusUsdPerHour } from './burst.ts'

const HOUR_MS = 3_600_000
const MONTH_H = 730

/** Type, price of us-east-1 on demand, surplus an hour at full load, total, percent of normal, months without and with. */
const TABLE = [
  ['t3.nano', 0.0052, 0.095, 0.1002, 1927, 3.8, 73],
  ['t3.micro', 0.0104, 0.09, 0.1004, 965, 7.6, 73],
  ['t3.small', 0.0208, 0.08, 0.1008, 485, 15, 74],
  ['t3.medium', 0.0416, 0.08, 0.1216, 292, 30, 89],
  ['t3.large', 0.0832, 0.07, 0.1532, 184, 61, 112],
  ['t3.xlarge', 0.1664, 0.12, 0.2864, 172, 121, 209],
  ['t3.2xlarge', 0.3328, 0.24, 0.5728, 172, 243, 418],
  ['t4g.micro', 0.0084, 0.072, 0.0804, 957, 6, 59],
  ['t4g.small', 0.0168, 0.064, 0.0808, 481, 12, 59],
] as const

describe('burstOf', () => {
  it.each(TABLE)('%s at full load, to the cent', (type, price, surplus, total, percent, before, after) => {
    const burst = burstOf(type)
    if (burst === null) throw new Error('not known')
    const added = steadySurplusUsdPerHour(burst, 1)
    expect(added).toBeCloseTo(surplus, 10)
    expect(price + added).toBeCloseTo(total, 10)
    expect(Math.round(((price + added) / price) * 100)).toBe(percent)
    // Months as the table rounds them: one place below ten dollars.
    const digits = before < 10 && before % 1 !== 0 ? 1 : 0
    expect(Number((price * MONTH_H).toFixed(digits))).toBe(before)
    expect(Math.round((price + added) * MONTH_H)).toBe(after)
  })

  it.each(['m5.large', 'c5.xlarge', 't3.metal', 't3', '', 'x.constructor', 't3.toString', null])(
    'knows that %s is at a fixed price',
    (type) => expect(burstOf(type)).toBeNull(),
  )

  it('charges nothing in standard mode', () => {
    const burst = burstOf('t2.micro')
    expect(burst === null ? null : steadySurplusUsdPerHour(burst, 1)).toBe(0)
  })

  it('charges nothing below the baseline', () => {
    const burst = burstOf('t3.large')
    expect(burst === null ? null : steadySurplusUsdPerHour(burst, 0.3)).toBe(0)
  })
})

const load = (hours: number) => [{ from: 0, to: hours * HOUR_MS, busyShare: 1 }]

describe('runCredits', () => {
  const burst = burstOf('t3.medium')
  if (burst === null) throw new Error('not known')

  it('spends what is saved before it owes, and charges beyond a day', () => {
    // 24 credits an hour earned, 576 saved; 96 an hour spent beyond that.
    expect(runCredits(burst, load(6), restedCredits(burst))).toEqual({ saved: 0, owed: 0, charged: 0 })
    expect(runCredits(burst, load(12), restedCredits(burst))).toEqual({ saved: 0, owed: 576, charged: 0 })
    const day = runCredits(burst, load(24), restedCredits(burst))
    expect(day.charged).toBeCloseTo(24 * 96 - 576 - 576)
    expect(creditsUsd(burst, day.charged + day.owed)).toBeCloseTo(((24 * 96 - 576) / 60) * 0.05)
  })

  it('pays back what it owes while it idles', () => {
    const loads = [
      { from: 0, to: 12 * HOUR_MS, busyShare: 1 },
      { from: 12 * HOUR_MS, to: 60 * HOUR_MS, busyShare: 0 },
    ]
    expect(runCredits(burst, loads, restedCredits(burst))).toEqual({ saved: 576, owed: 0, charged: 0 })
  })

  it('never charges less for more load, nor depends on how time is cut', () => {
    const hours = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 })
    fc.assert(
      fc.property(hours, fc.double({ min: 0, max: 0.5, noNaN: true }), (shares, more) => {
        const loads = (add: number) =>
          shares.map((share, hour) => ({
            from: hour * HOUR_MS,
            to: (hour + 1) * HOUR_MS,
            busyShare: Math.min(1, share + add),
          }))
        const halved = loads(0).flatMap(({ from, to, busyShare }) => [
          { from, to: (from + to) / 2, busyShare },
          { from: (from + to) / 2, to, busyShare },
        ])
        const plain = runCredits(burst, loads(0), restedCredits(burst))
        const busier = runCredits(burst, loads(more), restedCredits(burst))
        const cut = runCredits(burst, halved, restedCredits(burst))
        expect(busier.charged + busier.owed - busier.saved).toBeGreaterThanOrEqual(
          plain.charged + plain.owed - plain.saved - 1e-6,
        )
        expect(cut.charged + cut.owed).toBeCloseTo(plain.charged + plain.owed, 6)
      }),
      { seed: 11, numRuns: 150 },
    )
  })
})
