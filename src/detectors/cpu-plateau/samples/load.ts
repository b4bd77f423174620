import type { CpuEvent } from '../../../event/cpu.ts'

export const HOUR_MS = 3_600_000
const STEP_MS = 600_000
/** A Monday. */
export const MONDAY = Date.UTC(2026, 4, 4)

/** Ten-minute readings of a machine from Monday on, by the hour since then. */
export function loadOf(hours: number, shareAt: (hour: number, reading: number) => number): CpuEvent[] {
  return Array.from({ length: hours * 6 }, (_, reading) => {
    const start = MONDAY + reading * STEP_MS
    const busyShare = Math.min(1, Math.max(0, shareAt(reading / 6, reading)))
    return {
      kind: 'cpu',
      time: start + STEP_MS,
      start,
      timeQuality: 'exact',
      observer: 'host:web-1',
      subjects: ['host:web-1'],
      origin: {
        source: 'sysstat',
        file: 'sa',
        offset: reading * 80,
        raw: `all ${(busyShare * 100).toFixed(2)}`,
      },
      scope: 'machine',
      busyShare,
      userShare: busyShare,
      systemShare: 0,
      ioWaitShare: 0,
      stealShare: 0,
      busyCores: busyShare * 2,
      cores: 2,
      pid: null,
      user: null,
      name: null,
      isLifetime: false,
    }
  })
}

/** Work of a day with its nights, never twice the same. */
export function everyday(hour: number, reading: number): number {
  return (
    0.1 + 0.06 * Math.max(0, Math.sin(((hour % 24) / 24) * 2 * Math.PI)) + ((reading * 7919) % 100) / 4000
  )
}
