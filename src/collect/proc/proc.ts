import { closeSync, constants, openSync, opendirSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { codeOf, readOpen } from '../tree.ts'

const READ = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** What keeps a file of /proc from being read: it is gone, or it is not for this user. */
export type Denied = 'gone' | 'denied'

/** A file of the kernel, read to at most `maxBytes`. */
export function readProc(path: string, maxBytes: number): Buffer | Denied {
  let fd: number
  try {
    fd = openSync(path, READ)
  } catch (error) {
    return deniedBy(error)
  }
  try {
    return readOpen(fd, 0, maxBytes).bytes
  } catch (error) {
    return deniedBy(error)
  } finally {
    closeSync(fd)
  }
}

export function textOf(path: string, maxBytes: number): string | null {
  const bytes = readProc(path, maxBytes)
  return typeof bytes === 'string' ? null : bytes.toString('utf8')
}

/** Null with what kept it from being read. */
export function linkOf(path: string): { target: string | null; why: Denied | null } {
  try {
    return { target: readlinkSync(path), why: null }
  } catch (error) {
    return { target: null, why: deniedBy(error) }
  }
}

export function isDenied(value: unknown): value is Denied {
  return value === 'gone' || value === 'denied'
}

function deniedBy(error: unknown): Denied {
  const code = codeOf(error)
  return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'gone'
}

/**
 * Numbers in /proc as the kernel lists them. `scandir` inside of the C library cannot be replaced by a preloaded
 * library that replaces `readdir`, which is how they hide processes.
 */
export function listedPids(): number[] {
  return numbers(readdirSync('/proc'))
}

/** The same through `readdir`, as ps and top see it. */
export function pidsThroughLibrary(): number[] {
  const names: string[] = []
  const folder = opendirSync('/proc')
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) names.push(entry.name)
  } finally {
    folder.closeSync()
  }
  return numbers(names)
}

/** Whether there is something under a number, asked for by name. */
export function isThere(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`, { throwIfNoEntry: false }) !== undefined
  } catch {
    return true
  }
}

function numbers(names: readonly string[]): number[] {
  return names.filter((name) => /^[1-9]\d{0,9}$/u.test(name)).map(Number)
}
