import { CORE_SCHEMA, loadAll, mergeTag } from 'js-yaml'
import { isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'

/** A document of a rule file as it stands. `line` (one-based) is where it begins; `document` counts from zero. */
export interface RawDocument {
  readonly file: string
  readonly document: number
  readonly line: number
  readonly content: Readonly<Record<string, unknown>>
}

/** A place in a document: keys and list positions from its root. */
export type DocumentPath = readonly (string | number)[]

export interface Position {
  readonly line: number
  readonly column: number
}

/** Whatever a document is: a map, a list, null. */
export interface ReadDocument {
  readonly content: unknown
  readonly document: number
  readonly line: number
}

export interface ReadDocuments {
  readonly documents: readonly ReadDocument[]
  readonly problems: readonly (Position & { readonly message: string })[]
}

/** Beyond this a rule file is a mistake. */
const MAX_FILE_LENGTH = 64 * 1024 * 1024
const SCHEMA = CORE_SCHEMA.withTags(mergeTag)
const MAX_DEPTH = 100
const MAX_ALIASES = 1000

/**
 * Reads all YAML documents of a text, some at a time, so that those of a large file need not be in memory
 * together. Never throws.
 */
export function* readDocuments(text: string): Generator<ReadDocuments> {
  if (text.length > MAX_FILE_LENGTH) {
    yield { documents: [], problems: [{ line: 1, column: 1, message: 'is too large for a rule file' }] }
    return
  }
  let line = 0
  let document = 0
  for (const piece of piecesOf(text)) {
    const { documents, problems, count } = readPiece(piece)
    const moved = documents.map((one) => ({
      ...one,
      document: one.document + document,
      line: one.line + line,
    }))
    yield {
      documents: moved,
      problems: problems.map((one) => ({ ...one, line: one.line + line })),
    }
    document += count
    line += linesIn(piece)
  }
}

/**
 * A text cut where a document begins: `---` at the start of a line stands in no scalar (YAML 1.2, 9.1.2). What comes before
 * the first one without saying anything (comments, directives) stays with it.
 */
function* piecesOf(text: string): Generator<string> {
  const marker = /^---(?=[ \t\r\n]|$)/gmu
  let from = 0
  for (let found = marker.exec(text); found !== null; found = marker.exec(text)) {
    if (found.index === from || (from === 0 && isSilent(text.slice(0, found.index)))) continue
    // What stands behind the end of a document belongs to the next one: directives, for instance.
    yield text.slice(from, found.index)
    from = found.index
  }
  yield from === 0 ? text : text.slice(from)
}

const SILENT_LINE = /^(?:\uFEFF?\s*(?:#.*)?|%.*)\r?$/u

function isSilent(text: string): boolean {
  return text.length < MAX_PREFIX && text.split('\n').every((line) => SILENT_LINE.test(line))
}

const MAX_PREFIX = 65_536

function linesIn(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

interface ReadPiece extends ReadDocuments {
  /** Documents in it, readable or not. */
  readonly count: number
}

/**
 * Reads the YAML documents of a text: with the fast parser, and where that meets an error with the
 * one that goes on after it and knows its place.
 */
function readPiece(text: string): ReadPiece {
  try {
    const contents = loadAll(text, { schema: SCHEMA, maxDepth: MAX_DEPTH, maxAliases: MAX_ALIASES })
    const lines = contents.length === 1 ? [firstLine(text)] : documentLines(text)
    if (lines.length === contents.length) {
      const documents = contents.map((content, i) => ({ content, document: i, line: lines[i] ?? 1 }))
      return { documents, problems: [], count: documents.length }
    }
  } catch {
    // The other parser says what is wrong, and reads the documents that are not.
  }
  return readSlowly(text)
}

function readSlowly(text: string): ReadPiece {
  const documents: { content: unknown; document: number; line: number }[] = []
  const problems: (Position & { message: string })[] = []
  let count = 0
  try {
    const counter = new LineCounter()
    for (const [i, document] of parsed(text, counter).entries()) {
      count++
      const [fault] = document.errors
      if (fault !== undefined) {
        const message = `is no valid YAML: ${inWords(fault.message)}`
        problems.push({ ...positionAt(fault.pos[0], counter), message })
        continue
      }
      const content: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
      const line = positionAt(document.contents?.range?.[0] ?? document.range[0], counter).line
      documents.push({ content, document: i, line })
    }
  } catch {
    problems.push({ line: 1, column: 1, message: 'is nested too deeply or repeats itself too often' })
  }
  return { documents, problems, count }
}

/**
 * Finds the places of paths in a text. Parses the text when it is first asked, so that a file without
 * problems costs nothing. A path that is not there gives what is nearest around it.
 */
export class Locator {
  readonly #text: string
  readonly #counter = new LineCounter()
  #documents: ReturnType<typeof parsed> | null = null

  constructor(text: string) {
    this.#text = text
  }

  positionOf(document: number, path: DocumentPath): Position {
    return positionAt(this.#find(document, path).offset, this.#counter)
  }

  /** The `nth` place (from zero) where a key stands anywhere below a path; without a key the path itself. */
  positionOfKey(document: number, path: DocumentPath, key: string | null, nth: number): Position {
    const { node, offset } = this.#find(document, path)
    const keys = key === null ? [] : keysBelow(node, key)
    return positionAt(keys[nth] ?? keys[0] ?? offset, this.#counter)
  }

  #find(document: number, path: DocumentPath): { node: unknown; offset: number } {
    try {
      this.#documents ??= parsed(this.#text, this.#counter)
    } catch {
      return { node: null, offset: 0 }
    }
    let node: unknown = this.#documents[document]?.contents
    let offset = offsetOf(node)
    for (const part of path) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(part))
        if (pair === undefined) break
        offset = offsetOf(pair.key) ?? offset
        node = pair.value
      } else if (isSeq(node)) {
        node = node.items[Number(part)]
        offset = offsetOf(node) ?? offset
      } else break
    }
    return { node, offset: offset ?? 0 }
  }
}

/** Offsets of a key in maps in a node, in the order in which they stand. */
function keysBelow(root: unknown, key: string): number[] {
  const found: number[] = []
  const open: unknown[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isSeq(node)) open.push(...node.items)
    if (!isMap(node)) continue
    for (const pair of node.items) {
      if (isScalar(pair.key) && String(pair.key.value) === key) found.push(offsetOf(pair.key) ?? 0)
      if (pair.value !== null) open.push(pair.value)
    }
  }
  return found.toSorted((a, b) => a - b)
}

function parsed(text: string, lineCounter: LineCounter) {
  const documents = parseAllDocuments(text, {
    lineCounter,
    prettyErrors: false,
    logLevel: 'error',
    merge: true,
    uniqueKeys: true,
  })
  return Array.isArray(documents) ? documents : []
}

function offsetOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null
}

