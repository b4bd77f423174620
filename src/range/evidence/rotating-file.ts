import { EvidenceFile, type EvidenceWriter } from './evidence-file.ts'
import type { OpenEvidence } from './witness.ts'

export interface Rotation {
  /** Moments (epoch ms, rising) at which the file is moved away and begun anew. */
  readonly atMs: readonly number[]
  /** What the piece before the `age`-th newest is called: `auth.log`, `auth.log.1`, `auth.log.2.gz`. */
  readonly name: (age: number) => string
  /** Stands at the start of every piece. */
  readonly head?: Uint8Array
}

/** Gathered before they go to disk; many files are open in a battle. */
const CHUNK_BYTES = 32 * 1024

/** A log that logrotate turns over while it is written. Names follow from how many turns there will be. */
export class RotatingFile implements EvidenceWriter {
  readonly #open: OpenEvidence
  readonly #rotation: Rotation
  readonly #now: () => number
  #turns = 0
  #file: EvidenceFile

  constructor(open: OpenEvidence, rotation: Rotation, now: () => number) {
    this.#open = open
    this.#rotation = rotation
    this.#now = now
    this.#file = this.#begin()
  }

  write(bytes: Uint8Array): void {
    this.#turn()
    this.#file.write(bytes)
  }

  writeText(text: string): void {
    this.#turn()
    this.#file.writeText(text)
  }

  flush(): void {
    this.#turn()
    this.#file.flush()
  }

  #turn(): void {
    const { atMs } = this.#rotation
    while (this.#turns < atMs.length && this.#now() >= (atMs[this.#turns] ?? Infinity)) {
      this.#file.flush()
      this.#turns += 1
      this.#file = this.#begin()
    }
  }

  #begin(): EvidenceFile {
    const { atMs, name, head } = this.#rotation
    const file = new EvidenceFile(this.#open(name(atMs.length - this.#turns)), CHUNK_BYTES)
    if (head !== undefined && this.#turns > 0) file.write(head)
    return file
  }
}

/** Files of the pieces, oldest first, with their periods. */
export function piecesOf(
  { atMs, name }: Rotation,
  period: { readonly fromMs: number; readonly toMs: number },
): { path: string; fromMs: number; toMs: number }[] {
  const starts = [period.fromMs, ...atMs]
  return starts.map((fromMs, i) => ({
    path: name(atMs.length - i),
    fromMs,
    toMs: starts[i + 1] ?? period.toMs,
  }))
}
