import { compileCorrelations } from '../correlation/compile.ts'
import { type Correlation, ruleKey } from '../correlation/correlation.ts'
import { fieldsByRule } from '../correlation/keyed-correlation.ts'
import { Places, type TextOf } from '../correlation/read-correlation.ts'
import type { RawDocument } from '../parse/documents.ts'
import type { RuleProblem, SigmaRule } from '../rule.ts'
import type { CheckOptions } from './check-rules.ts'

/** What keeps correlations from loading, and fields that the records of their rules never have. */
export function checkCorrelations(
  documents: readonly RawDocument[],
  rules: readonly SigmaRule[],
  textOf: TextOf,
  options: CheckOptions,
): RuleProblem[] {
  const { correlations, problems } = compileCorrelations(documents, rules, textOf)
  const byKey = new Map(rules.map((rule) => [ruleKey(rule), rule]))
  const places = new Places(textOf)
  for (const { correlation, document, inputs } of correlations) {
    const tell = places.tellerOf(document)
    for (const [input, { groupBy, counted }] of fieldsByRule(correlation, inputs)) {
      const rule = byKey.get(input)
      if (rule === undefined) continue
      for (const { field, meant } of options.unknownFields?.(rule, [...groupBy, ...counted]) ?? []) {
        const hint = meant === null ? '' : ` (did you mean ${meant}?)`
        tell(pathOf(correlation, field), 'warning', `records of ${rule.title} have no field ${field}${hint}`)
      }
    }
  }
  return [...problems, ...places.problems]
}

function pathOf({ groupBy }: Correlation, field: string): readonly string[] {
  return ['correlation', groupBy.includes(field) ? 'group-by' : 'condition']
}
