import { CORE_SCHEMA, load, mergeTag } from 'js-yaml'
import { plainTree } from '../plain-tree.ts'

export interface KubernetesDocument {
  /** One-based line on which it begins. */
  readonly line: number
  /** UTF-16 units before it: for ASCII, bytes. */
  readonly offset: number
  readonly content: unknown
  /** Why it could not be read; null = it could. */
  readonly problem: string | null
}

const SCHEMA = CORE_SCHEMA.withTags(mergeTag)
const MAX_DEPTH = 100
const MAX_ALIASES = 1000
const MAX_MESSAGE = 200

/** The JSON document, or the YAML documents of a text. Never throws. */
export function* documentsOf(text: string): Generator<KubernetesDocument> {
  if (/^\s*[{[]/u.test(text)) {
    const content = parsedJson(text)
    // Several JSON documents one after the other, or YAML in flow style, are read as YAML below.
    if (content !== undefined) {
      yield { line: 1, offset: 0, content: plainTree(content), problem: null }
      return
    }
  }
  let line = 1
  for (const { piece, offset } of pieces(text)) {
    if (piece.trim() !== '') yield readPiece(piece, line, offset)
    line += piece.split('\n').length - 1
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Cut where a document begins: `---` at the start of a line, or a JSON object that begins a line after one has ended. */
function* pieces(text: string): Generator<{ piece: string; offset: number }> {
  const marker = /^---(?=[ \t\r\n]|$)[^\n]*\n?|^(?=\{)/gmu
  let from = 0
  for (let found = marker.exec(text); found !== null; found = marker.exec(text)) {
    if (found[0] === '') marker.lastIndex++
    if (
      found[0] === '' &&
      !/\}\s*$/u.test(text.slice(Math.max(from, found.index - 64), found.index)) &&
      found.index !== from
    )
      continue
    if (found.index > from) yield { piece: text.slice(from, found.index), offset: from }
    from = found.index + found[0].length
  }
  yield { piece: text.slice(from), offset: from }
}

function readPiece(piece: string, line: number, offset: number): KubernetesDocument {
  try {
    const content = plainTree(load(piece, { schema: SCHEMA, maxDepth: MAX_DEPTH, maxAliases: MAX_ALIASES }))
    if (content === null)
      return { line, offset, content: null, problem: 'empty, too large, or it refers to itself' }
    return { line, offset, content, problem: null }
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return { line, offset, content: null, problem: message.slice(0, MAX_MESSAGE) }
  }
}
