import { randomInt } from 'node:crypto'
import type { MergeableRecord } from './record-cursor.ts'

interface Tally {
  readonly time: number
  /** How many went into the stream: as many as the input with most of them has given so far. */
  admitted: number
  /** The inputs that gave it, in a chain: there are seldom more than a few. */
  readonly first: Share
  /** The inputs beyond the chain. */
  others: Map<object, number> | null
}

/** How often one input gave the record. */
interface Share {
  readonly input: object
  count: number
  next: Share | null
}

const CHAINED = 6

const GENERATION = 16_000

/**
 * Counts equal records per input and admits as many as the input with most of them holds.
 * Remembers between one and two generations of records; what is older counts as new.
 */
export class SeenRecords {
  #young = new Map<number, Tally>()
  #old = new Map<number, Tally>()

  admit(record: MergeableRecord, input: object): boolean {
    const tally = this.#tallyOf(record, input)
    const count = countFor(tally, input)
    if (count <= tally.admitted) return false
    tally.admitted = count
    return true
  }

  #tallyOf(record: MergeableRecord, input: object): Tally {
    const digest = digestOf(record.identity)
    const known = this.#young.get(digest) ?? this.#old.get(digest)
    if (known !== undefined && known.time === record.time) return known
    const tally: Tally = {
      time: record.time,
      admitted: 0,
      first: { input, count: 0, next: null },
      others: null,
    }
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(digest, tally)
    return tally
  }
}

function countFor(tally: Tally, input: object): number {
  let share = tally.first
  for (let length = 1; share.input !== input; length++) {
    if (length === CHAINED) return countBeyond(tally, input)
    share.next ??= { input, count: 0, next: null }
    share = share.next
  }
  return ++share.count
}

function countBeyond(tally: Tally, input: object): number {
  tally.others ??= new Map()
  const count = (tally.others.get(input) ?? 0) + 1
  tally.others.set(input, count)
  return count
}

/** Of this run alone: nobody can write two lines that are taken for one. It is seen in nothing that comes out. */
const SEED = randomInt(2 ** 32)
const LOW_BITS = 21

/** 53 bits in place of the text: FNV-1a twice, from two seeds, finished as MurmurHash3 does. */
function digestOf(text: string): number {
  let high = SEED
  let low = ~SEED
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x85ebca6b)
  }
  return (finished(high) >>> 0) * 2 ** LOW_BITS + (finished(low) >>> (32 - LOW_BITS))
}

function finished(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return again ^ (again >>> 16)
}
