import type { Event } from '../../event/event.ts'
import type { LogSource } from '../../event/log-record.ts'
import { type MergeableRecord, mergeRecords, type RecordStream } from '../record-merge.ts'
import type { Batch, InputReport } from '../source.ts'
import type { LineRules } from './line-rules.ts'
import type { ProgramLine } from './program-line.ts'
import { type DialectId, dialectOfProgram } from './program-names.ts'
import { ProgramReader } from './program-reader.ts'

/** A line with what the merge and the report need of it. */
export interface ProgramRecord extends ProgramLine, MergeableRecord {
  readonly raw: string
  /** Null where only rules look at it. */
  readonly dialect: DialectId | null
  /** What it is to rules that ask for it; null: to none. */
  readonly asked: readonly LogSource[] | null
  readonly report: InputReport
}

/** The dialect in which a line is to be read; null for lines that nobody understands. */
export function dialectOf(program: string, text: string, messageStart: number): DialectId | null {
  const dialect = dialectOfProgram(program)
  if (dialect !== null) return dialect
  return text.startsWith('pam_', messageStart) ? 'pam' : null
}

/** Lines of all inputs in order of time → dialects of their programs → events. */
export async function* readPrograms(
  streams: readonly RecordStream<ProgramRecord>[],
  rules: LineRules,
  disorderMs: number,
): AsyncIterable<Batch> {
  const reader = new ProgramReader()
  for await (const { records, watermark } of mergeRecords(streams, { disorderMs })) {
    const events: Event[] = []
    const emit = (event: Event): void => void events.push(event)
    for (const record of records) {
      const { dialect, asked } = record
      if (dialect === null || !reader.take(record, dialect, emit)) record.report.unused++
      if (asked !== null) for (const match of rules.matchesOf(record, asked)) events.push(match)
    }
    reader.settle(watermark, emit)
    yield { events, watermark: Math.min(watermark, reader.heldFrom) }
  }
}
