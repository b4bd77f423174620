import type { Bytes } from './bytes.ts'

/**
 * One piece of evidence: a file, a member of an archive, or standard input, already decompressed.
 * Whoever opens it reads hostile bytes: chunks may hold anything and end anywhere.
 */
export interface Input {
  /** As given on the command line; inside archives `a.tar.zst!var/log/auth.log`. Never a path that was made up here. */
  readonly name: string
  /** Folder that holds it, of archives with their name before it: inputs with the same group were collected together. */
  readonly group: string
  /** Bytes as stored (compressed size for a compressed file); null where nobody knows (standard input). */
  readonly storedSize: number | null
  /** When the file was last written, from the file system, the archive or the gzip header; epoch ms. */
  readonly modifiedAt: number | null
  /** The first bytes, decompressed, at most 64 KiB; fewer only if the input is shorter. */
  readonly head: Uint8Array
  /**
   * The whole input from the start, decompressed, in chunks of at most 1 MiB. May be called again.
   * A chunk is the reader's only until it asks for the next one: copy what you keep.
   * Damage is told through `problem` and ends the stream; it never throws for bad bytes.
   */
  chunks(problem: (text: string) => void): AsyncIterable<Uint8Array>
  /** The last bytes, at most 64 KiB, where they can be had without reading everything; else null. */
  tail(): Uint8Array | null
  /**
   * All bytes, decompressed, to be read at any place, where they can be had so without reading everything;
   * else null or absent. Reading throws what the operating system reports.
   */
  whole?(): Bytes | null
}

/** Something given that is not read, and why, in words for the user. */
export interface Skipped {
  readonly file: string
  readonly reason: string
}
