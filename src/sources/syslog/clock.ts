import type { AuthEvent } from '../../event/auth.ts'
import type { Zone } from '../source.ts'
import type { Timestamp } from './timestamp.ts'
import { wallTime, YearClock } from './year.ts'

type TimeQuality = AuthEvent['timeQuality']

/** How the times of one input are read: what they do not say is filled in. */
export interface InputClock {
  /** Epoch ms; NaN for a date that the year does not have. */
  timeOf(stamp: Timestamp): number
  qualityOf(stamp: Timestamp): TimeQuality
  /** Year that times without one are in by now. */
  readonly year: number
}

export interface ClockSettings {
  /** Of the first time without year. */
  readonly year: number
  /** For times without zone; null = UTC is assumed. */
  readonly zone: Zone | null
  /** No line is younger (epoch ms). */
  readonly latest: number
}

/** Zones change on a quarter of an hour. */
const ZONE_STEP_MS = 15 * 60_000

/** Wall time (epoch ms as if the clock showed UTC) to epoch ms. */
export function toEpoch(wallMs: number, zone: Zone | null): number {
  return zone === null || Number.isNaN(wallMs) ? wallMs : wallMs - zone.minutesAt(wallMs) * 60_000
}

export function inputClock({ year, zone, latest }: ClockSettings): InputClock {
  const years = new YearClock(year, latest)
  const yearless: TimeQuality = zone === null ? 'year-and-zone-assumed' : 'year-assumed'
  const zoneless: TimeQuality = zone === null ? 'zone-assumed' : 'exact'
  let step = Number.NaN
  let offsetMs = 0
  const local = (wallMs: number): number => {
    if (zone === null || Number.isNaN(wallMs)) return wallMs
    const current = Math.floor(wallMs / ZONE_STEP_MS)
    if (current !== step) {
      step = current
      offsetMs = zone.minutesAt(wallMs) * 60_000
    }
    return wallMs - offsetMs
  }
  return {
    get year() {
      return years.year
    },
    timeOf(stamp) {
      if (stamp.year === 0) return local(years.wallTimeOf(stamp))
      const wallMs = wallTime(stamp.year, stamp)
      return Number.isNaN(stamp.zoneMinutes) ? local(wallMs) : wallMs - stamp.zoneMinutes * 60_000
    },
    qualityOf(stamp) {
      if (stamp.year === 0) return yearless
      return Number.isNaN(stamp.zoneMinutes) ? zoneless : 'exact'
    },
  }
}
