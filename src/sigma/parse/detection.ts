import type { Condition, Detection, Selection } from '../rule.ts'
import { parseCondition } from './condition.ts'
import { type Budget, isRecord, MAX_VALUES, readSelection, type Tell } from './selection.ts'

/** The `detection` part of a rule; null where something in it is wrong (told). */
export function readDetection(content: unknown, tell: Tell): Detection | null {
  if (!isRecord(content)) {
    tell(content === undefined ? [] : ['detection'], 'error', 'detection is missing or no map')
    return null
  }
  const names = Object.keys(content).filter((name) => name !== 'condition' && name !== 'timeframe')
  if ('timeframe' in content)
    tell(
      ['detection', 'timeframe'],
      'warning',
      'timeframe is no longer part of Sigma: write it as a correlation',
    )
  const selections = new Map<string, Selection>()
  const budget: Budget = { left: MAX_VALUES }
  let isWhole = true
  for (const name of names) {
    const selection = readSelection(content[name], ['detection', name], tell, budget)
    if (selection === null) isWhole = false
    else selections.set(name, selection)
  }
  if (names.length === 0) {
    tell(['detection'], 'error', 'detection has no selections')
    return null
  }
  const condition = readConditions(content['condition'], names, tell)
  if (condition === null || !isWhole) return null
  return { selections, condition }
}

/** One condition, or several of which one must hold. */
function readConditions(content: unknown, names: readonly string[], tell: Tell): Condition | null {
  const written: readonly unknown[] = Array.isArray(content) ? content : [content]
  if (content === undefined || written.length === 0) {
    tell(['detection'], 'error', 'condition is missing')
    return null
  }
  const parts: Condition[] = []
  for (const [i, one] of written.entries()) {
    const path = Array.isArray(content) ? ['detection', 'condition', i] : ['detection', 'condition']
    const read =
      typeof one === 'string' ? parseCondition(one, names) : { fault: 'the condition must be a text' }
    if ('fault' in read) tell(path, 'error', read.fault)
    else parts.push(read.condition)
  }
  const [only] = parts
  if (parts.length !== written.length || only === undefined) return null
  return parts.length === 1 ? only : { kind: 'or', parts }
}
