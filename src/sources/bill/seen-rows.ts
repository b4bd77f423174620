/** Rows remembered, of all files together: some 200 MB. */
const MAX_ROWS = 8_000_000

/**
 * Which rows other files have given already. A row that stands several times in one file stays as often: of equal rows as
 * many count as the file that has most of them. Told apart by 64 bits of hash.
 */
export class SeenRows {
  /** Rows that could not be remembered: a copy of them would count twice. */
  unremembered = 0
  #high = new Int32Array(1 << 16)
  #low = new Int32Array(1 << 16)
  /** Of a row: how often it counts, and how often the file at hand has given it. */
  #admitted = new Uint16Array(1 << 16)
  #given = new Uint16Array(1 << 16)
  #giver = new Uint16Array(1 << 16)
  #count = 0
  #file = 0

  /** The next file is read. */
  turn(): void {
    this.#file++
  }

  /** Whether a row of the file at hand counts: FNV-1a from two seeds tells rows apart. */
  admit(bytes: Buffer, start: number, end: number): boolean {
    let high = 0x811c9dc5
    let low = 0x1b873593
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0
      high = Math.imul(high ^ byte, 0x01000193)
      low = Math.imul(low ^ byte, 0x85ebca6b)
    }
    return this.#admit(high ^ (high >>> 15), low ^ (low >>> 13))
  }

  #admit(high: number, low: number): boolean {
    const slot = this.#slotOf(high, low)
    if (this.#admitted[slot] === 0) {
      if (this.#count >= MAX_ROWS) {
        this.unremembered++
        return true
      }
      this.#high[slot] = high
      this.#low[slot] = low
      this.#admitted[slot] = 1
      this.#given[slot] = 1
      this.#giver[slot] = this.#file
      this.#count++
      if (this.#count * 4 > this.#high.length * 3) this.#grow()
      return true
    }
    const given = this.#giver[slot] === this.#file ? (this.#given[slot] ?? 0) + 1 : 1
    this.#giver[slot] = this.#file
    this.#given[slot] = Math.min(given, 0xffff)
    if (given <= (this.#admitted[slot] ?? 0)) return false
    this.#admitted[slot] = Math.min(given, 0xffff)
    return true
  }

  #slotOf(high: number, low: number): number {
    const mask = this.#high.length - 1
    let slot = (high ^ (low >>> 7)) & mask
    while (this.#admitted[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low))
      slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const [high, low, admitted, given, giver] = [
      this.#high,
      this.#low,
      this.#admitted,
      this.#given,
      this.#giver,
    ]
    const size = high.length * 2
    this.#high = new Int32Array(size)
    this.#low = new Int32Array(size)
    this.#admitted = new Uint16Array(size)
    this.#given = new Uint16Array(size)
    this.#giver = new Uint16Array(size)
    for (let at = 0; at < high.length; at++) {
      if (admitted[at] === 0) continue
      const slot = this.#slotOf(high[at] ?? 0, low[at] ?? 0)
      this.#high[slot] = high[at] ?? 0
      this.#low[slot] = low[at] ?? 0
      this.#admitted[slot] = admitted[at] ?? 0
      this.#given[slot] = given[at] ?? 0
      this.#giver[slot] = giver[at] ?? 0
    }
  }
}
