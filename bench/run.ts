/**
 * `npm run bench -- [--quick] [--save]`: how fast evidence becomes events and findings, how much memory
 * that takes, and how that has changed against bench/baseline.json. What the lines mean: bench/README.md.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readBaselines, writeBaseline } from './baseline.ts'
import { stageEvidence } from './evidence/stage.ts'
import { FULL, QUICK, subjects } from './lines.ts'
import { canMeasure } from './measure.ts'
import { Session } from './session.ts'

const OUT = resolve(import.meta.dirname, 'out')

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, save: { type: 'boolean' } } })
const size = values.quick === true ? QUICK : FULL

if (!canMeasure()) {
  console.error('bench: needs GNU time as /usr/bin/time (Debian: apt-get install time)')
  process.exit(1)
}
mkdirSync(OUT, { recursive: true })
console.error(`bench: making evidence in ${join('bench', 'out')}, or finding it there`)
const staged = await stageEvidence(OUT, size.sizes)
const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? '?'}, Node ${process.versions.node}`
const session = new Session({
  size,
  folder: OUT,
  baseline: readBaselines()[size.name],
  journal: staged.journal,
})

console.log(`davylamp bench (${size.name}), ${machine}`)
session.startUp()
for (const subject of subjects(staged)) session.read(subject)
console.log(session.table())

const isQuick = values.quick === true
for (const [script, ...options] of [
  ['sigma.ts', '--records', isQuick ? '2000' : '20000'],
  ['sigma-correlation.ts', ...(isQuick ? ['--quick'] : [])],
] as const) {
  console.log(`\n${script.replace('.ts', '')}`)
  spawnSync(process.execPath, [join(import.meta.dirname, script), ...options], { stdio: 'inherit' })
}

if (values.save === true) {
  writeBaseline(size.name, { machine, results: session.results })
  console.error('bench: baseline.json rewritten')
}
