import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alongChord, onStretch } from './crowds.ts'

const part = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000)

describe('crowds', () => {
  it('never say too little along the chord, and are right where it begins and ends', () => {
    fc.assert(
      fc.property(fc.nat(500), part, part, part, part, (value, high, low, begin, end) => {
        const hazard = high * 4
        const view = { sink: 0, value, hazard, lowest: hazard * low }
        const removed = (to: number): number => value * (Math.exp(-to) - Math.exp(-hazard))
        const whole = alongChord(view)
        expect(whole.atRisk).toBeCloseTo(removed(0), 9)
        for (const at of [0, begin, end, 1]) {
          const less = (view.hazard - view.lowest) * at
          expect(whole.usdPerHazard * less).toBeGreaterThanOrEqual(removed(hazard - less) - 1e-9)
        }
        const from = hazard - (hazard - view.lowest) * Math.min(begin, end)
        const to = hazard - (hazard - view.lowest) * Math.max(begin, end)
        const { crowd, offset } = onStretch(view, from, to)
        const said = (at: number): number => crowd.usdPerHazard * (hazard - at) - offset
        expect(said((from + to) / 2)).toBeGreaterThanOrEqual(removed((from + to) / 2) - 1e-9)
        expect(said(from)).toBeCloseTo(removed(from), 7)
        expect(said(to)).toBeCloseTo(removed(to), 7)
      }),
      { seed: 31, numRuns: 2000 },
    )
  })
})
