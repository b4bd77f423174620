import { isAscii } from 'node:buffer'
import { splitJsonDocuments } from '../config/json-documents.ts'
import type { Input } from '../inputs/input.ts'

/** A document that does not end within this is given up. */
const MAX_DOCUMENT_LENGTH = 64 * 1024 * 1024

/**
 * The JSON documents of an input, one at a time: one a line, or over several lines, one after the
 * other. What is no JSON is told with its line and passed over.
 */
export async function* jsonDocuments(
  input: Input,
  problem: (text: string) => void,
): AsyncGenerator<unknown[]> {
  const splitter = new DocumentSplitter(problem)
  const decoder = new TextDecoder()
  for await (const chunk of input.chunks(problem)) {
    // Nearly all logs are ASCII, which is read much faster as Latin-1. The decoder may hold the
    // beginning of a character, and then takes the next chunk whatever it is.
    const isPlain = isAscii(chunk) && !splitter.isMidCharacter
    const text = isPlain
      ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
      : decoder.decode(chunk, { stream: true })
    splitter.isMidCharacter = !isPlain && !endsWhole(chunk)
    yield splitter.add(text)
  }
  yield splitter.end(decoder.decode())
}

function endsWhole(chunk: Uint8Array): boolean {
  return (chunk.at(-1) ?? 0) < 0x80
}

class DocumentSplitter {
  readonly #problem: (text: string) => void
  /** An unfinished line. */
  #rest = ''
  /** Lines of a document that is not finished, and how deep they end. */
  #open: string[] = []
  #openLength = 0
  #openLine = 0
  #depth = 0
  #line = 0
  isMidCharacter = false

  constructor(problem: (text: string) => void) {
    this.#problem = problem
  }

  add(text: string): unknown[] {
    const documents: unknown[] = []
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#take(this.#rest + text.slice(from, end), documents)
      this.#rest = ''
      from = end + 1
    }
    this.#rest += text.slice(from)
    if (this.#rest.length > MAX_DOCUMENT_LENGTH) {
      this.#problem(`line ${this.#line + 1} is too long: passed over`)
      this.#rest = ''
    }
    return documents
  }

  end(text: string): unknown[] {
    const documents = this.add(text)
    if (this.#rest !== '') this.#take(this.#rest, documents)
    if (this.#open.length > 0) this.#giveUp(documents)
    return documents
  }

  #take(line: string, documents: unknown[]): void {
    this.#line++
    if (this.#open.length === 0) {
      if (line.trim() === '') return
      const value = parsed(line)
      if (value !== undefined) {
        documents.push(value)
        return
      }
      this.#openLine = this.#line
      this.#depth = 0
    }
    this.#depth += depthOf(line)
    this.#open.push(line)
    this.#openLength += line.length
    if (this.#openLength > MAX_DOCUMENT_LENGTH) {
      this.#giveUp(documents)
      return
    }
    if (this.#depth > 0) return
    const pieces = splitJsonDocuments(this.#open.join('\n').replace(/^\uFEFF/u, ''))
    const values = pieces?.map((piece) => parsed(piece.text)).filter((value) => value !== undefined) ?? []
    if (values.length === 0 || values.length !== pieces?.length)
      this.#problem(`line ${this.#openLine}: no valid JSON: passed over`)
    documents.push(...values)
    this.#close()
  }

  /** A broken line costs no other: those behind it that are whole documents are taken as such. */
  #giveUp(documents: unknown[]): void {
    this.#problem(`line ${this.#openLine}: the JSON that begins here does not end`)
    for (const line of this.#open.slice(1)) {
      const value = /^\s*[[{]/u.test(line) ? parsed(line) : undefined
      if (value !== undefined) documents.push(value)
    }
    this.#close()
  }

  #close(): void {
    this.#open = []
    this.#openLength = 0
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How much deeper a line ends than it begins; brackets in strings do not count, and strings end with their line. */
function depthOf(line: string): number {
  let depth = 0
  let isString = false
  for (let at = 0; at < line.length; at++) {
    const char = line.charCodeAt(at)
    if (isString) {
      if (char === BACKSLASH) at++
      else if (char === QUOTE) isString = false
    } else if (char === QUOTE) isString = true
    else if (char === 0x7b || char === 0x5b) depth++
    else if (char === 0x7d || char === 0x5d) depth--
  }
  return depth
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
