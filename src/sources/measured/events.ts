import type { CpuEvent } from '../../event/cpu.ts'
import type { MetricEvent } from '../../event/metric.ts'

/** What a measurement has in common with every event. */
export type Base = Pick<CpuEvent, 'time' | 'timeQuality' | 'observer' | 'subjects' | 'origin'>

/** Times or shares of what processors did: any unit, as long as it is one. */
export interface CpuTimes {
  readonly user: number
  readonly system: number
  readonly idle: number
  readonly ioWait: number
  readonly steal: number
}

const UNKNOWN = {
  busyShare: null,
  userShare: null,
  systemShare: null,
  ioWaitShare: null,
  stealShare: null,
  busyCores: null,
  cores: null,
  pid: null,
  user: null,
  name: null,
  isLifetime: false,
} as const

type Measured = Partial<Omit<CpuEvent, keyof Base | 'kind' | 'scope' | 'start'>>

export function cpuEvent(base: Base, scope: CpuEvent['scope'], start: number, measured: Measured): CpuEvent {
  return { kind: 'cpu', ...base, scope, start, ...UNKNOWN, ...measured }
}

/** A machine's processors by what they did; null where that makes no sense (counters that went back, nothing measured). */
export function machineCpu(
  base: Base,
  start: number,
  times: CpuTimes,
  more: Pick<Measured, 'cores' | 'isLifetime'> = {},
): CpuEvent | null {
  const { user, system, idle, ioWait, steal } = times
  const all = user + system + idle + ioWait + steal
  const isSane =
    [user, system, idle, ioWait, steal].every((part) => part >= 0) && all > 0 && Number.isFinite(all)
  if (!isSane) return null
  const busyShare = (user + system) / all
  const cores = more.cores ?? null
  return cpuEvent(base, 'machine', start, {
    busyShare,
    userShare: user / all,
    systemShare: system / all,
    ioWaitShare: ioWait / all,
    stealShare: steal / all,
    busyCores: cores === null ? null : busyShare * cores,
    ...more,
  })
}

export function metricEvent(
  base: Base,
  name: MetricEvent['name'],
  producerName: string,
  value: number,
  { start = base.time, statistic = 'last' }: Partial<Pick<MetricEvent, 'start' | 'statistic'>> = {},
): MetricEvent {
  return { kind: 'metric', ...base, name, producerName, start, value, statistic }
}
