import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseRules } from '../parse/parse-rules.ts'
import type { RecordView, SigmaRule } from '../rule.ts'
import { compileRules } from './compile-rules.ts'
import { naiveMatch } from './samples/naive-match.ts'

const FIELDS = ['a', 'b', 'n.x', 'n.y', 'list']
const words = fc.constantFrom(
  '',
  'ab',
  'abc',
  'bca',
  'cab',
  'aab',
  'c',
  'xabcx',
  'Abc',
  '10.0.0.1',
  '12',
  'Σσς',
)
const patterns = fc.oneof(
  words,
  fc
    .array(fc.constantFrom('a', 'b', 'c', '*', '?', 'ab', '\\', '-', ' /a'), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join('')),
)
const modifiers = fc.constantFrom(
  '',
  '|contains',
  '|startswith',
  '|endswith',
  '|cased',
  '|contains|all',
  '|contains|cased',
  '|neq',
  '|windash|contains',
  '|base64offset|contains',
)
const test = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...FIELDS), modifiers, fc.array(patterns, { minLength: 1, maxLength: 3 }))
      .map(
        ([field, modifier, values]) =>
          [
            field + modifier,
            modifier.includes('base64') ? values.map((one) => one.replaceAll(/[*?]/gu, 'a')) : values,
          ] as const,
      ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...FIELDS).map((field) => [field, [null]] as const) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...FIELDS), fc.boolean())
      .map(([field, is]) => [`${field}|exists`, [is]] as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...FIELDS), fc.constantFrom('|gt', '|lte'))
      .map(([field, is]) => [field + is, [11]] as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...FIELDS), fc.constantFrom('ab+c', '(abc|bca)', '^a', '[ab]c.?a'))
      .map(([field, is]) => [`${field}|re`, [is]] as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...FIELDS).map((field) => [`${field}|cidr`, ['10.0.0.0/24']] as const),
  },
  { weight: 1, arbitrary: fc.constantFrom(...FIELDS).map((field) => [`${field}|fieldref`, ['b']] as const) },
)
const map = fc.array(test, { minLength: 1, maxLength: 3 }).map((tests) => Object.fromEntries(tests))
const selection = fc.oneof(
  { weight: 5, arbitrary: map },
  { weight: 2, arbitrary: fc.array(map, { minLength: 1, maxLength: 2 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom('abc', 'ab', 'c*b', '12'), { minLength: 1, maxLength: 2 }),
  },
)
const condition = fc.constantFrom(
  's0',
  'not s0',
  's0 and s1',
  's0 or s1',
  's0 and not s1',
  'not (s0 or s1) or s2',
  '1 of s*',
  'all of them',
  '2 of them',
  's0 or not s2',
  '(s0 or s1) and not s2',
)
const rule = fc.tuple(selection, selection, selection, condition).map(([s0, s1, s2, condition]) => ({
  title: 'r',
  logsource: { product: 'p' },
  detection: { s0, s1, s2, condition },
}))
const value: fc.Arbitrary<unknown> = fc.oneof(
  words,
  words,
  fc.constantFrom(null, 12, 3, true, 'aXab', 'YWJjCg==', 'QUJD'),
  fc.array(fc.oneof(words, fc.constant(null)), { maxLength: 3 }),
)
const record: fc.Arbitrary<RecordView> = fc
  .tuple(
    fc.dictionary(fc.constantFrom('a', 'b', 'list', 'n.x'), value, { maxKeys: 4 }),
    fc.option(fc.dictionary(fc.constantFrom('x', 'y'), value, { maxKeys: 2 })),
  )
  .map(([flat, n]): RecordView => (n === null ? flat : { ...flat, n }))

it('the index finds what asking every rule finds', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 12 }),
      fc.array(record, { minLength: 1, maxLength: 8 }),
      (documents, records) => {
        const text = documents.map((one) => JSON.stringify(one)).join('\n---\n')
        const parsed = parseRules(text, 'r.yml')
        expect(parsed.problems.filter(({ severity }) => severity === 'error')).toEqual([])
        const rules: SigmaRule[] = parsed.rules.map((one, i) => ({ ...one, title: String(i) }))
        const set = compileRules(rules)
        expect(set.refused).toEqual([])
        for (const one of records) {
          const expected = rules.filter((each) => naiveMatch(each.detection, one)).map(({ title }) => title)
          expect(set.match(one, { product: 'p' }).map(({ title }) => title)).toEqual(expected)
          const unrouted = set.match(one, null).map(({ title }) => title)
          expect(expected).toEqual(expect.arrayContaining(unrouted))
        }
      },
    ),
    { seed: 4, numRuns: 250 },
  )
})
