import { identifier, type Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { fieldsOf } from '../json/fields.ts'
import { HeldTexts } from '../measured/held-texts.ts'
import type { MeasuredRun } from '../measured/run.ts'
import { wholeJson } from '../measured/whole-text.ts'
import { tellDecision, tellProblem } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { measurementsOf, proofOf, type Timestamp, timestampIn, waitingIn, wallOf } from './sadf-statistic.ts'

/**
 * `sadf -j` of one or several days. What has another shape counts as absent. Shapes: sysstat's `xml/sysstat.xsd`, of
 * which the JSON is a twin.
 */
export async function* readSadf(
  input: Input,
  report: InputReport,
  env: SourceEnv,
): AsyncIterable<MeasuredRun> {
  const document = fieldsOf(await wholeJson(input, report))
  const hosts = fieldsOf(document?.['sysstat'])?.['hosts']
  if (!Array.isArray(hosts)) {
    if (report.problems.length === 0) tellProblem(report, 'not the JSON of sadf -j')
    return
  }
  for (const one of hosts) {
    const host = hostOf(one)
    if (host === null) {
      report.records++
      report.bad++
    } else yield runOfHost(host, input, report, env)
  }
}

interface Host {
  readonly name: Identifier
  readonly cores: number | null
  readonly statistics: readonly unknown[]
}

function hostOf(value: unknown): Host | null {
  const host = fieldsOf(value)
  const name = host?.['nodename']
  if (host === null || typeof name !== 'string') return null
  const cores = host['number-of-cpus']
  const isCount = typeof cores === 'number' && Number.isFinite(cores) && cores > 0
  const statistics = host['statistics']
  return {
    name: identifier('host', name),
    cores: isCount ? Math.round(cores) : null,
    statistics: Array.isArray(statistics) ? statistics : [],
  }
}

/** Of every statistic its proof is held, which says everything but the pressure. */
function runOfHost(host: Host, input: Input, report: InputReport, env: SourceEnv): MeasuredRun {
  const proofs = new HeldTexts()
  const times: number[] = []
  const areExact: boolean[] = []
  const places: number[] = []
  const waiting: number[] = []
  for (const [place, one] of host.statistics.entries()) {
    report.records++
    const statistic = fieldsOf(one)
    const timestamp = timestampIn(statistic)
    const time = timestamp === null ? null : timeOf(timestamp, input, report, env)
    if (statistic === null || timestamp === null || time === null) {
      report.bad++
      continue
    }
    proofs.add(proofOf(timestamp, statistic))
    times.push(time.epoch)
    areExact.push(time.isExact)
    places.push(place)
    waiting.push(waitingIn(statistic) ?? Number.NaN)
  }
  proofs.close()
  const { name: observer, cores } = host
  return {
    times: Float64Array.from(times),
    measure(entry) {
      const raw = proofs.at(entry)
      const recordId = `statistics[${places[entry] ?? 0}]`
      const base = {
        time: times[entry] ?? 0,
        timeQuality: areExact[entry] === true ? ('exact' as const) : ('zone-assumed' as const),
        observer,
        subjects: [observer],
        origin: { source: 'sysstat', file: input.name, recordId, offset: 0, raw },
      }
      const events = measurementsOf(base, cores, waiting[entry] ?? Number.NaN)
      if (events.length === 0) report.unused++
      return events
    },
  }
}

function timeOf(
  timestamp: Timestamp,
  input: Input,
  report: InputReport,
  env: SourceEnv,
): { epoch: number; isExact: boolean } | null {
  const wall = wallOf(timestamp.date, timestamp.time)
  if (wall === null) return null
  if (timestamp.utc === 1 || timestamp.utc === undefined) return { epoch: wall, isExact: true }
  const zone = env.zoneOf(input.name)
  tellDecision(report, zone === null ? 'zone UTC: assumed' : `zone: ${zone.why}`)
  return zone === null
    ? { epoch: wall, isExact: false }
    : { epoch: wall - zone.minutesAt(wall) * 60_000, isExact: true }
}
