import type { Event } from '../../event/event.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import { contentId } from '../../event/content-id.ts'
import ipaddr from 'ipaddr.js'
import type { Input } from '../../inputs/input.ts'
import { splitLines } from '../../inputs/lines.ts'
import { mergeRecords, type RecordStream } from '../record-merge.ts'
import type { Batch, InputReport, SourceEnv } from '../source.ts'
import { showsDayFirst, type InterpretedClock } from './interpreted.ts'
import { RecordJoin } from './join.ts'
import { Logins } from './logins.ts'
import { eventsOf } from './normalise.ts'
import { type NamelessInput, piecesOf } from './pieces.ts'
import { type AuditRecord, isFiller, readHeader } from './record.ts'
import { headOf } from './recognise.ts'
import { placeTrails } from './trail.ts'

/** The kernel stamps before it queues: lines of one file are out of order by less than this. */
const DISORDER_MS = 2000

/** Records of all inputs in order of time → joined → events. */
export async function* readAuditd(inputs: readonly Input[], env: SourceEnv): AsyncIterable<Batch> {
  const prepared = inputs.map((input) => prepare(input, env))
  await nameTrails(prepared)
  let events: Event[] = []
  const logins = new Logins()
  const reports = new Map(prepared.map((one) => [one.input.name, one.report]))
  const join = new RecordJoin((group) => {
    const found = eventsOf(group, logins)
    if (found !== null) {
      for (const event of found) events.push(event)
      return
    }
    for (const record of group.records) {
      const report = reports.get(record.file)
      if (report !== undefined) report.unused++
    }
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
  readonly clock: InterpretedClock
  readonly isZoneKnown: boolean
  readonly firstTime: number | null
  /** Whom records without `node=` are of. */
  observer: Identifier
  readonly isNameless: boolean
}

function prepare(input: Input, env: SourceEnv): Prepared {
  const report = env.reportOf(input)
  const zone = env.zoneOf(input.name)
  const text = headOf(input.head)
  const clock: InterpretedClock = {
    minutesAt: (wallMs) => zone?.minutesAt(wallMs) ?? 0,
    isDayFirst: showsDayFirst(text),
  }
  const first = firstHeader(text, clock)
  if (first?.isInterpreted === true) {
    report.decisions.push(
      zone === null ? 'zone UTC: assumed, ausearch -i writes local times' : `zone: ${zone.why}`,
    )
    report.decisions.push(
      clock.isDayFirst
        ? 'dates are day/month: a day above 12 shows it'
        : 'dates with slashes are month/day: assumed',
    )
  }
  return {
    input,
    report,
    clock,
    isZoneKnown: zone !== null,
    firstTime: first?.time ?? null,
    observer: identifier('trail', contentId('audit', first?.text ?? text.slice(0, 4096))),
    isNameless: first === null || first.node === null,
  }
}

function firstHeader(text: string, clock: InterpretedClock) {
  for (const line of text.split(/\r?\n/u)) {
    const header = readHeader(line, clock)
    if (header !== null) return { ...header, text: line }
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
    if (place.decision !== null) one.report.decisions.push(place.decision)
  }
}

async function* recordsOf(one: Prepared): AsyncIterable<readonly AuditRecord[]> {
  const { input, report } = one
  const lanes = new Map<string, Identifier>()
  const chunks = counted(
    input.chunks((text) => tell(report, text)),
    report,
  )
  let cut = 0
  for await (const batch of splitLines(chunks)) {
    const records: AuditRecord[] = []
    cut += batch.cut.length
    for (let index = 0; index < batch.texts.length; index++) {
      const text = batch.texts[index] ?? ''
      const header = readHeader(text, one.clock)
      if (header === null) {
        if (!isFiller(text)) {
          report.records++
          report.bad++
        }
        continue
      }
      report.records++
      records.push({
        time: header.time,
        identity: text,
        lane: header.node === null ? one.observer : laneOf(lanes, header.node),
        timeQuality: header.isInterpreted && !one.isZoneKnown ? 'zone-assumed' : 'exact',
        type: header.type,
        serial: header.serial,
        fieldsAt: header.fieldsAt,
        isInterpreted: header.isInterpreted,
        file: input.name,
        line: batch.firstLine + index,
        offset: batch.offsets[index] ?? 0,
      })
      if (report.from === null || header.time < report.from) report.from = header.time
      if (report.to === null || header.time > report.to) report.to = header.time
    }
    yield records
  }
  if (report.bad > 0) tell(report, `${report.bad} lines are not audit records`)
  if (cut > 0) tell(report, `${cut} lines were longer than 1 MiB and were cut`)
}

async function* counted(chunks: AsyncIterable<Uint8Array>, report: InputReport): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    report.bytes += chunk.length
    yield chunk
  }
}

const MAX_PROBLEMS = 20

function tell(report: InputReport, problem: string): void {
  if (report.problems.length < MAX_PROBLEMS && !report.problems.includes(problem))
    report.problems.push(problem)
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
