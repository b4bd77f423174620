import type { Event } from '../../event/event.ts'
import { type MergeableRecord, mergeRecords, type RecordStream } from '../record-merge.ts'
import type { Batch, InputReport } from '../source.ts'
import type { ProgramLine } from './program-line.ts'
import { isSshd, SshdReader } from './sshd.ts'

/** A line with what the merge and the report need of it. */
export interface ProgramRecord extends ProgramLine, MergeableRecord {
  readonly raw: string
  readonly report: InputReport
}

/** Whether lines of this program are understood. */
export function isKnownProgram(program: string): boolean {
  return isSshd(program)
}

/** Lines of all inputs in order of time → dialects of their programs → events. */
export async function* readPrograms(
  streams: readonly RecordStream<ProgramRecord>[],
  disorderMs: number,
): AsyncIterable<Batch> {
  const sshd = new SshdReader()
  for await (const { records, watermark } of mergeRecords(streams, { disorderMs })) {
    const events: Event[] = []
    const emit = (event: Event): void => void events.push(event)
    for (const record of records) if (!sshd.take(record, emit)) record.report.unused++
    sshd.settle(watermark, emit)
    yield { events, watermark: Math.min(watermark, sshd.heldFrom) }
  }
}
