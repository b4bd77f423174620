import type { Decimal } from '../../text/decimal.ts'
import { type DecimalBytes, DecimalSums, grown } from './decimal-bytes.ts'

/** Charges kept apart at once: a month of 30,000 resources. Beyond it resources and meters are summed up per service. */
export const MAX_GROUPS = 1_000_000
/** Room for those sums. */
const MAX_COARSE = 1_100_000
const MAX_KEY_BYTES = 512 << 20

/** A group of charges of one day that are alike in everything the key holds. */
export interface Group {
  /** Cells of the key, as they stood in the bill. */
  readonly cells: readonly string[]
  readonly day: number
  readonly end: number
  readonly rows: number
  readonly billed: Decimal
  readonly effective: Decimal
  /** Of the meter; a plain float, since it is no money. */
  readonly quantity: number
  readonly file: number
  readonly line: number
  readonly offset: number
  readonly hint: string | null
}

/**
 * Sums per group, in typed arrays: ten million rows must not become ten million objects. Keys are compared byte by byte,
 * so that nobody can make two of them one.
 */
export class Tally {
  count = 0
  readonly #billed = new DecimalSums()
  readonly #effective = new DecimalSums()
  #slots = new Int32Array(1 << 12).fill(-1)
  #hashes = new Int32Array(1 << 11)
  #keyAt = new Float64Array(1 << 11)
  #keyLength = new Int32Array(1 << 11)
  #day = new Int32Array(1 << 11)
  #end = new Float64Array(1 << 11)
  #quantity = new Float64Array(1 << 11)
  #rows = new Int32Array(1 << 11)
  #file = new Int32Array(1 << 11)
  #line = new Float64Array(1 << 11)
  #offset = new Float64Array(1 << 11)
  #keys: Buffer = Buffer.allocUnsafe(1 << 16)
  #keysEnd = 0
  readonly #hints = new Map<number, string>()

  get isFull(): boolean {
    return this.count >= MAX_GROUPS
  }

  /** The group of this key and day; made where there is none yet and `mayAdd`. -1 where there is none, and where there is no room. */
  groupOf(key: Buffer, length: number, hash: number, day: number, mayAdd: boolean): number {
    const mask = this.#slots.length - 1
    let slot = (hash ^ Math.imul(day, 0x9e3779b1)) & mask
    for (;;) {
      const group = this.#slots[slot] ?? -1
      if (group < 0) break
      if (this.#hashes[group] === hash && this.#day[group] === day && this.#isKey(group, key, length))
        return group
      slot = (slot + 1) & mask
    }
    if (!mayAdd || this.count >= MAX_COARSE || this.#keysEnd + length > MAX_KEY_BYTES) return -1
    return this.#add(key, length, hash, day, slot)
  }

  /** Whether the last `groupOf` made a group is told by `rowsOf` being 0. */
  rowsOf(group: number): number {
    return this.#rows[group] ?? 0
  }

  began(group: number, file: number, line: number, offset: number, hint: string | null): void {
    this.#file[group] = file
    this.#line[group] = line
    this.#offset[group] = offset
    if (hint !== null) this.#hints.set(group, hint)
  }

  add(group: number, end: number, billed: DecimalBytes, effective: DecimalBytes, quantity: number): void {
    this.#rows[group] = (this.#rows[group] ?? 0) + 1
    if (end > (this.#end[group] ?? 0)) this.#end[group] = end
    this.#quantity[group] = (this.#quantity[group] ?? 0) + quantity
    this.#billed.add(group, billed)
    this.#effective.add(group, effective)
  }

  /** Numbers of the groups in order of their days; those of a day in the order of their keys, whatever file came first. */
  inOrder(): Int32Array {
    const order = new Int32Array(this.count)
    for (let group = 0; group < this.count; group++) order[group] = group
    return order.toSorted((a, b) => (this.#day[a] ?? 0) - (this.#day[b] ?? 0) || this.#compareKeys(a, b))
  }

  group(group: number, decode: (bytes: Buffer) => string): Group {
    const start = this.#keyAt[group] ?? 0
    const key = this.#keys.subarray(start, start + (this.#keyLength[group] ?? 0))
    return {
      cells: decode(key).split('\0'),
      day: this.#day[group] ?? 0,
      end: this.#end[group] ?? 0,
      rows: this.#rows[group] ?? 0,
      billed: this.#billed.of(group),
      effective: this.#effective.of(group),
      quantity: this.#quantity[group] ?? 0,
      file: this.#file[group] ?? 0,
      line: this.#line[group] ?? 0,
      offset: this.#offset[group] ?? 0,
      hint: this.#hints.get(group) ?? null,
    }
  }

  #compareKeys(a: number, b: number): number {
    const [startA, startB] = [this.#keyAt[a] ?? 0, this.#keyAt[b] ?? 0]
    return this.#keys.compare(
      this.#keys,
      startB,
      startB + (this.#keyLength[b] ?? 0),
      startA,
      startA + (this.#keyLength[a] ?? 0),
    )
  }

  #isKey(group: number, key: Buffer, length: number): boolean {
    if (this.#keyLength[group] !== length) return false
    const keys = this.#keys
    const start = this.#keyAt[group] ?? 0
    for (let at = 0; at < length; at++) if (keys[start + at] !== key[at]) return false
    return true
  }

  #add(key: Buffer, length: number, hash: number, day: number, slot: number): number {
    const group = this.count++
    if (group >= this.#hashes.length) this.#grow()
    if (this.#keysEnd + length > this.#keys.length) {
      const keys = Buffer.allocUnsafe(this.#keys.length * 2 + length)
      this.#keys.copy(keys, 0, 0, this.#keysEnd)
      this.#keys = keys
    }
    key.copy(this.#keys, this.#keysEnd, 0, length)
    this.#keyAt[group] = this.#keysEnd
    this.#keyLength[group] = length
    this.#keysEnd += length
    this.#hashes[group] = hash
    this.#day[group] = day
    this.#slots[slot] = group
    this.#billed.grow(this.count)
    this.#effective.grow(this.count)
    if (this.count * 2 > this.#slots.length) this.#rehash()
    return group
  }

  #grow(): void {
    const size = this.#hashes.length * 2
    this.#hashes = grownInts(this.#hashes, size)
    this.#keyLength = grownInts(this.#keyLength, size)
    this.#day = grownInts(this.#day, size)
    this.#rows = grownInts(this.#rows, size)
    this.#file = grownInts(this.#file, size)
    this.#keyAt = grown(this.#keyAt, size)
    this.#end = grown(this.#end, size)
    this.#quantity = grown(this.#quantity, size)
    this.#line = grown(this.#line, size)
    this.#offset = grown(this.#offset, size)
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let group = 0; group < this.count; group++) {
      let slot = ((this.#hashes[group] ?? 0) ^ Math.imul(this.#day[group] ?? 0, 0x9e3779b1)) & mask
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask
      slots[slot] = group
    }
    this.#slots = slots
  }
}

function grownInts(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(size)
  bigger.set(array)
  return bigger
}
