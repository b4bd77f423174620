import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRules } from '../parse/parse-rules.ts'
import { compileCorrelations } from './compile.ts'
import { BASE, compiled, inBrief, match, run, withBase } from './samples/streams.ts'
import { timespanMs } from './timespan.ts'

/** A correlation called x. */
function correlation(body: string, name = 'x'): string {
  return `title: correlation ${name}\nname: ${name}\nlevel: high\ntags: [attack.t1110.001]\ncorrelation:\n${body.replaceAll(/^/gmu, '  ')}\n`
}

function brief(text: string, matches: readonly ReturnType<typeof match>[]): string[] {
  const rules = compiled(text)
  expect(rules.problems.filter(({ severity }) => severity === 'error')).toEqual([])
  return run(rules, matches).firings.map((firing) => inBrief(firing))
}

const user = (name: string): { user: string } => ({ user: name })

describe('timespan', () => {
  it.each([
    ['15s', 15_000],
    ['90m', 5_400_000],
    ['2h', 7_200_000],
    ['30d', 2_592_000_000],
    ['1w', 604_800_000],
    ['1M', 2_629_746_000],
    ['1y', 31_556_952_000],
    ['0m', null],
    ['m', null],
    ['5', null],
    ['5 m', null],
    ['1.5h', null],
    ['-1h', null],
  ])('%s', (text, ms) => {
    expect(timespanMs(text)).toBe(ms)
  })
})

describe('event_count', () => {
  const text = withBase(
    correlation('type: event_count\nrules: a\ngroup-by: user\ntimespan: 10s\ncondition: { gte: 3 }'),
  )

  it('counts what lies within a timespan, both ends included', () => {
    expect(
      brief(
        text,
        [0, 5, 10].map((at) => match('a', at, user('ann'))),
      ),
    ).toEqual(['x[ann] 0–10 ×3'])
    expect(
      brief(
        text,
        [0, 5, 10.001].map((at) => match('a', at, user('ann'))),
      ),
    ).toEqual([])
  })

  it('counts groups apart, and leaves out what belongs to none', () => {
    const matches = [0, 1, 2].flatMap((at) => [
      match('a', at, user('ann')),
      match('a', at, user(`user ${at}`)),
      match('a', at),
    ])
    const { firings, correlator } = run(compiled(text), matches)
    expect(firings.map((firing) => inBrief(firing))).toEqual(['x[ann] 0–2 ×3'])
    expect(correlator.load()).toMatchObject([{ id: 'x', unusable: 3 }])
  })

  it('folds a long attack into one firing with its first and last proofs, and tells it seldom', () => {
    const { firings, told } = run(
      compiled(text),
      Array.from({ length: 1000 }, (_, at) => match('a', at, user('ann'), `host:web-${at % 3}`)),
    )
    expect(firings.map((firing) => inBrief(firing))).toEqual(['x[ann] 0–999 ×1000'])
    expect(told).toBeLessThan(15)
    const [firing] = firings
    expect(firing).toMatchObject({ rule: 'x', title: 'correlation x', level: 'high', attack: ['T1110.001'] })
    expect(firing?.evidence.map(({ raw }) => raw)).toHaveLength(20)
    expect(firing?.evidence[0]?.raw).toBe('a at 0')
    expect(firing?.evidence.at(-1)?.raw).toBe('a at 999')
    expect(firing?.subjects).toEqual(['host:web-0', 'host:web-1', 'host:web-2'])
  })

  it('begins another firing when the condition did not hold for a timespan', () => {
    const times = [0, 1, 2, 30, 31, 32]
    expect(
      brief(
        text,
        times.map((at) => match('a', at, user('ann'))),
      ),
    ).toEqual(['x[ann] 0–2 ×3', 'x[ann] 30–32 ×3'])
  })

  it('keeps groups apart whatever their values hold', () => {
    const both = withBase(
      correlation(
        'type: event_count\nrules: a\ngroup-by: [user, host]\ntimespan: 10s\ncondition: { gte: 2 }',
      ),
    )
    expect(
      brief(both, [match('a', 0, { user: '1:a', host: 'b' }), match('a', 1, { user: '1', host: 'a1:b' })]),
    ).toEqual([])
    const long = 'x'.repeat(100_000)
    expect(
      brief(both, [
        match('a', 0, { user: `${long}1`, host: 'b' }),
        match('a', 1, { user: `${long}2`, host: 'b' }),
      ]),
    ).toEqual([])
  })
})

