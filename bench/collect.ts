/**
 * `node bench/collect.ts`: what `davylamp collect` takes on a machine with a thousand processes and a hundred thousand files
 * in the places it looks at. Makes both itself, below /var/tmp, and takes them away. Needs GNU time.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '1000' },
    files: { type: 'string', default: '100000' },
    'max-time': { type: 'string', default: '11s' },
  },
})
const launcher = resolve(import.meta.dirname, '..', 'bin', 'davylamp.mjs')
const folder = mkdtempSync('/var/tmp/davylamp-bench-')
const children = Array.from({ length: Number(values.processes) }, () =>
  spawn('sleep', ['600'], { stdio: 'ignore' }),
)
try {
  for (let at = 0; at < Number(values.files); at++) {
    const place = join(folder, `d${Math.floor(at / 500)}`)
    if (at % 500 === 0) mkdirSync(place)
    writeFileSync(join(place, `f${at}`), '')
  }
  const out = join(folder, 'x.tar.zst')
  const run = spawnSync(
    '/usr/bin/time',
    [
      '-f',
      '%e s wall, %U s user, %S s system, %M KiB at most',
      process.execPath,
      launcher,
      'collect',
      '--out',
      out,
      '--max-time',
      values['max-time'],
      '--format',
      'json',
    ],
    { encoding: 'utf8' },
  )
  const { facts, filesLookedAt, gaps } = JSON.parse(run.stdout)
  console.log(
    `${facts.process} processes, ${filesLookedAt} files, ${statSync(out).size} bytes, ${gaps.length} gaps`,
  )
  console.log(run.stderr.trim())
} finally {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
