import { CLOUD_WITNESS_KINDS, HOST_WITNESS_KINDS } from '../evidence/witness-kinds.ts'
import type { Skill } from '../gangs/gang.ts'

export const PACKS = ['first', 'second', 'third', 'both'] as const
export type Pack = (typeof PACKS)[number]

/** From a machine nearly asleep to one that is busy day and night. */
export const NOISES = ['asleep', 'calm', 'busy', 'hectic'] as const
/** What becomes of logs: all there; now and then cut or lost; often. */
export const WEARS = ['none', 'some', 'heavy'] as const
export type Wear = (typeof WEARS)[number]

/** All of it decides on the bytes: the same options and the same seed give the same battle. */
export interface BattleOptions {
  /** Whole number. */
  readonly seed: number
  /** Epoch ms of the first moment. */
  readonly startMs: number
  readonly hours: number
  readonly machines: number
  readonly gangs: number
  /** Index of `NOISES`. */
  readonly noise: number
  /** Null: mixed. */
  readonly skill: Skill | null
  readonly pack: Pack
  /** Kinds of evidence that nobody wrote down. */
  readonly without: readonly string[]
  readonly wear: Wear
}

export const DEFAULT_BATTLE: BattleOptions = {
  seed: 1,
  startMs: Date.UTC(2026, 4, 12),
  hours: 12,
  machines: 4,
  gangs: 3,
  noise: 1,
  skill: null,
  pack: 'first',
  without: [],
  wear: 'none',
}

export const LIMITS = {
  hours: { from: 1, to: 24 * 31 },
  machines: { from: 1, to: 200 },
  gangs: { from: 0, to: 20 },
}

/** What machines write by themselves. */
export const WRITTEN_KINDS = ['capture', 'sshd', 'auditd', 'access-log'] as const

/** What `--without` takes. */
export const EVIDENCE_KINDS: readonly string[] = [
  ...WRITTEN_KINDS,
  ...HOST_WITNESS_KINDS.map(({ kind }) => kind),
  ...CLOUD_WITNESS_KINDS.map(({ kind }) => kind),
]
