/**
 * `node scripts/honest-load.ts [--minutes 60] [--nice N]`: keeps this machine busy with honest work (compiling,
 * compressing, hashing, encoding video, PostgreSQL under pgbench, stress-ng, apt installing packages again; whichever is
 * installed), looks at it every minute as `davylamp investigate --this-host` does, and fails where anything of medium or
 * higher is said. PostgreSQL runs in a folder of its own on a free loopback port. Not part of the gate.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, nice: { type: 'string', default: '0' } },
})
const launcher = resolve(import.meta.dirname, '..', 'bin', 'davylamp.mjs')
const work = mkdtempSync(join(tmpdir(), 'honest-load-'))
writeFileSync(
  join(work, 'davylamp.yaml'),
  'known:\n  - process: /usr/bin/stress-ng\n    reason: the load test of the operator\n',
)
const source = Array.from(
  { length: 4000 },
  (_, at) => `int f${at}(int x) { return x * ${at} + ${at % 7}; }`,
).join('\n')
writeFileSync(join(work, 'many.c'), `${source}\nint main(void) { return f0(1); }\n`)

/** Each keeps going until it is stopped. */
const LOADS: Readonly<Record<string, string>> = {
  cc: 'while :; do for n in 1 2 3 4; do cc -O2 -c many.c -o many$n.o & done; wait; done',
  zstd: 'while :; do head -c 400000000 /dev/urandom | zstd -T0 -12 > /dev/null; done',
  xz: 'while :; do head -c 100000000 /dev/urandom | xz -T2 > /dev/null; done',
  sha256sum: 'while :; do head -c 2000000000 /dev/zero | sha256sum > /dev/null; done',
  ffmpeg:
    'while :; do ffmpeg -nostdin -loglevel quiet -f lavfi -i testsrc=size=1280x720:rate=30:duration=60 -c:v libx264 -f null -; done',
  'stress-ng': 'stress-ng --cpu 2 --cpu-load 80 --quiet',
  pgbench: `while :; do pgbench -h ${work}/db -p 5432 -U postgres -T 30 -c 4 postgres; done`,
  'apt-get':
    'while :; do dpkg --configure -a; DEBIAN_FRONTEND=noninteractive apt-get install --yes --reinstall man-db perl-modules-5.36 git vim-common; done',
  tar: 'while :; do tar cf - /usr/lib 2> /dev/null | gzip -6 > /dev/null; done',
}

interface Told {
  readonly incidents: readonly {
    readonly findings: readonly { readonly title: string; readonly severity: string }[]
  }[]
  readonly suppressed: readonly { readonly what: string; readonly count: number }[]
}

/** PostgreSQL itself, as nobody but its own user may run it; listens on a socket in its folder alone. */
const DATABASE = `
set -e
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
mkdir -p db
if [ "$(id -u)" = 0 ]; then chown postgres db; fi
as "$bin/initdb" -D db/data -U postgres --no-sync
as "$bin/postgres" -D db/data -k ${work}/db -c listen_addresses= &
sleep 5
pgbench -h ${work}/db -p 5432 -U postgres -i -s 20 postgres
wait
`

const installed = Object.keys(LOADS).filter(
  (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0,
)
chmodSync(work, 0o755)
const database = installed.includes('pgbench') ? start(DATABASE) : undefined
const until = Date.now() + Number(values.minutes) * 60_000
const said = new Set<string>()
let looks = 0
console.log(`honest work: ${installed.join(', ')}`)
try {
  for (let turn = 0; Date.now() < until; turn++) {
    const names = [installed[turn % installed.length] ?? '', installed[(turn + 1) % installed.length] ?? '']
    const children = names.map((name) => start(LOADS[name] ?? 'true'))
    await sleep(45_000)
    const run = spawnSync(
      process.execPath,
      [launcher, 'investigate', '--this-host', '--format', 'json', '--no-case', '--since', '1h'],
      { cwd: work, encoding: 'utf8', maxBuffer: 2 ** 28 },
    )
    looks++
    for (const child of children) stop(child)
    const told: Told = JSON.parse(run.stdout)
    for (const { severity, title } of told.incidents.flatMap(({ findings }) => findings))
      if (/^(?:medium|high|critical)$/u.test(severity))
        said.add(`${names.join(' + ')}: ${severity}: ${title}`)
  }
} finally {
  if (database !== undefined) stop(database)
  if (installed.includes('apt-get')) spawnSync('sh', ['-c', 'dpkg --configure -a'])
  rmSync(work, { recursive: true, force: true })
}
console.log(`${looks} looks, ${said.size} false alarms`)
for (const line of said) console.log(line)
process.exitCode = said.size === 0 ? 0 : 1

function start(script: string): ChildProcess {
  return spawn('nice', ['-n', values.nice, 'sh', '-c', script], {
    cwd: work,
    detached: true,
    stdio: 'ignore',
  })
}

/** The whole group: a load is a shell and what it started. */
function stop(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}
