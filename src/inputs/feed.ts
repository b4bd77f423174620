const EMPTY = Buffer.alloc(0)

/**
 * A stream pulled piece by piece, with a place where unused bytes go back. Bytes it gives are valid
 * until the next call, save those of `exactly`, which are the caller's.
 */
export class Feed {
  readonly #stream: AsyncGenerator<Uint8Array, void, undefined>
  #rest: Buffer = EMPTY
  #position = 0

  constructor(stream: AsyncGenerator<Uint8Array, void, undefined>) {
    this.#stream = stream
  }

  /** Bytes taken so far. */
  get position(): number {
    return this.#position
  }

  /** The next bytes, at least one, at most `max`; null at the end. */
  async next(max = Infinity): Promise<Buffer | null> {
    if (this.#rest.length === 0) this.#rest = await this.#pull()
    const length = Math.min(this.#rest.length, max)
    const chunk = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length)
    this.#position += length
    return length === 0 ? null : chunk
  }

  /** Gives back the end of what the last `next` or `exactly` gave. */
  unread(bytes: Buffer): void {
    this.#position -= bytes.length
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([bytes, this.#rest])
  }

  /** Exactly `length` bytes, fewer only if the stream ends before. */
  async exactly(length: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for (let left = length; left > 0;) {
      const chunk = await this.next(left)
      if (chunk === null) break
      parts.push(Buffer.from(chunk))
      left -= chunk.length
    }
    return parts.length === 1 ? (parts[0] ?? EMPTY) : Buffer.concat(parts)
  }

  /** The next `length` bytes as a stream; fewer if the stream ends before. */
  async *take(length: number): AsyncGenerator<Uint8Array, void, undefined> {
    let left = length
    while (left > 0) {
      const chunk = await this.next(left)
      if (chunk === null) return
      left -= chunk.length
      yield chunk
    }
  }

  /** Passes over `length` bytes; false if the stream ends before. */
  async skip(length: number): Promise<boolean> {
    let left = length
    while (left > 0) {
      const chunk = await this.next(left)
      if (chunk === null) return false
      left -= chunk.length
    }
    return true
  }

  async close(): Promise<void> {
    await this.#stream.return()
  }

  async #pull(): Promise<Buffer> {
    for (;;) {
      const step = await this.#stream.next()
      if (step.done === true) return EMPTY
      const { buffer, byteOffset, byteLength } = step.value
      if (byteLength > 0) return Buffer.from(buffer, byteOffset, byteLength)
    }
  }
}
