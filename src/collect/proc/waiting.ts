import { readdirSync } from 'node:fs'
import { textOf } from './proc.ts'
import type { ProcessStat } from './process-files.ts'

/** Whoever has more of them waits in many queues: the first ones tell enough. */
const MAX_THREADS = 64

/**
 * How long all threads of a process have waited for a processor since they started, ms: ready to work, and another one's
 * turn (Documentation/scheduler/sched-stats.rst, "/proc/<pid>/schedstat"). Null where the kernel does not tell.
 */
export function waitedMs({ pid, threads }: Pick<ProcessStat, 'pid' | 'threads'>): number | null {
  if (threads <= 1) return readWaitedMs(textOf(`/proc/${pid}/schedstat`, 256) ?? '')
  let ids: string[]
  try {
    ids = readdirSync(`/proc/${pid}/task`)
  } catch {
    return null
  }
  let sum: number | null = null
  for (const id of ids.slice(0, MAX_THREADS)) {
    const waited = readWaitedMs(textOf(`/proc/${pid}/task/${id}/schedstat`, 256) ?? '')
    if (waited !== null) sum = (sum ?? 0) + waited
  }
  return sum
}

/** `time at work (ns) time waited (ns) turns` */
export function readWaitedMs(text: string): number | null {
  const match = /^\d{1,20} (\d{1,20}) \d{1,20}\s*$/u.exec(text)
  return match === null ? null : Number(match[1]) / 1e6
}
