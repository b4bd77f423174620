import type { Event } from '../../event/event.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import { contentId } from '../../event/content-id.ts'
import ipaddr from 'ipaddr.js'
import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import { formatNumber } from '../../text/units.ts'
import { headLines } from '../head-lines.ts'
import { countBytes, counted, noteTime, tellDecision, tellProblem } from '../reading.ts'
import { mergeRecords, type RecordStream } from '../record-merge.ts'
import type { Batch, InputReport, SourceEnv } from '../source.ts'
import { type AuditGroup, MAX_RECORDS, RecordJoin } from './join.ts'
import { LocalClock } from './local-clock.ts'
import { Logins } from './logins.ts'
import { eventsOf } from './normalise.ts'
import { type NamelessInput, piecesOf } from './pieces.ts'
import { AUDIT_RECORDS, logRecord } from './log-record.ts'
import { type AuditRecord, isFiller, readHeader } from './record.ts'
import { placeTrails } from './trail.ts'

/** The kernel stamps before it queues: lines of one file are out of order by less than this. */
const DISORDER_MS = 2000
/** The kernel cuts a record below 9 kB; interpreted and enriched it takes more. Many lines are held at once. */
const MAX_LINE_BYTES = 32_768

/** Records of all inputs in order of time → joined → events. */
export async function* readAuditd(inputs: readonly Input[], env: SourceEnv): AsyncIterable<Batch> {
  const prepared = inputs.map((input) => prepare(input, env))
  await nameTrails(prepared)
  let events: Event[] = []
  const logins = new Logins()
  const reports = new Map(prepared.map((one) => [one.input.name, one.report]))
  const areAsked = env.isAsked(AUDIT_RECORDS)
  const give = (group: AuditGroup): void => {
    if (areAsked) for (const record of group.records) events.push(...env.matchesOf(logRecord(record)))
    const found = eventsOf(group, logins)
    if (found !== null) {
      for (const event of found) events.push(event)
      return
    }
    for (const record of group.records) {
      const report = reports.get(record.file)
      if (report !== undefined) report.unused++
    }
  }
  const join = new RecordJoin(give, (record) => {
    const report = reports.get(record.file)
    if (report === undefined) return
    report.unused++
    tellProblem(report, `an event has more than ${formatNumber(MAX_RECORDS)} records: the rest was left out`)
  })
  const streams = prepared.map((one): RecordStream<AuditRecord> => ({
    input: one.input,
    report: one.report,
    firstTime: one.firstTime,
    records: () => recordsOf(one),
  }))
  for await (const batch of mergeRecords(streams, { disorderMs: DISORDER_MS })) {
    for (const record of batch.records) join.add(record)
    if (batch.watermark === Infinity) join.end()
    const given = events
    events = []
    yield { events: given, watermark: Math.min(batch.watermark, join.oldest) }
  }
}

interface Prepared {
  readonly input: Input
  readonly report: InputReport
  readonly clock: LocalClock
  readonly firstTime: number | null
  /** Whom records without `node=` are of. */
  observer: Identifier
  readonly isNameless: boolean
}

function prepare(input: Input, env: SourceEnv): Prepared {
  const report = env.reportOf(input)
  report.format = 'auditd'
  const lines = headLines(input.head)
  const clock = new LocalClock(lines, () => env.zoneOf(input.name))
  const first = firstHeader(lines, clock)
  return {
    input,
    report,
    clock,
    firstTime: first?.time ?? null,
    observer: identifier('trail', contentId('audit', first?.text ?? lines[0] ?? '')),
    isNameless: first === null || first.node === null,
  }
}

function firstHeader(lines: readonly string[], clock: LocalClock) {
  for (const text of lines) {
    const header = readHeader(text, clock)
    if (header !== null) return { ...header, text }
  }
  return null
}

async function nameTrails(prepared: readonly Prepared[]): Promise<void> {
  const nameless = prepared.filter((one) => one.isNameless)
  if (nameless.length < 2) return
  const pieces = await piecesOf(nameless.map(({ input, clock }): NamelessInput => ({ input, clock })))
  const places = placeTrails(pieces)
  for (const [index, one] of nameless.entries()) {
    const piece = pieces[index]
    const place = piece === undefined ? undefined : places.get(piece)
    if (place === undefined) continue
    one.observer = place.observer
    if (place.decision !== null) tellDecision(one.report, place.decision)
  }
}

async function* recordsOf(one: Prepared): AsyncIterable<readonly AuditRecord[]> {
  const { input, report, clock } = one
  const lanes = new Map<string, Identifier>()
  const chunks = input.chunks((text) => tellProblem(report, text))
  let cut = 0
  let hasLocalTimes = false
  for await (const batch of splitLines(countBytes(chunks, report), { maxLineBytes: MAX_LINE_BYTES })) {
    const records: AuditRecord[] = []
    cut += batch.cut.length
    for (let index = 0; index < batch.texts.length; index++) {
      const text = batch.texts[index] ?? ''
      const header = readHeader(text, clock)
      if (header === null) {
        if (!isFiller(text)) {
          report.records++
          report.bad++
        }
        continue
      }
      report.records++
      if (header.isInterpreted) hasLocalTimes = true
      records.push({
        time: header.time,
        identity: text,
        lane: header.node === null ? one.observer : laneOf(lanes, header.node),
        timeQuality: header.isInterpreted && !clock.isZoneKnown ? 'zone-assumed' : 'exact',
        type: header.type,
        serial: header.serial,
        fieldsAt: header.fieldsAt,
        isInterpreted: header.isInterpreted,
        file: input.name,
        line: batch.firstLine + index,
        offset: batch.offsets[index] ?? 0,
      })
      noteTime(report, header.time)
    }
    yield records
  }
  if (hasLocalTimes) clock.tellDecisions(report)
  const { bad } = report
  if (bad > 0) tellProblem(report, counted(bad, 'line is not an audit record', 'lines are not audit records'))
  if (cut > 0)
    tellProblem(
      report,
      counted(cut, 'line was too long and lost its end', 'lines were too long and lost their ends'),
    )
}

const MAX_LANES = 10_000

/** `node=` holds a host name, or an address with `name_format = numeric`. */
function laneOf(lanes: Map<string, Identifier>, node: string): Identifier {
  let lane = lanes.get(node)
  if (lane === undefined) {
    const isAddress = /[.:]/u.test(node) && /^[\d.]+$|:/u.test(node) && ipaddr.isValid(node)
    lane = identifier(isAddress ? 'ip' : 'host', node)
    if (lanes.size < MAX_LANES) lanes.set(node, lane)
  }
  return lane
}
