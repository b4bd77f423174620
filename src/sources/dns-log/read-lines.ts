import type { Identifier } from '../../event/identifier.ts'
import type { Input } from '../../inputs/input.ts'
import { type LineBatch, splitLines } from '../../inputs/lines.ts'
import type { LineRules } from '../programs/line-rules.ts'
import type { ProgramRecord } from '../programs/read-programs.ts'
import { countBytes, counted, noteTime, tellProblem } from '../reading.ts'
import type { InputReport, Zone } from '../source.ts'
import { readClock, readDnsHeader } from './dns-header.ts'

export const SOURCE_ID = 'dns-log'
const MAX_LINE_BYTES = 4096

export interface DnsInput {
  readonly input: Input
  readonly report: InputReport
  /** Of times that say none; null = UTC is assumed. */
  readonly zone: Zone | null
  readonly observer: Identifier
  readonly rules: LineRules
}

/** The lines of one input as those of a program. */
export async function* readLines(dns: DnsInput): AsyncIterable<ProgramRecord[]> {
  const { input, report } = dns
  const chunks = input.chunks((problem) => tellProblem(report, problem))
  const subjects = [dns.observer]
  for await (const batch of splitLines(countBytes(chunks, report), { maxLineBytes: MAX_LINE_BYTES }))
    yield recordsOf(batch, dns, subjects)
  if (report.bad > 0)
    tellProblem(report, counted(report.bad, 'line begins with no time', 'lines begin with no time'))
}

function recordsOf(
  { texts, offsets, firstLine }: LineBatch,
  { input, report, zone, observer, rules }: DnsInput,
  subjects: Identifier[],
): ProgramRecord[] {
  const records: ProgramRecord[] = []
  for (let index = 0; index < texts.length; index++) {
    const raw = texts[index] ?? ''
    if (raw === '') continue
    report.records++
    const header = readDnsHeader(raw)
    if (header === null) {
      if (isOtherLine(raw)) report.unused++
      else report.bad++
      continue
    }
    const { dialect, isLocal, pid, messageStart } = header
    const time = isLocal && zone !== null ? header.time - zone.minutesAt(header.time) * 60_000 : header.time
    noteTime(report, time)
    records.push({
      time,
      timeQuality: isLocal && zone === null ? 'zone-assumed' : 'exact',
      observer,
      subjects,
      program: dialect,
      dialect,
      asked: rules.askedOf(dialect),
      pid,
      message: raw.slice(messageStart),
      count: 1,
      source: SOURCE_ID,
      file: input.name,
      line: firstLine + index,
      recordId: null,
      offset: offsets[index] ?? 0,
      raw,
      identity: raw,
      report,
    })
  }
  return records
}

/** A line of BIND about something else. */
function isOtherLine(text: string): boolean {
  return readClock(text) !== null
}
