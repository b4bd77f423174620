/** Big-endian fields of bounded bytes, one after the other. Past their end everything is zero and empty, and `isShort`. */
export class Fields {
  readonly bytes: Uint8Array
  at: number
  readonly end: number
  isShort = false

  constructor(bytes: Uint8Array, from: number = 0, to: number = bytes.length) {
    this.bytes = bytes
    this.at = from
    this.end = to
  }

  get left(): number {
    return this.end - this.at
  }

  uint8(): number {
    if (this.at >= this.end) return this.lack()
    return this.bytes[this.at++] ?? 0
  }

  uint16(): number {
    if (this.at + 2 > this.end) return this.lack()
    return (this.uint8() << 8) | this.uint8()
  }

  uint24(): number {
    if (this.at + 3 > this.end) return this.lack()
    return (this.uint8() << 16) | this.uint16()
  }

  /** The next `length` bytes as fields of their own, fewer where there are not so many. */
  block(length: number): Fields {
    const to = Math.min(this.at + length, this.end)
    if (to < this.at + length) this.isShort = true
    const block = new Fields(this.bytes, this.at, to)
    this.at = to
    return block
  }

  /** What is left as 16-bit values. */
  uint16s(): number[] {
    const { bytes, end } = this
    const values: number[] = []
    for (; this.at + 2 <= end; this.at += 2) {
      values.push(((bytes[this.at] ?? 0) << 8) | (bytes[this.at + 1] ?? 0))
    }
    return values
  }

  /** What is left as text, a character for each byte. */
  latin1(): string {
    const { bytes, end } = this
    let text = ''
    for (let at = this.at; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0)
    this.at = end
    return text
  }

  private lack(): number {
    this.at = this.end
    this.isShort = true
    return 0
  }
}
