import { hash } from 'node:crypto'

/** A short id that depends on content alone (never on file names, order or time of the run): 12 hex digits of SHA-256. */
export function contentId(prefix: string, ...parts: readonly (string | number)[]): string {
  let text = ''
  for (const part of parts) text += `${part}\0`
  return `${prefix}-${hash('sha256', text, 'hex').slice(0, 12)}`
}
