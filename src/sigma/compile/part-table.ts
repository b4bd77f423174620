/**
 * Finds which of many literals stand in a text, in one pass over it: each literal is looked up by the
 * rarest three characters in it, and compared where they stand. Shorter ones, of which there are few,
 * are searched for one by one. Memory grows with the number of literals only.
 */
export class PartTable {
  /** Bits between characters in a code; a code has three times as many. */
  readonly #shift: number
  readonly #heads: Int32Array
  /** Whether a code has an entry: small enough to stay in the cache while a text is scanned. */
  readonly #isUsed: Uint8Array
  readonly #next: number[] = []
  readonly #literals: string[] = []
  readonly #offsets: number[] = []
  /** Of each literal: its first character and its last one. */
  readonly #firsts: number[] = []
  readonly #lasts: number[] = []
  readonly #rules: (readonly number[])[] = []
  readonly #short: (readonly [string, readonly number[]])[] = []

  constructor(parts: ReadonlyMap<string, readonly number[]>) {
    this.#shift = parts.size > 100 ? 5 : 4
    this.#heads = new Int32Array(1 << (3 * this.#shift)).fill(-1)
    this.#isUsed = new Uint8Array(this.#heads.length)
    const counts = new Map<number, number>()
    for (const literal of parts.keys()) {
      for (let at = 0; at + 2 < literal.length; at++) {
        const code = this.#codeAt(literal, at)
        counts.set(code, (counts.get(code) ?? 0) + 1)
      }
    }
    for (const [literal, rules] of parts) {
      if (literal.length < 3) this.#short.push([literal, rules])
      else this.#add(literal, rules, counts)
    }
  }

  #add(literal: string, rules: readonly number[], counts: ReadonlyMap<number, number>): void {
    let offset = 0
    let least = Infinity
    for (let at = 0; at + 2 < literal.length; at++) {
      const count = counts.get(this.#codeAt(literal, at)) ?? 0
      if (count < least) {
        least = count
        offset = at
      }
    }
    const code = this.#codeAt(literal, offset)
    const entry = this.#literals.push(literal) - 1
    this.#offsets.push(offset)
    this.#firsts.push(literal.charCodeAt(0))
    this.#lasts.push(literal.charCodeAt(literal.length - 1))
    this.#rules.push(rules)
    this.#next.push(this.#heads[code] ?? -1)
    this.#heads[code] = entry
    this.#isUsed[code] = 1
  }

  /** Hands over the rules of every literal that stands in the text; the same ones perhaps more than once. */
  scan(text: string, found: (rules: readonly number[]) => void): void {
    for (const [literal, rules] of this.#short) if (text.includes(literal)) found(rules)
    if (this.#literals.length === 0) return
    const isUsed = this.#isUsed
    const shift = this.#shift
    const mask = isUsed.length - 1
    let code = 0
    for (let at = 0; at < text.length; at++) {
      // What came three characters before is shifted out.
      code = ((code << shift) ^ text.charCodeAt(at)) & mask
      if (isUsed[code] === 1) this.#compare(this.#heads[code] ?? -1, text, at - 2, found)
    }
  }

  /** `startsWith` takes a place before the beginning for the beginning; most literals differ at one of their ends. */
  #compare(first: number, text: string, at: number, found: (rules: readonly number[]) => void): void {
    for (let entry = first; entry >= 0; entry = this.#next[entry] ?? -1) {
      const from = at - (this.#offsets[entry] ?? 0)
      const literal = this.#literals[entry] ?? ''
      if (
        from >= 0 &&
        text.charCodeAt(from) === this.#firsts[entry] &&
        text.charCodeAt(from + literal.length - 1) === this.#lasts[entry] &&
        text.startsWith(literal, from)
      )
        found(this.#rules[entry] ?? [])
    }
  }

  /** Of the three characters of a literal from a place on: the same as while scanning. */
  #codeAt(literal: string, at: number): number {
    const mask = this.#heads.length - 1
    let code = 0
    for (let i = at; i < at + 3; i++) code = ((code << this.#shift) ^ literal.charCodeAt(i)) & mask
    return code
  }
}
