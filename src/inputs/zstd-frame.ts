// RFC 8878, section 3.1.1
const MAGIC_BYTES = 4
const BLOCK_HEADER_BYTES = 3
const CHECKSUM_BYTES = 4
const DICTIONARY_ID_BYTES = [0, 1, 2, 4]
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]
const RUN = 1

/** Where in a frame the next bytes are. */
type Part = 'magic' | 'frame header' | 'block header' | 'checksum' | 'end'

/**
 * Follows one zstd frame over its chunks without decoding it, to know where it ends: the decoder
 * does not say, and would take foreign bytes behind it for damage.
 */
export class ZstdFrameWalk {
  #part: Part = 'magic'
  #needed = MAGIC_BYTES + 1
  #gathered: number[] = []
  #toPass = 0
  #hasChecksum = false

  get isOver(): boolean {
    return this.#part === 'end' && this.#toPass === 0
  }

  /**
   * How many bytes of the chunk to hand to the decoder next, at least one: those of the frame, save
   * that its checksum comes by itself. A wrong checksum then costs nothing of what it is about.
   */
  take(chunk: Uint8Array): number {
    let at = 0
    while (at < chunk.length && !this.isOver) {
      const passed = Math.min(this.#toPass, chunk.length - at)
      this.#toPass -= passed
      at += passed
      if (at === chunk.length || this.isOver) break
      if (this.#part === 'checksum' && this.#gathered.length === 0 && at > 0) break
      this.#gathered.push(chunk[at] ?? 0)
      at++
      if (this.#gathered.length === this.#needed) this.#next()
    }
    return at
  }

  #next(): void {
    const bytes = Buffer.from(this.#gathered)
    this.#gathered = []
    if (this.#part === 'magic') this.#header(bytes.readUInt8(MAGIC_BYTES))
    else if (this.#part === 'block header') this.#block(bytes.readUIntLE(0, BLOCK_HEADER_BYTES))
    else this.#part = 'end'
  }

  #header(descriptor: number): void {
    this.#hasChecksum = (descriptor & 4) !== 0
    const isSingleSegment = (descriptor & 0x20) !== 0
    const sizeBytes = CONTENT_SIZE_BYTES[descriptor >> 6] ?? 0
    const windowOrSize = isSingleSegment ? Math.max(1, sizeBytes) : 1 + sizeBytes
    this.#toPass = windowOrSize + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0)
    this.#expect('block header', BLOCK_HEADER_BYTES)
  }

  #block(header: number): void {
    const isLast = (header & 1) === 1
    this.#toPass = ((header >> 1) & 3) === RUN ? 1 : header >> 3
    if (!isLast) this.#expect('block header', BLOCK_HEADER_BYTES)
    else if (this.#hasChecksum) this.#expect('checksum', CHECKSUM_BYTES)
    else this.#part = 'end'
  }

  #expect(part: Part, needed: number): void {
    this.#part = part
    this.#needed = needed
  }
}
