import { join } from 'node:path'
import { readRuleFiles } from '../../../src/cli/sigma-rules.ts'
import type { LogSource } from '../../../src/event/log-record.ts'
import { loadIntel } from '../../../src/intel/load.ts'
import { RuleRun } from '../../../src/pipeline/rule-run.ts'
import { ruleKey } from '../../../src/sigma/correlation/correlation.ts'
import { bindRules, type RuleBook } from '../../../src/sigma/rule-book.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
let book: RuleBook | undefined

function allRules(): RuleBook {
  book ??= bindRules(readRuleFiles([join(ROOT, 'rules')]))
  return book
}

/** Names of our rules that fire on one record of a log, as the story would hear of it: silent parts of correlations say nothing. */
export function rulesSay(fields: Readonly<Record<string, unknown>>, logSource: LogSource): Set<string> {
  const run = new RuleRun(allRules(), loadIntel(), () => undefined)
  const nameOf = new Map(allRules().rules.rules.map((rule) => [ruleKey(rule), rule.name ?? rule.title]))
  const witness = { observer: 'account:123456789012', subjects: ['account:123456789012'] } as const
  const matches = run.matchesOf({
    logSource,
    fields,
    time: Date.parse('2026-05-12T03:00:00Z'),
    timeQuality: 'exact',
    ...witness,
    origin: { source: 'test', file: 'example', line: 1, offset: 0, raw: '' },
  })
  return new Set(
    matches.flatMap((match) => (run.correlate(match).isSilent ? [] : (nameOf.get(match.rule) ?? []))),
  )
}
