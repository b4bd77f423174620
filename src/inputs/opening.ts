import type { Readable } from 'node:stream'
import { visible } from '../text/visible.ts'
import { type Bytes, FileBytes } from './bytes.ts'
import { DigestedBytes, type FileDigest } from './digest.ts'
import { explore } from './explore.ts'
import type { Input, Skipped } from './input.ts'
import { DEFAULT_LIMITS, type InputLimits } from './limits.ts'
import type { Place } from './opened-input.ts'
import { Spool } from './spool.ts'
import { systemReason } from './system-error.ts'
import { Walk } from './walk.ts'

/** The path that stands for standard input. */
export const STANDARD_INPUT = '-'

export interface OpenOptions {
  /** Folder for the temporary file with unpacked bytes; the system's by default. */
  readonly spoolDir?: string | undefined
  readonly limits?: Partial<InputLimits> | undefined
  /**
   * Hash what is read as it passes, for `digests` (0.55 s per GB on the project's machine). Off, reading
   * is that much faster and `digests` reads everything once more. Default: on.
   */
  readonly hashesWhileReading?: boolean | undefined
  /** What `-` stands for: the process's standard input by default. */
  readonly stdin?: Readable | undefined
}

/** Evidence that was given, opened. Whoever opens it closes it. */
export interface OpenedInputs {
  /** In the order of the command line, sorted within folders, in stored order within archives. */
  readonly inputs: readonly Input[]
  /** What is not read or not complete, in words for the user; a file may stand here more than once. */
  readonly skipped: readonly Skipped[]
  /** Name of the file that holds the input: the input's own, or the outermost archive's. */
  fileOf(input: Input): string
  /**
   * SHA-256 and size, as stored, of the files that hold the given inputs (default: all), by name.
   * Costs nothing for files that were read from start to end, reads the rest of the others. A file
   * that cannot be read to its end is left out.
   */
  digests(of?: Iterable<Input>): Map<string, FileDigest>
  /** Gives back what was kept aside; inputs cannot be read afterwards. */
  close(): void
}

/** Evidence while it is being opened, and afterwards. */
export class Opening implements OpenedInputs {
  readonly inputs: Input[] = []
  readonly skipped: Skipped[] = []
  readonly #limits: InputLimits
  readonly #spool: Spool
  readonly #walk: Walk
  readonly #stdin: Readable
  readonly #wanted: string | null
  readonly #hashes: boolean
  readonly #members = { count: 0 }
  readonly #files = new Map<string, DigestedBytes>()
  readonly #fileOf = new Map<Input, string>()

  constructor(options: OpenOptions, wanted: string | null) {
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#spool = new Spool(options.spoolDir, this.#limits)
    this.#walk = new Walk(this.#limits)
    this.#stdin = options.stdin ?? process.stdin
    this.#wanted = wanted
    this.#hashes = options.hashesWhileReading ?? true
  }

  async add(path: string): Promise<void> {
    if (path === STANDARD_INPUT) await this.#addStandardInput()
    else await this.addFrom(Buffer.from(path), visible(path))
  }

  /** A file or folder whose path is not what it is called. */
  async addFrom(path: Buffer, name: string): Promise<void> {
    const { files, skipped } = this.#walk.find(path, name)
    this.skipped.push(...skipped)
    for (const file of files) {
      const { name, group, modifiedAt } = file
      await this.#explore({ name, group, modifiedAt, storedSize: file.size }, new FileBytes(file))
    }
  }

  async #addStandardInput(): Promise<void> {
    if (this.#files.has(STANDARD_INPUT)) return
    const place = { name: STANDARD_INPUT, group: STANDARD_INPUT, storedSize: null, modifiedAt: null }
    const problem = (reason: string): void => {
      this.skipped.push({ file: STANDARD_INPUT, reason })
    }
    const { bytes, damage } = await this.#spool.store(received(this.#stdin, problem))
    if (damage !== null) problem(damage)
    await this.#explore(place, bytes)
  }

  async #explore(place: Place, stored: Bytes): Promise<void> {
    const bytes = new DigestedBytes(stored, this.#hashes)
    this.#files.set(place.name, bytes)
    await explore(place, bytes, {
      limits: this.#limits,
      spool: this.#spool,
      budget: { unpackedBytes: 0 },
      members: this.#members,
      wanted: this.#wanted,
      found: (input) => {
        this.inputs.push(input)
        this.#fileOf.set(input, place.name)
      },
      skipped: (skipped) => this.skipped.push(skipped),
    })
  }

  fileOf(input: Input): string {
    return this.#fileOf.get(input) ?? input.name
  }

  digests(of: Iterable<Input> = this.inputs): Map<string, FileDigest> {
    const digests = new Map<string, FileDigest>()
    for (const name of new Set([...of].map((input) => this.fileOf(input)))) {
      const digest = digestOf(this.#files.get(name))
      if (digest !== null) digests.set(name, digest)
    }
    return digests
  }

  close(): void {
    this.#spool.close()
  }
}

function digestOf(bytes: DigestedBytes | undefined): FileDigest | null {
  try {
    return bytes?.digest() ?? null
  } catch {
    return null
  }
}

/** What a stream of bytes or text gives until it ends or fails. */
async function* received(
  stream: Readable,
  problem: (text: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of stream) {
      if (chunk instanceof Uint8Array) yield chunk
      else if (typeof chunk === 'string') yield Buffer.from(chunk)
    }
  } catch (error) {
    problem(`cannot be read further: ${systemReason(error)}`)
  }
}
