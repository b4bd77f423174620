import { randomInt } from 'node:crypto'
import { TallyTable } from './tally-table.ts'

/** What is remembered of a record. */
interface Sighting {
  /** Epoch ms. */
  readonly time: number
  readonly identity: string
}

const GENERATION = 16_000

/**
 * Counts equal records per input and admits as many as the input with most of them holds.
 * Remembers between one and two generations of records; what is older counts as new.
 */
export class SeenRecords {
  #young = new TallyTable()
  #old = new TallyTable()

  /** `input` is a number of its own for each input, from 1. */
  admit({ time, identity }: Sighting, input: number): boolean {
    const digest = digestOf(identity)
    const young = this.#young.find(digest)
    if (young >= 0) {
      if (this.#young.timeAt(young) !== time) this.#young.begin(young, time)
      return this.#young.count(young, input)
    }
    const old = this.#old.find(digest)
    if (old >= 0 && this.#old.timeAt(old) === time) return this.#old.count(old, input)
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new TallyTable()
    }
    return this.#young.count(this.#young.add(digest, time), input)
  }
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
