/**
 * `node bench/battle.ts [--machines N] [--hours N] [--gangs N]`: a large battle of the range, read as a whole: 2,350 files
 * of fourteen kinds by default. Makes the evidence in bench/out, once per size.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { canMeasure, measure } from './measure.ts'

const ROOT = resolve(import.meta.dirname, '..')
const OUT = resolve(import.meta.dirname, 'out')
const DAVYLAMP = join(ROOT, 'bin', 'davylamp.mjs')

const { values } = parseArgs({
  options: {
    machines: { type: 'string', default: '50' },
    hours: { type: 'string', default: '72' },
    gangs: { type: 'string', default: '5' },
  },
})
const { machines, hours, gangs } = values
if (!canMeasure()) {
  console.error('bench: needs GNU time as /usr/bin/time (Debian: apt-get install time)')
  process.exit(1)
}
mkdirSync(OUT, { recursive: true })
const folder = join(OUT, `battle-${machines}-${hours}-${gangs}`)
if (!existsSync(join(folder, 'inventory.yaml'))) {
  const size = ['--machines', machines, '--hours', hours, '--gangs', gangs]
  const made = spawnSync(process.execPath, [DAVYLAMP, 'range', '--seed', '4', '--out', folder, ...size])
  if (made.status !== 0) throw new Error(`range: exit ${made.status}\n${made.stderr.toString()}`)
}

const evidence = join(folder, 'evidence')
const files = readdirSync(evidence, { recursive: true, encoding: 'utf8' })
  .map((name) => statSync(join(evidence, name)))
  .filter((file) => file.isFile())
const bytes = files.reduce((sum, { size }) => sum + size, 0)
const { median } = measure(
  {
    program: process.execPath,
    args: [
      DAVYLAMP,
      'investigate',
      evidence,
      '--inventory',
      join(folder, 'inventory.yaml'),
      '--format',
      'json',
      '--no-case',
      '--quiet',
    ],
    exitCodes: [0, 10],
  },
  1,
  OUT,
)
const { cpuSeconds, peakBytes, wallSeconds } = median
console.log(
  `${files.length} files, ${(bytes / 1e6).toFixed(0)} MB: ${cpuSeconds.toFixed(1)} s of CPU, ${wallSeconds.toFixed(1)} s, ${(peakBytes / 1e6).toFixed(0)} MB at most`,
)
