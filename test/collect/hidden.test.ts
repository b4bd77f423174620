import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { davylamp, workFolder } from '../cli/run.ts'
import { StandIns } from './stand-ins.ts'

const launcher = resolve(import.meta.dirname, '..', '..', 'bin', 'davylamp.mjs')
const standIns = process.platform === 'linux' ? StandIns.make() : null
const isRoot = process.getuid?.() === 0
const work = workFolder()
/** Where others leave little, who works shows only in a longer time. */
const isCrowded = (loadavg()[0] ?? 0) > 2 * availableParallelism()
/** Long enough to see who works, too short to go through all files. */
const QUICK = isCrowded
  ? ['--watch', '5s', '--max-time', '7s', '--since', '1m']
  : ['--watch', '1.2s', '--max-time', '2.5s', '--since', '1m']
/** A machine that is busy with ten times what it can do takes its time. */
const TIMEOUT_MS = 240_000

interface Told {
  readonly incidents: readonly {
    readonly findings: readonly { readonly title: string; readonly severity: string }[]
  }[]
  readonly suppressed: readonly { readonly what: string; readonly reason: string; readonly count: number }[]
}

afterEach(() => {
  standIns?.rest()
})
afterAll(() => {
  standIns?.stop()
})

async function collected(name: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const file = join(work, `${name}.tar.zst`)
  const run = await davylamp(['collect', '--out', file, ...QUICK], { env })
  expect(run.exitCode, run.stderr).toBe(0)
  return file
}

async function told(archive: string, ...options: string[]): Promise<Told> {
  const run = await davylamp([
    'investigate',
    archive,
    '--format',
    'json',
    '--no-case',
    '--no-rules',
    ...options,
  ])
  return JSON.parse(run.stdout)
}

async function findingsIn(archive: string, ...options: string[]): Promise<string[]> {
  const { incidents } = await told(archive, ...options)
  return incidents.flatMap(({ findings }) => findings).map(({ severity, title }) => `${severity}: ${title}`)
}

const BUSY = String.raw`, and keeps (?:\d+ % of a|one) processor busy`

