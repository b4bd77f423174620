import type { Stretch } from './tenures.ts'

/** How busy a machine was. */
export interface Load {
  /** Share of the processors that were busy, 0 to 1; null where nobody measured. */
  busyBetween(from: number, to: number): number | null
  /** Until when processors were measured, epoch ms; null = never. */
  readonly measuredTo: number | null
  /** Whether a capture shows what the machine said at that time (epoch ms). */
  isCaptured(at: number): boolean
}

const MINUTE_MS = 60_000
/** A rise of less than this share of the machine is none. */
const RISE = 0.12
/** What it did before anybody came is looked at so far back. */
const CALM_MS = 12 * 60 * MINUTE_MS
/** Work that does not go on for so long is a job. */
const LASTING_MS = 10 * MINUTE_MS
/** Idle for less than this within a burn is a pause: a restart, or a machine that is slow to answer. */
const PAUSE_MS = 3 * MINUTE_MS
/** Two weeks of minutes, and no more: a bound for hostile evidence. */
const MAX_STEPS = 14 * 24 * 60
/** Of the hours before, this share may have been busier than what counts as calm. */
const CALM_SHARE = 0.95

/**
 * When the processors were busier than before anybody came, and stayed so, where no capture tells what for (epoch ms,
 * whole minutes, oldest first). `since`: the first step of an intruder.
 */
export function burnsOf(load: Load, since: number): Stretch[] {
  const { measuredTo } = load
  const floor = floorOf(load, since)
  if (measuredTo === null || floor === null) return []
  const burns: Stretch[] = []
  let burn: Stretch | null = null
  const begin = Math.floor(since / MINUTE_MS) * MINUTE_MS
  const end = Math.min(measuredTo, begin + MAX_STEPS * MINUTE_MS)
  for (let at = begin; at < end; at += MINUTE_MS) {
    const busy = load.isCaptured(at) ? null : load.busyBetween(at, at + MINUTE_MS)
    if (busy === null || busy < floor) continue
    if (burn === null || at - burn.to > PAUSE_MS) {
      burn = { from: at, to: at + MINUTE_MS, sharesAccepted: null }
      burns.push(burn)
    } else burn.to = at + MINUTE_MS
  }
  return burns.filter(({ from, to }) => to - from >= LASTING_MS)
}

/** How busy is too busy; null where nobody measured before. */
function floorOf(load: Load, since: number): number | null {
  const before: number[] = []
  for (let at = since - CALM_MS; at < since - 5 * MINUTE_MS; at += 5 * MINUTE_MS) {
    const busy = load.busyBetween(at, at + 5 * MINUTE_MS)
    if (busy !== null) before.push(busy)
  }
  if (before.length === 0) return null
  const sorted = before.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0
  const high = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * CALM_SHARE))] ?? 0
  // A machine that was as busy as that before shows nothing by it.
  const floor = Math.max(middle + RISE, high + RISE / 4)
  return floor < 1 ? floor : null
}
