/** Bytes held in all, over every connection. */
export interface HeldTotal {
  bytes: number
  readonly limit: number
  /** How often something was not kept for want of room. */
  refused: number
}

const NOTHING = new Uint8Array(0)
const FIRST_BYTES = 128

/**
 * What has come of a line or a body that is not complete yet. A connection alone may keep that much;
 * thousands of them together may not: what exceeds the total is refused.
 */
export class KeptBytes {
  length = 0
  bytes: Uint8Array = NOTHING
  private readonly total: HeldTotal

  constructor(total: HeldTotal) {
    this.total = total
  }

  /** False where there is no room for it: what was kept is let go. */
  append(data: Uint8Array, from: number, to: number): boolean {
    if (!this.reserve(this.length + to - from)) return false
    this.bytes.set(data.subarray(from, to), this.length)
    this.length += to - from
    return true
  }

  push(byte: number): boolean {
    if (!this.reserve(this.length + 1)) return false
    this.bytes[this.length++] = byte
    return true
  }

  /** Gives the bytes away and forgets them. */
  take(): { bytes: Uint8Array; length: number } {
    const { bytes, length } = this
    this.clear()
    return { bytes, length }
  }

  clear(): void {
    this.total.bytes -= this.bytes.length
    this.bytes = NOTHING
    this.length = 0
  }

  private reserve(length: number): boolean {
    if (length <= this.bytes.length) return true
    const grown = Math.max(FIRST_BYTES, length + (length >> 1))
    if (this.total.bytes + grown - this.bytes.length > this.total.limit) {
      this.total.refused++
      this.clear()
      return false
    }
    // Out of a pool: a typed array with memory of its own costs as much again as a line.
    const bytes = Buffer.allocUnsafe(grown)
    bytes.set(this.bytes.subarray(0, this.length))
    this.total.bytes += grown - this.bytes.length
    this.bytes = bytes
    return true
  }
}
