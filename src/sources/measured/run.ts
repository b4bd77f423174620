import type { Measurement } from './record.ts'

/**
 * What one document tells, made into events when their turn has come: a day of a machine is ten thousand of them,
 * and a hundred machines have a document each. Held, a run takes as little as it can.
 */
export interface MeasuredRun {
  /** Epoch ms of each entry, in any order. */
  readonly times: Float64Array
  /** The measurements of an entry, all of its time. Asked once for each entry. */
  measure(entry: number): readonly Measurement[]
}

/** Measurements that are there already. */
export function runOf(events: readonly Measurement[]): MeasuredRun {
  return {
    times: Float64Array.from(events, ({ time }) => time),
    measure: (entry) => events.slice(entry, entry + 1),
  }
}

/** Several runs as one; of one time, the first run goes first. */
export function joinedRuns(runs: readonly MeasuredRun[]): MeasuredRun {
  const starts: number[] = []
  let length = 0
  for (const run of runs) {
    starts.push(length)
    length += run.times.length
  }
  const times = new Float64Array(length)
  for (const [index, run] of runs.entries()) times.set(run.times, starts[index])
  return {
    times,
    measure(entry) {
      const index = lastUpTo(starts, entry)
      return runs[index]?.measure(entry - (starts[index] ?? 0)) ?? []
    },
  }
}

/** Index of the last of some ascending numbers that is not larger. */
function lastUpTo(numbers: readonly number[], most: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? 0) <= most) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Entries of a run in order of time, those of one time in the order of the document. */
export function orderOf({ times }: MeasuredRun): Uint32Array {
  const order = Uint32Array.from(times, (_, entry) => entry)
  for (let entry = 1; entry < times.length; entry++) {
    if (timeOf(times, entry) < timeOf(times, entry - 1))
      return order.toSorted((a, b) => timeOf(times, a) - timeOf(times, b) || a - b)
  }
  return order
}

function timeOf(times: Float64Array, entry: number): number {
  return times[entry] ?? 0
}
