import type { Random } from '../../src/range/random.ts'
import { Event } from '../../src/event/event.ts'
import { HEAD_BYTES } from '../../src/inputs/limits.ts'
import type { Input } from '../../src/inputs/input.ts'
import { InputReports } from '../../src/pipeline/input-reports.ts'
import type { InputReport, Source, SourceEnv } from '../../src/sources/source.ts'
import { promise } from './target.ts'

const NOW = Date.UTC(2026, 5, 15)
const MAX_RECORDS_PER_BYTE = 2
/** Each event is validated, up to so many per case: a hundred thousand of them teach nothing more. */
const VALIDATED = 2000

/** Bytes as an input that hands them over in pieces of any size. */
export function inputOf(name: string, bytes: Uint8Array, random: Random): Input {
  const most = random.chance(0.2) ? 7 : random.integer(64, 65_536)
  const hasTail = random.chance(0.7)
  // Tiny pieces of a large input only cost time.
  const piece = bytes.length > 50_000 ? Math.max(most, 4096) : most
  return {
    name,
    group: random.chance(0.8) ? 'g' : name,
    storedSize: bytes.length,
    modifiedAt: random.chance(0.5) ? NOW : null,
    head: bytes.subarray(0, HEAD_BYTES),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.slice(at, at + piece)
    },
    tail: () => (hasTail ? bytes.subarray(Math.max(0, bytes.length - HEAD_BYTES)) : null),
  }
}

/** Reads inputs through a source and holds it to its obligations. */
export async function readThrough(source: Source, inputs: readonly Input[], random: Random): Promise<void> {
  const zone = random.chance(0.5) ? null : { minutesAt: () => random.integer(-720, 840), why: 'said so' }
  const reports = new InputReports()
  const env: SourceEnv = {
    now: NOW,
    matchesOf: () => [],
    isAsked: () => false,
    zoneOf: () => zone,
    datedRanges: random.chance(0.5) ? [] : [{ file: 'other', from: NOW - 86_400_000, to: NOW }],
    reportOf: (input) => reports.of(input),
  }
  for (const { head } of inputs) {
    const score = source.recognise(head)
    promise(score >= 0 && score <= 1, 'a score from 0 to 1')
    const first = source.firstTime(head)
    promise(first === null || Number.isFinite(first), 'a first time that is a time')
  }
  let watermark = Number.NEGATIVE_INFINITY
  let early = 0
  let events = 0
  for await (const batch of source.read(inputs, env)) {
    promise(!Number.isNaN(batch.watermark), 'a watermark that is a time')
    for (const event of batch.events) {
      if (event.time < watermark) early++
      if (events++ < VALIDATED) Event.parse(event)
    }
    watermark = Math.max(watermark, batch.watermark)
  }
  promise(watermark === Number.POSITIVE_INFINITY, 'the last watermark is the end of time')
  const all = reports.all()
  promise(
    early === 0 || all.some(([, report]) => report.late > 0),
    'what comes behind the watermark is counted as late',
  )
  for (const [input, report] of all) checkReport(report, input.storedSize ?? 0)
}

function checkReport(report: InputReport, size: number): void {
  promise(report.bytes <= size, 'no more bytes than there are')
  promise(report.bad + report.unused <= report.records + 1, 'bad and unused records are records')
  promise(report.records <= size * MAX_RECORDS_PER_BYTE + 1, 'no more records than bytes')
  promise(report.problems.length <= 20, 'at most 20 problems')
  promise(report.from === null || report.to === null || report.from <= report.to, 'from before to')
}
