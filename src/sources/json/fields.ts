import { parseTime } from '../../text/time.ts'

/** A parsed JSON object as its producer wrote it. */
export type Fields = Readonly<Record<string, unknown>>

/** Null where the text is no JSON object. */
export function parseFields(text: string): Fields | null {
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return null
  }
}

export function fieldsOf(value: unknown): Fields | null {
  return isFields(value) ? value : null
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object under a name, or nothing in it: for reading on. */
export function objectAt(fields: Fields, name: string): Fields {
  const value = fields[name]
  return isFields(value) ? value : NOTHING
}

export function listAt(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name]
  return Array.isArray(value) ? value : NONE
}

/** Text that is not empty; numbers as text. */
export function textAt(fields: Fields, name: string): string | null {
  const value = fields[name]
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' ? String(value) : null
}

/** A finite number, also where it is written as text. */
export function numberAt(fields: Fields, name: string): number | null {
  const value = fields[name]
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.length < 32 && /^-?\d+(?:\.\d+)?$/u.test(value)
    ? Number(value)
    : null
}

/** A whole number from 0 to 2^53. */
export function countAt(fields: Fields, name: string): number | null {
  const value = numberAt(fields, name)
  return value !== null && Number.isSafeInteger(value) && value >= 0 ? value : null
}

export function portAt(fields: Fields, name: string): number | null {
  const value = countAt(fields, name)
  return value !== null && value < 65_536 ? value : null
}

/** As engines of tables print it: UTC without saying so. */
const BARE_TIME = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?: UTC)?$/u

/** Epoch ms of a time as RFC 3339, also without its zone (UTC then); null for anything else. */
export function timeAt(fields: Fields, name: string): number | null {
  const text = fields[name]
  if (typeof text !== 'string') return null
  const time = isPlainTime(text) ? Date.parse(text) : parseTime(text)
  if (!Number.isNaN(time)) return time
  if (!BARE_TIME.test(text)) return null
  const bare = parseTime(`${text.slice(0, 10)}T${text.slice(11).replace(' UTC', '')}Z`)
  return Number.isNaN(bare) ? null : bare
}

/** `2026-05-12T03:14:07Z`, as nearly all are: the shape in which only such a time parses. */
function isPlainTime(text: string): boolean {
  return text.length === 20 && text[4] === '-' && text[10] === 'T' && text[13] === ':' && text[19] === 'Z'
}

/** Also where it is written as text. */
export function booleanAt(fields: Fields, name: string): boolean | null {
  const value = fields[name]
  if (typeof value === 'boolean') return value
  if (value === 'true') return true
  return value === 'false' ? false : null
}

const NOTHING: Fields = Object.freeze({})
const NONE: readonly unknown[] = Object.freeze([])
