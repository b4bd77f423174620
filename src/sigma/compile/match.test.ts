import { describe, expect, it } from 'vitest'
import { parseRules } from '../parse/parse-rules.ts'
import type { RecordView } from '../rule.ts'
import { compileRules } from './compile-rules.ts'

function matches(selection: string, record: RecordView, condition = 'selection'): boolean {
  const { rules, problems } = parseRules(
    `title: t\nlogsource: { product: p }\ndetection:\n${selection.replaceAll(/^/gmu, '  ')}\n  condition: ${condition}\n`,
    'r.yml',
  )
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  const set = compileRules(rules)
  expect(set.refused).toEqual([])
  return set.match(record, { product: 'p' }).length === 1
}

const BASE64 = Buffer.from('xx--donate-level yy').toString('base64')
const WIDE = Buffer.from('IEX(New-Object)', 'utf16le').toString('base64')

describe('values', () => {
  it.each<[string, RecordView, boolean]>([
    ["f: 'Ab'", { f: 'aB' }, true],
    ["f: 'ab'", { f: 'abc' }, false],
    ["f|cased: 'Ab'", { f: 'ab' }, false],
    ["f|cased|contains: 'Ab'", { f: 'xAbx' }, true],
    ["f: 'ÜBER Σας'", { f: 'über σας' }, true],
    ["f|contains: 'ΟΔΟΣ'", { f: 'οδοσι' }, true],
    ['f: 4688', { f: 4688 }, true],
    ['f: 4688', { f: '4688' }, true],
    ["f: 'true'", { f: true }, true],
    ['f: false', { f: 'False' }, true],
    ["f: ''", { f: '' }, true],
    ["f: ''", {}, false],
    ['f: null', {}, true],
    ['f: null', { f: null }, true],
    ['f: null', { f: '' }, false],
    ['f: [null, a]', { f: 'a' }, true],
    ["f: 'a*c'", { f: 'abbbc' }, true],
    ["f: 'a?c'", { f: 'ac' }, false],
    ["f: 'a?c'", { f: 'a😀c' }, true],
    ["f: '*\\b?.exe'", { f: 'c:\\a\\b1.exe' }, true],
    ["f: 'a*b*c'", { f: 'acb' }, false],
    ["f: 'ab*ba'", { f: 'aba' }, false],
    [String.raw`f: 'a\*c'`, { f: 'a*c' }, true],
    [String.raw`f: 'a\*c'`, { f: 'abc' }, false],
    [String.raw`f: 'a\\*c'`, { f: String.raw`a\bc` }, true],
    [String.raw`f: 'a\\\*c'`, { f: String.raw`a\*c` }, true],
    [String.raw`f: 'a\c'`, { f: String.raw`a\c` }, true],
    [String.raw`f: 'a\\c'`, { f: String.raw`a\c` }, true],
    [String.raw`f: 'a\\\\c'`, { f: String.raw`a\\c` }, true],
    [String.raw`f: 'a\\\c'`, { f: String.raw`a\\c` }, true],
    ["f|contains: 'b'", { f: ['a', 'abc'] }, true],
    ["f|contains|all: ['a', 'c']", { f: 'abc' }, true],
    ["f|contains|all: ['a', 'd']", { f: 'abc' }, false],
    ["f|startswith: 'a'", { f: 'abc' }, true],
    ["f|endswith: 'C'", { f: 'abc' }, true],
    ["f|re: 'a.c'", { f: 'xabcx' }, true],
    ["f|re: 'A.c'", { f: 'abc' }, false],
    ["f|re|i: 'A.C'", { f: 'abc' }, true],
    ["f|re|m: '^b$'", { f: 'a\nb\nc' }, true],
    ["f|re|s: 'a.b'", { f: 'a\nb' }, true],
    ["f|re: 'a.b'", { f: 'a\nb' }, false],
    ["f|cidr: '10.0.0.0/8'", { f: '10.255.1.2' }, true],
    ["f|cidr: '10.0.0.0/8'", { f: '::ffff:10.1.1.1' }, true],
    ["f|cidr: '10.0.0.0/8'", { f: '11.0.0.1' }, false],
    ["f|cidr: ['fe80::/10', '2001:db8::/33']", { f: '2001:db8:7fff::1' }, true],
    ["f|cidr: '2001:db8::/33'", { f: '2001:db8:8000::1' }, false],
    ["f|cidr: '192.0.2.0/24'", { f: 'not an address' }, false],
    ["f|base64: 'whoami'", { f: Buffer.from('whoami').toString('base64') }, true],
    ["f|base64offset|contains: '--donate-level'", { f: `echo ${BASE64}` }, true],
    ["f|wide|base64offset|contains: 'New-Object'", { f: WIDE }, true],
    ["f|utf16le|base64: 'IEX(New-Object)'", { f: WIDE }, true],
    ["f|windash|contains: ' -urlcache '", { f: 'certutil /urlcache x' }, true],
    ["f|windash|contains: ' -a -b'", { f: 'x –a —b' }, true],
    ["f|windash|contains: 'a-b'", { f: 'a/b' }, false],
    ['f|exists: true', { f: null }, true],
    ['f|exists: true', { g: 1 }, false],
    ['f|exists: false', {}, true],
    ['f|fieldref: g', { f: 'A', g: 'a' }, true],
    ['f|fieldref: g', { f: 'A' }, false],
    ['f|fieldref|endswith: g', { f: 'name@host', g: 'host' }, true],
    ['f|fieldref|neq: g', { f: 'a', g: 'b' }, true],
    ['f|gt: 5', { f: 6 }, true],
    ['f|gt: 5', { f: '5' }, false],
    ['f|gte: 5', { f: '5' }, true],
    ['f|lt: 5', { f: 'x' }, false],
    ['f|lte: 5', { f: -1 }, true],
    ['f|neq: 5', { f: 5 }, false],
    ['f|neq: a', { f: ['b', 'A'] }, false],
    ['f|hour: 22', { f: '2026-03-04T22:15:00Z' }, true],
    ['f|hour|gte: 20', { f: '2026-03-04 22:15:00' }, true],
    ['f|week: 1', { f: '2025-12-29T00:00:00Z' }, true],
    ['f|month: 3', { f: 1_772_619_630 }, true],
    ['f|minute: 15', { f: 'soon' }, false],
    ["a.b: 'x'", { a: { b: 'x' } }, true],
    ["a.b: 'x'", { 'a.b': 'x' }, true],
    ["a.b.c: 'x'", { 'a.b': { c: 'x' } }, true],
    ["a.b.c: 'x'", { a: { 'b.c': 'x' } }, true],
    ["a.b: 'y'", { a: [{ b: 'x' }, { b: 'y' }] }, true],
    ["a.b: 'y'", { a: 'y' }, false],
    ['a|contains: \'"on":true\'', { a: { on: true } }, true],
    ["__proto__.x: 'y'", {}, false],
  ])('%s on %j: %s', (selection, record, expected) => {
    expect(matches(`selection:\n    ${selection}`, record)).toBe(expected)
  })
})

