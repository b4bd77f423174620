import { COMPUTE_ACTIONS, GRANTING_ACTIONS } from './compute-actions.ts'
import { evaluate } from './evaluate.ts'
import type { Identity } from './identities.ts'

/** Whether somebody who has this identity can start compute. */
export interface ComputeRights {
  readonly startsCompute: 'yes' | 'no' | 'unknown'
  /** Actions that are allowed, those that start compute first. */
  readonly actions: readonly string[]
  /** Null = every region. */
  readonly regions: readonly string[] | null
  /** What was not evaluated, in words. */
  readonly notEvaluated: readonly string[]
}

/** Service control policies of an organisation, session policies and resource policies are never evaluated. */
export function computeRights({ statements, boundary, unread }: Identity): ComputeRights {
  const allowed: string[] = []
  const notEvaluated = new Set(unread.map((name) => `${name}: its text is not in the evidence`))
  let isLimited = false
  const regions = new Set<string>()
  let isEverywhere = false
  for (const action of [...COMPUTE_ACTIONS, ...GRANTING_ACTIONS]) {
    const { answer, regions: where, notEvaluated: why } = evaluate(action, statements, boundary)
    if (answer === 'denied') continue
    for (const one of why) notEvaluated.add(one)
    if (answer === 'limited') {
      isLimited = true
      continue
    }
    allowed.push(action)
    if (where === null) isEverywhere = true
    for (const region of where ?? []) regions.add(region)
  }
  const startsCompute = allowed.length > 0 ? 'yes' : isLimited || unread.length > 0 ? 'unknown' : 'no'
  const inRegions = isEverywhere || regions.size === 0 ? null : [...regions].toSorted()
  return { startsCompute, actions: allowed, regions: inRegions, notEvaluated: [...notEvaluated].toSorted() }
}
