import { globMatches } from './glob.ts'
import type { Statement } from './policy.ts'

/** Whether an action is allowed; `limited`: only under conditions or on resources that were not evaluated. */
export type Answer = 'allowed' | 'limited' | 'denied'

export interface Evaluation {
  readonly answer: Answer
  /** Regions it is limited to by conditions on `aws:RequestedRegion`; null = none said. */
  readonly regions: readonly string[] | null
  /** Conditions and resources that were not evaluated. */
  readonly notEvaluated: readonly string[]
}

const DENIED: Evaluation = { answer: 'denied', regions: null, notEvaluated: [] }

/**
 * What policies say of one action on any resource of the account: an explicit Deny wins, then some Allow is needed,
 * and the boundary, where there is one, has to allow it too. Order does not matter.
 */
export function evaluate(
  action: string,
  statements: readonly Statement[],
  boundary: readonly Statement[] | null,
): Evaluation {
  const own = evaluateOne(action, statements)
  if (own.answer === 'denied' || boundary === null) return own
  const outer = evaluateOne(action, boundary)
  if (outer.answer === 'denied') return DENIED
  return {
    answer: own.answer === 'allowed' && outer.answer === 'allowed' ? 'allowed' : 'limited',
    regions: inBoth(own.regions, outer.regions),
    notEvaluated: [...new Set([...own.notEvaluated, ...outer.notEvaluated])],
  }
}

function evaluateOne(action: string, statements: readonly Statement[]): Evaluation {
  const notEvaluated = new Set<string>()
  let regions: readonly string[] | null = null
  const relevant = statements.filter((statement) => isAbout(statement, action))
  for (const statement of relevant) {
    if (statement.isAllow) continue
    const open = openRegionsOf(statement)
    if (open !== null) regions = inBoth(regions, open)
    else if (statement.conditions.length > 0) notEvaluated.add(`a Deny under ${keysOf(statement)}`)
    else if (coversEverything(statement)) return DENIED
    else notEvaluated.add('a Deny on some resources')
  }
  let answer: Answer = 'denied'
  let allowed: readonly string[] | null = []
  for (const statement of relevant) {
    if (!statement.isAllow) continue
    const limits = allowedRegionsOf(statement)
    const isPlain = statement.conditions.length === 0 || limits !== null
    if (!isPlain) notEvaluated.add(`an Allow under ${keysOf(statement)}`)
    else if (!coversCompute(statement)) notEvaluated.add('an Allow on named resources only')
    const one: Answer = isPlain && coversCompute(statement) ? 'allowed' : 'limited'
    if (answer !== 'allowed') answer = one
    allowed = allowed === null || limits === null ? null : [...new Set([...allowed, ...limits])]
  }
  if (answer === 'denied') return DENIED
  return { answer, regions: inBoth(regions, allowed), notEvaluated: [...notEvaluated] }
}

function isAbout(statement: Statement, action: string): boolean {
  if (statement.notActions.length > 0)
    return !statement.notActions.some((pattern) => globMatches(pattern, action))
  return statement.actions.some((pattern) => globMatches(pattern, action))
}

function coversEverything({ resources, notResources }: Statement): boolean {
  return notResources.length === 0 && resources.some((one) => /^\*+$/u.test(one))
}

/** Starting compute names many kinds of resources: a list with a wildcard for what is made lets it through. */
function coversCompute({ resources, notResources }: Statement): boolean {
  return notResources.length > 0 || resources.some((one) => one.endsWith('*'))
}

const REGION_KEY = 'aws:requestedregion'
const IS_ONE_OF = /^(?:foranyvalue:)?string(?:equals|like)(?:ignorecase)?(?:ifexists)?$/iu
const IS_NONE_OF = /^(?:foranyvalue:|forallvalues:)?stringnot(?:equals|like)(?:ignorecase)?(?:ifexists)?$/iu

/** Allow where the region is one of these, and nothing else is asked. */
function allowedRegionsOf({ conditions }: Statement): readonly string[] | null {
  const [only] = conditions
  if (
    conditions.length !== 1 ||
    only === undefined ||
    only.key !== REGION_KEY ||
    !IS_ONE_OF.test(only.operator)
  )
    return null
  return only.values
}

/** Deny unless the region is one of these; further conditions only let more through. */
function openRegionsOf({ conditions }: Statement): readonly string[] | null {
  const [only] = conditions
  if (
    conditions.length !== 1 ||
    only === undefined ||
    only.key !== REGION_KEY ||
    !IS_NONE_OF.test(only.operator)
  )
    return null
  return only.values
}

function keysOf({ conditions }: Statement): string {
  return conditions.map(({ key }) => key).join(', ')
}

function inBoth(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null || b === null) return a ?? b
  return a.filter((one) => b.some((other) => globMatches(other, one) || globMatches(one, other)))
}