describe('selections and conditions', () => {
  const two = "one:\n    a: '1'\ntwo:\n    b: '2'\n_other:\n    c: '3'"
  it.each<[string, string, RecordView, boolean]>([
    [two, 'one and two', { a: '1', b: '2' }, true],
    [two, 'one or two and not one', { a: '1' }, true],
    [two, '(one or two) and not one', { a: '1' }, false],
    [two, 'not not one', { a: '1' }, true],
    [two, '1 of them', { c: '3' }, false],
    [two, 'all of them', { a: '1', b: '2' }, true],
    [two, '1 of _*', { c: '3' }, true],
    [two, 'any of o*', { a: '1' }, true],
    [two, '2 of them', { a: '1' }, false],
    [two, '[one, two]', { b: '2' }, true],
    ["s:\n    - a: '1'\n    - b: '2'\n      c: '3'", 's', { b: '2' }, false],
    ["s:\n    - a: '1'\n    - b: '2'\n      c: '3'", 's', { b: '2', c: '3' }, true],
    ["s:\n    - 'ev?l'\n    - other", 's', { x: { y: ['so EVIL'] } }, true],
    ["s:\n    '|all':\n        - one\n        - two", 's', { x: 'one', y: 'two' }, true],
    ["s:\n    '|all':\n        - one\n        - two", 's', { x: 'one' }, false],
    ["s:\n    - a: '1'\n    - word", 's', { z: 'a word' }, true],
    ['s:\n    - 12345', 's', { z: 12_345 }, true],
  ])('%s / %s on %j: %s', (selections, condition, record, expected) => {
    expect(matches(selections, record, condition)).toBe(expected)
  })
})

