import { Places, type TextOf } from '../correlation/read-correlation.ts'
import { textOf as text, textsOf } from '../correlation/meta.ts'
import { readDetection } from '../parse/detection.ts'
import type { DocumentPath, RawDocument } from '../parse/documents.ts'
import { isRecord, type Tell } from '../parse/selection.ts'
import type { Condition, Detection, RuleLogSource, RuleProblem } from '../rule.ts'

/** A filter as written: rules that it names (or all of its log source) must meet its condition as well. */
export interface Filter {
  readonly id: string | null
  readonly title: string
  readonly logSource: RuleLogSource
  readonly rules: 'any' | readonly { readonly text: string; readonly path: DocumentPath }[]
  readonly detection: Detection
  readonly document: RawDocument
}

export interface ReadFilters {
  readonly filters: readonly Filter[]
  readonly places: Places
}

/** Filters of rule files; one that is wrong is left out (told in `places.problems`). Sigma filters specification 2.x. */
export function readFilters(documents: readonly RawDocument[], textOf: TextOf = () => null): ReadFilters {
  const places = new Places(textOf)
  const filters = documents.flatMap((document) => readFilter(document, places.tellerOf(document)) ?? [])
  return { filters, places }
}

function readFilter(document: RawDocument, tell: Tell): Filter | null {
  const { content } = document
  const title = text(content['title'])
  if (title === null) tell([], 'error', 'title is missing')
  const logSource = readLogSource(content['logsource'], tell)
  const filter = content['filter']
  if (!isRecord(filter)) {
    tell(['filter'], 'error', 'filter must be a map')
    return null
  }
  const rules = readRules(filter['rules'], tell)
  const { rules: _, ...selections } = filter
  // A filter's selections are those of a detection, in another place of the document.
  const detection = readDetection(selections, (path, severity: RuleProblem['severity'], message) =>
    tell(['filter', ...path.slice(1)], severity, message),
  )
  if (title === null || logSource === null || rules === null || detection === null) return null
  if (!isNegating(detection.condition))
    tell(
      ['filter', 'condition'],
      'warning',
      'the condition keeps only what it matches: to leave that out, write not',
    )
  return { id: text(content['id']), title, logSource, rules, detection, document }
}

function isNegating(condition: Condition): boolean {
  if (condition.kind === 'not') return true
  return (
    (condition.kind === 'and' || condition.kind === 'or') && condition.parts.some((part) => isNegating(part))
  )
}

function readLogSource(content: unknown, tell: Tell): RuleLogSource | null {
  if (!isRecord(content)) {
    tell(content === undefined ? [] : ['logsource'], 'error', 'logsource is missing or no map')
    return null
  }
  const parts = ['category', 'product', 'service'].flatMap((key) => {
    const value = text(content[key])
    return value === null ? [] : [[key, value.toLowerCase()] as const]
  })
  if (parts.length > 0) return Object.fromEntries(parts)
  tell(['logsource'], 'error', 'logsource names no category, product or service')
  return null
}

function readRules(content: unknown, tell: Tell): Filter['rules'] | null {
  const path = ['filter', 'rules']
  if (content === undefined || content === null) {
    tell(['filter'], 'error', 'rules is missing: any, or a list of ids or names of rules')
    return null
  }
  if (typeof content === 'string' && /^(?:any|all)$/iu.test(content)) return 'any'
  if (Array.isArray(content) && content.length === 0) return 'any'
  const texts = textsOf(content)
  if (texts.length === (Array.isArray(content) ? content.length : 1)) {
    return texts.map((one, at) => ({ text: one, path: Array.isArray(content) ? [...path, at] : path }))
  }
  tell(path, 'error', 'rules must be any, or a list of ids or names of rules')
  return null
}
