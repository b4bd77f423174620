/**
 * Seeded randomness: sfc32 (C. Doty-Humphrey, PractRand), its state filled from text. The same seed
 * gives the same numbers everywhere. `fork` opens a stream of its own, so drawing more in one act
 * never changes another.
 */
export class Random {
  readonly #seed: string
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: string) {
    this.#seed = seed
    this.#a = hash32(seed, 0x9e3779b9)
    this.#b = hash32(seed, 0x85ebca6b)
    this.#c = hash32(seed, 0xc2b2ae35)
    for (let i = 0; i < 15; i++) this.uint32()
  }

  fork(label: string): Random {
    return new Random(`${this.#seed}/${label}`)
  }

  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** In [0, 1). */
  fraction(): number {
    return this.uint32() / 0x1_0000_0000
  }

  /** In [from, to). */
  between(from: number, to: number): number {
    return from + this.fraction() * (to - from)
  }

  /** Whole number, both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  /** Time to the next event of a Poisson process, in the unit of `mean`. */
  exponential(mean: number): number {
    return -Math.log(1 - this.fraction()) * mean
  }

  pick<const List extends readonly [unknown, ...unknown[]]>(list: List): List[number] {
    return list[Math.floor(this.fraction() * list.length)] ?? list[0]
  }

  bytes(length: number): Uint8Array {
    const words = new Uint32Array(Math.ceil(length / 4))
    for (let i = 0; i < words.length; i++) words[i] = this.uint32()
    return new Uint8Array(words.buffer, 0, length)
  }

  hex(digits: number): string {
    return this.text(digits, '0123456789abcdef')
  }

  text(length: number, alphabet: string): string {
    let text = ''
    for (let i = 0; i < length; i++) text += alphabet.charAt(this.integer(0, alphabet.length - 1))
    return text
  }
}

/** MurmurHash3's mixing over UTF-16 units. */
function hash32(text: string, start: number): number {
  let hash = start
  for (let i = 0; i < text.length; i++) {
    const mixed = Math.imul(text.charCodeAt(i), 0xcc9e2d51)
    hash ^= Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
