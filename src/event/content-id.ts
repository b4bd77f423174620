import { createHash } from 'node:crypto'

/** A short id that depends on content alone (never on file names, order or time of the run): 12 hex digits of SHA-256. */
export function contentId(prefix: string, ...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(String(part)).update('\0')
  return `${prefix}-${hash.digest('hex').slice(0, 12)}`
}
