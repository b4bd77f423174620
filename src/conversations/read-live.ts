import type { Input } from '../inputs/input.ts'
import { Cursor } from '../sources/pcap/cursor.ts'
import type { SourceEnv } from '../sources/source.ts'
import { CaptureSeries, type SeriesOptions } from './series.ts'

/**
 * Reads packets as they come, until the input ends. `everySecond` is called about once a second whether packets
 * come or not; connections fall idle by the wall clock then, so that they are told on a silent line as well.
 */
export async function readLive(
  input: Input,
  env: SourceEnv,
  options: SeriesOptions,
  clock: { now(): number; everySecond(): void },
): Promise<{ connections: number; packets: number }> {
  const series = new CaptureSeries([input.name], options)
  const cursor = new Cursor(input, 0, env)
  const timer = setInterval(() => {
    series.advance(clock.now() - LAG_MS)
    clock.everySecond()
  }, 1_000)
  try {
    while (await cursor.fetch()) series.take(cursor)
  } finally {
    clearInterval(timer)
    await cursor.close()
  }
  while (!series.finish()) continue
  series.tellLimits(cursor.report)
  return { connections: series.connections, packets: cursor.report.records }
}

/** Packets may still be on their way for this long (ms). */
const LAG_MS = 2_000
