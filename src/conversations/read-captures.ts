import type { Input } from '../inputs/input.ts'
import { Cursor } from '../sources/pcap/cursor.ts'
import type { SourceEnv } from '../sources/source.ts'
import { firstPacketTime } from '../wire/capture/reader.ts'
import { CaptureSeries, type SeriesOptions } from './series.ts'

/** A capture that begins within this time (ms) after another ended goes on with its connections, as rotated files do. */
const MAX_GAP_MS = 300_000
/** Clocks of two files may disagree by this much. */
const SKEW_MS = 1_000
/** Captures of the same time (several interfaces, copies) that are gone on with at once. */
const MAX_OPEN = 4

/**
 * Reads captures to their end, one after the other in the order of their first packets. Files that follow each
 * other in time are one capture; files of the same time are told each on its own. Calls `pause` between chunks.
 */
export async function readCaptures(
  inputs: readonly Input[],
  env: SourceEnv,
  options: SeriesOptions,
  pause: () => Promise<void> | void,
): Promise<{ connections: number; packets: number }> {
  const files = inputs.map(({ name }) => name)
  const open: CaptureSeries[] = []
  const total = { connections: 0, packets: 0 }
  const end = async (series: CaptureSeries): Promise<void> => {
    while (!series.finish()) await pause()
    total.connections += series.connections
  }
  for (const { input, index, firstMs } of inOrder(inputs)) {
    for (const series of open.filter((one) => isOver(one, firstMs, open.length))) {
      open.splice(open.indexOf(series), 1)
      await end(series)
    }
    let series = follows(open, firstMs, input.name)
    if (series === null) {
      series = new CaptureSeries(files, options)
      open.push(series)
    }
    const cursor = new Cursor(input, index, env)
    try {
      while (await cursor.fetch()) {
        series.take(cursor)
        await pause()
      }
    } finally {
      await cursor.close()
    }
    total.packets += cursor.report.records
    series.tellLimits(cursor.report)
  }
  for (const series of open) await end(series)
  return total
}

interface Waiting {
  readonly input: Input
  readonly index: number
  readonly firstMs: number
}

function inOrder(inputs: readonly Input[]): Waiting[] {
  return inputs
    .map((input, index) => ({
      input,
      index,
      firstMs: firstPacketTime(input.head) ?? Number.NEGATIVE_INFINITY,
    }))
    .toSorted((a, b) => (a.firstMs === b.firstMs ? a.index - b.index : a.firstMs < b.firstMs ? -1 : 1))
}

function isOver(series: CaptureSeries, nextMs: number, openCount: number): boolean {
  return series.timeMs + MAX_GAP_MS < nextMs || openCount >= MAX_OPEN
}

/** Of the captures that ended before this time the one that is called most like it: two interfaces may be rotated at once. */
function follows(open: readonly CaptureSeries[], firstMs: number, name: string): CaptureSeries | null {
  const before = open.filter(({ timeMs }) => timeMs <= firstMs + SKEW_MS && Number.isFinite(timeMs))
  const likeness = ({ lastFile }: CaptureSeries): number => commonStart(lastFile, name)
  return before.toSorted((a, b) => likeness(b) - likeness(a) || b.timeMs - a.timeMs)[0] ?? null
}

function commonStart(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}
