import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DavylampError } from '../errors.ts'
import { emitAs, type EmitterId, type PlannedChange } from '../plan/emitters/emitter.ts'
import { ALL_EMITTERS } from '../plan/emitters/index.ts'
import { visible } from '../text/visible.ts'
import { writingReason } from './reason.ts'

/** Writes the files of one emitter below `folder`, which is made. Nothing is run. */
export function writeEmitted(
  changes: readonly PlannedChange[],
  id: EmitterId,
  folder: string,
  operators: readonly string[],
): void {
  const emitter = ALL_EMITTERS.find((one) => one.id === id)
  if (emitter === undefined) throw new DavylampError('usage', `--emit ${id}: no such form`)
  const { files, refused } = emitAs(emitter, changes, operators)
  for (const line of refused) process.stderr.write(`davylamp: not written: ${visible(line)}\n`)
  for (const { path, text, isExecutable } of files) {
    const file = join(folder, path)
    try {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      if (isExecutable) chmodSync(file, 0o755)
    } catch (cause) {
      throw new DavylampError('output-unwritable', `cannot write ${file}: ${writingReason(cause)}`, { cause })
    }
  }
  if (files.length === 0) {
    const others = ALL_EMITTERS.filter((one) => one.emit(changes, operators).files.length > 0)
    const hint =
      others.length === 0 ? 'nor as anything else' : `try --emit ${others.map((one) => one.id).join(', ')}`
    process.stderr.write(`davylamp: nothing of this plan can be said as ${id}; ${hint}\n`)
  } else
    process.stderr.write(
      `davylamp: ${files.length} files written to ${visible(folder)}; nothing was run: read them first\n`,
    )
}
