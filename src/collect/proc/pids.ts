import type { Budget } from '../budget.ts'
import { codeOf, isMissing } from '../tree.ts'
import { readStat, readStatus } from './process-files.ts'
import { isThere, listedPids, pidsThroughLibrary, readProc, textOf } from './proc.ts'

/** A way of looking that does not show a process. */
export type Missing = 'listing' | 'library-listing' | 'files'

export interface FoundPids {
  /** All processes found, each with the ways that do not show it. */
  readonly pids: ReadonlyMap<number, readonly Missing[]>
  /** Numbers up to here were asked for one by one. */
  readonly probedTo: number
  /** Numbers that could have been given to a process. */
  readonly highest: number
}

const PROBE_MS = 1500
const PROBE_STEP = 512

/**
 * Every process there is: as the kernel lists them, as the C library does, and by asking for every number. What is found
 * one way and not another, and is still there when it is asked for again, hides.
 */
export function findPids(budget: Budget, now: () => number): FoundPids {
  const listed = new Set(listedPids())
  const throughLibrary = new Set(pidsThroughLibrary())
  const highest = highestPid(listed)
  const { unlisted, probedTo } = probe(listed, highest, budget, now)
  const again = new Set(listedPids())
  const againThroughLibrary = new Set(pidsThroughLibrary())
  const pids = new Map<number, readonly Missing[]>()
  for (const pid of new Set([...listed, ...throughLibrary, ...again])) {
    const missing: Missing[] = []
    const isSteady = listed.has(pid) && again.has(pid)
    if (isSteady && !throughLibrary.has(pid) && !againThroughLibrary.has(pid)) missing.push('library-listing')
    if (isOverlaid(pid)) missing.push('files')
    pids.set(pid, missing)
  }
  for (const pid of unlisted) {
    if (again.has(pid) || !isProcess(pid)) continue
    pids.set(pid, isThere(pid) ? ['listing'] : ['listing', 'files'])
  }
  return { pids, probedTo, highest }
}

/** Whether what lies at /proc/PID tells of another process, or of none: something was mounted over it. */
function isOverlaid(pid: number): boolean {
  const stat = readProc(`/proc/${pid}/stat`, 4096)
  // What is forbidden is no sign (hidepid, SELinux); what is gone may have ended, and then does not answer either.
  if (stat === 'denied' || !isAlive(pid)) return false
  return stat === 'gone' || readStat(stat.toString('utf8'))?.pid !== pid
}

/** Numbers come one after the other and start again from the lowest free one at the top. */
function highestPid(listed: ReadonlySet<number>): number {
  const max = Number(textOf('/proc/sys/kernel/pid_max', 32) ?? 32_768)
  const last = Number(textOf('/proc/loadavg', 128)?.trim().split(' ').at(-1) ?? 0)
  return Math.min(max, Math.max(last, ...listed))
}

function probe(
  listed: ReadonlySet<number>,
  highest: number,
  budget: Budget,
  now: () => number,
): { unlisted: number[]; probedTo: number } {
  const unlisted: number[] = []
  const until = now() + Math.min(PROBE_MS, budget.leftMs / 4)
  let pid = 1
  for (; pid <= highest; pid++) {
    if (pid % PROBE_STEP === 0 && now() > until) break
    if (!listed.has(pid) && isThere(pid)) unlisted.push(pid)
  }
  return { unlisted, probedTo: pid - 1 }
}

/** A thread has a folder too that is never listed; its number is not its group's. */
function isProcess(pid: number): boolean {
  const status = textOf(`/proc/${pid}/status`, 8192)
  return status !== null && readStatus(status).get('Tgid') === String(pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !isMissing(error) && codeOf(error) === 'EPERM'
  }
}
