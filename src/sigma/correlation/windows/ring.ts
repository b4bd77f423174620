/**
 * Times in ascending order, the oldest overwritten beyond a bound. Plain JSON; grows by doubling, so
 * that a group of one event takes one place.
 */
export interface Ring {
  at: number[]
  head: number
  size: number
}

export function emptyRing(): Ring {
  return { at: [], head: 0, size: 0 }
}

/** `index` from the oldest. */
export function timeAt(ring: Ring, index: number): number {
  return ring.at[placeOf(ring, index)] ?? 0
}

function placeOf({ at, head }: Ring, index: number): number {
  const place = head + index
  return place < at.length ? place : place - at.length
}

export function insertTime(ring: Ring, time: number, bound: number): void {
  if (ring.at.length === 0) {
    // A literal takes exactly the room it needs; most groups have one event.
    ring.at = [time]
    ring.size = 1
    return
  }
  if (ring.size === ring.at.length && ring.size < bound) grow(ring, bound)
  const { at } = ring
  if (ring.size === at.length) {
    if (time < timeAt(ring, 0)) return
    ring.head = placeOf(ring, 1)
    ring.size--
  }
  let index = ring.size++
  for (; index > 0 && timeAt(ring, index - 1) > time; index--) {
    at[placeOf(ring, index)] = timeAt(ring, index - 1)
  }
  at[placeOf(ring, index)] = time
}

export function forgetBefore(ring: Ring, from: number): void {
  while (ring.size > 0 && timeAt(ring, 0) < from) {
    ring.head = placeOf(ring, 1)
    ring.size--
  }
}

export function mergeRings(one: Ring, other: Ring, bound: number): Ring {
  const merged = emptyRing()
  const all = [...timesOf(one), ...timesOf(other)].toSorted((a, b) => a - b)
  for (const time of all.slice(-bound)) insertTime(merged, time, bound)
  return merged
}

function timesOf(ring: Ring): number[] {
  return Array.from({ length: ring.size }, (_, index) => timeAt(ring, index))
}

/** A double, so that the engine packs the array from the start. */
const VACANT = -0.5

function grow(ring: Ring, bound: number): void {
  const places = Math.min(bound, Math.max(1, ring.at.length * 2))
  const at = Array<number>(places).fill(VACANT)
  for (let index = 0; index < ring.size; index++) at[index] = timeAt(ring, index)
  ring.at = at
  ring.head = 0
}
