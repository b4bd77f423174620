import type { Input } from '../../inputs/input.ts'
import { type EventRecord, mergeEvents } from '../json/merge-events.ts'
import type { Batch, InputReport, SourceEnv } from '../source.ts'
import { measuredRecord, type Measurement } from './record.ts'

const BATCH = 1024
/** Tools write when they have measured; several series of one document follow each other. */
const DISORDER_MS = 60_000

/** Measurements of all inputs in order of time, copies once. `read` gives those of one input in any order. */
export function readMeasured(
  inputs: readonly Input[],
  env: SourceEnv,
  format: string,
  read: (input: Input, report: InputReport) => AsyncIterable<readonly Measurement[]>,
): AsyncIterable<Batch> {
  const streams = inputs.map((input) => {
    const report = env.reportOf(input)
    report.format = format
    return {
      input,
      report,
      firstTime: null,
      records: () => recordsOf(read(input, report), report),
    }
  })
  return mergeEvents(streams, DISORDER_MS)
}

/**
 * A reader of documents holds all of its document until it is asked for more. So it is, before the first of its
 * measurements waits for the turn of its time: a hundred machines have a document for every day.
 */
async function* recordsOf(
  read: AsyncIterable<readonly Measurement[]>,
  report: InputReport,
): AsyncGenerator<readonly EventRecord[]> {
  const batches = read[Symbol.asyncIterator]()
  try {
    for (let next = await batches.next(); next.done !== true;) {
      const sorted = next.value.toSorted((a, b) => a.time - b.time)
      next = await batches.next()
      for (let at = 0; at < sorted.length; at += BATCH)
        yield sorted.slice(at, at + BATCH).map((event) => measuredRecord(event, report))
    }
  } finally {
    await batches.return?.()
  }
}
