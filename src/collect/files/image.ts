import type { Budget } from '../budget.ts'
import type { Gaps } from '../gaps.ts'
import type { Mounts } from '../proc/mounts.ts'
import { codeOf, type FileContent, type Held, type Tree } from '../tree.ts'
import { eachEntry } from './listing.ts'

export const MAX_CONFIG_BYTES = 128 * 1024
const MAX_ENTRIES = 5000

/** The files of a machine, as they are read for facts: bounded, and what cannot be read is told. */
export class Image {
  readonly tree: Tree
  readonly budget: Budget
  readonly gaps: Gaps
  readonly #mounts: Mounts | null

  /** `mounts`: of the running machine; null for an image of one. */
  constructor(tree: Tree, budget: Budget, gaps: Gaps, mounts: Mounts | null) {
    this.tree = tree
    this.budget = budget
    this.gaps = gaps
    this.#mounts = mounts
  }

  /** Text of a configuration file; null where there is none that can be read. */
  text(path: string, maxBytes = MAX_CONFIG_BYTES): string | null {
    return this.content(path, maxBytes)?.bytes.toString('utf8') ?? null
  }

  content(path: string, maxBytes = MAX_CONFIG_BYTES, from: 'start' | 'end' = 'start'): FileContent | null {
    if (this.isOutOfReach(path)) return null
    return this.#guarded(path, () => this.tree.read(path, maxBytes, from))
  }

  with<T>(path: string, look: (held: Held) => T): T | null {
    if (this.isOutOfReach(path)) return null
    return this.#guarded(path, () => this.tree.with(path, look))
  }

  /** Looks at each entry of a folder; nothing happens where there is none. */
  each(folder: string, look: (held: Held) => void): void {
    const isCut = this.with(folder, (held) => held.stats.isDirectory() && eachEntry(held, MAX_ENTRIES, look))
    if (isCut === true)
      this.gaps.add(folder, `it has more than ${MAX_ENTRIES} entries: the rest was not read`)
  }

  /** Paths of the regular files in a folder, sorted; links to files inside of the tree too. */
  files(folder: string): string[] {
    const paths: string[] = []
    this.each(folder, ({ path, stats }) => {
      if (stats.isFile() || stats.isSymbolicLink()) paths.push(path)
    })
    return paths
  }

  folders(folder: string): string[] {
    const paths: string[] = []
    this.each(folder, ({ path, stats }) => {
      if (stats.isDirectory()) paths.push(path)
    })
    return paths
  }

  /** On a disk elsewhere that may never answer. */
  isOutOfReach(path: string): boolean {
    if (this.#mounts?.isRemote(path) !== true) return false
    this.gaps.add(path, 'it lies on a file system of the network or of a program, which may never answer')
    return true
  }

  #guarded<T>(path: string, look: () => T): T | null {
    try {
      return look()
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EACCES' || code === 'EPERM') this.gaps.forbid(path)
      else this.gaps.add(path, `it cannot be read (${code === '' ? 'unknown' : code})`)
      return null
    }
  }
}

/** Lines of a configuration file that say something, with their number. */
export function* configLines(text: string): Generator<{ line: string; number: number }> {
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line !== '' && !line.startsWith('#')) yield { line, number: index + 1 }
  }
}
