import { once } from 'node:events'
import { closeSync, openSync, writeSync } from 'node:fs'
import { DavylampError } from '../errors.ts'
import { safeJson } from '../reports/safe-json.ts'
import { visible } from '../text/visible.ts'
import { writingReason } from './reason.ts'

/** So many characters are put together before they are written. */
const PIECE_CHARS = 1 << 20

/** As `safeJson`, entry by entry: the surface of a large account is longer than what is nice to hold as one text. */
export function* jsonPieces(document: Readonly<Record<string, unknown>>): Generator<string, void, undefined> {
  let mark = '{'
  for (const [name, value] of Object.entries(document)) {
    if (value === undefined) continue
    yield `${mark}\n  ${JSON.stringify(name)}: `
    mark = ','
    if (Array.isArray(value) && value.length > 0) yield* listPieces(value)
    else yield within(value, 1)
  }
  yield '\n}\n'
}

function* listPieces(list: readonly unknown[]): Generator<string, void, undefined> {
  let mark = '['
  for (const one of list) {
    yield `${mark}\n    ${within(one, 2)}`
    mark = ','
  }
  yield '\n  ]'
}

/** As it stands so deep in a document: written within as many lists, whose brackets are cut off. */
function within(value: unknown, depth: number): string {
  const nested = Array.from({ length: depth }).reduce<unknown>((inner) => [inner], value)
  // `[`, and per level a newline and its indent; the same behind, and the newline at the end.
  const brackets = depth + depth * (depth + 2)
  return safeJson(nested).slice(brackets, -(depth + depth * depth) - 1)
}

/** To a file, or to standard output no faster than whoever reads it. Throws `output-unwritable`. */
export async function writePieces(pieces: Iterable<string>, file: string | undefined): Promise<void> {
  if (file !== undefined) {
    writeFile(pieces, file)
    return
  }
  for (const text of large(pieces)) if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

function writeFile(pieces: Iterable<string>, file: string): void {
  try {
    const handle = openSync(file, 'w')
    try {
      for (const text of large(pieces)) {
        const bytes = Buffer.from(text)
        for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at)
      }
    } finally {
      closeSync(handle)
    }
  } catch (cause) {
    throw new DavylampError('output-unwritable', `cannot write ${file}: ${writingReason(cause)}`, { cause })
  }
  if (process.stderr.isTTY) process.stderr.write(`written to ${visible(file)}\n`)
}

function* large(pieces: Iterable<string>): Generator<string, void, undefined> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < PIECE_CHARS) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}
