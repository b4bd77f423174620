/** What a text of a field led to. */
export interface Seen {
  readonly folded: readonly string[]
  /** Rules that are found by it, each once. */
  readonly rules: readonly number[]
}

const MAX_TEXTS = 512
/** Longer ones hardly ever come again. */
const MAX_LENGTH = 256
/** After so many questions it shows whether texts come again. */
const TRIAL = 256

/**
 * Texts of one field that were looked at already. Programs, users and calls come again and again, command lines and
 * hashes do not: where fewer than half of the texts were known it is given up. Nothing but speed hangs on it.
 */
export class SeenTexts {
  isWorthwhile = true
  readonly #texts = new Map<string, Seen>()
  #asked = 0
  #known = 0

  get(text: string): Seen | undefined {
    const seen = this.#texts.get(text)
    if (seen !== undefined) this.#known++
    if (++this.#asked === TRIAL) this.#judge()
    return seen
  }

  set(text: string, seen: Seen): void {
    if (!this.isWorthwhile || text.length > MAX_LENGTH) return
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear()
    this.#texts.set(text, seen)
  }

  #judge(): void {
    this.isWorthwhile = this.#known * 2 >= TRIAL
    if (!this.isWorthwhile) this.#texts.clear()
    this.#asked = 0
    this.#known = 0
  }
}
