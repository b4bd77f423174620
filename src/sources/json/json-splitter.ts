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
} from './json-bytes.ts'
import { isEnvelope } from './envelope.ts'

/** One JSON object of the evidence: its text, and where it begins. */
export interface JsonPiece {
  readonly text: string
  /** One-based. */
  readonly line: number
  /** Bytes into the stream. */
  readonly offset: number
}

/** Why a piece was left out. */
export type Flaw = 'text' | 'cut' | 'long' | 'deep'

export const MAX_RECORD_BYTES = 1 << 20
/** Containers in containers within one record: nothing that logs goes deeper than a dozen. */
export const MAX_RECORD_DEPTH = 128
/** What may stand before an object on its line: a time, a host and a program. */
const MAX_PREFIX_BYTES = 1024
/** Arrays in arrays around records. */
const MAX_BASE = 8

const NUL = 0
const RECORD_SEPARATOR = 0x1e
const PLAIN = 0
const STRING = 1
const OPENS = 2
const CLOSES = 3
const BREAKS = 4
/** What a byte outside a string does. */
const STRUCTURE = new Uint8Array(256)
STRUCTURE[QUOTE] = STRING
STRUCTURE[OPEN_OBJECT] = OPENS
STRUCTURE[OPEN_ARRAY] = OPENS
STRUCTURE[CLOSE_OBJECT] = CLOSES
STRUCTURE[CLOSE_ARRAY] = CLOSES
STRUCTURE[NEWLINE] = BREAKS
/** Bytes that mean something inside a string. */
const IN_STRING = new Uint8Array(256)
for (const byte of [QUOTE, BACKSLASH, NEWLINE]) IN_STRING[byte] = 1

/** A byte has to be seen that has not come yet. */
const WAIT = -1
const NOWHERE = -1

/**
 * Finds the objects in JSON text of any shape, as bytes of UTF-8, whatever the cuts between them: one a
 * line, one over many lines, several one after the other with or without anything between, in arrays, in
 * arrays inside an object (`{"Records":[…]}`), behind a time and a name on their line. Envelopes of any size
 * pass through; of what is held there is at most one record and a chunk. It does not check JSON: whoever
 * parses the text does. What is no object is left out and counted in `flaws`; after damage it goes on
 * with the next line.
 */
export class JsonSplitter {
  readonly flaws: Record<Flaw, number> = { text: 0, cut: 0, long: 0, deep: 0 }
  /** Ended inside an envelope or an array: the rest is missing. */
  isIncomplete = false

  #bytes: Buffer = Buffer.alloc(0)
  /** Of `#bytes` in the stream. */
  #offset = 0
  #at = 0
  #line = 1
  /** Containers open, those around the records, and which kind each is. */
  #depth = 0
  #base = 0
  readonly #kinds = new Uint8Array(MAX_RECORD_DEPTH + MAX_BASE + 4)
  /** Depth at which the object that is only an envelope began. */
  #envelope = NOWHERE
  /** In the envelope, but not in its list. */
  #isAside = false
  #isInString = false
  /** Passing over the rest of a line without an object in it. */
  #isInText = false
  #recordAt = NOWHERE
  #recordLine = 0
  #isTooDeep = false
  #pieces: JsonPiece[] = []

