/**
 * `npm run fuzz -- [--seconds N | --cases N] [--seed S] [--only NAME] [--case N]`: hostile input for every parser for
 * N seconds each (default 20), or for N cases. Prints the seed; with `--seed`, `--only` and `--case` one case runs again.
 * What fails is written to bench/out/fuzz/, made as small as it could be; exit code 1.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Failure } from './fuzz/protocol.ts'
import { runTarget } from './fuzz/run-target.ts'
import { TARGETS } from './fuzz/targets/index.ts'

const ROOT = resolve(import.meta.dirname, '..')
const OUT = join(ROOT, 'bench', 'out', 'fuzz')
const DEFAULT_SECONDS = 20

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    cases: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    case: { type: 'string' },
  },
})
const seconds = wholeNumber('seconds', values.seconds) ?? DEFAULT_SECONDS
const cases = wholeNumber('cases', values.cases)
const seed = wholeNumber('seed', values.seed) ?? Date.now() % 1_000_000
const only = wholeNumber('case', values.case)
const chosen = TARGETS.filter(({ name }) => values.only === undefined || values.only === name)
if (chosen.length === 0)
  fail(`--only ${values.only}: no such target; there are ${TARGETS.map(({ name }) => name).join(', ')}`)
if (only !== null && values.only === undefined) fail('--case needs --only')

mkdirSync(OUT, { recursive: true })
console.log(
  `fuzz: seed ${seed}, ${chosen.length} targets, ${cases === null ? `${seconds} s` : `${cases} cases`} each`,
)
let failures = 0
for (const target of chosen) {
  const startedAt = performance.now()
  const before = failures
  const count = await runTarget({ target, seed, seconds, cases, only }, (failure) => {
    failures++
    tell(target.name, failure)
  })
  const took = (performance.now() - startedAt) / 1000
  const verdict = failures === before ? 'ok  ' : 'FAIL'
  console.log(
    `${verdict}  ${target.name.padEnd(14)} ${String(count).padStart(8)} cases  ${Math.round(count / took)}/s  at most ${peakMb()} MB`,
  )
}
process.exit(failures > 0 ? 1 : 0)

function tell(name: string, { index, message, stack, bytes }: Failure): void {
  const file = join(OUT, `${name}-${seed}-${index}.bin`)
  writeFileSync(file, bytes)
  console.log(`FAIL  ${name}, case ${index}: ${message}`)
  if (stack !== '') console.log(stack.replaceAll(/^/gmu, '      '))
  console.log(
    `      ${bytes.length} bytes in ${relative(ROOT, file)}; again: npm run fuzz -- --seed ${seed} --only ${name} --case ${index}`,
  )
}

/** Most memory so far, of the whole process with its threads. */
function peakMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1000)
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) fail(`--${name} ${text}: not a whole number`)
  return value
}

function fail(message: string): never {
  console.error(`fuzz: ${message}`)
  process.exit(2)
}
