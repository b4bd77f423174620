import { compileRules, type RuleSet } from './compile/compile-rules.ts'
import { type CompiledCorrelations, compileCorrelations } from './correlation/compile.ts'
import { ruleKey } from './correlation/correlation.ts'
import { MatchFields } from './correlation/match-fields.ts'
import type { RuleFile } from './check/check-rules.ts'
import { applyFilters } from './filter/apply-filters.ts'
import { isRefused } from './mappings/pipelines/context.ts'
import { applyPipelines, fieldInRecords, type Pipeline } from './mappings/pipelines/pipeline.ts'
import { producerNames, withProducerNames } from './mappings/rename-rule.ts'
import type { RawDocument } from './parse/documents.ts'
import { parseRules } from './parse/parse-rules.ts'
import type { RuleProblem, SigmaRule } from './rule.ts'

/** Rules and correlations bound together, filters applied, ready to run. One is used by one reader at a time. */
export interface RuleBook {
  readonly rules: RuleSet
  readonly correlations: CompiledCorrelations
  /** What correlations need of the records on which rules hold. */
  readonly matchFields: MatchFields
  /** What was wrong with the files. An error kept one rule out, and no other. */
  readonly problems: readonly RuleProblem[]
}

export interface BindOptions {
  /** Rules to leave out are told apart before anything else is done with them. */
  readonly isWanted?: (rule: SigmaRule) => boolean
  /** Mappings that rewrite a rule. Their `vars` fill in placeholders that are left. */
  readonly pipelinesOf?: (rule: SigmaRule) => readonly Pipeline[]
  /** Fields are the records' own: they get no names of the producers we know. */
  readonly isRaw?: boolean
}

/** Statuses of rules that are not run: their authors say not to. */
const RETIRED: ReadonlySet<string | null> = new Set(['deprecated', 'unsupported'])
const NO_PIPELINES: readonly Pipeline[] = []

export function isCurrent({ status }: SigmaRule): boolean {
  return !RETIRED.has(status)
}

/** Reads all that rule files hold: rules, filters for them, correlations over them. Never throws. */
export function bindRules(files: readonly RuleFile[], options: BindOptions = {}): RuleBook {
  const { isWanted = isCurrent } = options
  const rules: SigmaRule[] = []
  const correlations: RawDocument[] = []
  const filters: RawDocument[] = []
  const problems: RuleProblem[] = []
  const texts = new Map(files.map(({ file, text }) => [file, text]))
  const textOf = (file: string): string | null => texts.get(file) ?? null
  for (const { file, text } of files) {
    const parsed = parseRules(text, file)
    for (const rule of parsed.rules) if (isWanted(rule)) rules.push(rule)
    correlations.push(...parsed.correlations)
    filters.push(...parsed.filters)
    problems.push(...parsed.problems)
  }
  const filtered = applyFilters(rules, filters, textOf)
  problems.push(...filtered.problems)
  const mapped = filtered.rules.flatMap((rule) => mappedRule(rule, options, problems))
  const placeholders = new Map(rules.flatMap((rule) => variablesOf(options.pipelinesOf?.(rule))))
  const bound = compileRules(mapped, { placeholders })
  for (const { rule, reason } of bound.refused) problems.push(errorOf(rule, reason))
  const compiled = compileCorrelations(correlations, bound.rules, textOf)
  problems.push(...compiled.problems)
  const matchFields = matchFieldsOf(compiled, filtered.rules, options)
  return { rules: bound, correlations: compiled, matchFields, problems }
}

function mappedRule(
  rule: SigmaRule,
  { pipelinesOf, isRaw }: BindOptions,
  problems: RuleProblem[],
): SigmaRule[] {
  const pipelines = pipelinesOf?.(rule) ?? NO_PIPELINES
  const rewritten = pipelines.length === 0 ? rule : applyPipelines(pipelines, rule)
  if (!isRefused(rewritten)) return [isRaw === true ? rewritten : withProducerNames(rewritten)]
  problems.push(errorOf(rule, rewritten.refused))
  return []
}

function variablesOf(
  pipelines: readonly Pipeline[] = NO_PIPELINES,
): (readonly [string, readonly string[]])[] {
  return pipelines.flatMap(({ variables }) => [...variables])
}

function errorOf({ origin }: SigmaRule, message: string): RuleProblem {
  return { file: origin.file, line: origin.line, column: 1, severity: 'error', message }
}

/** `group-by` and what is counted are named as in the rules: they go the way of the rules' own fields. */
function matchFieldsOf(
  { neededFields }: CompiledCorrelations,
  rules: readonly SigmaRule[],
  { pipelinesOf, isRaw }: BindOptions,
): MatchFields {
  const byKey = new Map<string, SigmaRule>()
  for (const rule of rules) if (neededFields.has(ruleKey(rule))) byKey.set(ruleKey(rule), rule)
  return new MatchFields(neededFields, (key, field) => {
    const rule = byKey.get(key)
    if (rule === undefined) return [field]
    const pipelines = pipelinesOf?.(rule) ?? NO_PIPELINES
    const names = pipelines.length === 0 ? [field] : fieldInRecords(pipelines, rule, field)
    return isRaw === true ? names : names.flatMap((name) => producerNames(rule.logSource, name))
  })
}
