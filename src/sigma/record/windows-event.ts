import type { RecordView } from '../rule.ts'

/** Whether a document is a Windows event as JSON (`Event.System`, as evtx tools write it). */
export function isWindowsEvent(document: RecordView): boolean {
  return isObject(document['Event']) && isObject(document['Event']['System'])
}

/**
 * A Windows event with the fields Sigma names: children of System and EventData (or of the element in
 * UserData) by their names, attributes as `Tag_Attribute` (Sigma rules specification, "Field Usage").
 */
export function flattenWindowsEvent(document: RecordView): RecordView {
  const event = objectOf(document['Event'])
  const flat: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(objectOf(event['System']))) addElement(flat, name, value)
  const userData = Object.entries(objectOf(event['UserData'])).filter(([name]) => !isAttributes(name))
  for (const [, element] of userData) addData(flat, objectOf(element))
  addData(flat, objectOf(event['EventData']))
  addHashes(flat)
  return flat
}

function addElement(flat: Record<string, unknown>, name: string, value: unknown): void {
  if (!isObject(value)) {
    put(flat, name, value)
    return
  }
  for (const [key, inner] of Object.entries(value)) {
    if (isAttributes(key) && isObject(inner)) {
      for (const [attribute, text] of Object.entries(inner)) put(flat, `${name}_${attribute}`, text)
    } else if (key === '#text' || key === '_') put(flat, name, inner)
    else if (key.startsWith('@')) put(flat, `${name}_${key.slice(1)}`, inner)
    else if (!isObject(inner)) put(flat, `${name}_${key}`, inner)
  }
}

function addData(flat: Record<string, unknown>, data: RecordView): void {
  for (const [name, value] of Object.entries(data)) {
    if (isAttributes(name)) continue
    if (name === 'Data' && Array.isArray(value)) addNamed(flat, value)
    else if (name === 'Data' && isObject(value) && nameOf(value) !== null) addNamed(flat, [value])
    else if (isObject(value) && '#text' in value) put(flat, name, value['#text'])
    else put(flat, name, value)
  }
}

/** `<Data Name="User">…</Data>` as a list of elements. */
function addNamed(flat: Record<string, unknown>, elements: readonly unknown[]): void {
  const unnamed: unknown[] = []
  for (const element of elements) {
    const name = isObject(element) ? nameOf(element) : null
    if (name === null || !isObject(element)) unnamed.push(element)
    else
      put(
        flat,
        name,
        element['#text'] ?? element['_'] ?? element['content'] ?? element['Text'] ?? element['Value'] ?? null,
      )
  }
  if (unnamed.length > 0) put(flat, 'Data', unnamed)
}

function nameOf(element: RecordView): string | null {
  const name = element['@Name'] ?? element['Name'] ?? objectOf(element['#attributes'])['Name']
  return typeof name === 'string' ? name : null
}

/** Sysmon writes all hashes into one field: `SHA1=…,MD5=…`. */
function addHashes(flat: Record<string, unknown>): void {
  const hashes = flat['Hashes']
  if (typeof hashes !== 'string' || hashes.length > 1024) return
  for (const part of hashes.split(',')) {
    const [algorithm = '', value] = part.split('=')
    const field = HASH_FIELDS[algorithm.trim().toUpperCase()]
    if (field !== undefined && value !== undefined && !(field in flat)) put(flat, field, value)
  }
}

const HASH_FIELDS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA1: 'sha1',
  SHA256: 'sha256',
  IMPHASH: 'Imphash',
}

function isAttributes(name: string): boolean {
  return name === '#attributes' || name === '@xmlns'
}

function put(flat: Record<string, unknown>, name: string, value: unknown): void {
  // A field called like this would change the object instead of being in it.
  if (name !== '__proto__') flat[name] = value
}

function isObject(value: unknown): value is RecordView {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objectOf(value: unknown): RecordView {
  return isObject(value) ? value : {}
}