describe.skipIf(standIns === null)(
  'what hides on this machine (skipped where there is no C compiler)',
  () => {
    it.each([
      ['renamed', 'place/sshd', {}, `high: A program calls itself sshd, but it is .*/place/sshd${BUSY}`],
      [
        'deleted',
        'gone/run',
        {},
        `high: run goes on running although its file .*/gone/run was deleted${BUSY}`,
      ],
      [
        'memory',
        'mem',
        { STAND_IN_MEMORY: '1' },
        String.raw`high: .* runs from memory and was never a file \(/memfd:stand-in\)${BUSY}`,
      ],
      [
        'kernel',
        'k',
        { STAND_IN_NAME: '[kworker/0:7]' },
        String.raw`high: A program calls itself \[kworker/0:7\] as if it were part of the kernel .*${BUSY}`,
      ],
      [
        'throttled',
        'cool/run',
        { STAND_IN_SHARE: '0.3' },
        `medium: run runs from a folder that anybody may write to: .*${BUSY}`,
      ],
    ])(
      '%s: found, explained, and silent where the operator knows it',
      async (name, path, env, title) => {
        if (standIns === null) return
        const program = await standIns.start(path, env)
        if (name === 'deleted') rmSync(program.path)
        const archive = await collected(name)
        const ours = new RegExp(`^${title}$`, 'u')
        expect(await findingsIn(archive)).toContainEqual(expect.stringMatching(ours))
        await isSilentWhenKnown(archive, name === 'memory' ? '/memfd:stand-in' : program.path, ours)
      },
      TIMEOUT_MS,
    )

    it(
      'tells how a program works: pinned, in which container, with which names in its environment',
      async () => {
        if (standIns === null) return
        const { pid, path } = await standIns.start('pinned/run', { STAND_IN_PINNED: '1' })
        const container = 'ab'.repeat(32)
        const leave = enterCgroup(pid, container)
        const archive = await collected('pinned')
        leave?.()
        const events = await davylamp(['events', archive, '--kind', 'process'])
        const lines = events.stdout.split('\n').filter((line) => line !== '')
        const { running } = lines.map((line) => JSON.parse(line)).find(({ actor }) => actor.pid === pid)
        expect(running).toMatchObject({ pinnedThreads: 1, exeState: 'file', missingFrom: [] })
        expect(running.environmentNames).toContain('STAND_IN_SHARE')
        if (leave !== null) expect(running.container).toBe(container)
        const ours = new RegExp(`^medium: run runs from a folder that anybody may write to: .*${BUSY}$`, 'u')
        expect(await findingsIn(archive)).toContainEqual(expect.stringMatching(ours))
        await isSilentWhenKnown(archive, path, ours)
      },
      TIMEOUT_MS,
    )

    it(
      'finds what a preloaded library leaves out of the list of processes',
      async () => {
        if (standIns === null) return
        const { pid, path } = await standIns.start('hidden/run')
        const archive = await collected('preload', {
          LD_PRELOAD: join(standIns.folder, 'hide.so'),
          STAND_IN_HIDDEN: String(pid),
        })
        const ours = new RegExp(
          `^critical: Process ${pid} \\(run\\) is hidden and keeps .* a library leaves it out`,
          'u',
        )
        expect(await findingsIn(archive)).toContainEqual(expect.stringMatching(ours))
        await isSilentWhenKnown(archive, path, ours)
      },
      TIMEOUT_MS,
    )

    it.skipIf(!isRoot || !canMount())(
      'finds what is covered by a mount over /proc, and the work that nobody accounts for',
      async () => {
        if (standIns === null) return
        const { pid } = await standIns.start('covered/run', { STAND_IN_SHARE: '1' })
        const file = join(work, 'covered.tar.zst')
        const empty = join(work, 'empty')
        mkdirSync(empty)
        const script = 'mount --make-rprivate / && mount --bind "$0" "/proc/$1" && shift && exec "$@"'
        const collect = [process.execPath, launcher, 'collect', '--out', file, ...QUICK]
        const before = secondsOf(pid)
        const startedAt = performance.now()
        execFileSync('unshare', ['-m', 'sh', '-c', script, empty, String(pid), ...collect], {
          stdio: 'ignore',
        })
        const given = (secondsOf(pid) - before) / ((performance.now() - startedAt) / 1000)
        const findings = await findingsIn(file)
        expect(findings).toContainEqual(expect.stringContaining(`high: Process ${pid} is covered: `))
        expect(findings).toContainEqual(
          expect.stringContaining(`high: Process ${pid} is hidden: its folder in /proc`),
        )
        // Where others leave it less than what short programs may have used, nobody can tell it from those.
        if (given - (await uncertainCores(file)) > 0.4)
          expect(findings).toContainEqual(expect.stringMatching(/worked for no process that can be seen$/u))
      },
      TIMEOUT_MS,
    )
  },
)

async function isSilentWhenKnown(archive: string, process: string, title: RegExp): Promise<void> {
  const config = join(work, 'known.yaml')
  writeFileSync(config, `known:\n  - process: ${process}\n    reason: our nightly batch\n`)
  const quiet = await told(archive, '--config', config)
  const findings = quiet.incidents.flatMap((incident) => incident.findings)
  expect(findings.filter(({ severity, title: text }) => title.test(`${severity}: ${text}`))).toEqual([])
  expect(quiet.suppressed).toContainEqual(
    expect.objectContaining({ reason: 'our nightly batch', what: expect.stringContaining(process) }),
  )
}

/** Processor time of a process, proc_pid_stat(5). */
function secondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function uncertainCores(archive: string): Promise<number> {
  const { stdout } = await davylamp(['events', archive, '--kind', 'resource'])
  const events = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  return events.find(({ resourceType }) => resourceType === 'cpu-accounting').attributes.uncertainCores
}

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Puts a process where Docker puts those of a container. Gives the way out; null where groups cannot be made. */
function enterCgroup(pid: number, id: string): (() => void) | null {
  const root = existsSync('/sys/fs/cgroup/cgroup.procs') ? '/sys/fs/cgroup' : '/sys/fs/cgroup/systemd'
  const group = join(root, `docker-${id}.scope`)
  const before =
    /^(?:0:|\d+:name=systemd):(.*)$/mu.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/'
  try {
    mkdirSync(group, { recursive: true })
    writeFileSync(join(group, 'cgroup.procs'), String(pid))
  } catch {
    return null
  }
  return () => {
    writeFileSync(join(root, before, 'cgroup.procs'), String(pid))
    rmdirSync(group)
  }
}
