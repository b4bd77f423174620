import type { ClockSkew } from '../assets/clock-skew.ts'
import { zoneFromSkew } from '../assets/clock-skew.ts'
import type { Zone } from '../sources/source.ts'

/**
 * Zones of files whose times are written without one: as the user said, or as a first reading has
 * shown. Remembers whom it could not answer.
 */
export class Zones {
  readonly unanswered = new Set<string>()
  private readonly said: Zone | null
  private readonly found = new Map<string, Zone>()

  constructor(said: Zone | null) {
    this.said = said
  }

  of(file: string): Zone | null {
    const zone = this.said ?? this.found.get(file) ?? null
    if (zone === null) this.unanswered.add(file)
    return zone
  }

  /**
   * Learns from clocks that disagree by whole quarters of an hour. Files of the same host are written
   * in the same zone. Gives whether there was something new: then everything has to be read again.
   */
  learn(skews: readonly ClockSkew[], hostsOf: (file: string) => ReadonlySet<string>): boolean {
    const hosts = new Map<string, Zone>()
    for (const skew of skews.toSorted((a, b) => b.sightings - a.sightings)) {
      const minutes = zoneFromSkew(skew)
      if (minutes === null || !this.unanswered.has(skew.fileA)) continue
      const why = `${skew.what} is in ${skew.fileB} at ${offsetName(minutes)}`
      for (const host of hostsOf(skew.fileA))
        if (!hosts.has(host)) hosts.set(host, { minutesAt: () => minutes, why })
    }
    for (const file of this.unanswered) {
      for (const host of hostsOf(file)) {
        const zone = hosts.get(host)
        if (zone !== undefined) this.found.set(file, zone)
      }
    }
    this.unanswered.clear()
    return hosts.size > 0
  }
}

/** `UTC+02:00` */
export function offsetName(minutes: number): string {
  const size = Math.abs(minutes)
  const clock = `${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`
  return minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '-' : '+'}${clock}`
}
