import type { Change } from '../change.ts'

export const EMITTERS = ['aws-cli', 'terraform', 'nft', 'sshd', 'systemd', 'kubernetes'] as const
export type EmitterId = (typeof EMITTERS)[number]

/** A change with what it belongs to. */
export interface PlannedChange {
  readonly measure: string
  readonly title: string
  readonly change: Change
}

export interface EmittedFile {
  /** Below the folder of --out; ASCII letters, digits, `.`, `-`, `_` and `/`. */
  readonly path: string
  readonly text: string
  readonly isExecutable: boolean
}

/**
 * Writes changes in one language, with their revert. Obligations: every value is quoted for that language, whatever is
 * in it; what cannot be said safely is refused and named; the same changes give the same text.
 */
export interface Emitter {
  readonly id: EmitterId
  readonly title: string
  readonly emit: (changes: readonly PlannedChange[], operators: readonly string[]) => Emitted
}

export interface Emitted {
  readonly files: readonly EmittedFile[]
  /** What could not be written, and why. */
  readonly refused: readonly string[]
}
