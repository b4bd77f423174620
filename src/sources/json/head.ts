import { HEAD_BYTES } from '../../inputs/limits.ts'
import { type Fields, parseFields } from './fields.ts'
import { JsonSplitter } from './json-splitter.ts'
import { unwrap } from './unwrap.ts'
import { Utf8Text } from './utf8.ts'

const MAX_LOOKED_AT = 64
/** So much of a head that is not JSON says that nothing is. */
const MAX_TEXT = 8

/** Every source of JSON asks for the records of the same head: they are read once. Only a memory of a pure function. */
const REMEMBERED = new WeakMap<Uint8Array, readonly Fields[]>()

/** The first records of an input (at most 64), unwrapped; none where it is not JSON. */
export function headRecords(head: Uint8Array): readonly Fields[] {
  const known = REMEMBERED.get(head)
  if (known !== undefined) return known
  const records = readHead(head)
  REMEMBERED.set(head, records)
  return records
}

function readHead(head: Uint8Array): readonly Fields[] {
  const text = new Utf8Text()
  const splitter = new JsonSplitter()
  const pieces = [...splitter.push(text.push(head)), ...splitter.push(text.end())]
  if (splitter.flaws.text > Math.max(MAX_TEXT, pieces.length)) return []
  const records: Fields[] = []
  for (const piece of pieces.slice(0, MAX_LOOKED_AT)) {
    const record = parseFields(piece.text)
    if (record !== null) records.push(record)
  }
  const unfinished = splitter.unfinished()
  if (records.length === 0 && unfinished !== null && head.length >= HEAD_BYTES) {
    const begun = parseFields(completed(unfinished))
    if (begun !== null) records.push(begun)
  }
  return records.map((record) => unwrap(record))
}

/** An object cut off anywhere, as far as its last whole field. */
export function completed(text: string): string {
  let depth = 0
  let lastField = 1
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (isInString) {
      if (char === '\\') at++
      else if (char === '"') isInString = false
    } else if (char === '"') isInString = true
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
    else if (char === ',' && depth === 1) lastField = at
  }
  return `${text.slice(0, lastField)}}`
}