  /** The objects that these bytes complete. */
  push(chunk: Uint8Array): JsonPiece[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes])
    this.#scan(false)
    const keepFrom = Math.min(this.#bytes.length, this.#recordAt === NOWHERE ? this.#at - 1 : this.#recordAt)
    if (keepFrom > 0) {
      this.#offset += keepFrom
      this.#at -= keepFrom
      if (this.#recordAt !== NOWHERE) this.#recordAt -= keepFrom
    }
    // A copy: the chunk is the reader's only until the next one.
    this.#bytes = Buffer.from(this.#bytes.subarray(Math.max(0, keepFrom)))
    return this.#give()
  }

  end(): JsonPiece[] {
    this.#scan(true)
    if (this.#recordAt !== NOWHERE) this.flaws.cut++
    this.isIncomplete = this.#base > 0 || this.#isAside
    return this.#give()
  }

  /** The record that has begun and not ended, as far as it goes. */
  unfinished(): string | null {
    return this.#recordAt === NOWHERE ? null : this.#bytes.toString('utf8', this.#recordAt)
  }

  #give(): JsonPiece[] {
    const pieces = this.#pieces
    this.#pieces = []
    return pieces
  }

  #scan(isEnd: boolean): void {
    const end = this.#bytes.length
    while (this.#at < end) {
      const next = this.#step(isEnd)
      if (next === WAIT) break
      this.#at = next
    }
    if (this.#recordAt !== NOWHERE && end - this.#recordAt > MAX_RECORD_BYTES) {
      this.flaws.long++
      this.#recordAt = NOWHERE
    }
  }

  #step(isEnd: boolean): number {
    if (this.#isInText) return this.#passText(this.#at)
    if (this.#isInString) return this.#passString(this.#at)
    if (this.#depth > this.#base || this.#isAside) return this.#within(this.#at, isEnd)
    return this.#base === 0 ? this.#between(this.#at, isEnd) : this.#inList(this.#at)
  }

  /** Inside a record, or something to be passed over: the hot loop. */
  #within(from: number, isEnd: boolean): number {
    const bytes = this.#bytes
    const end = bytes.length
    for (let at = from; at < end; at++) {
      const kind = STRUCTURE[bytes[at] ?? 0]
      if (kind === PLAIN) continue
      if (kind === STRING) {
        let inside = at + 1
        while (inside < end && IN_STRING[bytes[inside] ?? 0] === 0) inside++
        if (inside >= end || bytes[inside] !== QUOTE) {
          this.#isInString = true
          return inside
        }
        at = inside
      } else if (kind === CLOSES) {
        if (this.#close(at)) return at + 1
      } else if (kind === BREAKS) {
        this.#line++
      } else {
        const next = this.#open(at, isEnd)
        if (next !== at + 1) return next
        if (this.#depth === this.#base) return next
      }
    }
    return end
  }

  /** Gives where to go on: right behind, at `at` again (as the start of another record), or later. */
  #open(at: number, isEnd: boolean): number {
    const bytes = this.#bytes
    if (bytes[at] === OPEN_OBJECT) {
      if (bytes[at - 1] === NEWLINE && this.#isOutOfPlace(at)) {
        this.#abandon(at)
        return at
      }
    } else if (this.#mayBeEnvelope()) {
      const isList = isEnvelope(this.#bytes, this.#recordAt, at, isEnd)
      if (isList === null) return WAIT
      if (isList) this.#enterEnvelope()
    }
    this.#kinds[Math.min(this.#depth, this.#kinds.length - 1)] = bytes[at] ?? 0
    this.#depth++
    if (this.#depth - this.#base > MAX_RECORD_DEPTH) this.#isTooDeep = true
    return at + 1
  }

  /** True where what was open is over. */
  #close(at: number): boolean {
    this.#depth--
    if (this.#isAside) {
      if (this.#depth > this.#envelope) return false
      this.#isAside = false
      this.#base = this.#envelope
      this.#envelope = NOWHERE
      return true
    }
    if (this.#depth > this.#base) return false
    this.#finish(at + 1)
    return true
  }

  #finish(end: number): void {
    const start = this.#recordAt
    const isTooDeep = this.#isTooDeep
    this.#recordAt = NOWHERE
    this.#isTooDeep = false
    if (start === NOWHERE) return
    if (end - start > MAX_RECORD_BYTES) this.flaws.long++
    else if (isTooDeep) this.flaws.deep++
    else
      this.#pieces.push({
        text: this.#bytes.toString('utf8', start, end),
        line: this.#recordLine,
        offset: this.#offset + start,
      })
  }

  /**
   * An object at the start of a line where JSON allows none: the one before was cut off. What is too long
   * anyway, and in no list, ends at any such line.
   */
  #isOutOfPlace(at: number): boolean {
    const start = this.#recordAt
    if (start === NOWHERE || at - start > MAX_RECORD_BYTES) return this.#base === 0 && !this.#isAside
    const before = this.#bytes[behindGap(this.#bytes, at - 1)]
    const isInArray = this.#kinds[Math.min(this.#depth, this.#kinds.length) - 1] === OPEN_ARRAY
    return isInArray ? before !== COMMA && before !== OPEN_ARRAY : before !== COLON
  }

  /** The record in hand turns out to be damaged at `at`. */
  #abandon(at: number): void {
    const start = this.#recordAt
    if (start !== NOWHERE) this.flaws[at - start > MAX_RECORD_BYTES ? 'long' : 'cut']++
    this.#recordAt = NOWHERE
    this.#isTooDeep = false
    if (this.#isAside) return
    this.#depth = this.#base
  }

  #mayBeEnvelope(): boolean {
    return this.#recordAt !== NOWHERE && this.#envelope === NOWHERE && this.#depth === this.#base + 1
  }

  /** What looked like a record is only around them. */
  #enterEnvelope(): void {
    this.#envelope = this.#depth - 1
    this.#base = this.#depth + 1
    this.#isAside = false
    this.#recordAt = NOWHERE
  }

  #begin(at: number): number {
    this.#recordAt = at
    this.#recordLine = this.#line
    this.#kinds[this.#depth] = OPEN_OBJECT
    this.#depth++
    return at + 1
  }

  /** In an array of records, between two of them. */
  #inList(at: number): number {
    const byte = this.#bytes[at] ?? 0
    if (byte === OPEN_OBJECT) return this.#begin(at)
    if (byte === NEWLINE) this.#line++
    else if (byte === CLOSE_ARRAY) {
      this.#depth--
      if (this.#envelope === NOWHERE) this.#base--
      else if (this.#depth === this.#envelope + 1) this.#isAside = true
    } else if (byte === OPEN_ARRAY) {
      this.#depth++
      if (this.#envelope === NOWHERE && this.#base < MAX_BASE) this.#base++
      else this.flaws.text++
    } else if (byte === QUOTE) {
      this.flaws.text++
      this.#isInString = true
    }
    return at + 1
  }

  /** Outside everything. */
  #between(at: number, isEnd: boolean): number {
    const byte = this.#bytes[at] ?? 0
    if (byte === OPEN_OBJECT) return this.#begin(at)
    if (byte === NEWLINE) this.#line++
    if (isGap(byte) || byte === COMMA || byte === RECORD_SEPARATOR || byte === NUL) return at + 1
    if (byte === OPEN_ARRAY) {
      let next = at + 1
      while (isGap(this.#bytes[next])) next++
      const first = this.#bytes[next]
      if (first === undefined && !isEnd && next - at < MAX_PREFIX_BYTES) return WAIT
      if (first === OPEN_OBJECT || first === OPEN_ARRAY || first === CLOSE_ARRAY) {
        this.#depth++
        this.#base++
        return at + 1
      }
    }
    return this.#text(at, isEnd)
  }

  /** Text that is no JSON: perhaps an object follows on the same line. */
  #text(at: number, isEnd: boolean): number {
    const bytes = this.#bytes
    const limit = Math.min(bytes.length, at + MAX_PREFIX_BYTES)
    for (let next = at + 1; next < limit; next++) {
      if (bytes[next] === OPEN_OBJECT) return next
      if (bytes[next] === NEWLINE) {
        this.flaws.text++
        return next
      }
    }
    if (limit < at + MAX_PREFIX_BYTES && !isEnd) return WAIT
    this.flaws.text++
    this.#isInText = true
    return limit
  }

  #passText(at: number): number {
    const newline = this.#bytes.indexOf(NEWLINE, at)
    if (newline < 0) return this.#bytes.length
    this.#isInText = false
    return newline
  }

  #passString(from: number): number {
    const bytes = this.#bytes
    const end = bytes.length
    for (let at = from; at < end; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) {
        this.#isInString = false
        return at + 1
      }
      if (byte === BACKSLASH) at++
      else if (byte === NEWLINE) {
        this.#isInString = false
        this.#abandon(at)
        return at
      }
      if (at >= end) return at + 1
    }
    return end
  }
}
