import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { niceStep, StepSeries } from './step-series.ts'

const MINUTE_MS = 60_000

describe('StepSeries', () => {
  it('spreads values over the time they were measured for', () => {
    const series = new StepSeries()
    series.add(0, 10 * MINUTE_MS, 0.2)
    series.add(10 * MINUTE_MS, 20 * MINUTE_MS, 0.4)
    expect(series.mean(0, 20 * MINUTE_MS)?.value).toBeCloseTo(0.3)
    expect(series.mean(5 * MINUTE_MS, 15 * MINUTE_MS)?.value).toBeCloseTo(0.3)
    expect(series.mean(0, 40 * MINUTE_MS)?.coveredMs).toBe(20 * MINUTE_MS)
    expect(series.mean(30 * MINUTE_MS, 40 * MINUTE_MS)).toBeNull()
    expect([series.from, series.to]).toEqual([0, 20 * MINUTE_MS])
  })

  it('weights parts of a step by their time', () => {
    const series = new StepSeries()
    series.add(0, MINUTE_MS / 4, 1)
    series.add(MINUTE_MS / 4, MINUTE_MS, 0)
    expect([...series.steps()]).toEqual([{ from: 0, to: MINUTE_MS, value: 0.25 }])
  })

  it('takes longer steps rather than more of them, and keeps its means', () => {
    const series = new StepSeries(100)
    for (let minute = 0; minute < 1000; minute++)
      series.add(minute * MINUTE_MS, (minute + 1) * MINUTE_MS, minute < 512 ? 0 : 1)
    expect(series.stepMs).toBe(16 * MINUTE_MS)
    expect(series.mean(0, 512 * MINUTE_MS)?.value).toBe(0)
    expect(series.mean(512 * MINUTE_MS, 1000 * MINUTE_MS)?.value).toBe(1)
  })

  it('refuses what lies years apart, and what is no time', () => {
    const series = new StepSeries(1000)
    series.add(0, MINUTE_MS, 1)
    series.add(40 * 365 * 86_400_000, 40 * 365 * 86_400_000 + MINUTE_MS, 1)
    series.add(Number.NaN, 5, 1)
    series.add(5, 5, 1)
    series.addMoment(MINUTE_MS, Number.NaN)
    expect([...series.steps()]).toHaveLength(1)
  })

  it('gives the same in any order', () => {
    const value = fc.record({
      at: fc.integer({ min: -5000, max: 5000 }),
      minutes: fc.integer({ min: 1, max: 90 }),
      value: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 64, max: 300 }),
        (values, steps) => {
          const build = (list: typeof values): StepSeries => {
            const series = new StepSeries(steps)
            for (const { at, minutes, value: share } of list)
              series.add(at * MINUTE_MS, (at + minutes) * MINUTE_MS, share)
            return series
          }
          const [there, back] = [build(values), build(values.toReversed())]
          expect(back.stepMs).toBe(there.stepMs)
          expect([...back.steps()].map(({ from }) => from)).toEqual(
            [...there.steps()].map(({ from }) => from),
          )
          const [a, b] = [[...there.steps()], [...back.steps()]]
          for (const [index, step] of a.entries()) expect(b[index]?.value).toBeCloseTo(step.value, 9)
          expect(a.length).toBeLessThanOrEqual(steps)
          for (const { value: mean } of a) expect(mean >= 0 && mean <= 1 + 1e-9).toBe(true)
        },
      ),
      { seed: 12, numRuns: 200 },
    )
  })
})

describe('niceStep', () => {
  it.each([
    [86_400_000, 240, MINUTE_MS, 10],
    [14 * 86_400_000, 240, 2 * MINUTE_MS, 120],
    [3_600_000, 240, MINUTE_MS, 1],
    [3_600_000, 240, 7 * MINUTE_MS, 10],
  ])('%d ms in %d', (span, count, least, minutes) =>
    expect(niceStep(span, count, least)).toBe(minutes * MINUTE_MS),
  )
})
