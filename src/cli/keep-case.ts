import { accessSync, constants } from 'node:fs'
import { DavylampError } from '../errors.ts'
import type { Plan } from '../plan/document.ts'
import type { CaseEntry, CaseStore, SurfaceEntry } from '../store/case-store.ts'
import type { Surface } from '../surface/document.ts'
import type { IncidentEntry } from '../story/document.ts'
import { visible } from '../text/visible.ts'
import type { Composition } from './composition.ts'
import { CASE_FOLDER, caseFile } from './own-case.ts'
import { writingReason } from './reason.ts'

/** Opens a case to read in it, also where it cannot be written; throws `case-unusable`. */
export function openCase(composition: Composition, folder: string): CaseStore {
  const file = caseFile(folder)
  try {
    return composition.openCase(file, isWritable(folder) ? 'write' : 'read')
  } catch (cause) {
    throw new DavylampError('case-unusable', `cannot open the case in ${folder}: ${writingReason(cause)}`, {
      cause,
    })
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    accessSync(caseFile(folder), constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The case that a run is kept in. One that the user named has to work; without the usual one in the
 * current folder (somebody else's disk, evidence mounted read-only) the answer is worth having all the same.
 */
export class CaseKeeper {
  private store: CaseStore | null
  private readonly isWanted: boolean
  private readonly folder: string

  /** `wanted`: the folder that was named, `undefined` = the usual one, `false` = none. */
  constructor(composition: Composition, wanted: string | false | undefined) {
    this.isWanted = typeof wanted === 'string'
    this.folder = typeof wanted === 'string' ? wanted : CASE_FOLDER
    this.store = null
    if (wanted === false) return
    try {
      this.store = composition.openCase(caseFile(this.folder), 'write')
    } catch (cause) {
      this.goWithout(cause)
    }
  }

  /** Keeps the run; tells whether `show` can open it afterwards. */
  async keep(entry: CaseEntry): Promise<boolean> {
    return this.adding(async (store) => store.add(entry))
  }

  /** Keeps a look at the surface; tells whether `show` can open it afterwards. */
  async keepSurface(entry: SurfaceEntry): Promise<boolean> {
    return this.adding(async (store) => store.addSurface(entry))
  }

  /** Keeps the plan that was made last, for `plan why` and `plan verify`. */
  async keepPlan(plan: Plan): Promise<boolean> {
    return this.adding(async (store) => store.keepPlan(plan))
  }

  /** The surface that was looked at last; none where there is no case. */
  async surface(): Promise<Surface | null> {
    return (await this.store?.surface()) ?? null
  }

  /** What the case knows so far; none where there is no case. */
  async incidents(): Promise<IncidentEntry[]> {
    return (await this.store?.incidents()) ?? []
  }

  private async adding(add: (store: CaseStore) => Promise<void>): Promise<boolean> {
    try {
      if (this.store !== null) await add(this.store)
    } catch (cause) {
      await this.store?.close()
      this.goWithout(cause)
    }
    return this.store !== null
  }

  async close(): Promise<void> {
    await this.store?.close()
  }

  private goWithout(cause: unknown): void {
    this.store = null
    const message = `no case can be kept in ${this.folder}: ${writingReason(cause)}`
    if (this.isWanted) {
      throw new DavylampError('case-unusable', message, {
        hint: 'name another place with --case DIR, or keep none with --no-case',
        cause,
      })
    }
    process.stderr.write(
      `davylamp: ${visible(message)}: going on without (davylamp show needs one: --case DIR)\n`,
    )
  }
}