describe('value_count', () => {
  it('counts distinct values, of several fields together', () => {
    const text = withBase(
      correlation('type: value_count\nrules: a\ntimespan: 1m\ncondition: { field: [user, port], gte: 3 }'),
    )
    expect(
      brief(text, [from(0, 'ann', 1), from(1, 'ann', 1), from(2, 'ann', 2), from(3, 'bob', null)]),
    ).toEqual([])
    expect(brief(text, [from(0, 'ann', 1), from(1, 'ann', 2), from(2, 'bob', 1)])).toEqual(['x[] 0–2 ×3'])
  })

  it('stays exact with far more values than it has to tell apart', () => {
    const text = withBase(
      correlation('type: value_count\nrules: a\ntimespan: 10s\ncondition: { field: user, gte: 40 }'),
    )
    const slow = Array.from({ length: 400 }, (_, at) => match('a', at, user(`u${at}`)))
    expect(brief(text, slow)).toEqual([])
    const fast = Array.from({ length: 400 }, (_, at) => match('a', at / 10, user(`u${at % 41}`)))
    expect(brief(text, fast)).toEqual(['x[] 0–39.9 ×400'])
  })
})

describe('metrics', () => {
  it.each([
    ['value_sum', 'gt: 99', [50, 50], true],
    ['value_sum', 'gt: 100', [50, '50'], false],
    ['value_avg', 'gte: 50', [100, 0], true],
    ['value_median', 'gte: 7', [1, 7, 100], true],
    ['value_percentile', 'percentile: 90, gte: 9', [0, 10], true],
    ['value_max', 'gte: 10', [0, 10, 1], true],
    ['value_min', 'lt: 0', [5, -1], true],
    ['value_sum', 'gte: 0', ['many', '', true, null], false],
  ] as const)('%s { %s } of %j', (type, condition, values, holds) => {
    const text = withBase(
      correlation(`type: ${type}\nrules: [a]\ntimespan: 10s\ncondition: { field: bytes, ${condition} }`),
    )
    const matches = values.map((bytes, at) => match('a', at, { bytes }))
    expect(brief(text, matches).length > 0).toBe(holds)
  })

  it('leaves no rounding behind when large values have gone', () => {
    const text = withBase(
      correlation('type: value_sum\nrules: a\ntimespan: 10s\ncondition: { field: bytes, eq: 0.75 }'),
    )
    const values = [1e300, -1e-9, 1e17, 0.5, 0.25]
    expect(
      brief(
        text,
        values.map((bytes, at) => match('a', at < 3 ? at : 20 + at, { bytes })),
      ),
    ).toEqual(['x[] 23–24 ×2'])
  })
})

describe('temporal', () => {
  const all = withBase(correlation('type: temporal\nrules: [a, b, c]\ngroup-by: user\ntimespan: 10s'))
  it.each([
    ['abc', true],
    ['cab', true],
    ['ab', false],
    ['a..........bc', false],
    ['aaabbb', false],
  ])('all of three: %s', (rules, holds) => {
    expect(brief(all, oneAfterTheOther(rules)).length > 0).toBe(holds)
  })

  it.each([
    ['a and b', 'ba', true],
    ['a and not b', 'a', true],
    ['a and not b', 'ba', false],
    ['a AND (b OR c)', 'ac', true],
    ['a and (b or c)', 'cb', false],
    ['not (a or b) and c', 'c', true],
  ])('%s: %s', (condition, rules, holds) => {
    const text = withBase(correlation(`type: temporal\ntimespan: 10s\ncondition: ${condition}`))
    expect(brief(text, oneAfterTheOther(rules)).length > 0).toBe(holds)
  })

  it.each([
    ['abc', true],
    ['acb', false],
    ['cabc', true],
    ['abac', true],
    ['bca', false],
    ['a..........bc', false],
    ['a....a.....bc', true],
  ])('in order: %s', (rules, holds) => {
    const text = all.replace('temporal', 'temporal_ordered')
    expect(brief(text, oneAfterTheOther(rules)).length > 0).toBe(holds)
  })

  it.each([
    ['a and (b or c)', 'ac', true],
    ['a and (b or c)', 'ca', false],
    ['c and a', 'ac', true],
    ['a and b and not c', 'ab', true],
    ['a and b and not c', 'cab', false],
  ])('in order, %s: %s', (condition, rules, holds) => {
    const list = condition === 'c and a' ? '[a, c]' : '[a, b, c]'
    const text = withBase(
      correlation(`type: temporal_ordered\nrules: ${list}\ntimespan: 10s\ncondition: ${condition}`),
    )
    expect(brief(text, oneAfterTheOther(rules)).length > 0).toBe(holds)
  })

  it('takes what happens in one moment as in order', () => {
    const text = all.replace('temporal', 'temporal_ordered')
    const matches = ['c', 'b', 'a'].map((rule) => match(rule, 0, user('ann')))
    expect(brief(text, matches)).toEqual(['x[ann] 0–0 ×3'])
  })

  it('groups by what each rule calls the field', () => {
    const text = withBase(
      correlation(
        'type: temporal\nrules: [a, b]\ngroup-by: ip\ntimespan: 10s\naliases:\n  ip: { a: src, b: dst }',
      ),
    )
    const rules = compiled(text)
    expect(Object.fromEntries([...rules.neededFields].map(([rule, fields]) => [rule, [...fields]]))).toEqual({
      a: ['src'],
      b: ['dst'],
    })
    expect(brief(text, [match('a', 0, { src: '192.0.2.1' }), match('b', 1, { dst: '192.0.2.1' })])).toEqual([
      'x[192.0.2.1] 0–1 ×2',
    ])
    expect(brief(text, [match('a', 0, { src: '192.0.2.1' }), match('b', 1, { dst: '192.0.2.2' })])).toEqual(
      [],
    )
  })
})

