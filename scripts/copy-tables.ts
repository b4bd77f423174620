/** `tsc` compiles code alone: this puts the tables beside it. */
import { cpSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
cpSync(join(root, 'src/intel/data'), join(root, 'dist/intel/data'), { recursive: true })
