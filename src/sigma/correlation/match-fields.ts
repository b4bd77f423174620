import { FieldPlaces } from '../compile/field-slots.ts'
import type { RecordView } from '../rule.ts'
import type { FieldValue } from './firing.ts'

type Fields = Record<string, FieldValue>

/** Values travel with a match, cut: hostile ones may be a megabyte long. */
const MAX_VALUE = 512

interface Wanted {
  readonly names: readonly string[]
  readonly places: FieldPlaces
}

/** What correlations need of the records on which rules held: the fields they group by and count. */
export class MatchFields {
  readonly #wanted = new Map<string, Wanted>()

  /** `inRecords`: what a field of a rule is called in the records; with several, any of them. */
  constructor(
    needed: ReadonlyMap<string, ReadonlySet<string>>,
    inRecords: (rule: string, field: string) => readonly string[],
  ) {
    for (const [rule, fields] of needed) {
      const names: string[] = []
      const places = new FieldPlaces()
      for (const field of fields)
        for (const place of inRecords(rule, field)) places.add(place, names.push(field) - 1)
      this.#wanted.set(rule, { names, places })
    }
  }

  of(rule: string, record: RecordView): Fields {
    const wanted = this.#wanted.get(rule)
    if (wanted === undefined) return {}
    const fields: Fields = {}
    wanted.places.walk(record, (slot, value) => {
      const name = wanted.names[slot]
      const kept = keptValue(value)
      if (name !== undefined && kept !== undefined && !Object.hasOwn(fields, name)) fields[name] = kept
    })
    return fields
  }
}

function keptValue(value: unknown): FieldValue | undefined {
  if (typeof value === 'string') return value.slice(0, MAX_VALUE)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  // Of a list, its one value: no group can be named after several.
  return Array.isArray(value) && value.length === 1 ? keptValue(value[0]) : undefined
}
