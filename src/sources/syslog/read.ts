import type { Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { headLines } from '../head-lines.ts'
import { namelessMachines } from '../nameless.ts'
import { LineRules } from '../programs/line-rules.ts'
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
  const rules = new LineRules(env)
  return readPrograms(prepare(inputs, env, rules), rules, DISORDER_MS)
}

interface Prepared {
  readonly input: Input
  readonly report: InputReport
  readonly edges: Edges
  readonly zone: Zone | null
}

function prepare(inputs: readonly Input[], env: SourceEnv, rules: LineRules): RecordStream<ProgramRecord>[] {
  const prepared = inputs.map((input): Prepared => ({
    input,
    report: env.reportOf(input),
    edges: edgesOf(input),
    zone: env.zoneOf(input.name),
  }))
  const years = yearsOf(prepared, env)
  const machines = namelessMachines(
    'syslog',
    prepared.map((one) => ({
      input: one.input,
      firstTime: firstTimeOf(one, years.get(one) ?? null, env),
      firstRecord: headLines(one.input.head)[0] ?? '',
    })),
  )
  return prepared.map((one) => {
    const nameless = machines.get(one.input) ?? ''
    return streamOf(one, { decision: years.get(one) ?? null, nameless, rules }, env)
  })
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

function streamOf(
  one: Prepared,
  {
    decision,
    nameless,
    rules,
  }: { readonly decision: YearDecision | null; readonly nameless: Identifier; readonly rules: LineRules },
  env: SourceEnv,
): RecordStream<ProgramRecord> {
  const { input, report, edges } = one
  report.format = 'syslog'
  if (decision !== null) tellDecision(report, `year ${decision.year}: ${decision.why}`)
  if (isZoneless(edges))
    tellDecision(report, one.zone === null ? 'zone UTC: assumed' : `zone: ${one.zone.why}`)
  return {
    input,
    report,
    firstTime: firstTimeOf(one, decision, env),
    records: () => readRecords(input, report, { clock: clockOf(one, decision, env), nameless, rules }),
  }
}

function firstTimeOf(one: Prepared, decision: YearDecision | null, env: SourceEnv): number | null {
  const { first } = one.edges
  return first === null ? null : clockOf(one, decision, env).timeOf(first)
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
