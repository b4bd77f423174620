import { readdirSync, statSync } from 'node:fs'
import { visible } from '../text/visible.ts'
import { MEMBER_MARK } from './explore.ts'
import type { Input } from './input.ts'
import { Opening, type OpenOptions } from './opening.ts'
import { STANDARD_INPUT } from './pipe.ts'

export interface ReopenedInput {
  readonly input: Input
  close(): void
}

/**
 * Finds an input again by its name as `openInputs` gave it, also inside archives; null where it is
 * gone. Whoever gets it closes it.
 */
export async function reopen(name: string, options: OpenOptions = {}): Promise<ReopenedInput | null> {
  for (const file of filesThatMayHold(name)) {
    const path = locate(file)
    if (path === null) continue
    const opening = new Opening({ ...options, hashesWhileReading: false }, name)
    await opening.addFrom(path, file)
    const input = opening.inputs.find((input) => input.name === name)
    if (input !== undefined) return { input, close: () => opening.close() }
    opening.close()
  }
  return null
}

/** What stands before one of the marks, then the name itself: a file may have the mark in its own name. */
function filesThatMayHold(name: string): string[] {
  const parts = name.split(MEMBER_MARK)
  const files = parts.map((_, i) => parts.slice(0, i + 1).join(MEMBER_MARK))
  return files.filter((file) => file !== '' && file !== STANDARD_INPUT)
}

/** The path of the regular file with that name; also where the name shows characters that the path has. */
function locate(name: string): Buffer | null {
  const path = Buffer.from(name)
  if (isFile(path)) return path
  let folder = Buffer.from(name.startsWith('/') ? '/' : '.')
  for (const part of name.split('/').filter((part) => part !== '')) {
    const entry = entryOf(folder, part)
    if (entry === null) return null
    folder = Buffer.concat([folder, Buffer.from('/'), entry])
  }
  return isFile(folder) ? folder : null
}

function entryOf(folder: Buffer, name: string): Buffer | null {
  if (name === '.' || name === '..') return Buffer.from(name)
  try {
    return readdirSync(folder, 'buffer').find((entry) => visible(entry.toString('utf8')) === name) ?? null
  } catch {
    return null
  }
}

function isFile(path: Buffer): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
