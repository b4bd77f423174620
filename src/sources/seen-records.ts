import type { MergeableRecord } from './record-cursor.ts'

interface Tally {
  readonly time: number
  /** How many went into the stream: as many as the input with most of them has given so far. */
  admitted: number
  /** The input that gave it first, and how often; others only where there are any. */
  readonly owner: object
  ownerCount: number
  others: Map<object, number> | null
}

const GENERATION = 16_000
const GENERATION_CHARS = 2 ** 24

/**
 * Counts equal records per input and admits as many as the input with most of them holds.
 * Remembers between one and two generations of records; what is older counts as new.
 */
export class SeenRecords {
  #young = new Map<string, Tally>()
  #old = new Map<string, Tally>()
  #youngChars = 0

  admit(record: MergeableRecord, input: object): boolean {
    const tally = this.#tallyOf(record, input)
    const count = countFor(tally, input)
    if (count <= tally.admitted) return false
    tally.admitted = count
    return true
  }

  #tallyOf(record: MergeableRecord, input: object): Tally {
    const known = this.#young.get(record.identity) ?? this.#old.get(record.identity)
    if (known !== undefined && known.time === record.time) return known
    const tally: Tally = { time: record.time, admitted: 0, owner: input, ownerCount: 0, others: null }
    if (this.#young.size >= GENERATION || this.#youngChars >= GENERATION_CHARS) {
      this.#old = this.#young
      this.#young = new Map()
      this.#youngChars = 0
    }
    this.#young.set(record.identity, tally)
    this.#youngChars += record.identity.length
    return tally
  }
}

function countFor(tally: Tally, input: object): number {
  if (tally.owner === input) return ++tally.ownerCount
  tally.others ??= new Map()
  const count = (tally.others.get(input) ?? 0) + 1
  tally.others.set(input, count)
  return count
}
