import { parseTime } from '../../text/time.ts'

/** Attributes of a resource as its producer wrote them. */
export type Attributes = Readonly<Record<string, unknown>>

const NONE: Attributes = Object.freeze({})

export function isObject(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectAt(attributes: Attributes, name: string): Attributes {
  const value = attributes[name]
  return isObject(value) ? value : NONE
}

/** The objects of a list; one object alone counts as a list of it. */
export function objectsAt(attributes: Attributes, name: string): Attributes[] {
  const value = attributes[name]
  if (isObject(value)) return [value]
  return Array.isArray(value) ? value.filter((one) => isObject(one)) : []
}

/** Text that is not empty; numbers as text. */
export function textAt(attributes: Attributes, name: string): string | null {
  const value = attributes[name]
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' ? String(value) : null
}

export function textsAt(attributes: Attributes, name: string): string[] {
  const value = attributes[name]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string' && one !== '') : []
}

export function numberAt(attributes: Attributes, name: string): number | null {
  const value = attributes[name]
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' && /^-?\d{1,9}$/u.test(value) ? Number(value) : null
}

/** Null = not said. */
export function flagAt(attributes: Attributes, name: string): boolean | null {
  const value = attributes[name]
  if (typeof value === 'boolean') return value
  if (value === 'true') return true
  return value === 'false' ? false : null
}

/** Epoch ms; null where it is no time. */
export function timeAt(attributes: Attributes, name: string): number | null {
  const text = textAt(attributes, name)
  if (text === null) return null
  // Some tools print `2017-12-12 02:25:51+00:00`.
  const time = parseTime(text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:)/u, '$1T$2'))
  return Number.isNaN(time) ? null : time
}
