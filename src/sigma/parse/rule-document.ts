import { type RelatedRule, RULE_LEVELS, RULE_STATUSES, type RuleLogSource, type SigmaRule } from '../rule.ts'
import { readDetection } from './detection.ts'
import type { RawDocument } from './documents.ts'
import { isRecord, type Tell } from './selection.ts'

/** One rule document; null where an error keeps it from loading (told). */
export function readRule({ content, file, line, document }: RawDocument, tell: Tell): SigmaRule | null {
  const title = textOf(content['title'])
  if (title === null) tell([], 'error', 'title is missing')
  const logSource = readLogSource(content['logsource'], tell)
  const detection = readDetection(content['detection'], tell)
  const id = readId(content['id'], tell)
  const level = readWord(content['level'], 'level', RULE_LEVELS, tell)
  const status = readWord(content['status'], 'status', RULE_STATUSES, tell)
  const date = readDate(content['date'], 'date', tell)
  const modified = readDate(content['modified'], 'modified', tell)
  const tags = readTags(content['tags'], tell)
  if (title === null || logSource === null || detection === null) return null
  return {
    id,
    name: textOf(content['name']),
    title,
    description: textOf(content['description']) ?? '',
    status,
    level: level ?? 'medium',
    author: textOf(content['author']) ?? '',
    date,
    modified,
    references: textsOf(content['references']),
    tags,
    attack: tags.flatMap((tag) => techniqueOf(tag)),
    fields: textsOf(content['fields']),
    falsePositives: textsOf(content['falsepositives']),
    related: relatedOf(content['related'], tell),
    taxonomy: textOf(content['taxonomy']) ?? 'sigma',
    logSource,
    detection,
    origin: { file, line, document },
  }
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/iu

function readId(content: unknown, tell: Tell): string | null {
  const id = textOf(content)
  if (content !== undefined && (id === null || !UUID.test(id))) tell(['id'], 'warning', 'id is no UUID')
  return id
}

function readWord<Word extends string>(
  content: unknown,
  key: string,
  words: readonly Word[],
  tell: Tell,
): Word | null {
  if (content === undefined) return null
  const word = words.find((one) => one === textOf(content)?.toLowerCase())
  if (word === undefined) tell([key], 'warning', `${key} is not one of ${words.join(', ')}`)
  return word ?? null
}

const DATE = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$/u

function readDate(content: unknown, key: string, tell: Tell): string | null {
  if (content === undefined) return null
  const text = textOf(content)
  const [, year, separator, month, day] = DATE.exec(text ?? '') ?? []
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  const isDate = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= daysInMonth
  if (!isDate) tell([key], 'warning', `${key} is no date (YYYY-MM-DD)`)
  else if (separator !== '-' || month?.length !== 2 || day?.length !== 2)
    tell([key], 'warning', `${key} should be written YYYY-MM-DD`)
  return text
}

function readLogSource(content: unknown, tell: Tell): RuleLogSource | null {
  if (!isRecord(content)) {
    tell(content === undefined ? [] : ['logsource'], 'error', 'logsource is missing or no map')
    return null
  }
  const part = (key: string): string | null => {
    const value = content[key]
    if (value === undefined || value === null) return null
    const text = textOf(value)
    if (text === null) tell(['logsource', key], 'error', `${key} must be a text`)
    return text?.toLowerCase() ?? null
  }
  const [category, product, service] = [part('category'), part('product'), part('service')]
  const definition = textOf(content['definition'])
  if (category === null && product === null && service === null) {
    tell(['logsource'], 'error', 'logsource names no category, product or service')
    return null
  }
  return {
    ...(category === null ? {} : { category }),
    ...(product === null ? {} : { product }),
    ...(service === null ? {} : { service }),
    ...(definition === null ? {} : { definition }),
  }
}

function readTags(content: unknown, tell: Tell): string[] {
  if (content !== undefined && content !== null && !Array.isArray(content))
    tell(['tags'], 'warning', 'tags must be a list')
  const tags = textsOf(content)
  for (const [i, tag] of tags.entries()) {
    if (!/^[^\s.]+\.\S+$/u.test(tag)) tell(['tags', i], 'warning', `tag ${tag} has no namespace`)
  }
  return tags
}

/** `attack.t1053.003` → `T1053.003`. */
function techniqueOf(tag: string): string[] {
  const technique = /^attack\.(t\d{4}(?:\.\d{3})?)$/iu.exec(tag)?.[1]
  return technique === undefined ? [] : [technique.toUpperCase()]
}

function relatedOf(content: unknown, tell: Tell): RelatedRule[] {
  if (content === undefined || content === null) return []
  if (!Array.isArray(content)) {
    tell(['related'], 'warning', 'related must be a list')
    return []
  }
  return content.flatMap((one: unknown) => {
    const id = isRecord(one) ? textOf(one['id']) : null
    const type = isRecord(one) ? textOf(one['type']) : null
    return id === null ? [] : [{ id, type: type ?? 'similar' }]
  })
}

function textOf(content: unknown): string | null {
  if (typeof content === 'number' || typeof content === 'boolean') return String(content)
  return typeof content === 'string' && content.trim() !== '' ? content.trim() : null
}

function textsOf(content: unknown): string[] {
  const all: readonly unknown[] = Array.isArray(content) ? content : [content]
  return all.flatMap((one) => textOf(one) ?? [])
}
