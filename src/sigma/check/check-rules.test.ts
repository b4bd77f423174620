import { describe, expect, it } from 'vitest'
import { explainRule } from '../explain/explain-rule.ts'
import { parseRules } from '../parse/parse-rules.ts'
import { checkRules } from './check-rules.ts'

const HEAD = 'title: t\nlogsource: { product: p }\ndetection:\n'

describe('what cannot be meant', () => {
  it.each<[string, string | null]>([
    ['  s:\n    a: b\n  condition: s', null],
    ['  s: { a: b }\n  x: { a: c }\n  condition: s', '5: the condition does not use x'],
    ['  s: { a: b }\n  condition: s and not s', '5: the condition can never hold: s and not s'],
    ['  s: { a: b }\n  condition: s and not 1 of s*', '5: the condition can never hold: s and not s'],
    [
      "  s:\n    a|contains: ''\n  condition: s",
      '5: contains of nothing but wildcards holds for every value',
    ],
    [
      '  s:\n    a|all: [x, y]\n  condition: s',
      '5: can never hold: a field does not have all of these values at once (contains is missing?)',
    ],
    [
      '  s:\n    a: x\n    a|endswith: y\n  condition: s',
      '4: can never hold: the tests of a contradict each other',
    ],
    [
      '  s:\n    a|gt: 5\n    a|lt: 3\n  condition: s',
      '4: can never hold: the tests of a contradict each other',
    ],
    [
      '  s:\n    a|exists: false\n    a|contains: 3\n  condition: s',
      '4: can never hold: the tests of a contradict each other',
    ],
    ["  s:\n    a: xy\n    a|endswith: 'Y'\n  condition: s", null],
    ["  s:\n    a|cidr: '10.1.0.0/8'\n  condition: s", '5: 10.1.0.0/8 has bits set behind its prefix'],
    [
      "  s:\n    a: 'C:\\Users\\*\\x'\n  condition: s",
      String.raw`5: the backslash makes the wildcard in 'C:\Users*\x' a plain character; a backslash before a wildcard is written \\`,
    ],
    [
      "  s:\n    - b: 1\n    - a|re: '(x'\n  condition: s",
      '6: the pattern (x cannot be used: a bracket is not closed',
    ],
    ["  s:\n    a|expand: '%x%'\n  condition: s", '5: needs a value for %x% from a mapping'],
    [
      '  s:\n    zzz: b\n  condition: s',
      '5: records of this log source have no field zzz (did you mean zz?)',
    ],
  ])('%s', (detection, expected) => {
    const { problems: found } = checkRules([{ file: 'r.yml', text: `${HEAD}${detection}\n` }], {
      unknownFields: () => [{ field: 'zzz', meant: 'zz' }],
    })
    expect(found.map(({ line, message }) => `${line}: ${message}`)).toEqual(
      expected === null ? [] : [expected],
    )
  })

  it('two rules with one id', () => {
    const text = `id: 00000000-0000-4000-8000-000000000001\n${HEAD}  s: { a: b }\n  condition: s\n`
    expect(
      checkRules([
        { file: 'a.yml', text },
        { file: 'b.yml', text },
      ]).problems,
    ).toMatchObject([
      { file: 'b.yml', line: 1, severity: 'warning', message: 'the id is that of a.yml:1 as well' },
    ])
  })
})

const BASE = `title: base\nname: base\n${HEAD.slice(9)}  s: { a: b }\n  condition: s\n---\n`

describe('correlations and filters, over all files', () => {
  it.each<[string, string[]]>([
    ['correlation:\n  type: event_count\n  rules: [base]\n  timespan: 5m\n  condition: { gte: 3 }', []],
    [
      'correlation:\n  type: event_count\n  rules: [bas]\n  timespan: 5m\n  condition: { gte: 3 }',
      ['4: error: no rule is called bas'],
    ],
    [
      'correlation:\n  type: event_count\n  rules: [base]\n  timespan: 5 minutes\n  condition: { gte: 3 }',
      ['5: error: timespan 5 minutes is none: a number and one of s, m, h, d, w, M, y'],
    ],
    [
      'name: me\ncorrelation:\n  type: temporal\n  rules: [base, me]\n  timespan: 5m',
      ['5: error: the correlation refers to itself, directly or through others'],
    ],
    [
      'correlation:\n  type: event_count\n  rules: [base]\n  group-by: [zzz]\n  timespan: 5m\n  condition: { gte: 3 }',
      ['5: warning: records of base have no field zzz (did you mean zz?)'],
    ],
    [
      'logsource: { product: p }\nfilter:\n  rules: [nobody]\n  s: { a: b }\n  condition: not s',
      ['4: error: no rule is called nobody'],
    ],
  ])('%j', (text, expected) => {
    const files = [
      { file: 'c.yml', text: `title: c\n${text}\n` },
      { file: 'base.yml', text: BASE },
    ]
    const { problems } = checkRules(files, {
      unknownFields: (_, fields = []) =>
        fields.filter((field) => field === 'zzz').map((field) => ({ field, meant: 'zz' })),
    })
    expect(problems.map(({ line, severity, message }) => `${line}: ${severity}: ${message}`)).toEqual(
      expected,
    )
    expect(problems.every(({ file }) => file === 'c.yml')).toBe(true)
  })
})

it('explains which part holds', () => {
  const { rules } = parseRules(
    `${HEAD}  one:\n    a|contains: [x, y]\n    b|gt: 5\n  filter: { c: null }\n  condition: one and not filter\n`,
    'r',
  )
  const [rule] = rules
  if (rule === undefined) throw new Error('no rule')
  expect(explainRule(rule, { a: 'xz', b: 3, c: 'there' })).toEqual({
    part: 'and',
    holds: false,
    seen: null,
    parts: [
      {
        part: 'one',
        holds: false,
        seen: null,
        parts: [
          {
            part: 'a|contains',
            holds: true,
            seen: ['xz'],
            parts: [
              { part: "'*x*'", holds: true, seen: null, parts: [] },
              { part: "'*y*'", holds: false, seen: null, parts: [] },
            ],
          },
          {
            part: 'b|gt',
            holds: false,
            seen: ['3'],
            parts: [{ part: '> 5', holds: false, seen: null, parts: [] }],
          },
        ],
      },
      {
        part: 'not',
        holds: true,
        seen: null,
        parts: [
          {
            part: 'filter',
            holds: false,
            seen: null,
            parts: [
              {
                part: 'c',
                holds: false,
                seen: ['there'],
                parts: [{ part: 'null', holds: false, seen: null, parts: [] }],
              },
            ],
          },
        ],
      },
    ],
  })
})
