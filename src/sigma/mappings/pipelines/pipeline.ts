import type { SigmaRule } from '../../rule.ts'
import type { Checks } from './conditions.ts'
import { type Context, isRefused, type Rewritten } from './context.ts'
import type { Transformation } from './field-transformations.ts'

/** A user's mapping: how rules are rewritten for his records. In the style of pySigma's processing pipelines. */
export interface Pipeline {
  readonly name: string
  /** Lower ones go first. */
  readonly priority: number
  /** What placeholders stand for. */
  readonly variables: ReadonlyMap<string, readonly string[]>
  readonly entries: readonly PipelineEntry[]
}

export interface PipelineEntry {
  readonly id: string | null
  readonly checks: Checks
  readonly transformation: Transformation
}

/** The rule as all pipelines leave it, or why it cannot be used. The rule itself is not changed. */
export function applyPipelines(pipelines: readonly Pipeline[], rule: SigmaRule): Rewritten {
  const ordered = pipelines.toSorted((a, b) => a.priority - b.priority)
  const context: Context = {
    applied: new Set(),
    state: new Map(),
    attributes: new Map(),
    variables: new Map(ordered.flatMap(({ variables }) => [...variables])),
  }
  return applyEntries(
    ordered.flatMap(({ entries }) => entries),
    rule,
    context,
  )
}

export function applyEntries(
  entries: readonly PipelineEntry[],
  rule: SigmaRule,
  context: Context,
): Rewritten {
  let current = rule
  for (const { id, checks, transformation } of entries) {
    if (!checks.rule(current, context)) continue
    const rewritten = transformation(current, checks, context)
    if (isRefused(rewritten)) return rewritten
    current = rewritten
    if (id !== null) context.applied.add(id)
  }
  return current
}

/**
 * What a field of the rule is called in the records: for fields that stand outside the detection
 * (`group-by` of a correlation). Several: any of them may have it.
 */
export function fieldInRecords(
  pipelines: readonly Pipeline[],
  rule: SigmaRule,
  field: string,
): readonly string[] {
  const rewritten = applyPipelines(pipelines, { ...rule, fields: [field] })
  return isRefused(rewritten) || rewritten.fields.length === 0 ? [field] : rewritten.fields
}
