import { z } from 'zod'
import type { Identifier } from '../../event/identifier.ts'
import { identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { machineCpu, metricEvent } from '../measured/events.ts'
import { machineBehind } from '../measured/machine-name.ts'
import { MODES, type ModeTimes, noTimes, timesBetween } from '../measured/modes.ts'
import type { Measurement } from '../measured/record.ts'
import { wholeJson } from '../measured/whole-text.ts'
import { counted, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'

const Point = z.tuple([z.number(), z.string()])
const Series = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.array(z.unknown()).optional(),
  value: z.unknown().optional(),
})
const Answer = z.object({
  status: z.string(),
  data: z.object({ resultType: z.enum(['matrix', 'vector']), result: z.array(z.unknown()) }),
})
type Series = z.infer<typeof Series>

const LEVELS = { node_load1: 'load-1', node_load5: 'load-5', node_load15: 'load-15' } as const
/** A gap between two points that is no rate any more. */
const MAX_STEP_MS = 6 * 3_600_000

/** What the processors of one machine did, by moment; from counters or from rates of them. */
interface Cpus {
  readonly machine: Identifier
  readonly isCounter: boolean
  readonly series: Set<string>
  readonly at: Map<number, ModeTimes & { modes: Set<string> }>
}

/** One answer of `query_range` or `query`: counters of node_exporter, rates of them by mode, loads, pressure. */
export async function* readQuery(
  input: Input,
  report: InputReport,
  unnamed: Identifier,
): AsyncIterable<readonly Measurement[]> {
  const answer = Answer.safeParse(await wholeJson(input, report))
  if (!answer.success || answer.data.status !== 'success') {
    if (report.problems.length === 0) tellProblem(report, 'no answer of Prometheus that can be read')
    return
  }
  const cpus = new Map<string, Cpus>()
  const events: Measurement[] = []
  for (const one of answer.data.data.result) {
    const series = Series.safeParse(one)
    if (!series.success) {
      report.records++
      report.bad++
      continue
    }
    const points = pointsOf(series.data)
    report.records += points.length
    if (!take(series.data.metric, points, { input, unnamed, cpus, events })) {
      report.unused += points.length
      tellDecision(report, `not used: ${nameOf(series.data.metric)}`)
    }
  }
  for (const one of cpus.values()) events.push(...cpuEvents(one, input, report))
  if (report.bad > 0)
    tellProblem(report, counted(report.bad, 'series makes no sense', 'series make no sense'))
  yield events
}

interface Room {
  readonly input: Input
  readonly unnamed: Identifier
  readonly cpus: Map<string, Cpus>
  readonly events: Measurement[]
}

/** False where a series tells nothing that is known here. */
function take(
  labels: Readonly<Record<string, string>>,
  points: readonly (readonly [time: number, value: number])[],
  room: Room,
): boolean {
  const name = labels['__name__'] ?? ''
  const machine = machineOf(labels, room.unnamed)
  if (name === 'node_load1' || name === 'node_load5' || name === 'node_load15') {
    for (const [time, value] of points)
      room.events.push(metricEvent(baseOf(time, machine, room.input, name, value), LEVELS[name], name, value))
    return true
  }
  if (name === 'node_pressure_cpu_waiting_seconds_total') {
    for (const [index, [time, value]] of points.entries()) {
      const [before = Number.NaN, earlier = Number.NaN] = points[index - 1] ?? []
      const share = ((value - earlier) * 1000) / (time - before)
      if (share >= 0 && time - before <= MAX_STEP_MS)
        room.events.push(
          metricEvent(
            baseOf(time, machine, room.input, name, value),
            'pressure-cpu-share',
            name,
            Math.min(1, share),
            { start: before, statistic: 'mean' },
          ),
        )
    }
    return true
  }
  const isCounter = name === 'node_cpu_seconds_total' || name === 'node_cpu'
  const mode = MODES[labels['mode'] ?? '']
  if (mode === undefined || (!isCounter && name !== '')) return false
  const key = `${machine}|${isCounter}`
  let cpu = room.cpus.get(key)
  if (cpu === undefined) {
    cpu = { machine, isCounter, series: new Set(), at: new Map() }
    room.cpus.set(key, cpu)
  }
  cpu.series.add(labels['cpu'] ?? '')
  for (const [time, value] of points) {
    let times = cpu.at.get(time)
    if (times === undefined) {
      times = { ...noTimes(), modes: new Set() }
      cpu.at.set(time, times)
    }
    times[mode] += value
    times.modes.add(labels['mode'] ?? '')
  }
  return true
}

function cpuEvents(
  { machine, isCounter, series, at }: Cpus,
  input: Input,
  report: InputReport,
): Measurement[] {
  const moments = [...at].toSorted(([a], [b]) => a - b)
  const cores = series.has('') ? null : series.size
  const events: Measurement[] = []
  let step = 300_000
  for (const [index, [time, times]] of moments.entries()) {
    const before = moments[index - 1]
    if (before !== undefined) step = time - before[0]
    if (step > MAX_STEP_MS || (isCounter && before === undefined)) continue
    let spent: ModeTimes | ReturnType<typeof timesBetween> = times
    if (isCounter && before !== undefined) spent = timesBetween(before[1], times)
    else if (times.modes.size === 1 && times.modes.has('idle')) {
      // The one mode people ask for: its mean over the processors is the idle share.
      const idle = times.idle / Math.max(1, cores ?? 1)
      if (idle > 1.001) {
        tellDecision(report, 'idle time alone, summed over processors: how many there are is not said')
        continue
      }
      spent = { ...noTimes(), idle: Math.min(1, idle), user: Math.max(0, 1 - idle) }
    } else if (!times.modes.has('idle')) continue
    const base = baseOf(time, machine, input, 'node_cpu_seconds_total', times.idle)
    const event = spent === null ? null : machineCpu(base, time - step, spent, { cores })
    if (event !== null) events.push(event)
  }
  return events
}

function machineOf(labels: Readonly<Record<string, string>>, unnamed: Identifier): Identifier {
  const { nodename, node, host, hostname, instance } = labels
  const named = nodename ?? hostname ?? host ?? node
  if (named !== undefined && named !== '')
    return machineBehind(named) ?? identifier('host', named.slice(0, 253))
  return instance === undefined ? unnamed : (machineBehind(instance) ?? unnamed)
}

function baseOf(
  time: number,
  machine: Identifier,
  input: Input,
  name: string,
  value: number,
): Parameters<typeof machineCpu>[0] {
  const at = `${name} ${new Date(time).toISOString()}`
  return {
    time,
    timeQuality: 'exact',
    observer: machine,
    subjects: [machine],
    origin: { source: 'prometheus', file: input.name, recordId: at, offset: 0, raw: `${at} ${value}` },
  }
}

function pointsOf({ values, value }: Series): (readonly [number, number])[] {
  const points: (readonly [number, number])[] = []
  for (const one of values ?? [value]) {
    const point = Point.safeParse(one)
    if (!point.success) continue
    const [seconds, text] = point.data
    const number = Number(text)
    // Only times that a calendar has.
    if (Number.isFinite(number) && seconds > 0 && seconds < 8e9) points.push([seconds * 1000, number])
  }
  return points
}

function nameOf(labels: Readonly<Record<string, string>>): string {
  return (
    labels['__name__'] ??
    'a series without a name (ask for node_cpu_seconds_total itself, or keep the label mode)'
  )
}
