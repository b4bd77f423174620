import type { CpuTimes } from './events.ts'

/** Seconds of processors by what they did. */
export type ModeTimes = { -readonly [mode in keyof CpuTimes]: number }

/** Modes of Linux (/proc/stat, node_exporter) and what they count as; time of guests is in `user` and `nice` already. */
export const MODES: Readonly<Record<string, keyof CpuTimes>> = {
  user: 'user',
  nice: 'user',
  system: 'system',
  irq: 'system',
  softirq: 'system',
  idle: 'idle',
  iowait: 'ioWait',
  steal: 'steal',
}

export function noTimes(): ModeTimes {
  return { user: 0, system: 0, idle: 0, ioWait: 0, steal: 0 }
}

/** Null where a counter went back: the machine started anew. Waiting for disks and steal may go back a little by themselves. */
export function timesBetween(before: CpuTimes, after: CpuTimes): CpuTimes | null {
  const user = after.user - before.user
  const system = after.system - before.system
  const idle = after.idle - before.idle
  if (user < 0 || system < 0 || idle < 0) return null
  return {
    user,
    system,
    idle,
    ioWait: Math.max(0, after.ioWait - before.ioWait),
    steal: Math.max(0, after.steal - before.steal),
  }
}
