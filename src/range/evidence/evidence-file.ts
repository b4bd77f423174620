/** Where the bytes of one evidence file go, in order. A chunk belongs to the receiver. */
export type ByteSink = (chunk: Uint8Array) => void

const CHUNK_BYTES = 256 * 1024

/** Gathers small writes into chunks, so that a large scene costs few of them and little memory. */
export class EvidenceFile {
  readonly #sink: ByteSink
  #chunk = new Uint8Array(CHUNK_BYTES)
  #used = 0

  constructor(sink: ByteSink) {
    this.#sink = sink
  }

  write(bytes: Uint8Array): void {
    let rest = bytes
    while (rest.length > 0) {
      const part = rest.subarray(0, CHUNK_BYTES - this.#used)
      this.#chunk.set(part, this.#used)
      this.#used += part.length
      rest = rest.subarray(part.length)
      if (this.#used === CHUNK_BYTES) this.flush()
    }
  }

  writeText(text: string): void {
    this.write(new TextEncoder().encode(text))
  }

  flush(): void {
    if (this.#used > 0) this.#sink(this.#chunk.subarray(0, this.#used))
    this.#chunk = new Uint8Array(CHUNK_BYTES)
    this.#used = 0
  }
}
