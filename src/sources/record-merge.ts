import type { Input } from '../inputs/input.ts'
import { type MergeableRecord, RecordCursor } from './record-cursor.ts'
import { SeenRecords } from './seen-records.ts'
import type { InputReport } from './source.ts'

export type { MergeableRecord } from './record-cursor.ts'

export interface RecordStream<R extends MergeableRecord> {
  readonly input: Input
  readonly report: InputReport
  /** Epoch ms of the first record; null = unknown, which opens the input at once. */
  readonly firstTime: number | null
  /** Records in the order of the input. Called at most once. */
  records(): AsyncIterable<readonly R[]>
}

export interface MergeOptions {
  /** How far (ms) the times of one input may step back and still be put in order. */
  readonly disorderMs: number
  /**
   * At most so many inputs are read side by side, and 16 times as many wait, read to their end, for their
   * records' turn; where more overlap, the rest comes late.
   */
  readonly maxOpen?: number
  /** About so many records are held at most, over all inputs. */
  readonly maxBuffered?: number
  /** … and about so many characters of them. */
  readonly maxBufferedChars?: number
}

/** Inputs that are read to their end and wait, for each that may be read. */
const ENDED_PER_READING = 16

/** No later batch holds a record before `watermark` (epoch ms), save those counted in `report.late`; `Infinity` comes last. */
export interface MergedBatch<R extends MergeableRecord> {
  readonly records: readonly R[]
  readonly watermark: number
}

/**
 * Merges the records of one source over many inputs into one stream in order of time.
 *
 * - An input is opened only when its first record is reached; where one input is read alone its
 *   records pass through with hardly any work.
 * - Each input may be out of order by `disorderMs`. A time that steps back further is a clock that was
 *   set: the record keeps its time, comes out as soon as it can, and counts as late where it comes
 *   behind the watermark. Nothing is dropped for its time.
 * - The same evidence given twice counts once: of records with the same time and identity the stream
 *   holds as many as the input that has most of them, and the rest goes into `report.duplicates`. So
 *   lines that really repeat within one file stay. Two limits: equal lines of one second that a cut
 *   spreads over two files cannot be told from a copy and count as copies; a copy that comes late
 *   is known only while both inputs were open and it is among the last 16,000 records.
 * - Records of one time keep the order of their input, lane by lane. Where several inputs share a time,
 *   the one that ends there goes first and the one that begins there last (a file cut in two); content
 *   decides the rest, never a name or the order given.
 */
export async function* mergeRecords<R extends MergeableRecord>(
  streams: readonly RecordStream<R>[],
  { disorderMs, maxOpen = 128, maxBuffered = 16_000, maxBufferedChars = 2 ** 23 }: MergeOptions,
): AsyncIterable<MergedBatch<R>> {
  const waiting = streams.toSorted((a, b) => startOf(b) - startOf(a) || 0)
  const seen = new SeenRecords()
  let open: RecordCursor<R>[] = []
  let watermark = -Infinity
  try {
    for (;;) {
      openDue(waiting, open, { disorderMs, maxOpen, maxBuffered })
      if (open.length === 0) break
      const limit = hasRoom(open, { maxOpen, maxBuffered }) ? limitOf(waiting, disorderMs) : Infinity
      const records = takeBefore(open, Math.min(limit, lowest(open, 'committed')), watermark, seen)
      watermark = Math.max(watermark, Math.min(limit, lowest(open, 'promised')))
      open = open.filter((cursor) => !cursor.isDrained)
      const isLast = open.length === 0 && waiting.length === 0
      if (records.length > 0 || isLast) yield { records, watermark: isLast ? Infinity : watermark }
      const reading = open.filter((cursor) => !cursor.isEnded)
      const room = { records: maxBuffered / reading.length, chars: maxBufferedChars / reading.length }
      const slowest = slowestOf(reading)
      if (slowest === null || slowest.committed >= limit) continue
      // What has just been opened holds all others up: all of it begins at once.
      const due = slowest.committed === -Infinity ? reading.filter(isUnread) : [slowest]
      for (const cursor of due) await cursor.readOn(room)
    }
    if (streams.length === 0) yield { records: [], watermark: Infinity }
  } finally {
    await Promise.all(open.map((cursor) => cursor.close()))
  }
}

