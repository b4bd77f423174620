import type { Input } from '../../inputs/input.ts'
import { type EventRecord, mergeEvents } from '../json/merge-events.ts'
import type { RecordStream } from '../record-merge.ts'
import type { Batch, InputReport, SourceEnv } from '../source.ts'
import { measuredRecord, type Measurement } from './record.ts'
import { type MeasuredRun, orderOf, runOf } from './run.ts'

/** Made at once of each of a hundred documents that are open side by side. */
const BATCH = 64
/** Tools write when they have measured; several series of one document follow each other. */
export const MEASURED_DISORDER_MS = 60_000

/** How the documents of a format are read. */
export interface MeasuredReading {
  /** Epoch ms; nothing that `read` gives is earlier. Null = unknown, and the document is opened at once. */
  firstTimeOf(input: Input): Promise<number | null>
  /** What one input tells, in one run or, where it has parts, several. */
  read(input: Input, report: InputReport): AsyncIterable<MeasuredRun>
}

/** Measurements of all inputs in order of time, copies once. `read` gives those of one input in any order. */
export function readMeasured(
  inputs: readonly Input[],
  env: SourceEnv,
  format: string,
  read: (input: Input, report: InputReport) => AsyncIterable<readonly Measurement[]>,
): AsyncIterable<Batch> {
  return readRuns(inputs, env, format, {
    firstTimeOf: () => Promise.resolve(null),
    read: (input, report) => runsOf(read(input, report)),
  })
}

/** The same of documents that are opened when their first time has come. */
export async function* readRuns(
  inputs: readonly Input[],
  env: SourceEnv,
  format: string,
  reading: MeasuredReading,
): AsyncIterable<Batch> {
  yield* mergeEvents(await measuredStreams(inputs, env, format, reading), MEASURED_DISORDER_MS)
}

export async function measuredStreams(
  inputs: readonly Input[],
  env: SourceEnv,
  format: string,
  reading: MeasuredReading,
): Promise<RecordStream<EventRecord>[]> {
  const streams: RecordStream<EventRecord>[] = []
  for (const input of inputs) {
    const report = env.reportOf(input)
    report.format = format
    const firstTime = await reading.firstTimeOf(input)
    streams.push({ input, report, firstTime, records: () => recordsOf(reading.read(input, report), report) })
  }
  return streams
}

async function* runsOf(batches: AsyncIterable<readonly Measurement[]>): AsyncGenerator<MeasuredRun> {
  for await (const events of batches) yield runOf(events)
}

/**
 * A reader of documents holds all of its document until it is asked for more. So it is, before the first of its
 * measurements waits for the turn of its time.
 */
async function* recordsOf(
  read: AsyncIterable<MeasuredRun>,
  report: InputReport,
): AsyncGenerator<readonly EventRecord[]> {
  const runs = read[Symbol.asyncIterator]()
  try {
    for (let next = await runs.next(); next.done !== true;) {
      const run = next.value
      next = await runs.next()
      yield* batchesOf(run, report)
    }
  } finally {
    await runs.return?.()
  }
}

function* batchesOf(run: MeasuredRun, report: InputReport): Generator<readonly EventRecord[]> {
  let batch: EventRecord[] = []
  for (const entry of orderOf(run)) {
    for (const event of run.measure(entry)) batch.push(measuredRecord(event, report))
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
