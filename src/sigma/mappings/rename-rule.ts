import type { LogSource } from '../../event/log-record.ts'
import { appliesTo } from '../compile/log-source.ts'
import type { SigmaRule } from '../rule.ts'
import { RECORD_MAPPINGS } from './index.ts'
import { changeItems, renameItem } from './pipelines/rewrite.ts'

const WITH_RENAMES = RECORD_MAPPINGS.filter(({ renames }) => renames !== undefined)

/** The rule with the fields it calls otherwise than their producer under the producer's names; the same rule where there are none. */
export function withProducerNames(rule: SigmaRule): SigmaRule {
  let current = rule
  for (const { renames, logSources } of WITH_RENAMES) {
    if (renames === undefined || !logSources.some((one) => appliesTo(rule.logSource, one))) continue
    const namesOf = (field: string): readonly string[] | null =>
      Object.hasOwn(renames, field) ? (renames[field] ?? null) : null
    current = changeItems(current, (item) => renameItem(item, namesOf)) ?? current
  }
  return current
}

/** Names under which records of a rule's log source have a field; the field itself where they call it so. */
export function producerNames(logSource: LogSource, field: string): readonly string[] {
  const renamed = WITH_RENAMES.filter((one) => one.logSources.some((source) => appliesTo(logSource, source)))
  const names = renamed.flatMap(({ renames }) =>
    renames !== undefined && Object.hasOwn(renames, field) ? (renames[field] ?? []) : [],
  )
  return names.length === 0 ? [field] : names
}
