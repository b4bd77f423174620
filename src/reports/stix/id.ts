import { createHash } from 'node:crypto'

/** Namespace that STIX 2.1 (section 2.9) gives for ids of cyber-observable objects; nothing else may use it. */
const OBSERVABLES = '00abedb4-aa42-466c-9c01-fed23315a9b7'
/** Ours for everything else, once drawn by chance. */
const OWN = '8f0f3f0e-5c0b-4a57-9d1c-6a5a3e0d7b21'

/** UUID version 5 (RFC 9562, section 5.5): the same name gives the same id. */
function uuid5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export type StixId = `${string}--${string}`

/** Id of an object that is not an observable, from what makes it the one it is. */
export function ownId(type: string, ...parts: readonly string[]): StixId {
  return `${type}--${uuid5(OWN, JSON.stringify([type, ...parts]))}`
}

/** Id of an observable from its contributing properties: their canonical JSON (RFC 8785) is the name. */
export function observableId(type: string, properties: Readonly<Record<string, unknown>>): StixId {
  return `${type}--${uuid5(OBSERVABLES, canonical(properties))}`
}

/** Enough of RFC 8785 for what contributes to ids: text, whole numbers, lists, objects. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`
}
