import type { ProcessEvent } from '../../event/process.ts'
import { baseName, isSystemPlace } from '../model/host/places.ts'

const KERNEL_THREAD =
  /^(?:kworker|kthreadd|ksoftirqd|kswapd\d+|kcompactd\d+|khugepaged|migration|rcu_(?:sched|preempt|bh|gp|par_gp)|watchdogd?|kauditd|kdevtmpfs|kblockd|khungtaskd|oom_reaper|writeback|netns|ksmd|md|edac-poller|scsi_eh_\d+|jbd2|xfsaild|irq)(?:$|[/:\d-])/u

/**
 * The name of a kernel thread that a program took for itself; null where it did not. Kernel threads have
 * no file and are never started, so a start under such a name is a disguise. `watchdogd` and the like
 * exist as real programs: those lie where packages install.
 */
export function disguiseOf(event: ProcessEvent): string | null {
  const name = event.args[0] ?? ''
  const bracketed = /^\[([^\]]{1,32})\]?$/u.exec(name)?.[1]
  if (bracketed !== undefined && (KERNEL_THREAD.test(bracketed) || bracketed.includes('/'))) return name
  const program = event.paths[0] ?? event.actor.exe ?? ''
  if (program === '' || isSystemPlace(program)) return null
  const file = baseName(program)
  if (KERNEL_THREAD.test(file)) return file
  return !name.includes('/') && KERNEL_THREAD.test(name) ? name : null
}
