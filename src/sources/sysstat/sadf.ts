import { z } from 'zod'
import { identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { isoTime } from '../iso-time.ts'
import { machineCpu, metricEvent } from '../measured/events.ts'
import type { Measurement } from '../measured/record.ts'
import { wholeJson } from '../measured/whole-text.ts'
import { tellDecision, tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'

/** Read leniently: what has another shape counts as absent. Shapes: sysstat's `xml/sysstat.xsd`, of which the JSON is a twin. */
const Numbers = z.record(z.string(), z.unknown())
const Statistics = z.looseObject({
  timestamp: z.object({
    date: z.string(),
    time: z.string(),
    utc: z.number().optional(),
    interval: z.number().optional(),
  }),
  'cpu-load': z.array(Numbers).optional().catch(undefined),
  'cpu-load-all': z.array(Numbers).optional().catch(undefined),
  queue: Numbers.optional().catch(undefined),
  psi: z
    .looseObject({ 'psi-cpu': Numbers.optional().catch(undefined) })
    .optional()
    .catch(undefined),
})
const Host = z.looseObject({
  nodename: z.string(),
  'number-of-cpus': z.number().optional().catch(undefined),
  statistics: z.array(z.unknown()).optional().catch(undefined),
})
const Document = z.object({ sysstat: z.object({ hosts: z.array(z.unknown()) }) })

/** `sadf -j` of one or several days. */
export async function* readSadf(
  input: Input,
  report: InputReport,
  env: SourceEnv,
): AsyncIterable<readonly Measurement[]> {
  const document = Document.safeParse(await wholeJson(input, report))
  if (!document.success) {
    if (report.problems.length === 0) tellProblem(report, 'not the JSON of sadf -j')
    return
  }
  for (const one of document.data.sysstat.hosts) {
    const host = Host.safeParse(one)
    if (!host.success) {
      report.records++
      report.bad++
    } else
      yield (host.data.statistics ?? []).flatMap((entry, index) =>
        measured(entry, index, host.data, input, report, env),
      )
  }
}

function measured(
  entry: unknown,
  index: number,
  host: z.infer<typeof Host>,
  input: Input,
  report: InputReport,
  env: SourceEnv,
): Measurement[] {
  const parsed = Statistics.safeParse(entry)
  report.records++
  const time = parsed.success ? timeOf(parsed.data.timestamp, input, report, env) : null
  if (!parsed.success || time === null) {
    report.bad++
    return []
  }
  const { timestamp, queue, psi } = parsed.data
  const observer = identifier('host', host.nodename)
  const loads = parsed.data['cpu-load-all'] ?? parsed.data['cpu-load'] ?? []
  const all = loads.find((load) => load['cpu'] === 'all' || load['cpu'] === -1) ?? loads[0]
  const raw = JSON.stringify({
    timestamp,
    ...(all === undefined ? {} : { 'cpu-load': [all] }),
    ...(queue === undefined ? {} : { queue }),
  })
  const base = {
    time: time.epoch,
    timeQuality: time.isExact ? ('exact' as const) : ('zone-assumed' as const),
    observer,
    subjects: [observer],
    origin: { source: 'sysstat', file: input.name, recordId: `statistics[${index}]`, offset: 0, raw },
  }
  const start = base.time - (timestamp.interval ?? 600) * 1000
  const events: Measurement[] = []
  const cores = host['number-of-cpus'] ?? null
  const cpu =
    all === undefined ? null : cpuOf(all, base, start, cores !== null && cores > 0 ? Math.round(cores) : null)
  if (cpu !== null) events.push(cpu)
  for (const [name, ours] of [
    ['ldavg-1', 'load-1'],
    ['ldavg-5', 'load-5'],
    ['ldavg-15', 'load-15'],
  ] as const) {
    const value = numberOf(queue?.[name])
    if (value !== null) events.push(metricEvent(base, ours, name, value))
  }
  // `some_avg`: percent of the interval in which somebody waited for a processor.
  const waiting = numberOf(psi?.['psi-cpu']?.['some_avg'])
  if (waiting !== null)
    events.push(
      metricEvent(base, 'pressure-cpu-share', 'psi-cpu some_avg', waiting / 100, {
        start,
        statistic: 'mean',
      }),
    )
  if (events.length === 0) report.unused++
  return events
}

function cpuOf(
  load: Readonly<Record<string, unknown>>,
  base: Parameters<typeof machineCpu>[0],
  start: number,
  cores: number | null,
): Measurement | null {
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

function timeOf(
  { date, time, utc }: { date: string; time: string; utc?: number | undefined },
  input: Input,
  report: InputReport,
  env: SourceEnv,
): { epoch: number; isExact: boolean } | null {
  const wall = isoTime(`${date.replaceAll('/', '-')}T${time}`, 'Z')
  if (wall === null) return null
  if (utc === 1 || utc === undefined) return { epoch: wall, isExact: true }
  const zone = env.zoneOf(input.name)
  tellDecision(report, zone === null ? 'zone UTC: assumed' : `zone: ${zone.why}`)
  return zone === null
    ? { epoch: wall, isExact: false }
    : { epoch: wall - zone.minutesAt(wall) * 60_000, isExact: true }
}
