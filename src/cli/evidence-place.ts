import { dirname, isAbsolute, resolve } from 'node:path'
import type { ReopenedInput } from '../inputs/open.ts'
import type { CaseStore } from '../store/case-store.ts'
import type { Composition } from './composition.ts'

/**
 * Finds evidence again by the name it was read under. Names are relative to wherever the command ran:
 * that may have been another folder, and the evidence may have been moved since.
 */
export class EvidencePlace {
  private readonly composition: Composition
  private readonly folders: readonly string[]
  private readonly moved: string | null

  private constructor(composition: Composition, folders: readonly string[], moved: string | null) {
    this.composition = composition
    this.folders = folders
    this.moved = moved
  }

  /** `moved`: the folder that the user says the evidence is in now. */
  static async of(
    store: CaseStore,
    composition: Composition,
    options: { readonly caseFolder: string; readonly moved: string | null },
  ): Promise<EvidencePlace> {
    const runs = (await store.manifests()).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
    const folders = [
      ...runs.map((run) => run.folder).filter((folder) => folder !== undefined),
      resolve('.'),
      dirname(resolve(options.caseFolder)),
    ]
    return new EvidencePlace(composition, [...new Set(folders)], options.moved)
  }

  /** Null where it is in none of the places. Whoever gets it closes it. */
  async reopen(name: string): Promise<ReopenedInput | null> {
    for (const candidate of this.candidates(name)) {
      const found = await this.composition.reopen(candidate)
      if (found !== null) return found
    }
    return null
  }

  private candidates(name: string): string[] {
    if (name === '-') return []
    if (this.moved !== null) return endsOf(name).map((end) => `${this.moved}/${end}`)
    return isAbsolute(name) ? [name] : this.folders.map((folder) => `${folder}/${name}`)
  }
}

/** `a/b/c.log`, `b/c.log`, `c.log`: longest first. What stands behind a `!` is inside an archive and stays. */
function endsOf(name: string): string[] {
  const mark = name.indexOf('!')
  const [path, inside] = mark === -1 ? [name, ''] : [name.slice(0, mark), name.slice(mark)]
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..')
  return parts.map((_, i) => parts.slice(i).join('/') + inside)
}
