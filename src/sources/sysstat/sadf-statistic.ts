import { isoTime } from '../iso-time.ts'
import { type Fields, fieldsOf, isFields, parseFields } from '../json/fields.ts'
import { type Base, machineCpu, metricEvent } from '../measured/events.ts'
import type { Measurement } from '../measured/record.ts'

/** When sadf measured. `interval` is in seconds. */
export interface Timestamp {
  readonly date: string
  readonly time: string
  readonly utc?: number
  readonly interval?: number
}

const DEFAULT_INTERVAL_S = 600

/** Null where it has none, or one of another shape. */
export function timestampIn(statistic: Fields | null): Timestamp | null {
  const timestamp = fieldsOf(statistic?.['timestamp'])
  const { date, time, utc, interval } = timestamp ?? {}
  if (typeof date !== 'string' || typeof time !== 'string') return null
  if (!isNumberOrAbsent(utc) || !isNumberOrAbsent(interval)) return null
  return {
    date,
    time,
    ...(utc === undefined ? {} : { utc }),
    ...(interval === undefined ? {} : { interval }),
  }
}

function isNumberOrAbsent(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === 'number' && Number.isFinite(value))
}

/** Epoch ms as if the clock showed UTC; null where it is no time. */
export function wallOf(date: string, time: string): number | null {
  return isoTime(`${date.replaceAll('/', '-')}T${time}`, 'Z')
}

/** What is read of a statistic, as text. */
export function proofOf(timestamp: Timestamp, statistic: Fields): string {
  const loads = loadsIn(statistic['cpu-load-all']) ?? loadsIn(statistic['cpu-load']) ?? []
  const all = loads.find((load) => load['cpu'] === 'all' || load['cpu'] === -1) ?? loads[0]
  const queue = fieldsOf(statistic['queue'])
  return JSON.stringify({
    timestamp,
    ...(all === undefined ? {} : { 'cpu-load': [all] }),
    ...(queue === null ? {} : { queue }),
  })
}

function loadsIn(value: unknown): readonly Fields[] | null {
  return Array.isArray(value) && value.every((load) => isFields(load)) ? value : null
}

/** Percent of the interval in which somebody waited for a processor. */
export function waitingIn(statistic: Fields): number | null {
  const cpu = fieldsOf(fieldsOf(statistic['psi'])?.['psi-cpu'])
  return numberOf(cpu?.['some_avg'])
}

/** What the proof in `base` says, and `waiting` percent of pressure (NaN: none was measured). */
export function measurementsOf(base: Base, cores: number | null, waiting: number): Measurement[] {
  const proof = parseFields(base.origin.raw)
  const [all] = loadsIn(proof?.['cpu-load']) ?? []
  const queue = fieldsOf(proof?.['queue'])
  const start = base.time - (timestampIn(proof)?.interval ?? DEFAULT_INTERVAL_S) * 1000
  const events: Measurement[] = []
  const cpu = all === undefined ? null : cpuOf(all, base, start, cores)
  if (cpu !== null) events.push(cpu)
  for (const [name, ours] of [
    ['ldavg-1', 'load-1'],
    ['ldavg-5', 'load-5'],
    ['ldavg-15', 'load-15'],
  ] as const) {
    const value = numberOf(queue?.[name])
    if (value !== null) events.push(metricEvent(base, ours, name, value))
  }
  if (!Number.isNaN(waiting))
    events.push(
      metricEvent(base, 'pressure-cpu-share', 'psi-cpu some_avg', waiting / 100, {
        start,
        statistic: 'mean',
      }),
    )
  return events
}

function cpuOf(load: Fields, base: Base, start: number, cores: number | null): Measurement | null {
  const part = (...names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (numberOf(load[name]) ?? 0), 0)
  if (numberOf(load['idle']) === null) return null
  return machineCpu(
    base,
    start,
    {
      user: part('user', 'usr', 'nice', 'guest', 'gnice'),
      system: part('system', 'sys', 'irq', 'soft'),
      idle: part('idle'),
      ioWait: part('iowait'),
      steal: part('steal'),
    },
    { cores },
  )
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value.replace(',', '.')) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
