const FIRST_BYTES = 16_384

/** Many texts in one piece of memory outside the heap, where the garbage collector need not look at each. */
export class HeldTexts {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES)
  readonly #ends: number[] = []

  add(text: string): void {
    const start = this.#ends.at(-1) ?? 0
    const end = start + Buffer.byteLength(text)
    if (end > this.#bytes.length) this.#grow(Math.max(end, this.#bytes.length * 2), start)
    this.#bytes.write(text, start)
    this.#ends.push(end)
  }

  /** Gives back what was taken for more texts. */
  close(): void {
    const length = this.#ends.at(-1) ?? 0
    if (length < this.#bytes.length) this.#grow(length, length)
  }

  at(index: number): string {
    return this.#bytes.toString('utf8', this.#ends[index - 1] ?? 0, this.#ends[index])
  }

  #grow(size: number, used: number): void {
    const bytes = Buffer.allocUnsafeSlow(size)
    this.#bytes.copy(bytes, 0, 0, used)
    this.#bytes = bytes
  }
}
