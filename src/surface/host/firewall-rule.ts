/** One rule for what comes in, as far as it can be read. */
export interface Rule {
  /** Null: goes to something that is not followed (another chain that is not there, a queue). */
  readonly action: 'accept' | 'drop' | 'jump' | 'return' | null
  readonly target: string | null
  readonly protocol: string | null
  /** Null = every port. */
  readonly ports: readonly (readonly [from: number, to: number])[] | null
  readonly sources: readonly string[] | null
  /** Something about the packet that a stranger's first one may or may not be: the rule may hold or not. */
  readonly isUnsure: boolean
  /** Never holds for a stranger's first packet: loopback, established connections. */
  readonly isOthers: boolean
}

export interface Chain {
  readonly policy: 'accept' | 'drop' | null
  readonly isInput: boolean
  readonly rules: Rule[]
}

export type Chains = ReadonlyMap<string, Chain>

/** Holds for everything and says nothing. */
export const ANY: Rule = {
  action: null,
  target: null,
  protocol: null,
  ports: null,
  sources: null,
  isUnsure: false,
  isOthers: false,
}

/** So many rules of one host are read, and so many followed for one port. */
export const MAX_RULES = 10_000
