import { describe, expect, it } from 'vitest'
import { Baseline } from './baseline.ts'
import { risesIn } from './plateau.ts'
import { HOUR_MS, load, START } from './samples/events.ts'
import { StepSeries } from './step-series.ts'

function series(hours: number, shareAt: (hour: number) => number): StepSeries {
  const made = new StepSeries()
  for (const { start, time, busyShare } of load(hours, shareAt)) made.add(start, time, busyShare ?? 0)
  return made
}

const night = (hour: number): number => (hour % 24 < 2 ? 0.9 : 0.1)

describe('Baseline', () => {
  it.each([
    [2, 'all-hours', 0.1],
    [4, 'hour-of-day', 0.9],
    [22, 'hour-of-week', 0.9],
  ])('after %d days: %s', (days, basis, value) => {
    const normal = new Baseline(series(days * 24, night), Infinity).at(START + days * 24 * HOUR_MS)
    expect(normal).toMatchObject({ basis, value: expect.closeTo(value, 6) })
  })

  it('says nothing with less than half a day, and forgets what comes later', () => {
    expect(
      new Baseline(
        series(11, () => 0.1),
        Infinity,
      ).at(START),
    ).toBeNull()
    const grown = new Baseline(
      series(48, (hour) => (hour < 24 ? 0.1 : 1)),
      START + 24 * HOUR_MS,
    )
    expect([grown.hours, grown.overall()?.value]).toEqual([24, expect.closeTo(0.1)])
  })

  it('is not moved by a few odd hours', () => {
    expect(
      new Baseline(
        series(48, (hour) => (hour > 20 && hour < 30 ? 1 : 0.1)),
        Infinity,
      ).overall()?.value,
    ).toBeCloseTo(0.1)
  })
})

describe('risesIn', () => {
  it('finds the hours of somebody else, and what they took', () => {
    const [rise, ...others] = risesIn(series(72, (hour) => (hour >= 30 && hour < 50 ? 1 : 0.13)).steps())
    expect(others).toEqual([])
    expect(rise).toMatchObject({
      from: START + 30 * HOUR_MS,
      to: START + 50 * HOUR_MS,
      isFlat: true,
      isOpen: false,
    })
    expect(rise?.machineHours).toBeCloseTo(20 * 0.87)
    expect(rise?.normalShare).toBeCloseTo(0.13)
  })

  it('never takes what goes on for normal', () => {
    const [rise] = risesIn(series(24 * 60, (hour) => (hour >= 48 ? 0.9 : 0.1)).steps())
    expect(rise).toMatchObject({ from: START + 48 * HOUR_MS, to: START + 24 * 60 * HOUR_MS, isOpen: true })
  })

  it('sees a leap that stays flat in a single day, and says that it knows little of the machine', () => {
    const [rise, ...others] = risesIn(series(12, (hour) => (hour >= 5 ? 0.97 : 0.06)).steps())
    expect(others).toEqual([])
    expect(rise).toMatchObject({ from: START + 5 * HOUR_MS, isPastShort: true, isOpen: true })
    const grown = risesIn(series(72, (hour) => (hour >= 30 ? 1 : 0.13)).steps())
    expect(grown.map(({ isPastShort }) => isPastShort)).toEqual([false])
  })

  it.each<readonly [string, (hour: number) => number]>([
    ['a day that begins', (hour) => (hour < 7 ? 0.05 : 0.35)],
    ['people who come to work', (hour) => (hour < 7 ? 0.05 : 0.4 + 0.5 * ((hour * 7919) % 2))],
    ['two hours', (hour) => (hour >= 5 && hour < 7 ? 0.97 : 0.06)],
    ['a machine that is busy from the start', () => 0.97],
  ])('with a single day leaves out %s', (_what, shareAt) =>
    expect(risesIn(series(12, shareAt).steps())).toEqual([]),
  )

  it('bridges an hour in which hands changed', () => {
    expect(
      risesIn(series(60, (hour) => (hour >= 30 && Math.floor(hour) !== 40 ? 1 : 0.13)).steps()),
    ).toHaveLength(1)
  })

  it.each<readonly [string, (hour: number) => number]>([
    ['jobs that come every night', (hour) => (hour % 24 >= 1 && hour % 24 < 4 ? 0.9 : 0.1)],
    ['a rise within what is usual', (hour) => 0.2 + 0.15 * ((hour * 7919) % 2)],
    ['an hour', (hour) => (hour >= 30 && hour < 31 ? 1 : 0.1)],
  ])('leaves out %s', (_what, shareAt) => expect(risesIn(series(24 * 14, shareAt).steps())).toEqual([]))
})
