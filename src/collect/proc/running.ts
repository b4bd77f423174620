import type { Fact } from '../fact.ts'
import type { Image } from '../files/image.ts'
import { accountCpu, sampleCpu } from './cpu-sampling.ts'
import { ExeHashes } from './exe-hashes.ts'
import type { Mounts } from './mounts.ts'
import { findPids } from './pids.ts'
import { linkOf, listedPids, textOf } from './proc.ts'
import { processFacts } from './processes.ts'
import { socketFacts } from './sockets.ts'

export interface RunningOptions {
  readonly image: Image
  readonly mounts: Mounts
  readonly intervalMs: number
  readonly parts: number
  readonly clock: { now(): number; sleep(ms: number): Promise<void> }
  now(): number
  userOf(uid: number): string | null
}

export interface RunningFacts {
  readonly accounting: readonly Fact[]
  readonly processes: readonly Fact[]
  readonly connections: readonly Fact[]
  readonly listening: readonly Fact[]
}

/** What runs on this machine, who is connected, and who used the processors meanwhile. */
export async function runningFacts(options: RunningOptions): Promise<RunningFacts> {
  const { image, mounts } = options
  const now = (): number => options.clock.now()
  const userOf = (uid: number): string | null => options.userOf(uid)
  const { budget, gaps } = image
  const found = findPids(budget, now)
  const hidden = [...found.pids].filter(([, missing]) => missing.length > 0).map(([pid]) => pid)
  const sampling = await sampleCpu(() => [...new Set([...listedPids(), ...hidden])], options, options.clock)
  const hashes = new ExeHashes(budget, mounts)
  const processes = [
    ...processFacts({ found, sampling, now: options.now(), userOf, hashes, own: process.pid, mounts, gaps }),
  ]
  if (found.probedTo < found.highest)
    gaps.add(
      'processes that hide from the list of processes',
      `numbers were asked for one by one only up to ${found.probedTo} of ${found.highest}`,
    )
  const sockets = [...socketFacts(processes, userOf, budget, gaps)]
  const accounting = accountCpu(sampling)
  return {
    accounting: [
      {
        type: 'cpu-accounting',
        id: 'cpu-accounting',
        name: null,
        attributes: {
          ...accounting,
          whyUnjudged: whyUnjudged(mounts),
          areOthersHidden: areOthersHidden(mounts),
          pressureCpu: pressure('cpu'),
          pressureMemory: pressure('memory'),
          pressureIo: pressure('io'),
          load: textOf('/proc/loadavg', 128)?.trim() ?? null,
        },
      },
    ],
    processes,
    connections: sockets.filter(({ type }) => type === 'connection'),
    listening: sockets.filter(({ type }) => type === 'listening-socket'),
  }
}

/** linux/proc_ns.h: the number of the first namespace of processes. */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]'

/** Why the sum over processes says nothing about hidden ones here; null where it does. */
function whyUnjudged(mounts: Mounts): string | null {
  if (linkOf('/proc/self/ns/pid').target !== FIRST_PID_NAMESPACE)
    return 'it runs in a container, which does not see the processes outside that use the same processors'
  return areOthersHidden(mounts) ? 'processes of other users are hidden from this one (hidepid)' : null
}

/** Whether the kernel shows this user its own processes alone (Documentation/filesystems/proc.rst, hidepid). */
function areOthersHidden(mounts: Mounts): boolean {
  const proc = mounts.all.findLast(({ target }) => target === '/proc')
  const isHidden =
    proc?.options.some((option) => /^hidepid=(?:[124]|invisible|noaccess|ptraceable)/u.test(option)) === true
  return isHidden && process.getuid?.() !== 0
}

/** Share of the last 10, 60 and 300 seconds in which somebody waited (Documentation/accounting/psi.rst). */
function pressure(what: 'cpu' | 'memory' | 'io'): { avg10: number; avg60: number; avg300: number } | null {
  const match = /^some avg10=([\d.]+) avg60=([\d.]+) avg300=([\d.]+)/mu.exec(
    textOf(`/proc/pressure/${what}`, 1024) ?? '',
  )
  if (match === null) return null
  const [avg10, avg60, avg300] = match.slice(1).map(Number)
  return { avg10: avg10 ?? 0, avg60: avg60 ?? 0, avg300: avg300 ?? 0 }
}
