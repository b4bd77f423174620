import type { Investigation } from '../../story/document.ts'
import { Clock } from '../clock.ts'
import { fileNames, type FileNames } from '../proof-name.ts'
import type { RenderOptions } from '../report.ts'
import { Looks } from './looks.ts'
import { ProofShelf } from './proofs.ts'

/** What every section of the page needs. */
export interface View {
  readonly investigation: Investigation
  readonly options: RenderOptions
  readonly clock: Clock
  readonly files: FileNames
  readonly looks: Looks
  readonly proofs: ProofShelf
}

export function viewOf(investigation: Investigation, options: RenderOptions): View {
  const clock = new Clock(options.timezone)
  const files = fileNames(investigation)
  return {
    investigation,
    options,
    clock,
    files,
    looks: new Looks(investigation),
    proofs: new ProofShelf(files, clock),
  }
}
