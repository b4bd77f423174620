import { plural } from '../text/plural.ts'

/** Something that could not be seen, why, and how it could be. */
export interface Gap {
  readonly what: string
  readonly why: string
  /** A command to type on the machine; null where none would help. */
  readonly command: string | null
}

const MAX_GAPS = 200
const MAX_PLACES = 200

/** What could not be seen, each once; what was forbidden is told by the place it lies in. */
export class Gaps {
  readonly #isRoot: boolean
  readonly #gaps = new Map<string, Gap>()
  readonly #forbidden = new Map<string, Set<string>>()

  constructor(isRoot: boolean) {
    this.#isRoot = isRoot
  }

  add(what: string, why: string, command: string | null = null): void {
    if (this.#gaps.size < MAX_GAPS) this.#gaps.set(`${what}\0${why}`, { what, why, command })
  }

  /** A file or folder that this user may not read. */
  forbid(path: string): void {
    const place = PLACE.exec(path)?.[0] ?? '/'
    const known = this.#forbidden.get(place)
    if (known !== undefined) known.add(path)
    else if (this.#forbidden.size < MAX_PLACES) this.#forbidden.set(place, new Set([path]))
  }

  all(): readonly Gap[] {
    const forbidden = [...this.#forbidden].map(([place, paths]): Gap => {
      const [only] = paths
      const what =
        paths.size === 1 && only !== undefined
          ? only
          : `${plural(paths.size, 'file or folder', 'files and folders')} in ${place}`
      return this.#isRoot
        ? { what, why: 'no permission, although this is root', command: null }
        : { what, why: 'no permission', command: AS_ROOT }
    })
    return [...this.#gaps.values(), ...forbidden]
  }
}

export const AS_ROOT = 'sudo davylamp collect'
/** What is spoken of as one: `/root`, `/home/ada`, `/var/log`. */
const PLACE = /^\/(?:home\/[^/]+|var\/[^/]+|[^/]+)/u
