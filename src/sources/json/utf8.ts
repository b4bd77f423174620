import { detectEncoding, TELLING_BYTES, type TextEncoding } from '../../inputs/text-encoding.ts'

/** What may still be asked for: a record, and the chunks it began and ended in. */
const MAX_PASSED_BYTES = 4 << 20

/**
 * Text as bytes of UTF-8, whatever it is stored in (UTF-8, UTF-16LE, UTF-16BE, with or without BOM), and
 * the way back from a place in it to the place in the input.
 */
export class Utf8Text {
  #encoding: TextEncoding | null = null
  #waiting: Buffer = Buffer.alloc(0)
  /** The first half of a character beyond the basic plane, cut by the end of a chunk. */
  #half = ''
  /** Starts of what was passed on and not asked for yet: in UTF-8, and in UTF-16. */
  #passed: { text: Buffer; start: number; place: number }[] = []
  #end = 0
  #place = 0

  /** Places in the text are places in the input. */
  get isPlain(): boolean {
    return this.#encoding?.unitBytes === 1 && this.#encoding.bomBytes === 0
  }

  push(chunk: Uint8Array): Uint8Array {
    if (this.#encoding !== null) return this.#take(chunk)
    this.#waiting = Buffer.concat([this.#waiting, chunk])
    return this.#waiting.length < TELLING_BYTES ? new Uint8Array(0) : this.#begin()
  }

  end(): Uint8Array {
    const rest = this.#encoding === null ? this.#begin() : Buffer.alloc(0)
    const half = this.#half
    this.#half = ''
    return Buffer.concat([rest, this.#pass(half)])
  }

  /** Where in the input the byte `offset` of the text came from. Ask with growing offsets. */
  placeOf(offset: number): number {
    if (this.#encoding?.unitBytes !== 2) return offset + (this.#encoding?.bomBytes ?? 0)
    for (;;) {
      const first = this.#passed[0]
      if (first === undefined) return this.#place
      if (offset < first.start + first.text.length)
        return first.place + 2 * first.text.toString('utf8', 0, offset - first.start).length
      this.#passed.shift()
    }
  }

  #begin(): Uint8Array {
    const bytes = this.#waiting
    this.#waiting = Buffer.alloc(0)
    this.#encoding = detectEncoding(bytes)
    this.#place = this.#encoding.bomBytes
    return this.#take(bytes.subarray(this.#encoding.bomBytes))
  }

  #take(chunk: Uint8Array): Uint8Array {
    const encoding = this.#encoding
    if (encoding?.unitBytes !== 2) return chunk
    const units = encoding.whole(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    const text = this.#half + units.toString('utf16le')
    const isCut = (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800
    this.#half = isCut ? text.slice(-1) : ''
    return this.#pass(isCut ? text.slice(0, -1) : text)
  }

  #pass(units: string): Uint8Array {
    const text = Buffer.from(units)
    if (text.length === 0) return text
    this.#passed.push({ text, start: this.#end, place: this.#place })
    this.#end += text.length
    while (this.#end - (this.#passed[0]?.start ?? 0) > MAX_PASSED_BYTES) this.#passed.shift()
    this.#place += 2 * units.length
    return text
  }
}
