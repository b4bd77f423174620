import { compileRules, type RuleSet } from './compile/compile-rules.ts'
import { type CompiledCorrelations, compileCorrelations } from './correlation/compile.ts'
import type { RuleFile } from './check/check-rules.ts'
import { applyFilters } from './filter/apply-filters.ts'
import { withProducerNames } from './mappings/rename-rule.ts'
import type { RawDocument } from './parse/documents.ts'
import { parseRules } from './parse/parse-rules.ts'
import type { RuleProblem, SigmaRule } from './rule.ts'

/** Rules and correlations bound together, filters applied, ready to run. One is used by one reader at a time. */
export interface RuleBook {
  readonly rules: RuleSet
  readonly correlations: CompiledCorrelations
  /** What was wrong with the files. An error kept one rule out, and no other. */
  readonly problems: readonly RuleProblem[]
}

/** Statuses of rules that are not run: their authors say not to. */
const RETIRED: ReadonlySet<string | null> = new Set(['deprecated', 'unsupported'])

/** Reads all that rule files hold: rules, filters for them, correlations over them. Never throws. */
export function bindRules(
  files: readonly RuleFile[],
  isWanted: (rule: SigmaRule) => boolean = () => true,
): RuleBook {
  const rules: SigmaRule[] = []
  const correlations: RawDocument[] = []
  const filters: RawDocument[] = []
  const problems: RuleProblem[] = []
  const texts = new Map(files.map(({ file, text }) => [file, text]))
  const textOf = (file: string): string | null => texts.get(file) ?? null
  for (const { file, text } of files) {
    const parsed = parseRules(text, file)
    for (const rule of parsed.rules) if (!RETIRED.has(rule.status) && isWanted(rule)) rules.push(rule)
    correlations.push(...parsed.correlations)
    filters.push(...parsed.filters)
    problems.push(...parsed.problems)
  }
  const filtered = applyFilters(rules, filters, textOf)
  const bound = compileRules(filtered.rules.map((rule) => withProducerNames(rule)))
  const compiled = compileCorrelations(correlations, bound.rules, textOf)
  const refused = bound.refused.map(({ rule, reason }): RuleProblem => {
    const { file, line } = rule.origin
    return { file, line, column: 1, severity: 'error', message: reason }
  })
  return {
    rules: bound,
    correlations: compiled,
    problems: [...problems, ...filtered.problems, ...refused, ...compiled.problems],
  }
}
