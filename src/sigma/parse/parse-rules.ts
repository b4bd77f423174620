import type { RuleProblem, SigmaRule } from '../rule.ts'
import {
  type DocumentPath,
  Locator,
  type RawDocument,
  type ReadDocument,
  readDocuments,
} from './documents.ts'
import { readRule } from './rule-document.ts'
import { isRecord } from './selection.ts'

export interface ParsedRules {
  readonly rules: readonly SigmaRule[]
  /** Documents with a `correlation` part, as they stand. */
  readonly correlations: readonly RawDocument[]
  /** Documents with a `filter` part, as they stand. */
  readonly filters: readonly RawDocument[]
  readonly problems: readonly RuleProblem[]
}

const RULE_KEYS = ['title', 'logsource', 'detection']

/**
 * Reads a rule file with one or more YAML documents. What is wrong with one document keeps the
 * others from nothing. Never throws. Sigma rules specification 2.x.
 */
export function parseRules(text: string, file: string): ParsedRules {
  const rules: SigmaRule[] = []
  const correlations: RawDocument[] = []
  const filters: RawDocument[] = []
  const told: RuleProblem[] = []
  const locator = new Locator(text)
  const take = ({ content, document, line }: ReadDocument): void => {
    const tell = (path: DocumentPath, severity: RuleProblem['severity'], message: string): void => {
      told.push({ file, ...locator.positionOf(document, path), severity, message })
    }
    if (content === null || content === undefined) return
    if (!isRecord(content)) {
      tell([], 'error', 'a rule must be a map')
      return
    }
    const raw: RawDocument = { file, document, line, content }
    if ('correlation' in content) correlations.push(raw)
    else if ('filter' in content) filters.push(raw)
    else if ('action' in content)
      tell(
        ['action'],
        'error',
        `action: ${String(content['action'])} is no longer part of Sigma: write each rule in full`,
      )
    else if (!RULE_KEYS.some((key) => key in content))
      tell([], 'error', 'is no Sigma rule: it has no title, logsource or detection')
    else {
      const rule = readRule(raw, tell)
      if (rule !== null) rules.push(rule)
    }
  }
  for (const { documents, problems } of readDocuments(text)) {
    for (const one of problems) told.push({ ...one, file, severity: 'error' })
    for (const one of documents) take(one)
  }
  return { rules, correlations, filters, problems: told }
}
