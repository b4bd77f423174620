import type { Input } from '../../inputs/input.ts'
import { mergeEvents } from '../json/merge-events.ts'
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
      async *records() {
        for await (const events of read(input, report)) {
          const sorted = events.toSorted((a, b) => a.time - b.time)
          for (let at = 0; at < sorted.length; at += BATCH)
            yield sorted.slice(at, at + BATCH).map((event) => measuredRecord(event, report))
        }
      },
    }
  })
  return mergeEvents(streams, DISORDER_MS)
}
