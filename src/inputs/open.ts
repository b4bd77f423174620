import { type OpenedInputs, type OpenOptions, Opening } from './opening.ts'

export { type OpenedInputs, type OpenOptions } from './opening.ts'
export { STANDARD_INPUT } from './pipe.ts'
export { reopen, type ReopenedInput } from './reopen.ts'

/**
 * Opens files, folders, compressed files, archives (also inside each other) and, for `-`, standard
 * input. Looks at content, never at names. Throws for nothing in the evidence: what cannot be read
 * is in `skipped`, with the reason.
 */
export async function openInputs(paths: readonly string[], options: OpenOptions = {}): Promise<OpenedInputs> {
  const opening = new Opening(options, null)
  for (const path of paths) await opening.add(path)
  return opening
}