describe('chains', () => {
  const guessed = correlation(
    'type: event_count\nrules: [a]\ngroup-by: [ip, user]\ntimespan: 10s\ncondition: { gte: 3 }',
    'guessed',
  )
  const entered = correlation(
    'type: temporal_ordered\nrules: [guessed, b]\ngroup-by: user\ntimespan: 30s',
    'entered',
  )

  it('takes firings as matches, and says only the outermost', () => {
    const text = withBase(entered, guessed)
    const rules = compiled(text)
    expect([...rules.silent].toSorted()).toEqual(['a', 'b', 'guessed'])
    expect(rules.neededFields.get('a')).toEqual(new Set(['ip', 'user']))
    const { firings } = run(rules, [tried(0), tried(1), tried(2), match('b', 20, user('ann'))])
    expect(firings.map((firing) => inBrief(firing))).toEqual(['entered[ann] 2–20 ×2'])
    expect(run(rules, [match('b', 0, user('ann')), tried(1), tried(2), tried(3)]).firings).toEqual([])
  })

  it('knows that guessing went on until the login', () => {
    const matches = Array.from({ length: 100 }, (_, at) => tried(at))
    const { firings } = run(compiled(withBase(guessed, entered)), [...matches, match('b', 110, user('ann'))])
    expect(firings.map((firing) => inBrief(firing))).toEqual(['entered[ann] 99–110 ×2'])
  })

  it('counts each bout of a correlation once per timespan', () => {
    const often = correlation(
      'type: event_count\nrules: guessed\ngroup-by: user\ntimespan: 1h\ncondition: { gte: 3 }',
      'often',
    )
    const text = withBase(guessed, often)
    expect(brief(text, [...bout(0), ...bout(100)])).toEqual([])
    expect(brief(text, [...bout(0), ...bout(100), ...bout(200)])).toEqual(['often[ann] 2–202 ×3'])
  })

  it('reports what generate asks for', () => {
    const loud = guessed.replace('correlation:\n', 'correlation:\n  generate: true\n')
    expect([...compiled(withBase(loud, entered)).silent].toSorted()).toEqual(['b', 'guessed'])
  })
})

