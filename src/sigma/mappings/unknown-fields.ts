import type { LogSource } from '../../event/log-record.ts'
import { appliesTo } from '../compile/log-source.ts'
import { nearestWord } from '../nearest-word.ts'
import type { SigmaRule, Value } from '../rule.ts'
import { MAPPINGS } from './index.ts'
import type { Mapping } from './mapping.ts'
import { itemsOf } from './pipelines/rewrite.ts'

export interface FieldReport {
  /** Mappings that the rule is matched through; none: no such log source is read. */
  readonly mappings: readonly Mapping[]
  /** Fields that no record of these has, each with the one that was probably meant. */
  readonly unknown: readonly { readonly field: string; readonly meant: string | null }[]
}

/** Tables that a rule of this log source looks at. */
export function mappingsFor(logSource: LogSource): readonly Mapping[] {
  return MAPPINGS.filter(({ logSources }) => logSources.some((one) => appliesTo(logSource, one)))
}

/** What a rule, or a correlation over it, asks for that its records never have: it would be false silently. */
export function reportFields(rule: SigmaRule, asked: readonly string[] = fieldsOf(rule)): FieldReport {
  const mappings = mappingsFor(rule.logSource)
  if (mappings.length === 0 || mappings.some(({ extent }) => extent === 'open'))
    return { mappings, unknown: [] }
  const known = [...new Set(mappings.flatMap(({ fields }) => Object.keys(fields)))]
  const unknown = asked
    .filter((field) => !mappings.some((mapping) => has(mapping, field)))
    .map((field) => ({ field, meant: nearestWord(field, known) }))
  return { mappings, unknown }
}

export function fieldsOf(rule: SigmaRule): string[] {
  const fields = new Set<string>()
  for (const item of itemsOf(rule.detection)) {
    if (item.kind === 'field') fields.add(item.field)
    for (const field of item.values.flatMap((value) => referencesOf(value))) fields.add(field)
  }
  return [...fields]
}

function referencesOf(value: Value): string[] {
  if (value.kind === 'field-reference') return [value.field]
  return value.kind === 'one-of' ? value.values.flatMap((one) => referencesOf(one)) : []
}

function has({ fields, extent, renames }: Mapping, field: string): boolean {
  if (Object.hasOwn(fields, field) || (renames !== undefined && Object.hasOwn(renames, field))) return true
  if (extent === 'listed') return false
  // Keys may have dots themselves: any beginning counts.
  for (let dot = field.indexOf('.'); dot >= 0; dot = field.indexOf('.', dot + 1)) {
    if (Object.hasOwn(fields, field.slice(0, dot))) return true
  }
  return false
}
