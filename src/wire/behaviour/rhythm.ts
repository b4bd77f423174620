import type { Message } from './messages.ts'

/** How evenly the client sends its usual message. */
export interface Rhythm {
  /** Share of the times between two of them that are within a quarter of the middle one. */
  readonly share: number
  /** The middle one, ms; 0 where there are too few to tell. */
  readonly everyMs: number
}

const MIN_INTERVALS = 3
/** Retries and bursts of the same message are no rhythm. */
const MIN_EVERY_MS = 1000
const TOLERANCE = 0.25
const NONE: Rhythm = { share: 0, everyMs: 0 }

/** `usualLength` is that of the client's most frequent message. */
export function rhythmOf(messages: readonly Message[], usualLength: number): Rhythm {
  const intervals: number[] = []
  let sinceMs: number | null = null
  for (const { isOut, length, gapMs } of messages) {
    if (sinceMs !== null) sinceMs += gapMs ?? 0
    if (!isOut || length !== usualLength) continue
    if (sinceMs !== null) intervals.push(sinceMs)
    sinceMs = 0
  }
  if (intervals.length < MIN_INTERVALS) return NONE
  intervals.sort((a, b) => a - b)
  const everyMs = intervals[intervals.length >> 1] ?? 0
  if (everyMs < MIN_EVERY_MS) return NONE
  const even = intervals.filter((interval) => Math.abs(interval - everyMs) <= everyMs * TOLERANCE)
  return { share: even.length / intervals.length, everyMs }
}
