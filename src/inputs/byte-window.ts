import { type Bytes, readAt } from './bytes.ts'

const WINDOW_BYTES = 256 * 1024

/** Reads small pieces that lie near each other without asking the file for each. */
export class ByteWindow {
  readonly #bytes: Bytes
  #start = 0
  #window: Buffer = Buffer.alloc(0)

  constructor(bytes: Bytes) {
    this.#bytes = bytes
  }

  /** At most `length` bytes from `position`, fewer at the end; valid until the next call. */
  at(position: number, length: number): Buffer {
    const from = position - this.#start
    const isInside = from >= 0 && from + length <= this.#window.length
    if (!isInside) {
      this.#window = readAt(this.#bytes, position, Math.max(length, WINDOW_BYTES))
      this.#start = position
    }
    return this.#window.subarray(position - this.#start, position - this.#start + length)
  }

  /** Where the first of the patterns (of `patternBytes` each) starts at or after `position`; -1 if none does. */
  find(patterns: readonly Buffer[], patternBytes: number, position: number): number {
    for (let at = position; at < this.#bytes.size; at += WINDOW_BYTES) {
      const block = this.at(at, Math.min(WINDOW_BYTES + patternBytes - 1, this.#bytes.size - at))
      const found = patterns.map((pattern) => block.indexOf(pattern)).filter((index) => index >= 0)
      if (found.length > 0) return at + Math.min(...found)
    }
    return -1
  }
}
