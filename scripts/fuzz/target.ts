import type { Random } from '../../src/range/random.ts'

/** A parser, or a part that must stand hostile input, and how to feed it. */
export interface Target {
  readonly name: string
  /** Valid inputs, made by the project itself. */
  samples(): readonly Uint8Array[]
  /** Pieces that mean something to the parser, to be put anywhere. */
  readonly words: readonly string[]
  /** Input with a sound frame and anything in it; null where there is nothing to say beyond mutating samples. */
  readonly build: ((random: Random) => Uint8Array) | null
  /**
   * Feeds the parser and throws where it breaks a promise. `random` decides how the bytes are handed
   * over (cuts, directions): the same for the same case.
   */
  check(bytes: Uint8Array, random: Random): Promise<void> | void
}

export function promise(isKept: boolean, what: string): void {
  if (!isKept) throw new Error(`broken promise: ${what}`)
}
