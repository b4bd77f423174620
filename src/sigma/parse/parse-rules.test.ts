import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRules } from './parse-rules.ts'

const HEAD = 'title: t\nlogsource: { product: p }\n'

function problems(text: string): string[] {
  return parseRules(text, 'r.yml').problems.map(
    ({ line, column, severity, message }) => `${line}:${column} ${severity}: ${message}`,
  )
}

describe('problems stand at their lines', () => {
  it.each<[string, string]>([
    [
      'detection:\n  s:\n    a|contain: x\n  condition: s',
      '5:5 error: unknown modifier contain (did you mean contains?)',
    ],
    ['detection:\n  s:\n    a|i: x\n  condition: s', '5:5 error: modifier i needs re before it'],
    [
      'detection:\n  s:\n    a|re|base64: x\n  condition: s',
      '5:5 error: modifier base64 cannot stand with re',
    ],
    [
      'detection:\n  s:\n    a|cidr:\n      - 10.0.0.0/8\n      - 10.0.0/8\n  condition: s',
      '7:9 error: 10.0.0/8 is no network (10.0.0.0/8, 2001:db8::/32)',
    ],
    ['detection:\n  s:\n    a|gt: many\n  condition: s', '5:5 error: many is no number'],
    ['detection:\n  s:\n    a|hour: 24\n  condition: s', '5:5 error: hour is a whole number from 0 to 23'],
    ['detection:\n  s:\n    a|exists: maybe\n  condition: s', '5:5 error: exists takes true or false'],
    [
      "detection:\n  s:\n    a|base64: 'x*'\n  condition: s",
      '5:5 error: base64 takes a text without wildcards (put contains behind it)',
    ],
    [
      'detection:\n  s:\n    a: { b: 1 }\n  condition: s',
      '5:5 error: a value must be a text, a number, a boolean or null',
    ],
    ['detection:\n  s: {}\n  condition: s', '4:3 error: the selection is empty'],
    ['detection:\n  s:\n    a: []\n  condition: s', '5:5 error: has no values'],
    [
      'detection:\n  s: { a: b }\n  condition: t',
      '5:3 error: the condition names t, and there is no such selection',
    ],
    [
      'detection:\n  s: { a: b }\n  condition: s and',
      '5:3 error: the condition ends where a selection should stand',
    ],
    ['detection:\n  s: { a: b }\n  condition: (s', '5:3 error: the condition does not close a bracket'],
    [
      'detection:\n  s: { a: b }\n  condition: s)',
      '5:3 error: the condition closes a bracket that was not opened',
    ],
    ['detection:\n  s: { a: b }\n  condition: 1 of x*', '5:3 error: no selection is called x*'],
    [
      'detection:\n  s: { a: b }\n  condition: s | count() > 5',
      '5:3 error: aggregation after | is no longer part of Sigma: write it as a correlation',
    ],
    [
      'detection:\n  s: { a: b }\n  condition: s s',
      '5:3 error: the condition has s where and, or or its end should stand',
    ],
    ['detection:\n  s: { a: b }', '3:1 error: condition is missing'],
    [
      'level: urgent\ndetection:\n  s: { a: b }\n  condition: s',
      '3:1 warning: level is not one of informational, low, medium, high, critical',
    ],
    [
      'date: 2026-02-30\ndetection:\n  s: { a: b }\n  condition: s',
      '3:1 warning: date is no date (YYYY-MM-DD)',
    ],
    [
      'date: 2026/02/03\ndetection:\n  s: { a: b }\n  condition: s',
      '3:1 warning: date should be written YYYY-MM-DD',
    ],
    ['id: 12\ndetection:\n  s: { a: b }\n  condition: s', '3:1 warning: id is no UUID'],
    ['detection:\n  s:\n    a|all: x\n  condition: s', '5:5 warning: all says nothing about a single value'],
  ])('%s', (rest, expected) => {
    expect(problems(`${HEAD}${rest}\n`)).toEqual([expected])
  })
})

function rule(title: string): string {
  return `title: ${title}\nlogsource: { product: P }\ndetection: { s: { a: b }, condition: s }\n`
}

describe('documents', () => {
  it('a bad one keeps no other from loading', () => {
    const text = [rule('one'), 'title: [broken\n', rule('three'), 'just text\n', 'title: five\n'].join(
      '---\n',
    )
    const parsed = parseRules(text, 'r.yml')
    expect(parsed.rules.map(({ title, origin }) => [title, origin.line, origin.document])).toEqual([
      ['one', 1, 0],
      ['three', 7, 2],
    ])
    expect(new Set(parsed.problems.map(({ line }) => line))).toEqual(new Set([6, 11, 13]))
  })

  it('correlations and filters are handed on as they stand', () => {
    const parsed = parseRules(
      `${rule('a')}---\ntitle: c\ncorrelation: { type: event_count }\n---\ntitle: f\nfilter: { rules: any }\n`,
      'r.yml',
    )
    expect(parsed.correlations).toMatchObject([{ document: 1, line: 5, content: { title: 'c' } }])
    expect(parsed.filters).toMatchObject([{ document: 2, line: 8, content: { title: 'f' } }])
  })

  it('what rules say about themselves', () => {
    const text = `${rule('t')}name: n\ntags: [attack.t1496, attack.T1053.003, attack.impact]\nrelated: [{ id: x, type: derived }]\nfalsepositives: [admins]\nlevel: HIGH\n`
    const [read] = parseRules(text, 'r.yml').rules
    expect(read).toMatchObject({
      name: 'n',
      level: 'high',
      attack: ['T1496', 'T1053.003'],
      logSource: { product: 'p' },
      related: [{ id: 'x', type: 'derived' }],
      falsePositives: ['admins'],
    })
  })

  it('aliases that multiply and depth end in a problem', () => {
    const bomb = Array.from(
      { length: 30 },
      (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}, *a${i - 1}`}]`,
    ).join('\n')
    expect(parseRules(`${HEAD}${bomb}\ndetection: { s: *a29, condition: s }\n`, 'r').rules).toEqual([])
    expect(parseRules(`a: ${'['.repeat(5000)}`, 'r').problems).not.toEqual([])
  })
})

it('any text is rules or problems, and nothing throws', () => {
  const piece = fc.constantFrom(
    'title: t\n',
    'logsource:\n',
    '  product: p\n',
    'detection:\n',
    '  s:\n',
    '    a|re: x\n',
    '    - b\n',
    '  condition: s\n',
    '---\n',
    '*a',
    '&a ',
    '{',
    ']',
    '"',
    '!x ',
    '\t',
    '|',
    ': ',
    '%',
    '\u0000',
    '- ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const { rules, problems: found } = parseRules(pieces.join(''), 'r.yml')
      for (const { line, column } of found) expect(line >= 1 && column >= 1).toBe(true)
      expect(rules.length).toBeLessThanOrEqual(20)
    }),
    { seed: 5, numRuns: 1500 },
  )
})
