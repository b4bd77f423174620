import { createHash } from 'node:crypto'

const MAX_LENGTH = 60

/** A name that can be part of a path everywhere and cannot leave its folder; a changed one carries a digest, so that two stay two. */
export function fileName(name: string): string {
  const plain = name
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^[.-]+/, '_')
    .slice(0, MAX_LENGTH)
  if (plain === name && name !== '') return plain
  return `${plain === '' ? '_' : plain}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
}
