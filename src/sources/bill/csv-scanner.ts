const QUOTE = 34
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
/** A row longer than this is none; tags and descriptions together stay far below. */
export const MAX_ROW_BYTES = 1 << 20
const FIRST_ROOM = 1 << 21

/** Who takes the rows: `cells` of the scanner hold where the wanted cells stand, until the call returns. */
export interface RowTaker {
  row(bytes: Buffer, start: number, end: number, scanner: CsvScanner): void
}

/**
 * Rows of CSV (RFC 4180) as places in bytes of UTF-8: no string and no object is made for a row. Cells may be quoted
 * and hold line ends, separators and doubled quotes; rows end in LF or CRLF. Only the places of `wanted` columns are
 * kept. After an unclosed quote the rest of the input is one row that is too long: it is passed over and counted.
 */
export class CsvScanner {
  /** Of wanted cell `i`: its first byte and the one behind it, quotes not included. Both -1 where the row is too short. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Cells in the row at hand. */
  cells = 0
  /** One-based line at which the row at hand begins, and its place in the bytes pushed so far. */
  line = 1
  offset = 0
  /** Rows passed over for their length. */
  tooLong = 0
  /** The input ended inside quotes. */
  isCut = false

  readonly #separator: number
  /** By column: which wanted cell it is, or -1. */
  readonly #roleAt: Int16Array
  /** Wanted cells that stand in the same column as another one. */
  readonly #twins: (readonly [of: number, twin: number])[] = []
  readonly #taker: RowTaker
  #room: Buffer = Buffer.allocUnsafe(FIRST_ROOM)
  #held = 0
  #passed = 0
  #nextLine = 1
  #isSkipping = false

  constructor(separator: number, wanted: readonly number[], taker: RowTaker) {
    this.#separator = separator
    this.#taker = taker
    this.starts = new Int32Array(wanted.length).fill(-1)
    this.ends = new Int32Array(wanted.length).fill(-1)
    this.#roleAt = new Int16Array(Math.max(0, ...wanted) + 1).fill(-1)
    for (const [role, column] of wanted.entries()) {
      if (column < 0) continue
      const first = this.#roleAt[column] ?? -1
      if (first < 0) this.#roleAt[column] = role
      else this.#twins.push([first, role])
    }
  }

  push(chunk: Uint8Array): void {
    this.#hold(chunk)
    this.#scan(false)
  }

  end(): void {
    this.#scan(true)
  }

  #hold(chunk: Uint8Array): void {
    const needed = this.#held + chunk.length
    if (needed > this.#room.length) {
      const room = Buffer.allocUnsafe(Math.max(needed, this.#room.length * 2))
      this.#room.copy(room, 0, 0, this.#held)
      this.#room = room
    }
    this.#room.set(chunk, this.#held)
    this.#held = needed
  }

  #scan(isEnd: boolean): void {
    const bytes = this.#room
    const end = this.#held
    let start = 0
    while (start < end) {
      const next = this.#row(bytes, start, end, isEnd)
      if (next < 0) break
      start = next
    }
    if (end - start > MAX_ROW_BYTES) {
      if (!this.#isSkipping) this.tooLong++
      this.#isSkipping = true
      start = end
    }
    bytes.copy(bytes, 0, start, end)
    this.#held = end - start
    this.#passed += start
  }

  /** Reads one row; gives where the next begins, or -1 where its end has not come yet. */
  #row(bytes: Buffer, start: number, end: number, isEnd: boolean): number {
    const separator = this.#separator
    const { starts, ends } = this
    const roleAt = this.#roleAt
    const columns = roleAt.length
    let column = 0
    let lines = 0
    let at = start
    for (;;) {
      let from = at
      let to = -1
      if (at < end && bytes[at] === QUOTE) {
        from = at + 1
        at = bytes.indexOf(QUOTE, from)
        while (at >= 0 && at < end && bytes[at + 1] === QUOTE && at + 1 < end)
          at = bytes.indexOf(QUOTE, at + 2)
        if (at < 0 || at >= end) {
          if (!isEnd) return -1
          this.isCut = true
          at = end
        } else if (at + 1 >= end && !isEnd) {
          return -1 // the next byte decides whether this quote ends the cell
        }
        to = at
        for (
          let seen = bytes.indexOf(LINE_FEED, from);
          seen >= 0 && seen < to;
          seen = bytes.indexOf(LINE_FEED, seen + 1)
        )
          lines++
        if (at < end) at++
      }
      while (at < end) {
        const byte = bytes[at]
        if (byte === separator || byte === LINE_FEED) break
        at++
      }
      if (at >= end && !isEnd) return -1
      if (to < 0) to = at > from && bytes[at - 1] === CARRIAGE_RETURN && bytes[at] !== separator ? at - 1 : at
      if (column < columns) {
        const role = roleAt[column] ?? -1
        if (role >= 0) {
          starts[role] = from
          ends[role] = to
        }
      }
      column++
      if (at >= end || bytes[at] === LINE_FEED) break
      at++
    }
    this.#give(bytes, start, at, column)
    this.#nextLine += lines + 1
    return at + 1
  }

  #give(bytes: Buffer, start: number, lineEnd: number, cells: number): void {
    const end = lineEnd > start && bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd
    if (this.#isSkipping) {
      this.#isSkipping = false
    } else if (end > start) {
      this.cells = cells
      if (cells < this.#roleAt.length) this.#forget(cells)
      for (const [of, twin] of this.#twins) {
        this.starts[twin] = this.starts[of] ?? -1
        this.ends[twin] = this.ends[of] ?? -1
      }
      this.line = this.#nextLine
      this.offset = this.#passed + start
      this.#taker.row(bytes, start, end, this)
    }
  }

  /** Cells that a short row does not have must not be those of the row before. */
  #forget(from: number): void {
    for (let column = from; column < this.#roleAt.length; column++) {
      const role = this.#roleAt[column] ?? -1
      if (role < 0) continue
      this.starts[role] = -1
      this.ends[role] = -1
    }
  }
}
