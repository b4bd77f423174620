import { closeSync, opendirSync, readdirSync } from 'node:fs'
import { type Held, holdEntry } from '../tree.ts'

/** A folder bigger than this is read entry by entry, so that it does not have to fit into memory. */
const MANY_BYTES = 4 * 2 ** 20

/**
 * Names in a held folder, a character for each byte: they may be no text (`entryName`). At most `maxEntries`. Small folders
 * are read with `scandir`, which a preloaded library that hides files does not reach.
 */
export function namesIn(folder: Held, maxEntries: number): { names: string[]; isCut: boolean } {
  const place = `/proc/self/fd/${folder.handle}`
  if (folder.stats.size <= MANY_BYTES) {
    const names = readdirSync(place, 'latin1').toSorted()
    return { names: names.slice(0, maxEntries), isCut: names.length > maxEntries }
  }
  const names: string[] = []
  const open = opendirSync(place, { encoding: 'latin1', bufferSize: 1024 })
  try {
    for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
      if (names.length >= maxEntries) return { names, isCut: true }
      names.push(entry.name)
    }
  } finally {
    open.closeSync()
  }
  return { names, isCut: false }
}

/** Looks at each entry of a held folder through a handle of its own; what goes away meanwhile is passed over. */
export function eachEntry(folder: Held, maxEntries: number, look: (held: Held) => void): boolean {
  const { names, isCut } = namesIn(folder, maxEntries)
  for (const name of names) {
    let held: Held
    try {
      held = holdEntry(folder, name)
    } catch {
      continue
    }
    try {
      look(held)
    } finally {
      closeSync(held.handle)
    }
  }
  return isCut
}
