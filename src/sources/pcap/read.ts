import type { Input } from '../../inputs/input.ts'
import { formatNumber } from '../../text/units.ts'
import { firstPacketTime } from '../../wire/capture/reader.ts'
import { tellProblem } from '../reading.ts'
import type { Batch, SourceEnv } from '../source.ts'
import { Cursor } from './cursor.ts'
import { Horizon } from './horizon.ts'
import { CaptureRun } from './run.ts'

export interface CaptureOptions {
  /** Flows followed at once; beyond it the longest idle are told early. About 140 bytes each. */
  readonly maxFlows: number
}

/** Flows ended in one go when everything has been read. */
const FLOWS_AT_ONCE = 2_000

interface Waiting {
  readonly input: Input
  readonly firstMs: number
}

export async function* readCaptures(
  inputs: readonly Input[],
  env: SourceEnv,
  options: CaptureOptions,
): AsyncGenerator<Batch> {
  const waiting = inOrder(inputs)
  const run = new CaptureRun(
    waiting.map(({ input }) => input.name),
    options.maxFlows,
    env.flowModel ?? null,
  )
  const open: Cursor[] = []
  let next = 0
  let lastRead: Cursor | null = null
  const horizon = new Horizon()
  try {
    for (;;) {
      let cursor = earliest(open)
      for (let due = waiting[next]; due !== undefined; due = waiting[next]) {
        if (cursor !== null && due.firstMs > cursor.clock.time) break
        const opened = new Cursor(due.input, next++, env)
        if (await opened.fetch()) open.push(opened)
        cursor = earliest(open)
      }
      if (cursor === null) break
      lastRead = cursor
      const limit = Math.min(waiting[next]?.firstMs ?? Number.POSITIVE_INFINITY, earliestOther(open, cursor))
      const pause = run.take(cursor, limit)
      if (pause === 'turn') continue
      if (pause === 'bytes' && !(await cursor.fetch())) open.splice(open.indexOf(cursor), 1)
      const settled = run.tracker.settledBefore
      if (run.eventCount === 0 && settled <= horizon.watermark) continue
      const events = run.takeEvents()
      horizon.move(events, settled)
      yield { events, watermark: horizon.watermark }
    }
  } finally {
    for (const cursor of open) await cursor.close()
  }
  while (!run.tracker.finish(FLOWS_AT_ONCE)) {
    const events = run.takeEvents()
    horizon.move(events, Number.NEGATIVE_INFINITY)
    yield { events, watermark: horizon.watermark }
  }
  if (lastRead !== null) tellLimits(run, horizon, lastRead, options)
  yield { events: run.takeEvents(), watermark: Number.POSITIVE_INFINITY }
}

/** By the time of their first packet, then by name: the order in which they were given does not matter. */
function inOrder(inputs: readonly Input[]): Waiting[] {
  return inputs
    .map((input) => ({ input, firstMs: firstPacketTime(input.head) ?? Number.NEGATIVE_INFINITY }))
    .toSorted((a, b) => compare(a.firstMs, b.firstMs) || compare(a.input.name, b.input.name))
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function earliest(open: readonly Cursor[]): Cursor | null {
  let best: Cursor | null = null
  for (const cursor of open) {
    if (best === null || cursor.clock.time < best.clock.time) best = cursor
    else if (cursor.clock.time === best.clock.time && cursor.index < best.index) best = cursor
  }
  return best
}

function earliestOther(open: readonly Cursor[], than: Cursor): number {
  let time = Number.POSITIVE_INFINITY
  for (const cursor of open) if (cursor !== than && cursor.clock.time < time) time = cursor.clock.time
  return time
}

function tellLimits(run: CaptureRun, horizon: Horizon, { report }: Cursor, options: CaptureOptions): void {
  const { evicted, unread, linesLeftOut } = run.tracker
  if (evicted > 0) {
    const most = formatNumber(options.maxFlows)
    tellProblem(report, `more than ${most} flows at once: ${formatNumber(evicted)} told before they ended`)
  }
  if (unread > 0)
    tellProblem(report, `too many connections at once: ${formatNumber(unread)} not read to their end`)
  if (linesLeftOut > 0)
    tellProblem(report, `too many unfinished lines at once: ${formatNumber(linesLeftOut)} left out`)
  if (horizon.late > 0)
    tellProblem(report, `too much traffic at once: ${formatNumber(horizon.late)} events told out of order`)
}