function startOf(stream: { firstTime: number | null }): number {
  return stream.firstTime ?? -Number.MAX_VALUE
}

/** Nothing at or after this time may come out before the next waiting input is open. */
function limitOf(waiting: readonly { firstTime: number | null }[], disorderMs: number): number {
  const next = waiting.at(-1)
  return next === undefined ? Infinity : startOf(next) - disorderMs
}

interface Bounds {
  readonly maxOpen: number
  readonly maxBuffered: number
}

/** Whether one more input may be opened: being read they cost buffers, read to their end only what is left of them. */
function hasRoom(open: readonly RecordCursor<MergeableRecord>[], { maxOpen, maxBuffered }: Bounds): boolean {
  if (open.length < maxOpen) return true
  let reading = 0
  let held = 0
  for (const cursor of open) {
    if (!cursor.isEnded) reading++
    held += cursor.heldCount
  }
  return reading < maxOpen && open.length < maxOpen * ENDED_PER_READING && held < 2 * maxBuffered
}

function openDue<R extends MergeableRecord>(
  waiting: RecordStream<R>[],
  open: RecordCursor<R>[],
  { disorderMs, ...bounds }: Bounds & { disorderMs: number },
): void {
  while (waiting.length > 0 && hasRoom(open, bounds)) {
    const next = Math.min(lowest(open, 'committed'), lowest(open, 'nextTime'))
    const isDue = open.length === 0 || next >= limitOf(waiting, disorderMs)
    if (!isDue) return
    const stream = waiting.pop()
    if (stream !== undefined) open.push(new RecordCursor(stream, waiting.length + 1, disorderMs))
  }
}

function lowest<R extends MergeableRecord>(
  open: readonly RecordCursor<R>[],
  what: 'committed' | 'promised' | 'nextTime',
): number {
  let least = Infinity
  for (const cursor of open) if (cursor[what] < least) least = cursor[what]
  return least
}

function slowestOf<R extends MergeableRecord>(reading: readonly RecordCursor<R>[]): RecordCursor<R> | null {
  let slowest: RecordCursor<R> | null = null
  for (const cursor of reading) if (slowest === null || cursor.committed < slowest.committed) slowest = cursor
  return slowest
}

function isUnread(cursor: RecordCursor<MergeableRecord>): boolean {
  return cursor.committed === -Infinity
}

/** Takes every held record before `horizon` out of the cursors, in order. */
function takeBefore<R extends MergeableRecord>(
  open: readonly RecordCursor<R>[],
  horizon: number,
  watermark: number,
  seen: SeenRecords,
): R[] {
  const out: R[] = []
  const only = open.length === 1 ? open[0] : undefined
  if (only !== undefined) {
    takeAlone(only, horizon, { watermark, seen }, out)
    groupLanes(out)
    return out
  }
  for (;;) {
    const { first, firstTime, secondTime } = firstTwo(open)
    if (first === null || firstTime >= horizon) break
    if (firstTime < secondTime) takeRun(first, Math.min(horizon, secondTime), { watermark, seen }, out)
    else takeShared(open, firstTime, { watermark, seen }, out)
  }
  groupLanes(out)
  return out
}

/** The cursor whose record is next, and the times of that record and of the next one of any other cursor. */
function firstTwo<R extends MergeableRecord>(open: readonly RecordCursor<R>[]) {
  let first: RecordCursor<R> | null = null
  let firstTime = Infinity
  let secondTime = Infinity
  for (const cursor of open) {
    const time = cursor.nextTime
    if (time < firstTime) {
      secondTime = firstTime
      firstTime = time
      first = cursor
    } else if (time < secondTime) secondTime = time
  }
  return { first, firstTime, secondTime }
}

