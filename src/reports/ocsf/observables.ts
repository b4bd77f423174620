import { OBSERVABLE } from './vocabulary.ts'

interface Observable {
  readonly name: string
  readonly type_id: number
  readonly type: string
  readonly value: string
}

/** Attributes that a SIEM should be able to search for, wherever they stand. */
const WANTED: Readonly<Record<string, keyof typeof OBSERVABLE>> = {
  hostname: 'hostname',
  ip: 'ip',
  url_string: 'url',
  path: 'path',
  'user.name': 'user',
}
/** Whatever is in it is ours alone. */
const OPAQUE = new Set(['data', 'labels'])

/** Observables of an event point at its attributes by path (`evidences[0].file.path`); each value is told once. */
export function observablesOf(event: Readonly<Record<string, unknown>>): Observable[] {
  const found = new Map<string, Observable>()
  const look = (value: unknown, path: string, parent: string, name: string): void => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) look(item, `${path}[${index}]`, parent, name)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value))
        if (!OPAQUE.has(key)) look(item, path === '' ? key : `${path}.${key}`, name, key)
    } else if (typeof value === 'string') {
      const wanted = WANTED[`${parent}.${name}`] ?? WANTED[name]
      if (wanted === undefined) return
      const { id, caption } = OBSERVABLE[wanted]
      if (!found.has(`${id}\0${value}`))
        found.set(`${id}\0${value}`, { name: path, type_id: id, type: caption, value })
    }
  }
  look(event, '', '', '')
  return [...found.values()]
}
