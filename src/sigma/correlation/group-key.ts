import { createHash } from 'node:crypto'
import type { FieldValue } from './firing.ts'

/** Longer values are told apart by their hash: a key never holds a whole hostile line. */
const MAX_LENGTH = 256
const KEPT_LENGTH = 200

/**
 * The key of a group; null where a value is missing: such an event belongs to no group. Lengths stand
 * in front of the values, so that no two groups share a key whatever their values hold.
 */
export function groupKey(
  fields: Readonly<Record<string, FieldValue>>,
  names: readonly string[],
): string | null {
  const [only = ''] = names
  if (names.length <= 1) return names.length === 0 ? '' : partOf(fields[only])
  let key = ''
  for (const name of names) {
    const part = partOf(fields[name])
    if (part === null) return null
    key += `${part.length}:${part}`
  }
  return key
}

/** Several values as one. */
export function valueOf(
  fields: Readonly<Record<string, FieldValue>>,
  names: readonly string[],
): string | null {
  return names.length === 0 ? null : groupKey(fields, names)
}

/** A number, also one that is written as text; else null. */
export function numberOf(value: FieldValue | undefined): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

function partOf(value: FieldValue | undefined): string | null {
  if (value === undefined || value === null) return null
  const text = typeof value === 'string' ? value : String(value)
  if (text.length <= MAX_LENGTH) return text
  return `${text.slice(0, KEPT_LENGTH)}…${createHash('sha256').update(text).digest('hex')}`
}
