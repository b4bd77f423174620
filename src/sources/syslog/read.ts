import type { Input } from '../../inputs/input.ts'
import { type ProgramRecord, readPrograms } from '../programs/read-programs.ts'
import { tellDecision } from '../reading.ts'
import type { RecordStream } from '../record-merge.ts'
import type { Batch, InputReport, SourceEnv, Zone } from '../source.ts'
import { type InputClock, inputClock } from './clock.ts'
import { type Edges, edgesOf } from './edges.ts'
import { inferYears, type YearDecision } from './infer-year.ts'
import { readRecords } from './read-input.ts'

/** Programs hand their lines over on their own: those of one second may be out of order by a little more. */
const DISORDER_MS = 2000
const DAY_MS = 86_400_000

/** Lines of all inputs in order of time → program dialects → events. */
export function readSyslog(inputs: readonly Input[], env: SourceEnv): AsyncIterable<Batch> {
  return readPrograms(prepare(inputs, env), DISORDER_MS)
}

interface Prepared {
  readonly input: Input
  readonly report: InputReport
  readonly edges: Edges
  readonly zone: Zone | null
}

function prepare(inputs: readonly Input[], env: SourceEnv): RecordStream<ProgramRecord>[] {
  const prepared = inputs.map((input): Prepared => ({
    input,
    report: env.reportOf(input),
    edges: edgesOf(input),
    zone: env.zoneOf(input.name),
  }))
  const years = yearsOf(prepared, env)
  return prepared.map((one) => streamOf(one, years.get(one) ?? null, env))
}

function yearsOf(prepared: readonly Prepared[], env: SourceEnv): Map<Prepared, YearDecision> {
  const yearless = prepared.flatMap((one) => {
    const { firstYearless: first, lastYearless: last, firstHost } = one.edges
    if (first === null) return []
    const { group, modifiedAt } = one.input
    return [{ one, first, last, set: `${group}\0${firstHost}`, modifiedAt, zone: one.zone }]
  })
  const decisions = inferYears(yearless, env.datedRanges, env.now)
  return new Map(
    yearless.flatMap(({ one }, index) => {
      const decision = decisions[index]
      return decision === undefined ? [] : [[one, decision] as const]
    }),
  )
}

function streamOf(one: Prepared, decision: YearDecision | null, env: SourceEnv): RecordStream<ProgramRecord> {
  const { input, report, edges } = one
  report.format = 'syslog'
  if (decision !== null) tellDecision(report, `year ${decision.year}: ${decision.why}`)
  if (isZoneless(edges))
    tellDecision(report, one.zone === null ? 'zone UTC: assumed' : `zone: ${one.zone.why}`)
  return {
    input,
    report,
    firstTime: edges.first === null ? null : clockOf(one, decision, env).timeOf(edges.first),
    records: () => readRecords(input, report, clockOf(one, decision, env)),
  }
}

function clockOf(
  { input, zone, edges }: Prepared,
  decision: YearDecision | null,
  env: SourceEnv,
): InputClock {
  const written = Math.min(env.now, input.modifiedAt ?? env.now) + DAY_MS
  const year = decision?.year ?? edges.first?.year ?? new Date(written).getUTCFullYear()
  const isWrittenBefore = new Date(written).getUTCFullYear() < year
  return inputClock({
    year,
    zone,
    latest: isWrittenBefore ? env.now + DAY_MS : written,
  })
}

function isZoneless({ first, firstYearless }: Edges): boolean {
  return firstYearless !== null || (first !== null && Number.isNaN(first.zoneMinutes))
}
