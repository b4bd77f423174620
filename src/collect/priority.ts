import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, getPriority, setPriority } from 'node:os'

/** Before everybody who has the usual niceness, behind what the machine's own people have put first. */
const RAISED = -10
const GROUP = '/proc/self/autogroup'

/**
 * On a machine where more want to work than there are processors (the usual case with a miner on it), this process would be
 * given too little of them to see anything. What it may work is bounded (`Budget`), so for that long it goes first, where
 * the kernel lets it. Gives what puts it back; null where it did not come to that.
 */
export function goFirst(): (() => void) | null {
  if (!isCrowded()) return null
  const before = getPriority()
  if (before <= RAISED || !setThreads(RAISED)) return null
  const group = groupNiceness()
  const isGroupRaised = group !== null && group > RAISED && setGroup(RAISED)
  const putBack = (): void => {
    process.removeListener('exit', putBack)
    setThreads(before)
    if (isGroupRaised) setGroup(group)
  }
  process.once('exit', putBack)
  return putBack
}

/** `1.20 0.80 0.60 5/312 4711` (proc_loadavg(5)): what runs or waits for a processor, this process among it. */
function isCrowded(): boolean {
  const [, running] = /(\d+)\/\d+ \d+\s*$/u.exec(textOf('/proc/loadavg')) ?? []
  return Number(running ?? 0) - 1 >= availableParallelism()
}

/** On Linux each thread has its own (setpriority(2), "C library/kernel differences"). */
function setThreads(priority: number): boolean {
  try {
    for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), priority)
    return true
  } catch {
    return false
  }
}

/** Sessions share the processors as wholes, whatever the niceness within (sched(7), "The autogroup feature"); null where they do not. */
function groupNiceness(): number | null {
  const nice = /nice (-?\d+)/u.exec(textOf(GROUP))?.[1]
  return nice === undefined ? null : Number(nice)
}

function setGroup(priority: number): boolean {
  try {
    writeFileSync(GROUP, String(priority))
    return true
  } catch {
    return false
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
