import type { SigmaRule } from '../../rule.ts'
import type { Checks } from './conditions.ts'
import type { Context, Rewritten } from './context.ts'
import type { Parameters } from './parameters.ts'
import { changeItems, renameItem } from './rewrite.ts'

/** Rewrites a rule, where the conditions of its entry are met. */
export type Transformation = (rule: SigmaRule, checks: Checks, context: Context) => Rewritten
export type TransformationFactory = (parameters: Parameters) => Transformation

/** New names of a field; null: it keeps its name. */
type NamesOf = (field: string) => readonly string[] | null

/** Transformations of field names, by their type in pySigma. */
export const FIELD_TRANSFORMATIONS: Readonly<Record<string, TransformationFactory>> = {
  field_name_mapping(parameters) {
    const mapping = parameters.textMap('mapping')
    return renaming((field) => mapping.get(field) ?? null)
  },
  field_name_prefix_mapping(parameters) {
    const mapping = parameters.textMap('mapping')
    return renaming((field) => {
      for (const [prefix, others] of mapping) {
        if (field.startsWith(prefix)) return others.map((other) => other + field.slice(prefix.length))
      }
      return null
    })
  },
  field_name_prefix(parameters) {
    const prefix = parameters.text('prefix')
    return renaming((field) => [prefix + field])
  },
  field_name_suffix(parameters) {
    const suffix = parameters.text('suffix')
    return renaming((field) => [field + suffix])
  },
  add_field: (parameters) => {
    const fields = parameters.texts('field')
    return (rule) => ({ ...rule, fields: [...rule.fields, ...fields] })
  },
  remove_field: (parameters) => {
    const fields = parameters.texts('field')
    return (rule) => ({ ...rule, fields: rule.fields.filter((field) => !fields.includes(field)) })
  },
  set_field: (parameters) => {
    const fields = parameters.texts('fields')
    return (rule) => ({ ...rule, fields })
  },
}

function renaming(namesOf: NamesOf): Transformation {
  return (rule, checks, context) => {
    const allowed: NamesOf = (field) => (checks.field(field, context) ? namesOf(field) : null)
    const changed =
      changeItems(rule, (item) => (checks.item(item, context) ? renameItem(item, allowed) : item)) ?? rule
    const fields = rule.fields.flatMap((field) => allowed(field) ?? [field])
    const isSame =
      fields.every((field, at) => field === rule.fields[at]) && fields.length === rule.fields.length
    return isSame ? changed : { ...changed, fields }
  }
}
