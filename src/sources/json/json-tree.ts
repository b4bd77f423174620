import {
  BACKSLASH,
  behindGap,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isGap,
  NEWLINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from './json-bytes.ts'
import { Utf8Text } from './utf8.ts'

/** What to do with an object or array: look into it, have its whole text, or leave it out. */
export type Opening = 'enter' | 'take' | 'pass'

/** Where something stands: names of members; `*` stands for an element of an array. The document itself is `[]`. */
export type JsonPath = readonly string[]

/** Who reads a tree. Paths are only lent: copy what you keep. */
export interface TreeReader {
  open(path: JsonPath, isArray: boolean): Opening
  /** The text of what was to be taken. `line` is one-based, `offset` counts bytes into the stream. */
  take(path: JsonPath, text: string, line: number, offset: number): void
  /** Text, number, true, false or null in what was entered, as parsed. */
  scalar(path: JsonPath, value: unknown): void
  /** A document ends. `isWhole` is false where damage or the end of the input cut it. */
  end(isWhole: boolean): void
}

export interface TreeFlaws {
  /** Pieces that are no JSON. */
  text: number
  /** Taken texts that break off. */
  cut: number
  /** Texts that are longer than the limit. */
  long: number
  /** Nested too deeply. */
  deep: number
}

/** What is entered may be nested so deeply; what is taken, deeper: see MAX_TAKEN_DEPTH. */
const MAX_ENTERED = 64
const MAX_TAKEN_DEPTH = 128
const MAX_WORD_BYTES = 1024

const NUL = 0
const RECORD_SEPARATOR = 0x1e

type Mode = 'tokens' | 'string' | 'container' | 'aside' | 'resync'

/**
 * Walks JSON documents of any size that stand one after the other, as bytes of UTF-8 whatever the cuts between
 * them, and gives the pieces that its reader wants: of what is held there is at most one piece (`maxBytes`) and
 * a chunk. It does not check JSON: whoever parses a piece does. After damage it goes on with the next document
 * that begins a line.
 */
export class JsonTree {
  readonly flaws: TreeFlaws = { text: 0, cut: 0, long: 0, deep: 0 }
  /** Where in the input a byte of the text stands. */
  placeOf: (offset: number) => number = (offset) => offset

  readonly #reader: TreeReader
  readonly #maxBytes: number
  #mode: Mode = 'tokens'
  #rest: Buffer = Buffer.alloc(0)
  #offset = 0
  #line = 1
  /** Entered containers, outermost first: true = array. */
  readonly #frames: boolean[] = []
  readonly #path: string[] = []
  /** In an object: its member's name was read, the value comes. */
  #hasKey = false
  /** Of the piece in hand. */
  #parts: Buffer[] = []
  #size = 0
  #isKept = false
  #pieceLine = 0
  #pieceOffset = 0
  #depth = 0
  #isInString = false
  #isEscaped = false
  #isTooDeep = false
  /** Last byte that was read, and the last that was no gap. */
  #last = NEWLINE
  #before = NEWLINE

  constructor(reader: TreeReader, maxBytes: number) {
    this.#reader = reader
    this.#maxBytes = maxBytes
  }

  push(chunk: Uint8Array): void {
    const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const bytes = this.#rest.length === 0 ? fresh : Buffer.concat([this.#rest, fresh])
    const at = this.#walk(bytes, false)
    this.#rest = Buffer.from(bytes.subarray(at))
    this.#offset += at
    if (at === 0) return
    this.#last = bytes[at - 1] ?? NEWLINE
    const before = bytes[behindGap(bytes, at - 1)] ?? NEWLINE
    if (!isGap(before)) this.#before = before
  }

  /** True where the input ended with a document, not within one. */
  end(): boolean {
    this.#walk(this.#rest, true)
    const isWhole = this.#frames.length === 0 && this.#mode !== 'container' && this.#mode !== 'string'
    if (!isWhole) {
      if (this.#mode === 'container' && this.#isKept) this.flaws.cut++
      this.#reader.end(false)
    }
    return isWhole
  }

  #walk(bytes: Buffer, isEnd: boolean): number {
    let at = 0
    while (at < bytes.length) {
      const next = this.#step(bytes, at, isEnd)
      if (next < 0) return at
      at = next
    }
    return at
  }

  /** Gives where to go on; -1 where more has to be seen. */
  #step(bytes: Buffer, at: number, isEnd: boolean): number {
    if (this.#mode === 'tokens') return this.#token(bytes, at, isEnd)
    if (this.#mode === 'container') return this.#container(bytes, at)
    if (this.#mode === 'string') return this.#string(bytes, at)
    return this.#mode === 'aside' ? this.#aside(bytes, at) : this.#resync(bytes, at)
  }

  #token(bytes: Buffer, at: number, isEnd: boolean): number {
    const byte = bytes[at] ?? 0
    if (byte === NEWLINE) this.#line++
    if (isGap(byte) || byte === COMMA || byte === COLON || byte === RECORD_SEPARATOR || byte === NUL)
      return at + 1
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return this.#open(bytes, at)
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      this.#closeFrame()
      return at + 1
    }
    if (byte === QUOTE) {
      this.#begin(at, true)
      this.#mode = 'string'
      return at
    }
    return this.#word(bytes, at, isEnd)
  }

  #open(bytes: Buffer, at: number): number {
    const isArray = bytes[at] === OPEN_ARRAY
    if (this.#isElement()) this.#path.push('*')
    const opening = this.#frames.length >= MAX_ENTERED ? 'pass' : this.#reader.open(this.#path, isArray)
    if (opening === 'enter') {
      this.#frames.push(isArray)
      this.#hasKey = false
      return at + 1
    }
    this.#begin(at, opening === 'take')
    this.#mode = 'container'
    this.#depth = 0
    return at
  }

  #begin(at: number, isKept: boolean): void {
    this.#parts = []
    this.#size = 0
    this.#isKept = isKept
    this.#isTooDeep = false
    this.#isInString = false
    this.#isEscaped = false
    this.#pieceLine = this.#line
    this.#pieceOffset = this.placeOf(this.#offset + at)
  }

  #isElement(): boolean {
    return this.#frames.at(-1) === true
  }

  /** A value is over: its name or its place in the array is no longer in the path. */
  #valueOver(): void {
    if (this.#frames.length === 0) return
    this.#path.pop()
    this.#hasKey = false
  }

  #closeFrame(): void {
    if (this.#frames.pop() === undefined) {
      this.flaws.text++
      return
    }
    if (this.#hasKey) this.#path.pop()
    this.#hasKey = false
    if (this.#frames.length === 0) {
      this.#path.length = 0
      this.#reader.end(true)
    } else {
      this.#path.pop()
    }
  }

  /** The hot loop: to the end of what was opened. What it counts is in variables of its own, which is twice as fast. */
  #container(bytes: Buffer, from: number): number {
    const end = bytes.length
    let depth = this.#depth
    let lines = 0
    for (let at = from; at < end; at++) {
      if (this.#isInString) {
        at = this.#passString(bytes, at)
        if (this.#mode === 'container') continue
        this.#line += lines
        return at
      }
      const byte = bytes[at] ?? 0
      // Blanks, letters of words, digits: most of what stands between strings.
      if (byte === SPACE) continue
      if (byte === QUOTE) this.#isInString = true
      else if (byte === NEWLINE) lines++
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.#depth = depth
        if (byte === OPEN_OBJECT && this.#isOutOfPlace(bytes, at, from)) {
          this.#line += lines
          return this.#damage(at)
        }
        if (++depth > MAX_TAKEN_DEPTH) this.#isTooDeep = true
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (--depth > 0) continue
        this.#depth = depth
        this.#line += lines
        this.#keep(bytes, from, at + 1)
        this.#finish()
        return at + 1
      }
    }
    this.#depth = depth
    this.#line += lines
    this.#keep(bytes, from, end)
    return end
  }

  /** Inside a string of a container: gives its last byte seen. */
  #passString(bytes: Buffer, from: number): number {
    const end = bytes.length
    let isEscaped = this.#isEscaped
    for (let at = from; at < end; at++) {
      const byte = bytes[at]
      if (isEscaped) isEscaped = false
      else if (byte === QUOTE) {
        this.#isEscaped = false
        this.#isInString = false
        return at
      } else if (byte === BACKSLASH) isEscaped = true
      else if (byte === NEWLINE) return this.#damage(at)
    }
    this.#isEscaped = isEscaped
    return end
  }

  /** An object that begins a line where JSON allows none: the document before was cut off. */
  #isOutOfPlace(bytes: Buffer, at: number, from: number): boolean {
    if (at === from && this.#depth === 0) return false
    if ((at > 0 ? bytes[at - 1] : this.#last) !== NEWLINE) return false
    const seen = at > 0 ? bytes[behindGap(bytes, at - 1)] : undefined
    const before = seen === undefined || isGap(seen) ? this.#before : seen
    return before !== COMMA && before !== OPEN_ARRAY && before !== COLON
  }

  #string(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]
      if (at === from && this.#size === 0 && this.#parts.length === 0) continue
      if (this.#isEscaped) this.#isEscaped = false
      else if (byte === BACKSLASH) this.#isEscaped = true
      else if (byte === NEWLINE) return this.#damage(at)
      else if (byte === QUOTE) {
        this.#keep(bytes, from, at + 1)
        this.#mode = 'tokens'
        this.#text()
        return at + 1
      }
    }
    this.#keep(bytes, from, bytes.length)
    return bytes.length
  }

  #text(): void {
    const value = parsed(this.#piece())
    const isName = this.#frames.at(-1) === false && !this.#hasKey
    if (isName) {
      this.#path.push(typeof value === 'string' ? value : '')
      this.#hasKey = true
      return
    }
    this.#value(value)
  }

  #value(value: unknown): void {
    if (this.#frames.length === 0) {
      this.flaws.text++
      return
    }
    if (this.#isElement()) this.#path.push('*')
    this.#reader.scalar(this.#path, value)
    this.#valueOver()
  }

  #word(bytes: Buffer, at: number, isEnd: boolean): number {
    if (this.#frames.length === 0) {
      this.flaws.text++
      this.#mode = 'aside'
      return at
    }
    let end = at
    while (end < bytes.length && !isDelimiter(bytes[end] ?? 0)) end++
    if (end === bytes.length && !isEnd && end - at < MAX_WORD_BYTES) return -1
    this.#value(parsed(bytes.toString('latin1', at, end)))
    return end
  }

  /** Text outside documents: to the end of its line, or to the document that it stands before. */
  #aside(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      if (bytes[at] !== NEWLINE && bytes[at] !== OPEN_OBJECT) continue
      this.#mode = 'tokens'
      return at
    }
    return bytes.length
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    if (!this.#isKept) return
    this.#size += to - from
    if (this.#size > this.#maxBytes) {
      this.flaws.long++
      this.#isKept = false
      this.#parts = []
      return
    }
    // A copy: the chunk is the reader's only until the next one.
    this.#parts.push(Buffer.from(bytes.subarray(from, to)))
  }

  #piece(): string {
    const text =
      this.#parts.length === 1
        ? this.#parts[0]?.toString('utf8')
        : Buffer.concat(this.#parts).toString('utf8')
    this.#parts = []
    return text ?? ''
  }

  #finish(): void {
    this.#mode = 'tokens'
    if (this.#isTooDeep) {
      if (this.#isKept) this.flaws.deep++
    } else if (this.#isKept) this.#reader.take(this.#path, this.#piece(), this.#pieceLine, this.#pieceOffset)
    this.#parts = []
    if (this.#frames.length === 0) this.#reader.end(true)
    this.#valueOver()
  }

  #damage(at: number): number {
    this.flaws.cut++
    this.#parts = []
    this.#frames.length = 0
    this.#path.length = 0
    this.#hasKey = false
    this.#isInString = false
    this.#isEscaped = false
    this.#mode = 'resync'
    this.#reader.end(false)
    return at
  }

  /** To the next line that begins with a document. */
  #resync(bytes: Buffer, at: number): number {
    const byte = bytes[at]
    if ((at > 0 ? bytes[at - 1] : this.#last) === NEWLINE) {
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.#mode = 'tokens'
        return at
      }
    }
    const newline = bytes.indexOf(NEWLINE, at)
    if (newline < 0) return bytes.length
    this.#line++
    return newline + 1
  }
}

function isDelimiter(byte: number): boolean {
  return (
    isGap(byte) ||
    byte === COMMA ||
    byte === COLON ||
    byte === QUOTE ||
    byte === OPEN_OBJECT ||
    byte === OPEN_ARRAY ||
    byte === CLOSE_OBJECT ||
    byte === CLOSE_ARRAY
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Walks a whole input, stopping to hand on what it has given so far where `isFull`; tells at the end whether it was whole. */
export async function* walkJson(
  chunks: AsyncIterable<Uint8Array>,
  tree: JsonTree,
  isFull: () => boolean,
  tellWhole: (isWhole: boolean) => void,
): AsyncGenerator<void, void, undefined> {
  const text = new Utf8Text()
  tree.placeOf = (offset) => text.placeOf(offset)
  for await (const chunk of chunks) {
    tree.push(text.push(chunk))
    if (isFull()) yield
  }
  tree.push(text.end())
  tellWhole(tree.end())
}
