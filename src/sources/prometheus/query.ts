import { z } from 'zod'
import type { Identifier } from '../../event/identifier.ts'
import { identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { metricEvent } from '../measured/events.ts'
import { machineBehind } from '../measured/machine-name.ts'
import { MODES } from '../measured/modes.ts'
import { joinedRuns, type MeasuredRun } from '../measured/run.ts'
import { wholeJson } from '../measured/whole-text.ts'
import { counted, tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'
import { CpuModes, MAX_STEP_MS } from './cpu-modes.ts'
import { baseOf } from './point-event.ts'
import { type Points, pointsOf } from './points.ts'

const Series = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.unknown().optional(),
  value: z.unknown().optional(),
})
const Answer = z.object({
  status: z.string(),
  data: z.object({ resultType: z.enum(['matrix', 'vector']), result: z.array(z.unknown()) }),
})
type Labels = Readonly<Record<string, string>>

const LEVELS = { node_load1: 'load-1', node_load5: 'load-5', node_load15: 'load-15' } as const

/** One answer of `query_range` or `query`: counters of node_exporter, rates of them by mode, loads, pressure. */
export async function* readQuery(
  input: Input,
  report: InputReport,
  unnamed: Identifier,
): AsyncIterable<MeasuredRun> {
  const answer = Answer.safeParse(await wholeJson(input, report))
  if (!answer.success || answer.data.status !== 'success') {
    if (report.problems.length === 0) tellProblem(report, 'no answer of Prometheus that can be read')
    return
  }
  const cpus = new Map<string, CpuModes>()
  const runs: MeasuredRun[] = []
  for (const one of answer.data.data.result) {
    const series = seriesOf(one)
    if (series === null) {
      report.records++
      report.bad++
      continue
    }
    const { labels, points } = series
    report.records += points.times.length
    const machine = machineOf(labels, unnamed)
    const run = levelsOf(labels, machine, input, points)
    if (run !== null) runs.push(run)
    else if (!take(labels, machine, points, cpus)) {
      report.unused += points.times.length
      tellDecision(report, `not used: ${nameOf(labels)}`)
    }
  }
  for (const cpu of cpus.values()) runs.push(cpu.run(input, report))
  if (report.bad > 0)
    tellProblem(report, counted(report.bad, 'series makes no sense', 'series make no sense'))
  yield joinedRuns(runs)
}

/** Null where it is none. */
function seriesOf(one: unknown): { labels: Labels; points: Points } | null {
  const series = Series.safeParse(one)
  if (!series.success) return null
  const { metric: labels, values, value } = series.data
  if (values !== undefined && !Array.isArray(values)) return null
  return { labels, points: pointsOf(values ?? [value]) }
}

/** Loads, and the share of time that somebody waited for a processor; null where it is another series. */
function levelsOf(
  labels: Labels,
  machine: Identifier,
  input: Input,
  { times, values }: Points,
): MeasuredRun | null {
  const name = labels['__name__'] ?? ''
  const placed = (index: number) => {
    const time = times[index] ?? 0
    const value = values[index] ?? 0
    return { time, value, base: baseOf(time, machine, input.name, name, value) }
  }
  if (name === 'node_load1' || name === 'node_load5' || name === 'node_load15')
    return {
      times,
      measure(index) {
        const { base, value } = placed(index)
        return [metricEvent(base, LEVELS[name], name, value)]
      },
    }
  if (name !== 'node_pressure_cpu_waiting_seconds_total') return null
  return {
    times,
    measure(index) {
      const { time, base, value } = placed(index)
      const start = times[index - 1] ?? Number.NaN
      const share = ((value - (values[index - 1] ?? Number.NaN)) * 1000) / (time - start)
      if (!(share >= 0 && time - start <= MAX_STEP_MS)) return []
      return [metricEvent(base, 'pressure-cpu-share', name, Math.min(1, share), { start, statistic: 'mean' })]
    },
  }
}

/** False where a series tells nothing that is known here. */
function take(labels: Labels, machine: Identifier, points: Points, cpus: Map<string, CpuModes>): boolean {
  const name = labels['__name__'] ?? ''
  const isCounter = name === 'node_cpu_seconds_total' || name === 'node_cpu'
  const mode = labels['mode'] ?? ''
  if (MODES[mode] === undefined || (!isCounter && name !== '')) return false
  const key = `${machine}|${isCounter}`
  let cpu = cpus.get(key)
  if (cpu === undefined) {
    cpu = new CpuModes(machine, isCounter)
    cpus.set(key, cpu)
  }
  cpu.add(labels['cpu'] ?? '', mode, points)
  return true
}

function machineOf(labels: Labels, unnamed: Identifier): Identifier {
  const { nodename, node, host, hostname, instance } = labels
  const named = nodename ?? hostname ?? host ?? node
  if (named !== undefined && named !== '')
    return machineBehind(named) ?? identifier('host', named.slice(0, 253))
  return instance === undefined ? unnamed : (machineBehind(instance) ?? unnamed)
}

function nameOf(labels: Labels): string {
  return (
    labels['__name__'] ??
    'a series without a name (ask for node_cpu_seconds_total itself, or keep the label mode)'
  )
}
