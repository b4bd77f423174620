const FIRST_SLOTS = 256
/** Inputs of a tally that have a place of their own; of the rest there are seldom any. */
const PLACES = 2

/** `digests` hold a digest plus one; zero is an empty slot. */
interface Slots {
  readonly digests: Float64Array
  readonly times: Float64Array
  readonly admitted: Uint32Array
  /** Number and count of each input, place by place. */
  readonly inputs: Uint32Array
  readonly counts: Uint32Array
}

/**
 * How often records were seen, by a digest of them: a table of numbers outside the heap, since a tally of its own for
 * every record costs six times as much and keeps the garbage collector busy.
 */
export class TallyTable {
  size = 0
  #capacity = FIRST_SLOTS
  #slots = slotsFor(FIRST_SLOTS)
  /** Counts of inputs that found no place, by digest. */
  readonly #others = new Map<number, Map<number, number>>()

  /** Its slot, valid until something is added; -1 where it is not known. */
  find(digest: number): number {
    const { digests } = this.#slots
    const slot = this.#slotOf(digest)
    return digests[slot] === 0 ? -1 : slot
  }

  timeAt(slot: number): number {
    return this.#slots.times[slot] ?? 0
  }

  /** A record that is not known: gives its slot. */
  add(digest: number, time: number): number {
    if (this.size * 2 >= this.#capacity) this.#grow()
    const slot = this.#slotOf(digest)
    this.#slots.digests[slot] = digest + 1
    this.size++
    this.begin(slot, time)
    return slot
  }

  /** Forgets what was counted there: the same text at another time is another record. */
  begin(slot: number, time: number): void {
    const { digests, times, admitted, inputs } = this.#slots
    times[slot] = time
    admitted[slot] = 0
    inputs.fill(0, slot * PLACES, (slot + 1) * PLACES)
    this.#others.delete(digests[slot] ?? 0)
  }

  /** Counts one for an input; true where no other input has given as many. */
  count(slot: number, input: number): boolean {
    const { admitted } = this.#slots
    const count = this.#countOf(slot, input)
    if (count <= (admitted[slot] ?? 0)) return false
    admitted[slot] = count
    return true
  }

  #countOf(slot: number, input: number): number {
    const { inputs, counts } = this.#slots
    for (let at = slot * PLACES; at < (slot + 1) * PLACES; at++) {
      const holder = inputs[at] ?? 0
      if (holder !== 0 && holder !== input) continue
      const count = holder === 0 ? 1 : (counts[at] ?? 0) + 1
      inputs[at] = input
      counts[at] = count
      return count
    }
    const digest = this.#slots.digests[slot] ?? 0
    let others = this.#others.get(digest)
    if (others === undefined) {
      others = new Map()
      this.#others.set(digest, others)
    }
    const count = (others.get(input) ?? 0) + 1
    others.set(input, count)
    return count
  }

  /** The slot that holds it, or the empty one where it belongs. */
  #slotOf(digest: number): number {
    const { digests } = this.#slots
    const mask = this.#capacity - 1
    let slot = (digest >>> 0) & mask
    while (digests[slot] !== 0 && digests[slot] !== digest + 1) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const before = this.#slots
    this.#capacity *= 2
    this.#slots = slotsFor(this.#capacity)
    const { digests, times, admitted, inputs, counts } = this.#slots
    for (const [from, kept] of before.digests.entries()) {
      if (kept === 0) continue
      const slot = this.#slotOf(kept - 1)
      digests[slot] = kept
      times[slot] = before.times[from] ?? 0
      admitted[slot] = before.admitted[from] ?? 0
      for (let place = 0; place < PLACES; place++) {
        inputs[slot * PLACES + place] = before.inputs[from * PLACES + place] ?? 0
        counts[slot * PLACES + place] = before.counts[from * PLACES + place] ?? 0
      }
    }
  }
}

function slotsFor(capacity: number): Slots {
  return {
    digests: new Float64Array(capacity),
    times: new Float64Array(capacity),
    admitted: new Uint32Array(capacity),
    inputs: new Uint32Array(capacity * PLACES),
    counts: new Uint32Array(capacity * PLACES),
  }
}
