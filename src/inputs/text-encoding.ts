/** How text is stored: where lines end in it and how they become strings. Holds the half of a unit between chunks. */
export interface TextEncoding {
  readonly bomBytes: number
  /** Bytes of one code unit, and so of a newline. */
  readonly unitBytes: number
  /** The chunk as whole little-endian units; an odd byte waits for the next call. */
  whole(chunk: Buffer): Buffer
  /** What stands for a byte left over at the very end; empty if there was none. */
  end(): Buffer
  /** Where the next newline starts, or -1. */
  newline(bytes: Buffer, from: number): number
  /** The text of a line; takes a CR off its end unless the line was cut there. */
  text(bytes: Buffer, start: number, end: number, isCut: boolean): string
}

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const EMPTY = Buffer.alloc(0)
const REPLACEMENT_UTF16LE = Buffer.from([0xfd, 0xff])

/** From the first bytes (three, unless the input is shorter): BOM of UTF-8, UTF-16LE, UTF-16BE; else UTF-8. */
export function detectEncoding(head: Uint8Array): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return new Utf16(false)
  if (head[0] === 0xfe && head[1] === 0xff) return new Utf16(true)
  const hasBom = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
  return hasBom ? { ...utf8, bomBytes: 3 } : utf8
}

const utf8: TextEncoding = {
  bomBytes: 0,
  unitBytes: 1,
  whole: (chunk) => chunk,
  end: () => EMPTY,
  newline: (bytes, from) => bytes.indexOf(LINE_FEED, from),
  text(bytes, start, end, isCut) {
    const hasReturn = !isCut && end > start && bytes[end - 1] === CARRIAGE_RETURN
    return bytes.toString('utf8', start, hasReturn ? end - 1 : end)
  },
}

class Utf16 implements TextEncoding {
  readonly bomBytes = 2
  readonly unitBytes = 2
  readonly #isBigEndian: boolean
  #odd = -1

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian
  }

  whole(chunk: Buffer): Buffer {
    const bytes = this.#odd < 0 ? Buffer.from(chunk) : Buffer.concat([Buffer.from([this.#odd]), chunk])
    const length = bytes.length & ~1
    this.#odd = length < bytes.length ? (bytes[length] ?? -1) : -1
    const units = bytes.subarray(0, length)
    return this.#isBigEndian ? units.swap16() : units
  }

  end(): Buffer {
    return this.#odd < 0 ? EMPTY : REPLACEMENT_UTF16LE
  }

  newline(bytes: Buffer, from: number): number {
    return bytes.indexOf('\n', from, 'utf16le')
  }

  text(bytes: Buffer, start: number, end: number, isCut: boolean): string {
    const hasReturn = !isCut && end - start >= 2 && bytes.readUInt16LE(end - 2) === CARRIAGE_RETURN
    return bytes.toString('utf16le', start, hasReturn ? end - 2 : end).toWellFormed()
  }
}
