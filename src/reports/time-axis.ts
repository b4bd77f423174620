import type { IncidentEntry, PressureEntry } from '../story/document.ts'
import { parseTime } from '../text/time.ts'
import type { Clock } from './clock.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 30, 90, 365, 3650].map((days) => days * DAY_MS),
]

/** Epoch ms, `from` < `to`. */
export interface Range {
  readonly from: number
  readonly to: number
}

export interface Tick {
  /** 0 at the left end of the range, 1 at the right. */
  readonly at: number
  readonly label: string
}

/** Where a time lies on the range, from 0 to 1. */
export function placeOf(range: Range, ms: number): number {
  if (Number.isNaN(ms)) return 0
  return Math.min(1, Math.max(0, (ms - range.from) / (range.to - range.from)))
}

/** The range that shows all of these times, at least a minute wide. */
export function rangeOf(times: readonly number[]): Range {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const time of times) {
    if (!Number.isFinite(time)) continue
    from = Math.min(from, time)
    to = Math.max(to, time)
  }
  if (from > to) return { from: 0, to: MINUTE_MS }
  return { from, to: Math.max(to, from + MINUTE_MS) }
}

/** Every time that a picture of this incident has to show. */
export function timesOf(incident: IncidentEntry): number[] {
  const spans = [
    ...incident.tenures.map(({ start, end }) => [start, end]),
    ...incident.strips.map(({ from, to }) => [from, to]),
  ]
  const points = [...spans.flat(), ...incident.changes.map(({ time }) => time)]
  if (incident.wayIn) points.push(incident.wayIn.time)
  if (points.length === 0) points.push(incident.firstSeen, incident.lastSeen)
  return points.map(parseTime)
}

export function pressureTimes(entry: PressureEntry): number[] {
  return [parseTime(entry.firstSeen), parseTime(entry.lastSeen)]
}

/** At most `count` round times on the range, in the clock's zone: hours, or days where it is long. */
export function ticksOf(range: Range, count: number, clock: Clock): Tick[] {
  const span = range.to - range.from
  const step = STEPS_MS.find((candidate) => span / candidate < count) ?? span
  const shift = clock.offsetMinutes(range.from) * MINUTE_MS
  const ticks: Tick[] = []
  for (let at = Math.ceil((range.from + shift) / step) * step - shift; at <= range.to; at += step) {
    ticks.push({ at: placeOf(range, at), label: labelOf(at, step, span, clock) })
    if (ticks.length > count) break
  }
  return ticks
}

/** From so many days on a day without its year could be any. */
const MANY_DAYS_MS = 300 * DAY_MS

function labelOf(at: number, step: number, span: number, clock: Clock): string {
  if (step < DAY_MS) return clock.minute(at)
  return span < MANY_DAYS_MS ? clock.day(at) : clock.monthOfYear(at)
}
