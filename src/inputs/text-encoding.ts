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

/** What `detectEncoding` needs to see, unless the input is shorter. */
export const TELLING_BYTES = 4

/** From the first bytes: BOM of UTF-8, UTF-16LE, UTF-16BE, or two ASCII characters in UTF-16; else UTF-8. */
export function detectEncoding(head: Uint8Array): TextEncoding {
  const [first = 0, second = 0, third = 0, fourth = 0] = head
  if (first === 0xff && second === 0xfe) return new Utf16(false, 2)
  if (first === 0xfe && second === 0xff) return new Utf16(true, 2)
  if (first === 0xef && second === 0xbb && third === 0xbf) return { ...utf8, bomBytes: 3 }
  if (isAscii(first) && second === 0 && isAscii(third) && fourth === 0) return new Utf16(false, 0)
  if (first === 0 && isAscii(second) && third === 0 && isAscii(fourth)) return new Utf16(true, 0)
  return utf8
}

/** A character that text begins with: printable, or white space. */
function isAscii(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d)
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
  readonly bomBytes: number
  readonly unitBytes = 2
  readonly #isBigEndian: boolean
  #odd = -1

  constructor(isBigEndian: boolean, bomBytes: number) {
    this.#isBigEndian = isBigEndian
    this.bomBytes = bomBytes
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
