import { fold } from '../fold.ts'
import type { RecordView } from '../rule.ts'
import type { FieldPlaces } from './field-slots.ts'
import { textOf, wholeText } from './record-text.ts'

/** What the fields of one record hold, as rules ask for it; each text is made and folded at most once. */
export class FieldValues {
  #record: RecordView = {}
  /** Slots of the fields that the record has. */
  readonly present: number[] = []
  readonly #stamps: number[] = []
  readonly #raw: unknown[][] = []
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
    this.present.length = 0
    places.walk(record, this.#found)
  }

  readonly #found = (slot: number, value: unknown): void => {
    const values = this.#raw[slot] ?? (this.#raw[slot] = [])
    if (this.#stamps[slot] !== this.#stamp) {
      this.#stamps[slot] = this.#stamp
      values.length = 0
      this.#texts[slot] = null
      this.#folded[slot] = null
      this.present.push(slot)
    }
    if (Array.isArray(value)) addElements(values, value, 0)
    else values.push(value)
  }

  has(slot: number): boolean {
    return this.#stamps[slot] === this.#stamp
  }

  /** The elements of a field; none where it is not there or an empty list. */
  raw(slot: number): readonly unknown[] {
    return this.has(slot) ? (this.#raw[slot] ?? NONE) : NONE
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
    for (const value of this.#raw[slot] ?? NONE) {
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
    const raw = this.#raw[slot] ?? NONE
    const first = raw[0]
    const folded =
      raw.length === 1 && typeof first === 'string'
        ? [fold(first)]
        : this.texts(slot).map((text) => fold(text))
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
