import type { RawDocument } from '../parse/documents.ts'
import type { SigmaRule } from '../rule.ts'
import { type Correlation, ruleKey } from './correlation.ts'
import { type Places, readCorrelation } from './read-correlation.ts'

/** A correlation whose references have been found. */
export interface Resolved {
  readonly correlation: Correlation
  readonly document: RawDocument
  readonly key: string
  /** Keys of the rules and correlations it refers to, in its order. */
  readonly inputs: readonly string[]
}

/**
 * Reads correlations and finds what they refer to: by id, else by name, else by title. Those that
 * refer to nothing, to two things at once or in a circle are left out (told). Inputs come before
 * what refers to them.
 */
export function resolveCorrelations(
  documents: readonly RawDocument[],
  rules: readonly SigmaRule[],
  places: Places,
): Resolved[] {
  const read = documents.flatMap((document) => {
    const correlation = readCorrelation(document, places)
    return correlation === null ? [] : [{ correlation, document }]
  })
  const directory = new Directory([...rules, ...read.map(({ correlation }) => correlation)])
  const resolved = new Map<string, Resolved>()
  for (const one of read) {
    const found = resolveOne(one, directory, places)
    if (found === null) continue
    if (resolved.has(found.key))
      places.tellerOf(one.document)([], 'error', `another correlation is called ${found.key}, too`)
    else resolved.set(found.key, found)
  }
  return inOrder(resolved, new Set(rules.map((rule) => ruleKey(rule))), places)
}

function resolveOne(
  { correlation, document }: { correlation: Correlation; document: RawDocument },
  directory: Directory,
  places: Places,
): Resolved | null {
  const tell = places.tellerOf(document)
  const inputs: string[] = []
  for (const { text, path } of correlation.rules) {
    const found = directory.find(text)
    if (found.length === 1) inputs.push(found[0] ?? '')
    else
      tell(
        path,
        'error',
        found.length === 0 ? `no rule is called ${text}` : `several rules are called ${text}`,
      )
  }
  for (const [alias, fields] of correlation.aliases) {
    for (const text of fields.keys()) {
      if (correlation.rules.some((one) => one.text === text)) continue
      const [key] = directory.find(text)
      if (key === undefined || !inputs.includes(key))
        tell(
          ['correlation', 'aliases', alias, text],
          'warning',
          `${text} is not among the rules of the correlation`,
        )
    }
  }
  if (inputs.length !== correlation.rules.length) return null
  return { correlation, document, key: ruleKey(correlation), inputs }
}

/** Inputs first; what is part of a circle, or waits for what was left out, is left out. */
function inOrder(resolved: Map<string, Resolved>, rules: ReadonlySet<string>, places: Places): Resolved[] {
  const ready = new Set(rules)
  const order: Resolved[] = []
  let waiting = [...resolved.values()]
  for (;;) {
    const now = waiting.filter(({ inputs }) => inputs.every((input) => ready.has(input)))
    if (now.length === 0) break
    for (const one of now) ready.add(one.key)
    order.push(...now)
    waiting = waiting.filter((one) => !ready.has(one.key))
  }
  for (const { document, key, inputs } of waiting) {
    const isCircle = reaches(key, key, resolved)
    const lost = inputs.find((input) => !ready.has(input)) ?? ''
    places.tellerOf(document)(
      ['correlation', 'rules'],
      'error',
      isCircle
        ? 'the correlation refers to itself, directly or through others'
        : `${lost} could not be loaded`,
    )
  }
  return order
}

function reaches(from: string, to: string, resolved: ReadonlyMap<string, Resolved>): boolean {
  const seen = new Set<string>()
  const left = [...(resolved.get(from)?.inputs ?? [])]
  for (let key = left.pop(); key !== undefined; key = left.pop()) {
    if (key === to) return true
    if (seen.has(key)) continue
    seen.add(key)
    left.push(...(resolved.get(key)?.inputs ?? []))
  }
  return false
}

type Named = Pick<SigmaRule, 'id' | 'name' | 'title'>

/** Rules and correlations under everything they may be called. */
export class Directory {
  private readonly byId = new Map<string, string[]>()
  private readonly byName = new Map<string, string[]>()
  private readonly byTitle = new Map<string, string[]>()

  constructor(rules: readonly Named[]) {
    for (const rule of rules) {
      const key = ruleKey(rule)
      if (rule.id !== null) put(this.byId, rule.id.toLowerCase(), key)
      if (rule.name !== null) put(this.byName, rule.name, key)
      put(this.byTitle, rule.title, key)
    }
  }

  /** Keys of what is called so: by id, else by name, else by title. */
  find(reference: string): readonly string[] {
    return (
      this.byId.get(reference.toLowerCase()) ??
      this.byName.get(reference) ??
      this.byTitle.get(reference) ??
      []
    )
  }
}

function put(map: Map<string, string[]>, name: string, key: string): void {
  const keys = map.get(name)
  if (keys === undefined) map.set(name, [key])
  else if (!keys.includes(key)) keys.push(key)
}
