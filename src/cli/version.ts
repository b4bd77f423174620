import { readFileSync } from 'node:fs'

// package.json lies beside `src/` and beside `dist/` alike.
const manifest: { version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
)

export const VERSION: string = manifest.version
