import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { proofOf } from '../proofs.ts'
import { match } from '../samples/streams.ts'
import type { Threshold } from '../threshold.ts'
import { eventCount } from './event-count.ts'
import { temporal } from './temporal.ts'
import { temporalOrdered } from './temporal-ordered.ts'
import { valueCount } from './value-count.ts'
import { valueMetric } from './value-metric.ts'
import type { Sample, Window } from './window.ts'

const samples = fc.array(
  fc.record({
    time: fc.integer({ min: 0, max: 60 }),
    rule: fc.nat(2),
    value: fc.integer({ min: -5, max: 5 }),
    isHere: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
)

type Step = typeof samples extends fc.Arbitrary<(infer One)[]> ? One : never

function sampleOf({ time, rule, value }: Step): Sample {
  return { time, rule, value, proof: proofOf(match('a', time).origin, time) }
}

/** Whether two states, each of a part of the events, say together what one of all events says. */
function saysTheSame<State>(window: Window<State>, steps: readonly Step[]): boolean {
  const ordered = steps.toSorted((a, b) => a.time - b.time)
  const fill = (some: readonly Step[]): State => {
    const state = window.create()
    for (const step of some) window.add(state, sampleOf(step))
    return state
  }
  const from = (ordered.at(-1)?.time ?? 0) - 20
  const merged = window.merge(
    fill(ordered.filter(({ isHere }) => isHere)),
    fill(ordered.filter(({ isHere }) => !isHere)),
  )
  const plain: unknown = JSON.parse(JSON.stringify(merged))
  expect(plain).toEqual(merged)
  return window.holds(merged, from) === window.holds(fill(ordered), from)
}

const bounds: Threshold = [
  { operator: 'gt', number: 2 },
  { operator: 'lte', number: 4 },
]

describe('windows that meet', () => {
  it.each([
    ['event_count', (steps: readonly Step[]) => saysTheSame(eventCount(bounds), steps)],
    ['value_count', (steps: readonly Step[]) => saysTheSame(valueCount(bounds), steps)],
    ['sum', (steps: readonly Step[]) => saysTheSame(valueMetric({ kind: 'sum' }, bounds), steps)],
    ['average', (steps: readonly Step[]) => saysTheSame(valueMetric({ kind: 'average' }, bounds), steps)],
    [
      'percentile',
      (steps: readonly Step[]) =>
        saysTheSame(valueMetric({ kind: 'percentile', percentile: 75 }, bounds), steps),
    ],
    [
      'temporal',
      (steps: readonly Step[]) => saysTheSame(temporal(3, [{ operator: 'gte', number: 3 }]), steps),
    ],
  ] as const)('%s: say together what one of all events says', (_, says) => {
    fc.assert(
      fc.property(samples, (steps) => {
        expect(says(steps)).toBe(true)
      }),
      { seed: 12, numRuns: 200 },
    )
  })

  it('temporal_ordered: never finds an order that is not there', () => {
    const window = temporalOrdered(3, [{ operator: 'gte', number: 3 }])
    if (window === null) throw new Error('the window could not be made')
    fc.assert(
      fc.property(samples, (steps) => {
        const ordered = steps.toSorted((a, b) => a.time - b.time)
        const [whole, here, there] = [window.create(), window.create(), window.create()]
        for (const step of ordered) {
          window.add(whole, sampleOf(step))
          window.add(step.isHere ? here : there, sampleOf(step))
        }
        const merged = window.merge(here, there)
        expect(window.holds(merged, 40) && !window.holds(whole, 40)).toBe(false)
      }),
      { seed: 13, numRuns: 200 },
    )
  })
})
