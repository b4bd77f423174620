import { detectEncoding, TELLING_BYTES, type TextEncoding } from './text-encoding.ts'

/**
 * Lines that came together. Parallel arrays, because an object per line costs more than the line:
 * `texts[i]` is line `firstLine + i` and starts at byte `offsets[i]`. Never empty. Each text is a
 * string of its own, not a slice of something bigger: keeping it pins nothing else in memory.
 */
export interface LineBatch {
  /** Without their ending (LF or CRLF), and without NULs at their start. May hold any control character. */
  readonly texts: readonly string[]
  /** One-based number of `texts[0]`. */
  readonly firstLine: number
  /** Where each text's first byte is in the decompressed input. */
  readonly offsets: readonly number[]
  /** Indices into `texts` of lines that were longer than the limit and lost their rest; ascending, nearly always empty. */
  readonly cut: readonly number[]
}

export interface LineLimits {
  /** A longer line is cut to this many bytes and its rest passed over. */
  readonly maxLineBytes?: number
}

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const DEFAULT_MAX_LINE_BYTES = 1 << 20
const FIRST_CARRY_BYTES = 4096

/**
 * Splits text into lines, whatever the cuts between chunks. UTF-8, UTF-16LE and UTF-16BE, also
 * without BOM; bytes that make no sense become U+FFFD. A last line without newline counts. NULs at the
 * start of a line are passed over: a crash, or a log cut off under its writer, leaves whole blocks of
 * them before the next line. Holds at most one line of `maxLineBytes` (default 1 MiB) between chunks.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: LineLimits = {},
): AsyncGenerator<LineBatch, void, undefined> {
  const splitter = new LineSplitter(limits)
  for await (const chunk of chunks) {
    const batch = splitter.push(chunk)
    if (batch !== null) yield batch
  }
  const rest = splitter.end()
  if (rest !== null) yield rest
}

/** The same for who has the bytes at hand: `push` and `end` give the lines completed so far, or null. */
export class LineSplitter {
  readonly #maxLineBytes: number
  #encoding: TextEncoding | null = null
  #waiting: Buffer = Buffer.alloc(0)
  #offset = 0
  #nextLine = 1
  #carry: Buffer = Buffer.alloc(0)
  #carryLength = 0
  #carryOffset = 0
  #hasCarry = false
  #isCarryCut = false

  constructor(limits: LineLimits = {}) {
    // Even, so that a cut never halves a UTF-16 unit.
    this.#maxLineBytes = Math.max(2, (limits.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES) & ~1)
  }

  push(chunk: Uint8Array): LineBatch | null {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const lines = new Lines(this.#nextLine)
    if (this.#encoding === null) this.#wait(bytes, lines)
    else this.#take(bytes, this.#encoding, lines)
    return this.#give(lines)
  }

  end(): LineBatch | null {
    const lines = new Lines(this.#nextLine)
    const encoding = this.#encoding ?? this.#begin(lines)
    const odd = encoding.end()
    if (odd.length > 0) this.#keep(odd, 0, odd.length)
    if (this.#hasCarry) this.#releaseCarry(lines, encoding)
    return this.#give(lines)
  }

  #give(lines: Lines): LineBatch | null {
    this.#nextLine += lines.texts.length
    return lines.texts.length === 0 ? null : lines
  }

  #wait(bytes: Buffer, lines: Lines): void {
    this.#waiting = Buffer.concat([this.#waiting, bytes])
    if (this.#waiting.length >= TELLING_BYTES) this.#begin(lines)
  }

  #begin(lines: Lines): TextEncoding {
    const bytes = this.#waiting
    const encoding = detectEncoding(bytes)
    this.#waiting = Buffer.alloc(0)
    this.#encoding = encoding
    this.#offset = encoding.bomBytes
    this.#take(bytes.subarray(encoding.bomBytes), encoding, lines)
    return encoding
  }

  #take(chunk: Buffer, encoding: TextEncoding, lines: Lines): void {
    const bytes = encoding.whole(chunk)
    const start = this.#hasCarry ? this.#finishCarry(bytes, lines, encoding) : 0
    // A line that still goes on takes all of it.
    const end = this.#hasCarry ? 0 : this.#split(bytes, start, lines, encoding)
    if (end < bytes.length) this.#keep(bytes, end, bytes.length)
    this.#offset += bytes.length
  }

  /** Gives where the unfinished line starts. */
  #split(bytes: Buffer, start: number, lines: Lines, encoding: TextEncoding): number {
    return encoding.unitBytes === 1
      ? this.#splitBytes(bytes, start, lines)
      : this.#splitUnits(bytes, start, lines, encoding)
  }

