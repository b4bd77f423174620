import type { RecordView } from '../rule.ts'

/** Numbers the fields that rules name, so that what records hold of them can stand in lists. */
export class FieldSlots {
  readonly #slots = new Map<string, number>()
  readonly #names: string[] = []

  slotOf(field: string): number {
    const known = this.#slots.get(field)
    if (known !== undefined) return known
    const slot = this.#names.push(field) - 1
    this.#slots.set(field, slot)
    return slot
  }

  /** Where to look for some of the fields. */
  placesOf(slots: Iterable<number>): FieldPlaces {
    const places = new FieldPlaces()
    for (const slot of slots) places.add(this.#names[slot] ?? '', slot)
    return places
  }

  /** Where to look for all of them. */
  allPlaces(): FieldPlaces {
    return this.placesOf(this.#names.keys())
  }
}

/** A place in records that rules look at, and what lies below it. */
interface Place {
  slot: number
  readonly below: Map<string, Place>
}

/** Names with more dots than this are only looked for as they stand. */
const MAX_SEGMENTS = 12

/**
 * Finds fields in a record in one walk over what the record holds. A dot in a name stands for a step
 * into an object or is part of a key; lists are stepped through. Names are compared as written.
 */
export class FieldPlaces {
  readonly #root: Place = { slot: -1, below: new Map() }

  /** `a.b.c` is found below `a`, `a.b` and `a.b.c`. */
  add(field: string, slot: number): void {
    const parts = field.split('.')
    const segments = parts.length > MAX_SEGMENTS ? [field] : parts
    const chain: Place[] = [this.#root]
    for (let end = 1; end <= segments.length; end++) {
      const place = this.#existing(segments, end) ?? { slot: -1, below: new Map<string, Place>() }
      for (let start = 0; start < end; start++)
        chain[start]?.below.set(segments.slice(start, end).join('.'), place)
      chain.push(place)
    }
    const last = chain.at(-1)
    if (last !== undefined) last.slot = slot
  }

  #existing(segments: readonly string[], end: number): Place | null {
    let place: Place | undefined = this.#root
    for (let at = 0; at < end; at++) place = place?.below.get(segments[at] ?? '')
    return place ?? null
  }

  /** Hands every value of every field to `found`; a list is handed over as it stands. */
  walk(record: RecordView, found: (slot: number, value: unknown) => void): void {
    step(this.#root, record, found)
  }
}

function step(place: Place, record: RecordView, found: (slot: number, value: unknown) => void): void {
  const { below } = place
  for (const key in record) {
    const next = below.get(key)
    if (next === undefined) continue
    const value = record[key]
    if (next.slot >= 0) found(next.slot, value)
    if (typeof value === 'object' && value !== null && next.below.size > 0) into(next, value, found)
  }
}

function into(place: Place, value: object, found: (slot: number, value: unknown) => void): void {
  if (isObject(value)) {
    step(place, value, found)
    return
  }
  if (!Array.isArray(value)) return
  for (const element of value as readonly unknown[]) if (isObject(element)) step(place, element, found)
}

function isObject(value: unknown): value is RecordView {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
