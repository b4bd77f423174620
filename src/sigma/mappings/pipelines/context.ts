import type { SigmaRule } from '../../rule.ts'

/** What a pipeline knows while it rewrites one rule. */
export interface Context {
  /** Ids of the transformations that did something to the rule. */
  readonly applied: Set<string>
  readonly state: Map<string, string>
  readonly attributes: Map<string, string>
  /** `vars` of the pipelines, for placeholders. */
  readonly variables: ReadonlyMap<string, readonly string[]>
}

/** Why a rule cannot be used. */
export interface Refused {
  readonly refused: string
}

export type Rewritten = SigmaRule | Refused

export function isRefused(rewritten: Rewritten): rewritten is Refused {
  return 'refused' in rewritten
}
