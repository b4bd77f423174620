import { systemReason } from '../inputs/system-error.ts'

/** What keeps something from being written, in words for the user. */
const WRITING: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'it is on a disk that cannot be written',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a file is in the way',
  EEXIST: 'a file is in the way',
  EISDIR: 'it is a folder',
}

/** SQLite's own result codes (sqlite.org/rescode.html); extended codes keep theirs in the low byte. */
const SQLITE: Readonly<Record<number, string>> = {
  5: 'another davylamp is using it',
  8: 'no permission to write there',
  10: 'the disk reports an error',
  11: 'it is damaged',
  13: 'no space left on the disk',
  14: 'no permission to write there',
  26: 'what is there is no case',
}

export function writingReason(error: unknown): string {
  if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')
    return SQLITE[error.errcode & 0xff] ?? error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return WRITING[code] ?? systemReason(error)
}
