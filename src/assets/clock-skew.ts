import type { Sighting } from './sightings.ts'

/** How far the clock of one file is from that of another, from things seen in both. */
export interface ClockSkew {
  readonly fileA: string
  readonly fileB: string
  /** Time in A minus time in B, ms (median). */
  readonly deltaMs: number
  readonly sightings: number
  readonly what: string
}

/** Logs carry seconds, logins take a moment: closer than this is no skew. */
export const AGREEING_MS = 5000
/** Times written in another zone differ by whole quarters of an hour. */
const ZONE_STEP_MS = 15 * 60_000

export function clockSkews(sightings: readonly Sighting[]): ClockSkew[] {
  const groups = Map.groupBy(
    sightings,
    (sighting) => `${sighting.fileA}\0${sighting.fileB}\0${sighting.what}`,
  )
  const agreed = agreementsOf(sightings)
  const skews: ClockSkew[] = []
  for (const group of groups.values()) {
    const first = group[0]
    if (first === undefined) continue
    const deltas = group.map((sighting) => sighting.deltaMs).toSorted((x, y) => x - y)
    const deltaMs = deltas[Math.floor(deltas.length / 2)] ?? 0
    // Most sightings must agree on it, else the pairs are chance (ports and processes are used again).
    const agreeing = deltas.filter((delta) => Math.abs(delta - deltaMs) <= AGREEING_MS).length
    if (agreeing * 2 <= deltas.length) continue
    const isSkewed = Math.abs(deltaMs) > AGREEING_MS
    if (isSkewed && (agreed.get(`${first.fileA}\0${first.what}`) ?? 0) > 2 * agreeing) continue
    skews.push({ fileA: first.fileA, fileB: first.fileB, deltaMs, sightings: agreeing, what: first.what })
  }
  return skews
}

/**
 * How often a file agrees with others to the second. Guessers use the same ports again and again, on many machines: a
 * clock that mostly agrees is not off by hours because of a few such pairs.
 */
function agreementsOf(sightings: readonly Sighting[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { fileA, what, deltaMs } of sightings) {
    if (Math.abs(deltaMs) > AGREEING_MS) continue
    const key = `${fileA}\0${what}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** Minutes east of UTC that file A must be written in, if the skew looks like a zone; else null. */
export function zoneFromSkew(skew: ClockSkew): number | null {
  if (Math.abs(skew.deltaMs) <= AGREEING_MS) return null
  const steps = Math.round(skew.deltaMs / ZONE_STEP_MS)
  const rest = Math.abs(skew.deltaMs - steps * ZONE_STEP_MS)
  // A login can lag its connection by up to two minutes; not more, or it is drift rather than a zone.
  return steps !== 0 && rest <= 120_000 ? steps * 15 : null
}
