import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { visible } from '../text/visible.ts'
import { type Bytes, FileBytes } from './bytes.ts'
import { DigestedBytes, type FileDigest } from './digest.ts'
import { explore } from './explore.ts'
import type { Input, Skipped } from './input.ts'
import { DEFAULT_LIMITS, type InputLimits } from './limits.ts'
import type { Place } from './opened-input.ts'
import { type Pipe, pipeAt, received, STANDARD_INPUT, standardInput } from './pipe.ts'
import { Spool } from './spool.ts'
import { Walk } from './walk.ts'

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
  readonly #stdin: Readable | undefined
  readonly #pipes = new Map<string, string>()
  readonly #wanted: string | null
  readonly #hashes: boolean
  readonly #members = { count: 0 }
  readonly #files = new Map<string, DigestedBytes>()
  readonly #fileOf = new Map<Input, string>()

  constructor(options: OpenOptions, wanted: string | null) {
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#spool = new Spool(options.spoolDir, this.#limits)
    this.#walk = new Walk(this.#limits)
    this.#stdin = options.stdin
    this.#wanted = wanted
    this.#hashes = options.hashesWhileReading ?? true
  }

  /** A path from the command line. A pipe there is wanted, and read to its end; one that lies in a folder is not. */
  async add(path: string): Promise<void> {
    const pipe = path === STANDARD_INPUT ? standardInput(this.#stdin) : pipeAt(path)
    if (pipe === null) await this.addFrom(Buffer.from(path), visible(path))
    else await this.#addPipe(pipe)
  }

  /** A file or folder whose path is not what it is called. */
  async addFrom(path: Buffer, name: string): Promise<void> {
    const { files, skipped } = this.#walk.find(path, name)
    for (const one of skipped) this.skipped.push(one)
    for (const file of files) {
      const { name, group, modifiedAt } = file
      await this.#explore({ name, group, modifiedAt, storedSize: file.size }, new FileBytes(file))
    }
  }

  async #addPipe(pipe: Pipe): Promise<void> {
    const { name, identity, modifiedAt, unreadable } = pipe
    const problem = (reason: string): void => {
      this.skipped.push({ file: name, reason })
    }
    const before = this.#pipes.get(identity)
    if (before !== undefined) return problem(`the same as ${before}`)
    this.#pipes.set(identity, name)
    if (unreadable !== null) return problem(unreadable)
    const { bytes, damage } = await this.#spool.store(received(pipe.open(), problem))
    if (damage !== null) problem(damage)
    const group = name === STANDARD_INPUT ? STANDARD_INPUT : dirname(name)
    await this.#explore({ name, group, modifiedAt, storedSize: null }, bytes)
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
