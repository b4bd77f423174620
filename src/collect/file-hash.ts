import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'

const BUFFER_BYTES = 256 * 1024

/** SHA-256 of files, read piece by piece into one buffer. */
export class FileHash {
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES)

  /** Of at most `maxBytes` from the start of an open file. */
  of(fd: number, maxBytes: number): string {
    const hash = createHash('sha256')
    for (let at = 0; at < maxBytes;) {
      const count = readSync(fd, this.#buffer, 0, BUFFER_BYTES, at)
      if (count === 0) break
      hash.update(this.#buffer.subarray(0, count))
      at += count
    }
    return hash.digest('hex')
  }
}
