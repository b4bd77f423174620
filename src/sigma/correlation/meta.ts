import { isRecord, type Tell } from '../parse/selection.ts'
import { RULE_LEVELS, RULE_STATUSES, type RuleLevel, type RuleStatus } from '../rule.ts'

/** What correlations say of themselves besides the correlation. */
export interface Meta {
  readonly id: string | null
  readonly name: string | null
  readonly title: string
  readonly description: string
  readonly status: RuleStatus | null
  readonly level: RuleLevel
  readonly tags: readonly string[]
  readonly attack: readonly string[]
  readonly falsePositives: readonly string[]
}

const KEYS: ReadonlySet<string> = new Set([
  'title',
  'id',
  'name',
  'taxonomy',
  'status',
  'description',
  'author',
  'references',
  'date',
  'modified',
  'tags',
  'related',
  'falsepositives',
  'level',
  'license',
  'fields',
  'scope',
  'generate',
  'correlation',
])

/** Null where it has no title (told). Custom keys are allowed by the specification, and warned of. */
export function readMeta(content: Readonly<Record<string, unknown>>, tell: Tell): Meta | null {
  for (const key of Object.keys(content)) {
    if (!KEYS.has(key)) tell([key], 'warning', `${key} has no meaning in a correlation`)
  }
  const title = textOf(content['title'])
  if (title === null) tell([], 'error', 'title is missing')
  const tags = textsOf(content['tags'])
  const level = wordOf(content['level'], 'level', RULE_LEVELS, tell) ?? 'medium'
  const status = wordOf(content['status'], 'status', RULE_STATUSES, tell)
  if (title === null) return null
  return {
    id: textOf(content['id']),
    name: textOf(content['name']),
    title,
    description: textOf(content['description']) ?? '',
    status,
    level,
    tags,
    attack: tags.flatMap((tag) => techniqueOf(tag)),
    falsePositives: textsOf(content['falsepositives']),
  }
}

/** A scalar as text, without blanks around it; null where there is none. */
export function textOf(content: unknown): string | null {
  if (typeof content === 'number' || typeof content === 'boolean') return String(content)
  return typeof content === 'string' && content.trim() !== '' ? content.trim() : null
}

/** One scalar or a list of them. */
export function textsOf(content: unknown): string[] {
  const all: readonly unknown[] = Array.isArray(content) ? content : [content]
  return all.flatMap((one) => textOf(one) ?? [])
}

export function entriesOf(content: unknown): [string, unknown][] {
  return isRecord(content) ? Object.entries(content) : []
}

function wordOf<Word extends string>(
  content: unknown,
  key: string,
  words: readonly Word[],
  tell: Tell,
): Word | null {
  if (content === undefined || content === null) return null
  const text = textOf(content)?.toLowerCase()
  const word = words.find((one) => one === text)
  if (word === undefined) tell([key], 'warning', `${key} is not one of ${words.join(', ')}`)
  return word ?? null
}

/** `attack.t1110.001` → `T1110.001`. */
function techniqueOf(tag: string): string[] {
  const technique = /^attack\.(t\d{4}(?:\.\d{3})?)$/iu.exec(tag)?.[1]
  return technique === undefined ? [] : [technique.toUpperCase()]
}
