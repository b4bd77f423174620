/**
 * The part of a stream that is in hand. Bytes are appended at the end and consumed at `at`; what is
 * left over is moved to the front when more comes, so one view over one buffer serves the whole stream.
 */
export class StreamBuffer {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(this.bytes.buffer)
  /** Where reading stands; beyond `limit` while bytes are being skipped that have not come yet. */
  at = 0
  /** End of the valid bytes. */
  limit = 0
  /** Nothing more will come. */
  isEnded = false
  /** Stream offset of `bytes[0]`. */
  #start = 0

  /** Copies the chunk; positions from before are no longer valid. */
  append(chunk: Uint8Array): void {
    const rest = Math.max(0, this.limit - this.at)
    const skip = Math.max(0, this.at - this.limit)
    const from = this.limit - rest
    this.#start += from
    if (rest + chunk.length > this.bytes.length) this.#grow(rest + chunk.length, from)
    else this.bytes.copyWithin(0, from, this.limit)
    this.bytes.set(chunk, rest)
    this.limit = rest + chunk.length
    this.at = skip
  }

  /** Offset in the stream of a position in `bytes`. */
  offsetOf(position: number): number {
    return this.#start + position
  }

  #grow(size: number, from: number): void {
    const bytes = new Uint8Array(Math.max(size, this.bytes.length * 2))
    bytes.set(this.bytes.subarray(from, this.limit))
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }
}
