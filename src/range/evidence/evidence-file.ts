/** Where the bytes of one evidence file go, in order. A chunk belongs to the receiver. */
export type ByteSink = (chunk: Uint8Array) => void

const CHUNK_BYTES = 256 * 1024

/** What writers of evidence need of a file. */
export interface EvidenceWriter {
  write(bytes: Uint8Array): void
  writeText(text: string): void
  flush(): void
}

/** Gathers small writes into chunks, so that a large scene costs few of them and little memory. */
export class EvidenceFile implements EvidenceWriter {
  readonly #sink: ByteSink
  readonly #chunkBytes: number
  #chunk: Uint8Array
  #used = 0

  constructor(sink: ByteSink, chunkBytes: number = CHUNK_BYTES) {
    this.#sink = sink
    this.#chunkBytes = chunkBytes
    this.#chunk = new Uint8Array(chunkBytes)
  }

  write(bytes: Uint8Array): void {
    let rest = bytes
    while (rest.length > 0) {
      const part = rest.subarray(0, this.#chunkBytes - this.#used)
      this.#chunk.set(part, this.#used)
      this.#used += part.length
      rest = rest.subarray(part.length)
      if (this.#used === this.#chunkBytes) this.flush()
    }
  }

  writeText(text: string): void {
    this.write(new TextEncoder().encode(text))
  }

  flush(): void {
    if (this.#used > 0) this.#sink(this.#chunk.subarray(0, this.#used))
    this.#chunk = new Uint8Array(this.#chunkBytes)
    this.#used = 0
  }
}
