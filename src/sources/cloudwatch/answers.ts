import { z } from 'zod'
import type { MetricName } from '../../event/metric.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { isoTime } from '../iso-time.ts'
import { cpuEvent, metricEvent } from '../measured/events.ts'
import type { Measurement } from '../measured/record.ts'
import { wholeJson } from '../measured/whole-text.ts'
import { tellDecision, tellProblem } from '../reading.ts'
import type { InputReport } from '../source.ts'

const Series = z.object({
  Id: z.string().optional().catch(undefined),
  Label: z.string().optional().catch(undefined),
  Timestamps: z.array(z.unknown()),
  Values: z.array(z.unknown()),
})
const Data = z.object({ MetricDataResults: z.array(z.unknown()) })
const Point = z.looseObject({ Timestamp: z.unknown() })
const Statistics = z.object({ Label: z.string(), Datapoints: z.array(z.unknown()) })

/** A metric of CloudWatch and what it is here; CPUUtilization is percent of all processors. */
const METRICS: readonly [producerName: string, ours: MetricName | 'cpu'][] = [
  ['CPUUtilization', 'cpu'],
  ['CPUCreditBalance', 'cpu-credit-balance'],
  ['CPUCreditUsage', 'cpu-credits-used'],
  ['CPUSurplusCreditBalance', 'cpu-surplus-credit-balance'],
  ['CPUSurplusCreditsCharged', 'cpu-surplus-credits-charged'],
  ['TargetResponseTime', 'response-seconds'],
]
const STATISTICS = { Average: 'mean', Sum: 'sum', Maximum: 'maximum', Minimum: 'minimum' } as const
const STATISTIC_NAMES = ['Average', 'Sum', 'Maximum', 'Minimum'] as const
type Statistic = (typeof STATISTICS)[keyof typeof STATISTICS]
/** Sums over a period; everything else is a level. */
const SUMMED: ReadonlySet<string> = new Set(['cpu-credits-used', 'cpu-surplus-credits-charged'])
const DEFAULT_PERIOD_MS = 300_000
const MAX_PERIOD_MS = 86_400_000

interface Reading {
  readonly time: number
  readonly value: number
  readonly statistic: Statistic | null
}

/** All series of one answer. */
export async function* readAnswers(
  input: Input,
  report: InputReport,
  unnamed: Identifier,
): AsyncIterable<readonly Measurement[]> {
  const document = await wholeJson(input, report)
  const data = Data.safeParse(document)
  if (data.success) {
    for (const one of data.data.MetricDataResults) {
      const series = Series.safeParse(one)
      if (series.success) yield dataSeries(series.data, input, report, unnamed)
      else {
        report.records++
        report.bad++
      }
    }
    return
  }
  const statistics = Statistics.safeParse(document)
  if (statistics.success) yield statisticsSeries(statistics.data, input, report, unnamed)
  else if (report.problems.length === 0) tellProblem(report, 'no answer of CloudWatch that can be read')
}

function dataSeries(
  { Id: id = '', Label: label = '', Timestamps: times, Values: values }: z.infer<typeof Series>,
  input: Input,
  report: InputReport,
  unnamed: Identifier,
): Measurement[] {
  const readings = times.map((time, index) => ({
    time: timeOf(time),
    value: Number(values[index] ?? Number.NaN),
    statistic: null,
  }))
  return seriesOf(`${label} ${id}`, readings, input, report, unnamed)
}

function statisticsSeries(
  { Label: label, Datapoints: points }: z.infer<typeof Statistics>,
  input: Input,
  report: InputReport,
  unnamed: Identifier,
): Measurement[] {
  const readings = points.map((one): Reading => {
    const point = Point.safeParse(one)
    if (!point.success) return { time: Number.NaN, value: Number.NaN, statistic: null }
    const name = STATISTIC_NAMES.find((key) => key in point.data)
    return {
      time: timeOf(point.data.Timestamp),
      value: Number(name === undefined ? Number.NaN : point.data[name]),
      statistic: name === undefined ? null : STATISTICS[name],
    }
  })
  return seriesOf(label, readings, input, report, unnamed)
}

function seriesOf(
  names: string,
  readings: readonly Reading[],
  input: Input,
  report: InputReport,
  unnamed: Identifier,
): Measurement[] {
  report.records += readings.length
  const metric = METRICS.find(([name]) => plain(names).includes(plain(name)))
  if (metric === undefined) {
    report.unused += readings.length
    if (readings.length > 0) tellDecision(report, `not used: ${names.trim().slice(0, 80)}`)
    return []
  }
  const sound = readings
    .filter(({ time, value }) => Number.isFinite(time) && Number.isFinite(value))
    .toSorted((a, b) => a.time - b.time)
  report.bad += readings.length - sound.length
  const observer = instanceIn(names) ?? unnamed
  const period = periodOf(sound)
  const events: Measurement[] = []
  for (const reading of sound) {
    const event = measurement(metric, reading, period, observer, input)
    if (event === null) report.bad++
    else events.push(event)
  }
  return events
}

/** CloudWatch dates a period by its beginning. */
function measurement(
  [producerName, ours]: (typeof METRICS)[number],
  { time: start, value, statistic }: Reading,
  period: number,
  observer: Identifier,
  input: Input,
): Measurement | null {
  const base = {
    time: start + period,
    timeQuality: 'exact' as const,
    observer,
    subjects: [observer],
    origin: {
      source: 'cloudwatch',
      file: input.name,
      recordId: `${producerName} ${new Date(start).toISOString()}`,
      offset: 0,
      raw: `${producerName} ${new Date(start).toISOString()} ${value}`,
    },
  }
  if (ours !== 'cpu')
    return metricEvent(base, ours, producerName, value, {
      start,
      statistic: statistic ?? (SUMMED.has(ours) ? 'sum' : 'mean'),
    })
  // The maximum of a period says nothing of its whole.
  if (value < 0 || value > 101 || statistic === 'maximum' || statistic === 'minimum' || statistic === 'sum')
    return null
  return cpuEvent(base, 'machine', start, { busyShare: Math.min(1, value / 100) })
}

function periodOf(readings: readonly Reading[]): number {
  const steps = readings
    .slice(1)
    .map(({ time }, index) => time - (readings[index]?.time ?? time))
    .filter((step) => step > 0)
    .toSorted((a, b) => a - b)
  const middle = steps[Math.floor(steps.length / 2)] ?? DEFAULT_PERIOD_MS
  return Math.min(middle, MAX_PERIOD_MS)
}

/** An id of a query may hold no dash: `cpu_i_0a1b…` is how people name the instance in it. */
function instanceIn(names: string): Identifier | null {
  const id = /(?:^|[^0-9a-z])i[-_]([0-9a-f]{8,17})(?:[^0-9a-z]|$)/iu.exec(names)?.[1]
  return id === undefined ? null : identifier('instance', `i-${id.toLowerCase()}`)
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/gu, '')
}

function timeOf(value: unknown): number {
  if (typeof value === 'number') return value < 1e11 ? value * 1000 : value
  return typeof value === 'string' ? (isoTime(value, 'Z') ?? Number.NaN) : Number.NaN
}