describe('log sources', () => {
  const { rules } = parseRules(
    ['{ product: linux, category: process_creation }', '{ product: linux }', '{ service: sshd }']
      .map((source, i) => `title: r${i}\nlogsource: ${source}\ndetection: { s: { f: x }, condition: s }\n`)
      .join('---\n'),
    'r.yml',
  )
  const set = compileRules(rules)
  const titles = (source: Parameters<typeof set.match>[1]): string[] =>
    set.match({ f: 'x' }, source).map(({ title }) => title)

  it('asks rules whose every part is the record’s', () => {
    expect(titles({ product: 'linux' })).toEqual(['r1'])
    expect(titles({ product: 'linux', category: 'process_creation' })).toEqual(['r0', 'r1'])
    expect(titles({ product: 'linux', service: 'sshd' })).toEqual(['r1', 'r2'])
    expect(titles([{ product: 'windows' }, { service: 'sshd' }])).toEqual(['r2'])
    expect(titles({ product: '*', category: 'process_creation', service: '*' })).toEqual(['r0', 'r1', 'r2'])
    expect(titles(null)).toEqual(['r0', 'r1', 'r2'])
  })

  it('asks rules that only negate about unknown records that have one of their fields', () => {
    const negating = compileRules(
      parseRules('title: n\nlogsource: { product: p }\ndetection: { s: { f: x }, condition: not s }\n', 'r')
        .rules,
    )
    expect(negating.match({ g: 1 }, null)).toHaveLength(0)
    expect(negating.match({ f: 1 }, null)).toHaveLength(1)
    expect(negating.match({ g: 1 }, { product: 'p' })).toHaveLength(1)
  })
})

function source(value: string): string {
  return `title: ${value}\nlogsource: { product: p }\ndetection: { s: { ${value} }, condition: s }\n`
}

describe('rules that cannot be used', () => {
  const { rules } = parseRules(
    ["'f|re': '(a+)+\\1(?=b)'", "'f|expand': '%Servers%'", 'f: ok']
      .map((one) => source(one).replace(/^title: .*$/mu, 'title: t'))
      .join('---\n'),
    'r',
  )

  it('are refused one by one, with the reason', () => {
    const set = compileRules(rules)
    expect(set.refused.map(({ reason }) => reason)).toEqual([
      expect.stringContaining(
        'a reference to a group in a pattern whose matching time can grow without bound',
      ),
      'nobody says what the placeholder %Servers% stands for',
    ])
    expect(set.match({ f: 'ok' }, null)).toHaveLength(1)
  })

  it('placeholders are filled in, wildcards included', () => {
    const set = compileRules(rules, { placeholders: new Map([['Servers', ['srv*', 'db-1']]]) })
    expect(set.match({ f: 'SRV-12' }, null)).toHaveLength(1)
    expect(set.match({ f: 'db-2' }, null)).toHaveLength(0)
  })
})

it('counts what rules were asked about', () => {
  const { rules } = parseRules(
    'title: t\nlogsource: { product: p }\ndetection: { s: { f: x }, condition: s }\n',
    'r',
  )
  const set = compileRules(rules)
  for (const f of ['x', 'y', 'x']) set.match({ f }, { product: 'p' })
  expect(set.statistics()[0]).toMatchObject({ evaluated: 2, matched: 2 })
})
