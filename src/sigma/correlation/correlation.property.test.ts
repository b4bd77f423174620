import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RuleMatchEvent } from '../../event/rule-match.ts'
import type { CompiledCorrelations } from './compile.ts'
import { Correlator } from './correlator.ts'
import type { Firing } from './firing.ts'
import { type Look, longestInOrder, recount } from './samples/naive.ts'
import { compiled, inBrief, match, MIDNIGHT, run, withBase } from './samples/streams.ts'
import { meets, type Threshold } from './threshold.ts'
import { percentileOf } from './windows/value-metric.ts'

const TIMESPAN_MS = 10_000
const RULES = ['a', 'b', 'c']

const stream = fc
  .array(
    fc.record({
      gap: fc.constantFrom(0, 0, 0.5, 1, 2, 5, 10, 10.5, 25),
      rule: fc.constantFrom(...RULES),
      user: fc.constantFrom('ann', 'bob'),
      value: fc.integer({ min: -3, max: 6 }),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let seconds = 0
    return steps.map(({ gap, rule, user, value }) => {
      seconds += gap
      return match(rule, seconds, { user, value }, `host:${user}`)
    })
  })

const threshold = fc.oneof(
  fc.record({ gte: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ gt: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ gt: fc.integer({ min: 0, max: 2 }), lte: fc.integer({ min: 3, max: 5 }) }),
  fc.record({ eq: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ neq: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ lt: fc.integer({ min: 2, max: 4 }) }),
)
/** Bounds that more events can only meet the sooner. */
const floor = fc.record({ gte: fc.integer({ min: 1, max: 3 }) })

type Written = Readonly<Record<string, number>>

function boundsOf(written: Written): Threshold {
  return Object.entries(written).map(([operator, number]) => ({
    operator: operator as Threshold[number]['operator'],
    number,
  }))
}

interface Kind {
  readonly type: string
  readonly keys: string
  readonly look: (window: readonly RuleMatchEvent[], bounds: Threshold) => Look
}

const seconds = (time: number): number => (time - MIDNIGHT) / 1000
const firstOf = (window: readonly RuleMatchEvent[]): number => seconds(window[0]?.time ?? 0)
const numbersOf = (window: readonly RuleMatchEvent[]): number[] =>
  window.map(({ fields }) => Number(fields['value']))

function metric(measure: (numbers: readonly number[]) => number): Kind['look'] {
  return (window, bounds) => ({
    isHeld: meets(bounds, measure(numbersOf(window))),
    count: window.length,
    firstSeen: firstOf(window),
  })
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const rank = (percentile: number) => (numbers: readonly number[]) =>
  percentileOf(
    numbers.toSorted((a, b) => a - b),
    percentile,
  )

function newestOfEach(window: readonly RuleMatchEvent[]): number[] {
  return RULES.flatMap((rule) => window.findLast((one) => one.rule === rule)?.time ?? []).map((time) =>
    seconds(time),
  )
}

function looksAtRules(count: (window: readonly RuleMatchEvent[]) => number): Kind['look'] {
  return (window, bounds) => {
    const newest = newestOfEach(window)
    return { isHeld: meets(bounds, count(window)), count: newest.length, firstSeen: Math.min(...newest) }
  }
}

const KINDS: readonly Kind[] = [
  {
    type: 'event_count',
    keys: '',
    look: (window, bounds) => ({
      isHeld: meets(bounds, window.length),
      count: window.length,
      firstSeen: firstOf(window),
    }),
  },
  { type: 'value_sum', keys: 'field: value,', look: metric(sum) },
  { type: 'value_avg', keys: 'field: value,', look: metric((numbers) => sum(numbers) / numbers.length) },
  { type: 'value_median', keys: 'field: value,', look: metric(rank(50)) },
  { type: 'value_percentile', keys: 'field: value, percentile: 80,', look: metric(rank(80)) },
  { type: 'value_min', keys: 'field: value,', look: metric((numbers) => Math.min(...numbers)) },
  { type: 'value_max', keys: 'field: value,', look: metric((numbers) => Math.max(...numbers)) },
  { type: 'temporal', keys: '', look: looksAtRules((window) => newestOfEach(window).length) },
  { type: 'temporal_ordered', keys: '', look: looksAtRules((window) => longestInOrder(window, RULES)) },
]

function correlationOf({ type, keys }: Pick<Kind, 'type' | 'keys'>, written: Written): CompiledCorrelations {
  const condition = Object.entries(written)
    .map(([operator, number]) => `${operator}: ${number}`)
    .join(', ')
  return compiled(
    withBase(`title: x
name: x
correlation:
  type: ${type}
  rules: [a, b, c]
  group-by: user
  timespan: 10s
  condition: { ${keys} ${condition} }
`),
  )
}

const brief = (firings: readonly Firing[]): string[] => firings.map((firing) => inBrief(firing)).toSorted()

describe.each(KINDS)('$type', (kind) => {
  it('says what a recount of every window says', () => {
    fc.assert(
      fc.property(stream, threshold, (matches, written) => {
        const rules = correlationOf(kind, written)
        fc.pre(rules.keyed.length === 1)
        const bounds = boundsOf(written)
        expect(brief(run(rules, matches).firings)).toEqual(
          recount(matches, TIMESPAN_MS, (window) => kind.look(window, bounds)),
        )
      }),
      { seed: 4, numRuns: 300 },
    )
  })

  it('goes on after a snapshot as if nothing had happened', () => {
    fc.assert(
      fc.property(stream, threshold, fc.nat(60), (matches, written, cut) => {
        const rules = correlationOf(kind, written)
        fc.pre(rules.keyed.length === 1)
        const whole = run(rules, matches)
        const before = run(rules, matches.slice(0, cut), false)
        const saved: unknown = JSON.parse(JSON.stringify(before.correlator.snapshot()))
        const latest = new Map(before.firings.map((firing) => [firing.id, firing]))
        const after = new Correlator(rules, (firing) => latest.set(firing.id, firing))
        after.restore(saved as Parameters<Correlator['restore']>[0])
        for (const one of matches.slice(cut)) {
          after.accept(one)
          after.advance(one.time)
        }
        after.settle()
        expect([...latest.values()].toSorted(byId)).toEqual(whole.firings.toSorted(byId))
      }),
      { seed: 5, numRuns: 100 },
    )
  })

  it('says the same when groups are spread over partitions', () => {
    fc.assert(
      fc.property(stream, threshold, (matches, written) => {
        const rules = correlationOf(kind, written)
        fc.pre(rules.keyed.length === 1)
        const parts = ['ann', 'bob'].map((user) => matches.filter(({ fields }) => fields['user'] === user))
        expect(parts.flatMap((part) => run(rules, part).firings).toSorted(byId)).toEqual(
          run(rules, matches).firings.toSorted(byId),
        )
      }),
      { seed: 6, numRuns: 100 },
    )
  })
})

const ORDER_FREE = KINDS.filter(({ type }) => type === 'event_count' || type.startsWith('temporal'))

describe.each([...ORDER_FREE, { type: 'value_count', keys: 'field: value,' }])('$type', (kind) => {
  it('does not depend on the order within one moment', () => {
    fc.assert(
      fc.property(stream, floor, fc.func(fc.nat()), (matches, written, shuffle) => {
        const rules = correlationOf(kind, written)
        fc.pre(rules.keyed.length === 1)
        const shuffled = matches
          .map((one, at) => ({ one, place: shuffle(at) }))
          .toSorted((a, b) => a.one.time - b.one.time || a.place - b.place)
          .map(({ one }) => one)
        expect(starts(run(rules, shuffled).firings)).toEqual(starts(run(rules, matches).firings))
      }),
      { seed: 7, numRuns: 150 },
    )
  })
})

describe('value_count', () => {
  it('holds when a recount of distinct values holds', () => {
    fc.assert(
      fc.property(stream, threshold, (matches, written) => {
        const rules = correlationOf({ type: 'value_count', keys: 'field: value,' }, written)
        fc.pre(rules.keyed.length === 1)
        const bounds = boundsOf(written)
        const look = (window: readonly RuleMatchEvent[]): Look => {
          const count = new Set(numbersOf(window)).size
          return { isHeld: meets(bounds, count), count: Math.min(count, saturated(bounds)), firstSeen: 0 }
        }
        expect(
          brief(run(rules, matches).firings)
            .map((text) => withoutFirst(text))
            .toSorted(),
        ).toEqual(
          recount(matches, TIMESPAN_MS, look)
            .map((text) => withoutFirst(text))
            .toSorted(),
        )
      }),
      { seed: 8, numRuns: 300 },
    )
  })
})

function saturated(bounds: Threshold): number {
  return Math.max(...bounds.map(({ number }) => number + 1))
}

describe('bounds', () => {
  it('holds no more groups than allowed, whatever comes, and counts what it dropped', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        (users, maxKeys) => {
          const rules = compiled(
            withBase(
              'title: x\nname: x\ncorrelation: { type: event_count, rules: a, group-by: user, timespan: 1d, condition: { gte: 2 } }',
            ),
            { maxKeys },
          )
          const { correlator } = run(
            rules,
            users.map((user, at) => match('a', at, { user })),
          )
          const [load] = correlator.load()
          expect(load?.groups).toBeLessThanOrEqual(maxKeys)
          expect((load?.groups ?? 0) + (load?.dropped ?? 0)).toBeGreaterThanOrEqual(new Set(users).size)
        },
      ),
      { seed: 9, numRuns: 100 },
    )
  })

  it('holds no more bytes than allowed', () => {
    const rules = compiled(
      withBase(
        'title: x\nname: x\ncorrelation: { type: event_count, rules: a, group-by: user, timespan: 1d, condition: { gte: 100000 } }',
      ),
      { maxBytes: 100_000 },
    )
    const matches = Array.from({ length: 20_000 }, (_, at) => match('a', at, { user: at % 50 }))
    const [load] = run(rules, matches).correlator.load()
    expect(load?.dropped).toBeGreaterThan(0)
  })
})

function byId(a: Firing, b: Firing): number {
  return a.id < b.id ? -1 : 1
}

function starts(firings: readonly Firing[]): string[] {
  return firings.map(({ group, lastSeen }) => `${String(group['user'])} ${lastSeen}`).toSorted()
}

function withoutFirst(text: string): string {
  return text.replace(/ \S+–/u, ' ')
}