describe('problems', () => {
  it.each([
    ['rules: [a]\ntimespan: 1m', 'type is missing', 17],
    ['type: event_cont\nrules: [a]\ntimespan: 1m', 'unknown type event_cont (did you mean event_count?)', 18],
    [
      'type: event_count\nrules: [nobody]\ntimespan: 1m\ncondition: { gte: 1 }',
      'no rule is called nobody',
      19,
    ],
    ['type: event_count\nrules: [a]\ncondition: { gte: 2 }', 'timespan is missing', 17],
    ['type: event_count\nrules: [a]\ntimespan: soon\ncondition: { gte: 2 }', 'timespan soon is none', 20],
    ['type: event_count\nrules: [a]\ntimespan: 1m', 'condition is missing', 17],
    ['type: event_count\nrules: [a]\ntimespan: 1m\ncondition:\n  gt: many', 'gt must be a number', 22],
    [
      'type: event_count\nrules: [a]\ntimespan: 1m\ncondition:\n  more: 1',
      'unknown key more in condition',
      22,
    ],
    [
      'type: event_count\nrules: [a]\ntimespan: 1m\ncondition: { gt: 5, lt: 3 }',
      'condition can never hold',
      21,
    ],
    ['type: temporal\nrules: [a, b]\ntimespan: 1m\ncondition: { gte: 3 }', 'condition can never hold', 21],
    ['type: event_count\nrules: [a]\ntimespan: 1m\ncondition: a and b', 'condition must be a map', 21],
    ['type: value_count\nrules: [a]\ntimespan: 1m\ncondition: { gte: 3 }', 'field is missing', 21],
    [
      'type: value_percentile\nrules: [a]\ntimespan: 1m\ncondition: { field: f, gte: 3 }',
      'percentile is missing',
      21,
    ],
    ['type: temporal\nrules: [a, b]\ntimespan: 1m\ncondition: a and', 'condition ends too early', 21],
    [
      'type: temporal\nrules: [a, b]\ntimespan: 1m\ncondition: a and d',
      'names d, which is not among its rules',
      21,
    ],
    ['type: temporal\nrules: [a, b]\ntimespan: 1m\ncondition: (a or b', 'lacks a closing parenthesis', 21],
    ['type: event_count\nrules: [x]\ntimespan: 1m\ncondition: { gte: 2 }', 'refers to itself', 19],
    [
      'type: event_count\nrules: [a]\ntimspan: 1m\ncondition: { gte: 2 }',
      'unknown key timspan (did you mean timespan?)',
      20,
    ],
    ['type: event_count\nrules: [a]\ntimespan: 1m\ncondition: { lt: 5 }', 'holds from the first event', 21],
  ])('%j: %s', (body, message, line) => {
    const { problems, keyed } = compiled(withBase(correlation(body)))
    const found = problems.find((problem) => problem.message.includes(message))
    expect(found, JSON.stringify(problems)).toBeDefined()
    expect(found?.line).toBe(line + FIRST_LINE - 17)
    expect(keyed).toHaveLength(found?.severity === 'warning' ? 1 : 0)
  })

  it('finds circles and what waits for them, and runs the rest', () => {
    const { problems, keyed } = compiled(
      withBase(twice('p', 'q'), twice('q', 'p'), twice('r', 'q'), twice('s', 'a')),
    )
    expect(problems.map(({ message }) => message)).toEqual([
      'the correlation refers to itself, directly or through others',
      'the correlation refers to itself, directly or through others',
      'q could not be loaded',
    ])
    expect(keyed.map(({ id }) => id)).toEqual(['s'])
  })

  it('never throws, whatever the document holds', () => {
    const anything = fc.jsonValue({ maxDepth: 3 })
    const part = fc.oneof(anything, fc.constantFrom('event_count', 'temporal', 'a', '5m', 'a or b', 10))
    const document = fc.record(
      {
        title: part,
        name: part,
        generate: part,
        correlation: fc.oneof(
          anything,
          fc.record({
            type: fc.oneof(part, fc.constantFrom('temporal_ordered', 'value_count', 'value_sum')),
            rules: fc.oneof(part, fc.array(part)),
            'group-by': part,
            timespan: part,
            condition: fc.oneof(part, fc.record({ gte: part, field: part }, { requiredKeys: [] })),
            aliases: part,
          }),
        ),
      },
      { requiredKeys: ['correlation'] },
    )
    const { rules } = parseRules(BASE, 'rules.yml')
    fc.assert(
      fc.property(document, (content) => {
        const raw = { file: 'x.yml', document: 0, line: 1, content }
        const { keyed, problems } = compileCorrelations([raw], rules)
        expect(keyed.length > 0 || problems.some(({ severity }) => severity === 'error')).toBe(true)
      }),
      { seed: 10, numRuns: 500 },
    )
  })
})

/** Line of the correlation's `correlation:` key behind the three rules. */
const FIRST_LINE = BASE.split('\n').length + 1 + 4

type Match = ReturnType<typeof match>

function from(at: number, name: string, port: number | null): Match {
  return match('a', at, { user: name, port })
}

/** One rule a second; a dot is a second without any. */
function oneAfterTheOther(rules: string): Match[] {
  return Array.from(rules).flatMap((rule, at) => (rule === '.' ? [] : [match(rule, at, user('ann'))]))
}

function tried(at: number): Match {
  return match('a', at, { ip: '192.0.2.1', user: 'ann' })
}

function bout(start: number): Match[] {
  return [0, 1, 2, 3, 4].map((at) => tried(start + at))
}

function twice(name: string, rules: string): string {
  return correlation(`type: event_count\nrules: [${rules}]\ntimespan: 1m\ncondition: { gte: 2 }`, name)
}
