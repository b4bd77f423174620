/**
 * Attributes of resources as their producers wrote them: `describe-*` says `InstanceType`, Terraform `instance_type`.
 * Nothing here trusts a shape.
 */
export type Attributes = Readonly<Record<string, unknown>>

export function isAttributes(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The first of these names that is there and not null. */
export function valueAt(attributes: Attributes, ...names: readonly string[]): unknown {
  for (const name of names) {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

/** Text that is not empty; numbers as text. */
export function textAt(attributes: Attributes, ...names: readonly string[]): string | null {
  const value = valueAt(attributes, ...names)
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' ? String(value) : null
}

export function numberAt(attributes: Attributes, ...names: readonly string[]): number | null {
  const value = valueAt(attributes, ...names)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.trim() === '' || value.length > 32) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** Also where it is written as text, as CSV and command lines do. */
export function booleanAt(attributes: Attributes, ...names: readonly string[]): boolean | null {
  const value = valueAt(attributes, ...names)
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string') return null
  const text = value.toLowerCase()
  return text === 'true' || text === 'yes' ? true : text === 'false' || text === 'no' ? false : null
}

export function listAt(attributes: Attributes, ...names: readonly string[]): readonly unknown[] {
  const value = valueAt(attributes, ...names)
  return Array.isArray(value) ? value : NONE
}

export function objectsAt(attributes: Attributes, ...names: readonly string[]): Attributes[] {
  return listAt(attributes, ...names).filter(isAttributes)
}

/** The object under a name; of a list its first, as Terraform writes blocks. */
export function objectAt(attributes: Attributes, ...names: readonly string[]): Attributes {
  const value = valueAt(attributes, ...names)
  const one = Array.isArray(value) ? (value[0] as unknown) : value
  return isAttributes(one) ? one : NOTHING
}

export function textsAt(attributes: Attributes, ...names: readonly string[]): string[] {
  return listAt(attributes, ...names).filter((one): one is string => typeof one === 'string' && one !== '')
}

/** Epoch ms of a time as the producer writes it: RFC 3339, or seconds since 1970 as old command lines do. */
export function timeAt(attributes: Attributes, ...names: readonly string[]): number | null {
  const value = valueAt(attributes, ...names)
  if (typeof value === 'number' && Number.isFinite(value)) return value > 1e11 ? value : value * 1000
  if (typeof value !== 'string' || value.length > 40 || !/^\d{4}-\d\d-\d\d/u.test(value)) return null
  const time = Date.parse(value)
  return Number.isNaN(time) ? null : time
}

const NOTHING: Attributes = Object.freeze({})
const NONE: readonly unknown[] = Object.freeze([])