interface Taking {
  readonly watermark: number
  readonly seen: SeenRecords
}

/** Nobody else has records here; only what does not come after all that went before can be a copy. */
function takeAlone<R extends MergeableRecord>(
  cursor: RecordCursor<R>,
  before: number,
  { watermark, seen }: Taking,
  out: R[],
): void {
  cursor.takeBefore(before, watermark, out)
  if ((out[0]?.time ?? Infinity) > watermark) return
  const run = out.splice(0)
  for (const record of run) {
    if (record.time > watermark || seen.admit(record, cursor.number)) out.push(record)
    else cursor.report.duplicates++
  }
}

function takeRun<R extends MergeableRecord>(
  cursor: RecordCursor<R>,
  before: number,
  { watermark, seen }: Taking,
  out: R[],
): void {
  const run: R[] = []
  cursor.takeBefore(before, watermark, run)
  admitAll(cursor, run, seen, out)
}

/** Several inputs have records of the same time. */
function takeShared<R extends MergeableRecord>(
  open: readonly RecordCursor<R>[],
  time: number,
  { watermark, seen }: Taking,
  out: R[],
): void {
  const parts: { cursor: RecordCursor<R>; place: number; group: R[] }[] = []
  for (const cursor of open) {
    if (cursor.nextTime !== time) continue
    const isBegun = cursor.isBegunBefore(time)
    const group: R[] = []
    cursor.takeTime(time, watermark, group)
    const goesOn = !cursor.isDrained
    parts.push({ cursor, place: isBegun ? (goesOn ? 1 : 0) : goesOn ? 3 : 2, group })
  }
  parts.sort((a, b) => a.place - b.place || compareContent(a.group, b.group))
  if (areLanesApart(parts)) for (const { group } of parts) for (const record of group) out.push(record)
  else for (const { cursor, group } of parts) admitAll(cursor, group, seen, out)
}

/** Inputs of different writers cannot hold copies of each other's records. */
function areLanesApart(parts: readonly { group: readonly MergeableRecord[] }[]): boolean {
  const lanes = new Set<string>()
  for (const { group } of parts) {
    const lane = group[0]?.lane
    if (lane === undefined || lanes.has(lane)) return false
    for (const record of group) if (record.lane !== lane) return false
    lanes.add(lane)
  }
  return true
}

function admitAll<R extends MergeableRecord>(
  cursor: RecordCursor<R>,
  records: readonly R[],
  seen: SeenRecords,
  out: R[],
): void {
  for (const record of records) {
    if (seen.admit(record, cursor.number)) out.push(record)
    else cursor.report.duplicates++
  }
}

function compareContent(a: readonly MergeableRecord[], b: readonly MergeableRecord[]): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const left = a[at]?.identity ?? ''
    const right = b[at]?.identity ?? ''
    if (left !== right) return left < right ? -1 : 1
  }
  return b.length - a.length
}

/** Sorts neighbours of one time by lane, keeping the order within a lane. */
function groupLanes(records: MergeableRecord[]): void {
  let start = 0
  let isMixed = false
  for (let at = 1; at <= records.length; at++) {
    const record = records[at]
    const first = records[start]
    if (record !== undefined && record.time === first?.time) {
      if (record.lane !== first.lane) isMixed = true
      continue
    }
    if (isMixed) {
      const group = records.slice(start, at).toSorted(compareLane)
      for (const [index, grouped] of group.entries()) records[start + index] = grouped
    }
    start = at
    isMixed = false
  }
}

function compareLane(a: MergeableRecord, b: MergeableRecord): number {
  const left = a.lane ?? ''
  const right = b.lane ?? ''
  return left === right ? 0 : left < right ? -1 : 1
}
