/** How long collecting may take and what it may read. Whoever does something long asks in between. */
export class Budget {
  readonly #now: () => number
  readonly #until: number
  #hashBytes: number

  /** `now` in ms, of any clock that does not step. */
  constructor(now: () => number, maxMs: number, maxHashBytes: number) {
    this.#now = now
    this.#until = now() + maxMs
    this.#hashBytes = maxHashBytes
  }

  get leftMs(): number {
    return Math.max(0, this.#until - this.#now())
  }

  /** Whether less than `reserveMs` are left. */
  isSpent(reserveMs = 0): boolean {
    return this.leftMs <= reserveMs
  }

  /** Takes bytes to be hashed; false where there are not so many left. */
  takeHash(bytes: number): boolean {
    if (bytes > this.#hashBytes) return false
    this.#hashBytes -= bytes
    return true
  }
}
