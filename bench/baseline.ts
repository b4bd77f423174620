import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Baseline, Baselines } from './result.ts'

const FILE = join(import.meta.dirname, 'baseline.json')

export function readBaselines(): Baselines {
  return existsSync(FILE) ? Baselines.parse(JSON.parse(readFileSync(FILE, 'utf8'))) : {}
}

export function writeBaseline(name: keyof Baselines, baseline: Baseline): void {
  writeFileSync(FILE, `${JSON.stringify({ ...readBaselines(), [name]: baseline }, null, 2)}\n`)
}
