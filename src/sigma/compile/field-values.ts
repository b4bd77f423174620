import { fold } from '../fold.ts'
import type { RecordView } from '../rule.ts'
import type { FieldPlaces } from './field-slots.ts'
import { textOf, wholeText } from './record-text.ts'

/** What the fields of one record hold, as rules ask for it; each text is made and folded at most once. */
export class FieldValues {
  #record: RecordView = {}
  /** Slots of the fields that the record has: so many of the list, which is used again for every record. */
  readonly present: number[] = []
  presentCount = 0
  readonly #stamps: number[] = []
  /** The one value of a field; nearly every field has one. Where it has none or several they are in `#lists`. */
  readonly #single: unknown[] = []
  readonly #lists: (unknown[] | null)[] = []
  readonly #texts: (readonly string[] | null)[] = []
  readonly #folded: (readonly string[] | null)[] = []
  #stamp = 0
  #whole: string | null = null
  #wholeFolded: string | null = null

  /** Takes the next record, and of it the fields at these places; what was asked about the last one is gone. */
  begin(record: RecordView, places: FieldPlaces): void {
    this.#record = record
    this.#stamp++
    this.#whole = null
    this.#wholeFolded = null
    this.presentCount = 0
    places.walk(record, this.#found)
  }

  readonly #found = (slot: number, value: unknown): void => {
    const isFirst = this.#stamps[slot] !== this.#stamp
    if (isFirst) {
      this.#stamps[slot] = this.#stamp
      this.#texts[slot] = null
      this.#folded[slot] = null
      this.#lists[slot] = null
      this.present[this.presentCount++] = slot
      if (!Array.isArray(value)) {
        this.#single[slot] = value
        return
      }
    }
    const list = isFirst ? [] : this.#listOf(slot)
    this.#lists[slot] = list
    if (Array.isArray(value)) addElements(list, value, 0)
    else list.push(value)
  }

  #listOf(slot: number): unknown[] {
    return (this.#lists[slot] ??= [this.#single[slot]])
  }

  has(slot: number): boolean {
    return this.#stamps[slot] === this.#stamp
  }

  /** The elements of a field; none where it is not there or an empty list. */
  raw(slot: number): readonly unknown[] {
    return this.has(slot) ? this.#listOf(slot) : NONE
  }

  /** The one text that a field holds; null where it is not there, holds something else, or several. */
  onlyText(slot: number): string | null {
    const value = this.has(slot) && this.#lists[slot] === null ? this.#single[slot] : null
    return typeof value === 'string' ? value : null
  }

  /** What `folded` of it is: known from another record that held the same. */
  setFolded(slot: number, folded: readonly string[]): void {
    this.#folded[slot] = folded
  }

  /** Null or absent, as `field: null` asks. */
  isNull(slot: number): boolean {
    const values = this.raw(slot)
    return values.length === 0 || values.includes(null)
  }

  texts(slot: number): readonly string[] {
    if (!this.has(slot)) return NO_TEXTS
    const known = this.#texts[slot]
    if (known !== null && known !== undefined) return known
    const texts: string[] = []
    for (const value of this.#listOf(slot)) {
      const text = textOf(value)
      if (text !== null) texts.push(text)
    }
    this.#texts[slot] = texts
    return texts
  }

  folded(slot: number): readonly string[] {
    if (!this.has(slot)) return NO_TEXTS
    const known = this.#folded[slot]
    if (known !== null && known !== undefined) return known
    const only = this.onlyText(slot)
    const folded = only === null ? this.texts(slot).map((text) => fold(text)) : [fold(only)]
    this.#folded[slot] = folded
    return folded
  }

  /** Every value of the record, one a line: where keywords are looked for. */
  whole(): string {
    this.#whole ??= wholeText(this.#record)
    return this.#whole
  }

  wholeFolded(): string {
    this.#wholeFolded ??= fold(this.whole())
    return this.#wholeFolded
  }
}

const NONE: readonly unknown[] = []
const NO_TEXTS: readonly string[] = []
const MAX_NESTING = 8

/** Lists in lists count as one. */
function addElements(values: unknown[], list: readonly unknown[], depth: number): void {
  for (const element of list) {
    if (Array.isArray(element) && depth < MAX_NESTING) addElements(values, element, depth + 1)
    else values.push(element)
  }
}
