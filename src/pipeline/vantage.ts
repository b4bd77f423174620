/** Addresses and captures remembered. */
const MAX_ADDRESSES = 100_000
const MAX_FILES = 64

interface Place {
  /** Captures that show it with one other alone, and with whom; of most addresses there is one. */
  readonly file: string
  readonly peer: string
  others: Map<string, string> | null
  /** Captures in which it talks to two others or more. */
  readonly files: Set<string>
}

/**
 * Where captures were taken. One that was taken on a machine shows all of that machine's traffic, and of every other only
 * what it says to that one: nothing can be said of the rest. Whoever is seen with two others or more has its traffic pass
 * there; whoever is seen with one only may have been seen from the other side.
 */
export class Vantage {
  readonly #places = new Map<string, Place>()

  observe(a: string, b: string, file: string): void {
    this.#meet(a, b, file)
    this.#meet(b, a, file)
  }

  /** Captures in which all traffic of an address shows. */
  filesOf(address: string): ReadonlySet<string> {
    return this.#places.get(address)?.files ?? NONE
  }

  #meet(address: string, peer: string, file: string): void {
    const place = this.#places.get(address)
    if (place === undefined) {
      if (this.#places.size < MAX_ADDRESSES && !isEverybody(peer))
        this.#places.set(address, { file, peer, others: null, files: new Set() })
      return
    }
    const known = place.file === file ? place.peer : place.others?.get(file)
    if (known === peer || place.files.has(file) || isEverybody(peer)) return
    if (known !== undefined) {
      if (place.files.size < MAX_FILES) place.files.add(file)
      return
    }
    place.others ??= new Map()
    if (place.others.size < MAX_FILES) place.others.set(file, peer)
  }
}

const NONE: ReadonlySet<string> = new Set()

/** RFC 5771, RFC 4291 §2.7: to a whole network, which passes at every machine of it. */
function isEverybody(ip: string): boolean {
  return /^(?:22[4-9]|23\d)\.|^ff|\.255$|^0\.0\.0\.0$/iu.test(ip)
}
