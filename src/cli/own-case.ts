import { basename, dirname } from 'node:path'
import type { Input, Skipped } from '../inputs/input.ts'

const CASE_FILE = 'case.sqlite'
/** SQLite's own side files: the write-ahead log, its index, and the rollback journal. */
const CASE_FILES = new Set([CASE_FILE, ...['-wal', '-shm', '-journal'].map((end) => `${CASE_FILE}${end}`)])
const SQLITE_MAGIC = 'SQLite format 3\0'

export const CASE_FOLDER = '.davylamp'

/** The file that holds the case kept in a folder. */
export function caseFile(folder: string): string {
  return `${folder.replace(/\/+$/u, '')}/${CASE_FILE}`
}

/**
 * Takes the files of cases out of what was opened: an evidence folder that was looked at before often
 * holds one, and it is no evidence. Only what is a database by its content counts: a log that somebody
 * named like a case is still read.
 */
export function withoutCases(
  inputs: readonly Input[],
  skipped: readonly Skipped[],
): { inputs: Input[]; skipped: Skipped[] } {
  const folders = new Set(inputs.filter(isCase).map((input) => folderOf(input.name)))
  const isOurs = (name: string): boolean => CASE_FILES.has(memberName(name)) && folders.has(folderOf(name))
  return {
    inputs: inputs.filter((input) => !isOurs(input.name)),
    skipped: skipped.filter(({ file }) => !isOurs(file)),
  }
}

function isCase(input: Input): boolean {
  const head = Buffer.from(input.head.subarray(0, SQLITE_MAGIC.length)).toString('latin1')
  return memberName(input.name) === CASE_FILE && head === SQLITE_MAGIC
}

function memberName(name: string): string {
  return basename(name).replace(/^.*!/u, '')
}

function folderOf(name: string): string {
  return name.slice(0, name.length - memberName(name).length) || dirname(name)
}
