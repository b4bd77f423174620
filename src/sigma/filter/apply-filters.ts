import { ruleKey } from '../correlation/correlation.ts'
import type { TextOf } from '../correlation/read-correlation.ts'
import { Directory } from '../correlation/resolve.ts'
import { appliesTo } from '../compile/log-source.ts'
import type { RawDocument } from '../parse/documents.ts'
import type { Condition, RuleProblem, Selection, SigmaRule } from '../rule.ts'
import { type Filter, readFilters } from './read-filter.ts'

export interface Filtered {
  /** All rules, in their order; those that a filter is for are new ones. */
  readonly rules: readonly SigmaRule[]
  readonly problems: readonly RuleProblem[]
}

/**
 * Rules with filters applied: a rule then also has to meet the filter's condition (as pySigma does;
 * filters that leave something out say `not`). Rules are found by id, name or title, and must be of the
 * filter's log source. Never throws.
 */
export function applyFilters(
  rules: readonly SigmaRule[],
  documents: readonly RawDocument[],
  textOf: TextOf = () => null,
): Filtered {
  if (documents.length === 0) return { rules, problems: [] }
  const { filters, places } = readFilters(documents, textOf)
  const directory = new Directory(rules)
  const byKey = Map.groupBy(rules, (rule) => ruleKey(rule))
  let filtered = [...rules]
  for (const [at, filter] of filters.entries()) {
    const tell = places.tellerOf(filter.document)
    const named = new Set<string>()
    for (const { text, path } of filter.rules === 'any' ? [] : filter.rules) {
      const keys = directory.find(text)
      if (keys.length === 0) tell(path, 'error', `no rule is called ${text}`)
      for (const key of keys) {
        named.add(key)
        const isElsewhere = (byKey.get(key) ?? []).every(
          (rule) => !appliesTo(filter.logSource, rule.logSource),
        )
        if (isElsewhere) tell(path, 'warning', `${text} is not of the filter's log source: it stays as it is`)
      }
    }
    const isMeant = (rule: SigmaRule): boolean =>
      appliesTo(filter.logSource, rule.logSource) && (filter.rules === 'any' || named.has(ruleKey(rule)))
    filtered = filtered.map((rule) =>
      isMeant(rule) ? filteredRule(rule, filter, `_filter_${at + 1}_`) : rule,
    )
  }
  return { rules: filtered, problems: places.problems }
}

/** The filter's selections get names of their own, so that none of the rule's are overwritten. */
function filteredRule(rule: SigmaRule, { detection }: Filter, prefix: string): SigmaRule {
  let own = prefix
  while ([...detection.selections.keys()].some((name) => rule.detection.selections.has(own + name)))
    own = `_${own}`
  const added = [...detection.selections].map(([name, selection]): [string, Selection] => [
    own + name,
    selection,
  ])
  return {
    ...rule,
    detection: {
      selections: new Map([...rule.detection.selections, ...added]),
      condition: { kind: 'and', parts: [rule.detection.condition, prefixed(detection.condition, own)] },
    },
  }
}

function prefixed(condition: Condition, prefix: string): Condition {
  switch (condition.kind) {
    case 'selection':
      return { kind: 'selection', name: prefix + condition.name }
    case 'not':
      return { kind: 'not', part: prefixed(condition.part, prefix) }
    case 'of':
      return { ...condition, names: condition.names.map((name) => prefix + name) }
    default:
      return { ...condition, parts: condition.parts.map((part) => prefixed(part, prefix)) }
  }
}