  /** The hot loop: UTF-8, both searches and decoding native. */
  #splitBytes(bytes: Buffer, start: number, lines: Lines): number {
    const { texts, offsets } = lines
    const max = this.#maxLineBytes
    const base = this.#offset
    let position = start
    for (;;) {
      if (bytes[position] === 0) position = behindNuls(bytes, position)
      const newline = bytes.indexOf(LINE_FEED, position)
      if (newline < 0) return position
      let end = newline
      if (end - position > max) {
        lines.cut.push(texts.length)
        end = position + max
      } else if (end > position && bytes[end - 1] === CARRIAGE_RETURN) end--
      offsets.push(base + position)
      texts.push(end === position ? '' : bytes.toString('utf8', position, end))
      position = newline + 1
    }
  }

  #splitUnits(bytes: Buffer, start: number, lines: Lines, encoding: TextEncoding): number {
    let position = start
    for (;;) {
      const newline = encoding.newline(bytes, position)
      if (newline < 0) return position
      const isCut = newline - position > this.#maxLineBytes
      const end = isCut ? position + this.#maxLineBytes : newline
      lines.add(encoding.text(bytes, position, end, isCut), this.#offset + position, isCut)
      position = newline + encoding.unitBytes
    }
  }

  #finishCarry(bytes: Buffer, lines: Lines, encoding: TextEncoding): number {
    const newline = encoding.newline(bytes, 0)
    if (newline < 0) return 0 // still going on: the caller keeps all of it
    this.#keep(bytes, 0, newline)
    this.#releaseCarry(lines, encoding)
    return newline + encoding.unitBytes
  }

  #releaseCarry(lines: Lines, encoding: TextEncoding): void {
    const text = encoding.text(this.#carry, 0, this.#carryLength, this.#isCarryCut)
    lines.add(text, this.#carryOffset, this.#isCarryCut)
    this.#carryLength = 0
    this.#hasCarry = false
    this.#isCarryCut = false
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    if (!this.#hasCarry) this.#carryOffset = this.#offset + start
    this.#hasCarry = true
    const wanted = Math.min(end - start, this.#maxLineBytes - this.#carryLength)
    if (wanted < end - start) this.#isCarryCut = true
    this.#reserve(this.#carryLength + wanted)
    bytes.copy(this.#carry, this.#carryLength, start, start + wanted)
    this.#carryLength += wanted
  }

  #reserve(length: number): void {
    if (length <= this.#carry.length) return
    const bigger = Buffer.allocUnsafe(Math.max(length, this.#carry.length * 2, FIRST_CARRY_BYTES))
    this.#carry.copy(bigger, 0, 0, this.#carryLength)
    this.#carry = bigger
  }
}

function behindNuls(bytes: Buffer, start: number): number {
  let position = start
  while (bytes[position] === 0) position++
  return position
}

class Lines implements LineBatch {
  readonly texts: string[] = []
  readonly offsets: number[] = []
  readonly cut: number[] = []
  readonly firstLine: number

  constructor(firstLine: number) {
    this.firstLine = firstLine
  }

  add(text: string, offset: number, isCut: boolean): void {
    if (isCut) this.cut.push(this.texts.length)
    this.offsets.push(offset)
    this.texts.push(text)
  }
}
