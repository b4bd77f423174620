import { isRecord } from '../../parse/selection.ts'
import { readSelection, MAX_VALUES } from '../../parse/selection.ts'
import type { Condition, RuleLogSource, Selection, SigmaRule } from '../../rule.ts'
import type { TransformationFactory } from './field-transformations.ts'
import type { Parameters } from './parameters.ts'
import { itemsOf } from './rewrite.ts'

/** Transformations of the rule as a whole, by their type in pySigma. */
export const RULE_TRANSFORMATIONS: Readonly<Record<string, TransformationFactory>> = {
  add_condition: addCondition,
  change_logsource(parameters) {
    const parts = ['category', 'product', 'service'].map(
      (key) => [key, parameters.textOrNull(key)?.toLowerCase()] as const,
    )
    const logSource: RuleLogSource = Object.fromEntries(parts.filter(([, value]) => value !== undefined))
    if (Object.keys(logSource).length === 0)
      parameters.fail(null, 'change_logsource needs a category, product or service')
    return (rule) => ({ ...rule, logSource })
  },
  set_state(parameters) {
    const key = parameters.text('key')
    const value = parameters.text('val')
    return (rule, _, { state }) => {
      state.set(key, value)
      return rule
    }
  },
  set_custom_attribute(parameters) {
    const attribute = parameters.text('attribute')
    const value = parameters.text('value')
    return (rule, _, { attributes }) => {
      attributes.set(attribute, value)
      return rule
    }
  },
  rule_failure(parameters) {
    const message = parameters.text('message')
    return () => ({ refused: message })
  },
  detection_item_failure(parameters) {
    const message = parameters.text('message')
    return (rule, checks, context) => {
      const isMet = itemsOf(rule.detection).some(
        (item) =>
          checks.item(item, context) && checks.field(item.kind === 'field' ? item.field : null, context),
      )
      return isMet ? { refused: message } : rule
    }
  },
}

function addCondition(parameters: Parameters): ReturnType<TransformationFactory> {
  const content = parameters.raw('conditions')
  const name = parameters.textOrNull('name')
  const isTemplate = parameters.flag('template')
  const isNegated = parameters.flag('negated')
  // Read once for its problems; templates are read anew for each rule.
  const fixed = selectionOf(content, parameters)
  return (rule) => {
    const added = isTemplate ? selectionOf(filled(content, rule), null) : fixed
    if (added === null) return { refused: 'a condition that a mapping adds cannot be read' }
    return withCondition(rule, freeName(rule, name ?? '_added'), added, isNegated)
  }
}

function selectionOf(content: unknown, parameters: Parameters | null): Selection | null {
  if (!isRecord(content)) {
    parameters?.fail(null, `conditions ${content === undefined ? 'is missing' : 'must be a map'}`)
    return null
  }
  const tell = (path: readonly (string | number)[], severity: string, message: string): void => {
    if (severity === 'error') parameters?.fail('conditions', `${path.slice(1).join('.')}: ${message}`)
  }
  return readSelection(content, ['conditions'], tell, { left: MAX_VALUES })
}

/** `$category`, `$product` and `$service` as the rule has them. */
function filled(content: unknown, rule: SigmaRule): unknown {
  if (typeof content === 'string') {
    return content.replaceAll(
      /\$\{?(category|product|service)\}?/gu,
      (written, part: 'category' | 'product' | 'service') => rule.logSource[part] ?? written,
    )
  }
  if (Array.isArray(content)) return content.map((one: unknown) => filled(one, rule))
  if (!isRecord(content)) return content
  return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, filled(value, rule)]))
}

function withCondition(rule: SigmaRule, name: string, selection: Selection, isNegated: boolean): SigmaRule {
  const own: Condition = { kind: 'selection', name }
  const added: Condition = isNegated ? { kind: 'not', part: own } : own
  return {
    ...rule,
    detection: {
      selections: new Map([...rule.detection.selections, [name, selection]]),
      condition: { kind: 'and', parts: [added, rule.detection.condition] },
    },
  }
}

/** A name that the rule does not have yet. */
export function freeName(rule: SigmaRule, wanted: string): string {
  let name = wanted
  for (let at = 2; rule.detection.selections.has(name); at++) name = `${wanted}_${at}`
  return name
}
