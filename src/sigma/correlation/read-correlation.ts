import { nearestWord } from '../nearest-word.ts'
import { type DocumentPath, Locator, type RawDocument } from '../parse/documents.ts'
import { isRecord, type Tell } from '../parse/selection.ts'
import type { RuleProblem } from '../rule.ts'
import { type Correlation, CORRELATION_TYPES, type CorrelationType, type Reference } from './correlation.ts'
import { namesIn } from './expression.ts'
import { entriesOf, readMeta, textOf, textsOf } from './meta.ts'
import { readCorrelationCondition } from './read-condition.ts'
import { timespanMs } from './timespan.ts'

/** The text of a rule file, to name lines; null where it is not at hand (then a document's first line is named). */
export type TextOf = (file: string) => string | null

/** A place in documents of any number of files. */
export class Places {
  readonly problems: RuleProblem[] = []
  private readonly textOf: TextOf
  private readonly locators = new Map<string, Locator | null>()

  constructor(textOf: TextOf) {
    this.textOf = textOf
  }

  tellerOf(document: RawDocument): Tell {
    return (path, severity, message) => {
      this.problems.push({ file: document.file, ...this.positionOf(document, path), severity, message })
    }
  }

  private positionOf(document: RawDocument, path: DocumentPath): { line: number; column: number } {
    let locator = this.locators.get(document.file)
    if (locator === undefined) {
      const text = this.textOf(document.file)
      locator = text === null ? null : new Locator(text)
      this.locators.set(document.file, locator)
    }
    return locator?.positionOf(document.document, path) ?? { line: document.line, column: 1 }
  }
}

const KEYS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate']
/** More rules than anybody correlates; ordered ones cost the square. */
const MAX_RULES = 1000
export const MAX_ORDERED_RULES = 32

/** One correlation document; null where an error keeps it from loading (told). */
export function readCorrelation(document: RawDocument, places: Places): Correlation | null {
  const tell = places.tellerOf(document)
  const meta = readMeta(document.content, tell)
  const content = document.content['correlation']
  if (!isRecord(content)) {
    tell(['correlation'], 'error', 'correlation must be a map')
    return null
  }
  const knowsKeys = hasKnownKeys(content, tell)
  const type = readType(content['type'], tell)
  const timespan = readTimespan(content['timespan'], tell)
  const groupBy = readGroupBy(content['group-by'], tell)
  const aliases = readAliases(content['aliases'], tell)
  const generate = readGenerate(content['generate'] ?? document.content['generate'], tell)
  if (type === null) return null
  const rules = readReferences(content, type, tell)
  if (rules === null) return null
  const texts = rules.map(({ text }) => text)
  const condition = readCorrelationCondition(content['condition'], { type, rules: texts, tell })
  if (
    !knowsKeys ||
    meta === null ||
    timespan === null ||
    groupBy === null ||
    aliases === null ||
    condition === null
  )
    return null
  const origin = { file: document.file, line: document.line, document: document.document }
  return { ...meta, type, rules, groupBy, aliases, timespanMs: timespan, condition, generate, origin }
}

function hasKnownKeys(content: Readonly<Record<string, unknown>>, tell: Tell): boolean {
  const unknown = Object.keys(content).filter((key) => !KEYS.includes(key))
  for (const key of unknown) {
    const meant = nearestWord(key, KEYS)
    tell(
      ['correlation', key],
      'error',
      `unknown key ${key}${meant === null ? '' : ` (did you mean ${meant}?)`}`,
    )
  }
  return unknown.length === 0
}

function readType(content: unknown, tell: Tell): CorrelationType | null {
  const text = textOf(content)
  const type = CORRELATION_TYPES.find((one) => one === text)
  if (type !== undefined) return type
  const meant = nearestWord(text ?? '', CORRELATION_TYPES)
  const said =
    text === null
      ? `type is missing: one of ${CORRELATION_TYPES.join(', ')}`
      : `unknown type ${text}${meant === null ? '' : ` (did you mean ${meant}?)`}`
  tell(content === undefined ? ['correlation'] : ['correlation', 'type'], 'error', said)
  return null
}

function readTimespan(content: unknown, tell: Tell): number | null {
  const timespan = timespanMs(textOf(content) ?? '')
  if (timespan !== null) return timespan
  const said =
    content === undefined || content === null
      ? 'timespan is missing'
      : `timespan ${textOf(content) ?? ''} is none: a number and one of s, m, h, d, w, M, y`
  tell(content === undefined ? ['correlation'] : ['correlation', 'timespan'], 'error', said)
  return null
}

function readGroupBy(content: unknown, tell: Tell): string[] | null {
  if (content === undefined || content === null) return []
  const fields = textsOf(content)
  if (fields.length === (Array.isArray(content) ? content.length : 1)) return [...new Set(fields)]
  tell(['correlation', 'group-by'], 'error', 'group-by must be a field or a list of fields')
  return null
}

function readAliases(content: unknown, tell: Tell): Map<string, Map<string, string>> | null {
  const aliases = new Map<string, Map<string, string>>()
  if (content === undefined || content === null) return aliases
  if (!isRecord(content)) {
    tell(['correlation', 'aliases'], 'error', 'aliases must be a map')
    return null
  }
  for (const [alias, mapping] of Object.entries(content)) {
    const fields = entriesOf(mapping).map(([rule, field]) => [rule, textOf(field)] as const)
    const good = fields.filter((pair): pair is readonly [string, string] => pair[1] !== null)
    if (good.length === 0 || good.length !== fields.length) {
      tell(['correlation', 'aliases', alias], 'error', `alias ${alias} must be a map of rules to fields`)
      return null
    }
    aliases.set(alias, new Map(good))
  }
  return aliases
}

function readGenerate(content: unknown, tell: Tell): boolean {
  if (typeof content === 'boolean') return content
  if (content !== undefined && content !== null)
    tell(['correlation', 'generate'], 'warning', 'generate takes true or false')
  return false
}

function readReferences(
  content: Readonly<Record<string, unknown>>,
  type: CorrelationType,
  tell: Tell,
): Reference[] | null {
  const { rules: written, condition } = content
  const path = ['correlation', 'rules']
  if (written === undefined && type.startsWith('temporal') && typeof condition === 'string') {
    return namesIn(condition).map((text) => ({ text, path: ['correlation', 'condition'] }))
  }
  const list: readonly unknown[] = Array.isArray(written) ? written : [written]
  const texts = textsOf(written)
  if (texts.length === 0 || texts.length !== list.length) {
    tell(
      written === undefined ? ['correlation'] : path,
      'error',
      'rules must be a list of ids or names of rules',
    )
    return null
  }
  const limit = type === 'temporal_ordered' ? MAX_ORDERED_RULES : MAX_RULES
  if (texts.length > limit) {
    tell(path, 'error', `rules has more than ${limit} entries`)
    return null
  }
  const references: Reference[] = []
  for (const [at, text] of texts.entries()) {
    if (references.some((one) => one.text === text))
      tell([...path, at], 'warning', `rule ${text} is named twice`)
    else references.push({ text, path: Array.isArray(written) ? [...path, at] : path })
  }
  return references
}
