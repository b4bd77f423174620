import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRuleFiles } from '../../src/cli/sigma-rules.ts'
import type { Finding } from '../../src/event/finding.ts'
import { loadIntel } from '../../src/intel/load.ts'
import { RuleRun } from '../../src/pipeline/rule-run.ts'
import { checkRules } from '../../src/sigma/check/check-rules.ts'
import { ruleKey } from '../../src/sigma/correlation/correlation.ts'
import { parseRules } from '../../src/sigma/parse/parse-rules.ts'
import type { RuleLogSource } from '../../src/sigma/rule.ts'
import { bindRules } from '../../src/sigma/rule-book.ts'
import { type Case, casesBeside } from './cases.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const files = readRuleFiles([join(ROOT, 'rules')])
const intel = loadIntel()
const START = Date.parse('2026-05-12T03:00:00Z')

describe.each(files.map((one) => [one.file.slice(ROOT.length + 1), one] as const))('%s', (_, file) => {
  const parsed = parseRules(file.text, file.file)
  const cases = casesBeside(file.file)

  it('is sound, and says what a reader needs', () => {
    expect(checkRules([file]).problems).toEqual([])
    for (const rule of parsed.rules) {
      expect(rule).toMatchObject({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/u),
        status: expect.stringMatching(/^(?:stable|test|experimental)$/u),
        date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/u),
      })
      expect(rule.description.length).toBeGreaterThan(20)
      expect(rule.falsePositives.length).toBeGreaterThan(0)
      expect(rule.attack.filter((id) => intel.technique(id) === null)).toEqual([])
      expect(rule.attack.length).toBeGreaterThan(0)
    }
  })

  it('has cases beside it', () => {
    expect(cases).not.toBeNull()
  })

  it.each(cases?.firing.map((one) => [one.what, one] as const) ?? [])('fires on %s', (_what, one) => {
    const fired = firedOn(one)
    expect(fired).not.toEqual([])
    if (one.fires !== undefined) expect(namesOf(fired)).toContain(one.fires)
  })

  it.each(cases?.silent.map((one) => [one.what, one] as const) ?? [])('is silent on %s', (_what, one) => {
    expect(firedOn(one)).toEqual([])
  })

  function namesOf(keys: readonly string[]): string[] {
    const book = bindRules([file])
    const all = [...book.rules.rules, ...book.correlations.correlations.map(({ correlation }) => correlation)]
    return all.flatMap((one) => (keys.includes(ruleKey(one)) ? [one.name ?? one.title] : []))
  }

  /** Keys of what fired: rules that speak for themselves, and correlations. */
  function firedOn({ record, records }: Case): string[] {
    const book = bindRules([file])
    const findings: Finding[] = []
    const run = new RuleRun(book, intel, (finding) => findings.push(finding))
    const fired: string[] = []
    const steps = records ?? (record === undefined ? [] : [{ at: 0, record, rule: undefined }])
    for (const [line, step] of steps.entries()) {
      const asked = parsed.rules.find((rule) => rule.name === step.rule) ?? parsed.rules[0]
      const time = START + step.at * 1000
      const raw = JSON.stringify(step.record)
      const matches = run.matchesOf({
        logSource: logSourceOf(asked?.logSource ?? {}),
        fields: step.record,
        time,
        timeQuality: 'exact',
        observer: 'host:web-1',
        subjects: ['host:web-1'],
        origin: { source: 'test', file: 'case', line: line + 1, offset: 0, raw },
      })
      for (const match of matches) if (!run.correlate(match).isSilent) fired.push(match.rule)
      run.advance(time)
    }
    run.settle()
    return [...fired, ...findings.map((finding) => finding.rule ?? '')]
  }
})

function logSourceOf({ product, category, service }: RuleLogSource) {
  return {
    ...(product === undefined ? {} : { product }),
    ...(category === undefined ? {} : { category }),
    ...(service === undefined ? {} : { service }),
  }
}

describe('all rules together', () => {
  it('can all be used, and have ids of their own', () => {
    const book = bindRules(files)
    expect(book.problems).toEqual([])
    const keys = book.rules.rules.map((rule) => ruleKey(rule))
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('alert on no port alone', () => {
    const onPort = bindRules(files).rules.rules.filter(({ detection }) =>
      [...detection.selections.values()].every((selection) => {
        return (
          JSON.stringify(selection)
            .match(/"field":"[^"]*"/gu)
            ?.every((field) => /port"$/iu.test(field)) === true
        )
      }),
    )
    expect(onPort.map(({ title }) => title)).toEqual([])
  })
})
