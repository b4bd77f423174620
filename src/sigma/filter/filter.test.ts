import { describe, expect, it } from 'vitest'
import { compileRules } from '../compile/compile-rules.ts'
import { parseRules } from '../parse/parse-rules.ts'
import { applyFilters } from './apply-filters.ts'

const RULE = `title: archive packed
id: 0e1d2c3b-0000-4000-8000-000000000001
name: packed
logsource: { product: linux, category: process_creation }
detection:
  selection: { Image: /usr/bin/tar }
  condition: selection
`

function filter(body: string): string {
  return `title: a filter
logsource: { product: linux, category: process_creation }
filter:
${body.replaceAll(/^/gmu, '  ')}
`
}

function matching(
  text: string,
  records: readonly Record<string, unknown>[],
): { hits: number[]; messages: string[] } {
  const { rules, filters } = parseRules(text, 'rules.yml')
  const { rules: filtered, problems } = applyFilters(rules, filters, () => text)
  const set = compileRules(filtered)
  const hits = records.flatMap((record, at) => (set.match(record, null).length > 0 ? [at] : []))
  return { hits, messages: problems.map(({ line, message }) => `${line}: ${message}`) }
}

const RECORDS = [
  { Image: '/usr/bin/tar', User: 'ann' },
  { Image: '/usr/bin/tar', User: 'adm_bob' },
  { Image: '/bin/ls', User: 'adm_bob' },
]
const ADMINS = "selection: { User|startswith: 'adm_' }\ncondition: not selection"

describe('filters', () => {
  it.each([
    ['by name', 'rules: [packed]', [0]],
    ['by id', 'rules: [0E1D2C3B-0000-4000-8000-000000000001]', [0]],
    ['by title', 'rules: archive packed', [0]],
    ['for any rule', 'rules: any', [0]],
    ['for all rules', 'rules: []', [0]],
  ])('leave out what they negate: %s', (_, rules, hits) => {
    expect(matching(`${RULE}---\n${filter(`${rules}\n${ADMINS}`)}`, RECORDS)).toEqual({ hits, messages: [] })
  })

  it('keep their selections apart from those of the rule, and stand beside each other', () => {
    const other = filter('rules: any\nselection: { User: ann }\ncondition: not 1 of selection*')
    const text = [RULE, filter(`rules: any\n${ADMINS}`), other].join('---\n')
    expect(matching(text, RECORDS)).toEqual({ hits: [], messages: [] })
  })

  it('leave rules of other log sources alone, and say so where they name one', () => {
    const elsewhere = filter(`rules: [packed]\n${ADMINS}`).replace('product: linux', 'product: windows')
    const { hits, messages } = matching(`${RULE}---\n${elsewhere}`, RECORDS)
    expect(hits).toEqual([0, 1])
    expect(messages).toEqual(["12: packed is not of the filter's log source: it stays as it is"])
  })

  it.each([
    ['rules: [nobody]\nselection: { a: b }\ncondition: not selection', '12: no rule is called nobody'],
    [
      'selection: { a: b }\ncondition: not selection',
      '11: rules is missing: any, or a list of ids or names of rules',
    ],
    [
      'rules: any\nselection: { a|contians: b }\ncondition: not selection',
      '13: unknown modifier contians (did you mean contains?)',
    ],
    ['rules: any\nselection: { a: b }', '11: condition is missing'],
    [
      'rules: any\nselection: { a: b }\ncondition: not choice',
      '14: the condition names choice, and there is no such selection',
    ],
    [
      'rules: any\nselection: { a: b }\ncondition: selection',
      '14: the condition keeps only what it matches: to leave that out, write not',
    ],
  ])('say what is wrong: %j', (body, message) => {
    expect(matching(`${RULE}---\n${filter(body)}`, []).messages).toEqual([message])
  })
})
