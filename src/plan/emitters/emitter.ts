import { visible } from '../../text/visible.ts'
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

/** As the emitter writes them; what changes left out of this form themselves is named as well. */
export function emitAs(
  emitter: Emitter,
  changes: readonly PlannedChange[],
  operators: readonly string[],
): Emitted {
  const { files, refused } = emitter.emit(changes, operators)
  return { files, refused: [...refused, ...unwrittenIn(emitter.id, changes)] }
}

/** Changes that left a form out themselves: title and reason. */
export function unwrittenIn(id: EmitterId, changes: readonly PlannedChange[]): string[] {
  return changes.flatMap(({ title, change }) =>
    (change.unwritten ?? [])
      .filter(({ form }) => form === id)
      .map(({ why }) => `${visible(title)}: ${visible(why)}`),
  )
}

export interface Emitted {
  readonly files: readonly EmittedFile[]
  /** What could not be written, and why. */
  readonly refused: readonly string[]
}
