import type { RawDocument } from '../parse/documents.ts'
import type { RuleProblem, SigmaRule } from '../rule.ts'
import { ruleKey } from './correlation.ts'
import { type Bounds, fieldsByRule, type KeyedCorrelation, keyedCorrelation } from './keyed-correlation.ts'
import { Places, type TextOf } from './read-correlation.ts'
import { resolveCorrelations, type Resolved } from './resolve.ts'
import { useWindowOf } from './windows/window-of.ts'

/** Groups of one correlation held at once; beyond it the longest unused go, and are counted. */
export const MAX_GROUPS = 1_000_000
/** What all correlations together may hold, about; each has an equal share, and a least one. */
const MAX_BYTES = 1 << 30
const LEAST_BYTES = 1 << 24

/** Correlations ready to run; one `Correlator` at a time, for the counters are theirs. */
export interface CompiledCorrelations {
  /** Computations for the engine; inputs stand before what refers to them. */
  readonly keyed: readonly KeyedCorrelation[]
  /** Fields that a match must carry, by key of the rule (`ruleKey`). Rules that are not here are in no correlation. */
  readonly neededFields: ReadonlyMap<string, ReadonlySet<string>>
  /** Keys of rules and correlations that speak only through a correlation: not reported on their own. */
  readonly silent: ReadonlySet<string>
  readonly correlations: readonly Resolved[]
  readonly problems: readonly RuleProblem[]
  /** Matches of no use for lack of a field, by key of the correlation. */
  readonly unusable: Map<string, number>
}

/**
 * Correlations ready to run on the matches of `rules`. `textOf` gives a rule file's text to name
 * lines. One that is wrong is left out, and keeps no other from running. Never throws.
 */
export function compileCorrelations(
  documents: readonly RawDocument[],
  rules: readonly SigmaRule[],
  textOf: TextOf = () => null,
  bounds: Partial<Bounds> = {},
): CompiledCorrelations {
  const places = new Places(textOf)
  const resolved = resolveCorrelations(documents, rules, places)
  const inputs = new Set(resolved.flatMap((one) => one.inputs))
  const silent = silentKeys(resolved)
  const unusable = new Map<string, number>()
  const all: Bounds = {
    maxKeys: MAX_GROUPS,
    maxBytes: Math.max(LEAST_BYTES, Math.floor(MAX_BYTES / Math.max(1, resolved.length))),
    ...bounds,
  }
  const keyed: KeyedCorrelation[] = []
  for (const { correlation, document, key, inputs: own } of resolved) {
    const wiring = {
      key,
      inputs: own,
      isReported: !silent.has(key),
      isInput: inputs.has(key),
      bounds: all,
      onUnusable: () => unusable.set(key, (unusable.get(key) ?? 0) + 1),
    }
    const made = useWindowOf(correlation, { use: (window) => keyedCorrelation(correlation, wiring, window) })
    if (made !== null) keyed.push(made)
    else
      places.tellerOf(document)(['correlation', 'condition'], 'error', 'condition has too many ways to hold')
  }
  return {
    keyed,
    neededFields: neededFields(resolved, new Set(rules.map((rule) => ruleKey(rule)))),
    silent,
    correlations: resolved,
    problems: places.problems,
    unusable,
  }
}

/** Without `generate`, rules speak only through the correlation; one that asks for them is enough to hear them. */
function silentKeys(resolved: readonly Resolved[]): Set<string> {
  const silent = new Set(resolved.flatMap(({ correlation, inputs }) => (correlation.generate ? [] : inputs)))
  for (const { correlation, inputs } of resolved) {
    if (correlation.generate) for (const input of inputs) silent.delete(input)
  }
  return silent
}

/** What a correlation asks of another one is asked of the rules below that. */
function neededFields(
  resolved: readonly Resolved[],
  rules: ReadonlySet<string>,
): Map<string, ReadonlySet<string>> {
  const needed = new Map<string, Set<string>>()
  const ask = (key: string, fields: readonly string[]): void => {
    const set = needed.get(key) ?? new Set<string>()
    needed.set(key, set)
    for (const field of fields) set.add(field)
  }
  // From the top down: what refers to a correlation stands behind it.
  for (const { correlation, inputs, key } of resolved.toReversed()) {
    const names = fieldsByRule(correlation, inputs)
    const fromAbove = [...(needed.get(key) ?? [])]
    for (const input of inputs) {
      const own = names.get(input)
      if (own !== undefined) ask(input, [...own.groupBy, ...own.counted])
      ask(
        input,
        fromAbove.filter((field) => !correlation.aliases.has(field)),
      )
    }
  }
  for (const key of needed.keys()) if (!rules.has(key)) needed.delete(key)
  return needed
}
