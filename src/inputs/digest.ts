import { createHash, type Hash } from 'node:crypto'
import type { Bytes } from './bytes.ts'

export interface FileDigest {
  /** SHA-256 of the bytes as stored, in hex. */
  readonly sha256: string
  readonly size: number
}

const CHUNK_BYTES = 512 * 1024

/**
 * Bytes whose SHA-256 grows with what readers happen to read in order, so that a file read from
 * start to end needs no second pass: whatever continues where the hash stands extends it.
 */
export class DigestedBytes implements Bytes {
  readonly size: number
  readonly #bytes: Bytes
  readonly #watches: boolean
  /** Made when it is needed and let go when it is done: native, and there may be 100,000 files. */
  #hash: Hash | null = null
  #hashed = 0
  #digest: FileDigest | null = null

  /** Without `watches` readers pay nothing, and `digest` reads everything. */
  constructor(bytes: Bytes, watches: boolean) {
    this.#bytes = bytes
    this.#watches = watches
    this.size = bytes.size
  }

  read(into: Uint8Array, position: number): number {
    const count = this.#bytes.read(into, position)
    if (this.#watches) this.#see(into, position, count)
    return count
  }

  #see(into: Uint8Array, position: number, count: number): void {
    const known = this.#hashed - position
    if (known < 0 || known >= count || this.#digest !== null) return
    this.#hash ??= createHash('sha256')
    this.#hash.update(into.subarray(known, count))
    this.#hashed = position + count
    if (this.#hashed === this.size) this.#finish()
  }

  #finish(): FileDigest {
    this.#digest ??= { sha256: (this.#hash ?? createHash('sha256')).digest('hex'), size: this.size }
    this.#hash = null
    return this.#digest
  }

  /** Reads what nobody has read yet. Throws what reading throws, and where the file became shorter. */
  digest(): FileDigest {
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, this.size - this.#hashed))
    while (this.#hashed < this.size) {
      const count = this.#bytes.read(buffer, this.#hashed)
      if (count === 0) throw new Error('the file became shorter')
      this.#see(buffer, this.#hashed, count)
    }
    return this.#finish()
  }
}
