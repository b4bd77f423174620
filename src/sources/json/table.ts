import { splitLines } from '../../inputs/lines.ts'
import { headLines } from '../head-lines.ts'
import type { Fields } from './fields.ts'
import type { Flaw, JsonPiece } from './json-splitter.ts'

/** A table as text (RFC 4180, comma or tab), its first row the names of the columns. */
export interface Table {
  readonly columns: readonly string[]
  readonly separator: string
  /** Rows of the head, at most 24. */
  readonly rows: readonly Fields[]
}

const MIN_COLUMNS = 4
const MAX_COLUMNS = 500
const MAX_ROWS = 24
const MAX_RECORD_CHARS = 1 << 20
const NAME = /^[\w@.:/ -]{1,100}$/u

/** The table that a head begins; null where it is none. */
export function headTable(head: Uint8Array): Table | null {
  const lines = headLines(head)
  const first = lines[0] ?? ''
  const separator = first.includes('\t') ? '\t' : ','
  if (!first.includes(separator)) return null
  const columns = cells(first, separator).map((cell) => cell.trim())
  if (columns.length < MIN_COLUMNS || columns.length > MAX_COLUMNS) return null
  if (!columns.every((column) => NAME.test(column) && !/^[\d.]+$/u.test(column))) return null
  const rows: Fields[] = []
  const joiner = new RowJoiner()
  for (const [index, line] of lines.slice(1).entries()) {
    const row = joiner.add(line, index, 0)
    if (row !== null) rows.push(rowOf(row.text, columns, separator))
    if (rows.length >= MAX_ROWS) break
  }
  return { columns, separator, rows }
}

/** The rows of a table, without its first. */
export async function* splitTable(
  chunks: AsyncIterable<Uint8Array>,
  flaws: Record<Flaw, number>,
): AsyncGenerator<readonly JsonPiece[], void, undefined> {
  const joiner = new RowJoiner()
  for await (const { texts, offsets, firstLine } of splitLines(chunks)) {
    const rows: JsonPiece[] = []
    for (let at = 0; at < texts.length; at++) {
      const row = joiner.add(texts[at] ?? '', firstLine + at, offsets[at] ?? 0)
      if (row !== null && row.line > 1) rows.push(row)
    }
    yield rows
  }
  if (joiner.isOpen) flaws.cut++
}

/** Joins lines to rows: a quoted cell may hold line breaks. */
class RowJoiner {
  #text = ''
  #line = 0
  #offset = 0
  isOpen = false

  add(line: string, number: number, offset: number): JsonPiece | null {
    if (!this.isOpen) {
      if (line === '') return null
      this.#line = number
      this.#offset = offset
    }
    const isOdd = hasOddQuotes(line)
    if (!this.isOpen && !isOdd) return { text: line, line: number, offset }
    this.#text = this.isOpen ? `${this.#text}\n${line}` : line
    const isDone = this.isOpen === isOdd || this.#text.length > MAX_RECORD_CHARS
    this.isOpen = !isDone
    if (!isDone) return null
    const text = this.#text
    this.#text = ''
    return { text, line: this.#line, offset: this.#offset }
  }
}

function hasOddQuotes(line: string): boolean {
  let count = 0
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) count++
  return count % 2 === 1
}

export function rowOf(text: string, columns: readonly string[], separator: string): Fields {
  const row: Record<string, string> = Object.create(null)
  const values = cells(text, separator)
  for (const [index, column] of columns.entries()) {
    const value = values[index]
    if (value !== undefined) row[column] = value
  }
  return row
}

/** The cells of one row. */
export function cells(row: string, separator: string): string[] {
  const found: string[] = []
  let at = 0
  while (at <= row.length && found.length <= MAX_COLUMNS) {
    if (row[at] === '"') {
      const { text, end } = quoted(row, at + 1)
      const next = row.indexOf(separator, end)
      found.push(text + row.slice(end, next < 0 ? row.length : next))
      at = next < 0 ? row.length + 1 : next + 1
    } else {
      const next = row.indexOf(separator, at)
      found.push(row.slice(at, next < 0 ? row.length : next))
      at = next < 0 ? row.length + 1 : next + 1
    }
  }
  return found
}

function quoted(row: string, from: number): { text: string; end: number } {
  let text = ''
  let at = from
  for (;;) {
    const quote = row.indexOf('"', at)
    if (quote < 0) return { text: text + row.slice(at), end: row.length }
    text += row.slice(at, quote)
    if (row[quote + 1] !== '"') return { text, end: quote + 1 }
    text += '"'
    at = quote + 2
  }
}