function positionAt(offset: number, counter: LineCounter): Position {
  const { line, col } = counter.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

const MAX_MESSAGE_LENGTH = 160

function inWords(message: string): string {
  // What the parser says about depth is that it ran out of stack.
  if (message.startsWith('Maximum call stack')) return 'it is nested too deeply'
  const [first = ''] = message.split('\n')
  return first.length > MAX_MESSAGE_LENGTH ? `${first.slice(0, MAX_MESSAGE_LENGTH)}…` : first
}

/** Where the only document begins: its first line that says something. */
function firstLine(text: string): number {
  let line = 1
  for (const one of text.split('\n', 200)) {
    if (!/^(?:\s*(?:#.*)?|---(?:\s+#.*)?\s*|%.*|\.\.\.\s*)\r?$/u.test(one)) return line
    line++
  }
  return 1
}

/** Lines where documents begin; `---` at the start of a line always separates two. */
function documentLines(text: string): number[] {
  const lines: number[] = []
  let hasContent = false
  let isOpen = false
  for (const [i, line] of text.split('\n').entries()) {
    if (/^---(?:\s|$)/u.test(line)) {
      if (isOpen && !hasContent) lines.push(i)
      isOpen = true
      hasContent = /^---\s+[^\s#]/u.test(line)
      if (hasContent) lines.push(i + 1)
    } else if (/^\.\.\.(?:\s|$)/u.test(line)) {
      isOpen = false
      hasContent = false
    } else if (!hasContent && !/^\s*(?:#.*)?$/u.test(line) && !(line.startsWith('%') && !isOpen)) {
      hasContent = true
      lines.push(i + 1)
    }
  }
  if (isOpen && !hasContent) lines.push(text.split('\n').length)
  return lines
}
