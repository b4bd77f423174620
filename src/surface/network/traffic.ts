import {
  difference as addressDifference,
  equals,
  intersection as addressIntersection,
  type Intervals,
  isEmpty,
  overlaps,
  union as addressUnion,
  unionOf,
} from './interval.ts'

/** Ports of one protocol, half open, and the addresses at the other end for which they stand. */
export interface Band {
  readonly from: number
  readonly to: number
  readonly addresses: Intervals
}

/**
 * Traffic of one protocol: bands in order of ports, none over another, none with nobody at the other end, none
 * beside another with the same addresses. A rectangle of ports and addresses is one band; so is what rules let
 * through together, exactly, however many there are.
 */
export type Bands = readonly Band[]

export const NO_BANDS: Bands = Object.freeze([])
/** Above the highest port. */
export const PORT_END = 65_536

export function band(from: number, to: number, addresses: Intervals): Bands {
  return from >= to || isEmpty(addresses) ? NO_BANDS : [{ from, to, addresses }]
}

/** What any of the rectangles holds. */
export function bandsOf(rectangles: readonly Band[]): Bands {
  const first = rectangles[0]
  if (first === undefined) return NO_BANDS
  if (rectangles.length === 1) return band(first.from, first.to, first.addresses)
  const cuts = cutsOf(rectangles)
  const sorted = rectangles.toSorted((a, b) => a.from - b.from)
  const out = new BandList()
  let open: Band[] = []
  let next = 0
  for (let i = 0; i + 1 < cuts.length; i++) {
    const from = cuts[i] ?? 0
    const to = cuts[i + 1] ?? 0
    if (open.some((one) => one.to <= from)) open = open.filter((one) => one.to > from)
    for (let one = sorted[next]; one !== undefined && one.from <= from; one = sorted[++next]) open.push(one)
    if (open.length > 0) out.add(from, to, unionOf(open.map((one) => one.addresses)))
  }
  return out.bands
}

function cutsOf(rectangles: readonly Band[]): number[] {
  const bounds: number[] = []
  for (const { from, to } of rectangles) bounds.push(from, to)
  bounds.sort((a, b) => a - b)
  let kept = 0
  for (const bound of bounds) if (kept === 0 || bounds[kept - 1] !== bound) bounds[kept++] = bound
  bounds.length = kept
  return bounds
}

export function union(a: Bands, b: Bands): Bands {
  if (a.length === 0) return b
  return b.length === 0 ? a : combine(a, b, addressUnion)
}

export function intersection(a: Bands, b: Bands): Bands {
  return a.length === 0 || b.length === 0 ? NO_BANDS : combine(a, b, addressIntersection)
}

export function difference(a: Bands, b: Bands): Bands {
  return a.length === 0 || b.length === 0 ? a : combine(a, b, addressDifference)
}

/** Only these addresses. */
export function among(bands: Bands, addresses: Intervals): Bands {
  const out = new BandList()
  for (const one of bands) out.add(one.from, one.to, addressIntersection(one.addresses, addresses))
  return out.bands
}

export function overlap(a: Bands, one: Band): boolean {
  return a.some((each) => each.from < one.to && one.from < each.to && overlaps(each.addresses, one.addresses))
}

/** Only ports from `from` to below `to`. */
export function within(bands: Bands, from: number, to: number): Bands {
  const out = new BandList()
  for (const one of bands) out.add(Math.max(one.from, from), Math.min(one.to, to), one.addresses)
  return out.bands
}

/** Everybody for whom some port is in. */
export function addressesOf(bands: Bands): Intervals {
  return unionOf(bands.map((one) => one.addresses))
}

function combine(a: Bands, b: Bands, operation: (a: Intervals, b: Intervals) => Intervals): Bands {
  const cuts = cutsOf([...a, ...b])
  const out = new BandList()
  let i = 0
  let j = 0
  for (let cut = 0; cut + 1 < cuts.length; cut++) {
    const from = cuts[cut] ?? 0
    while (i < a.length && (a[i]?.to ?? 0) <= from) i++
    while (j < b.length && (b[j]?.to ?? 0) <= from) j++
    out.add(from, cuts[cut + 1] ?? 0, operation(addressesAt(a[i], from), addressesAt(b[j], from)))
  }
  return out.bands
}

const NOBODY: Intervals = []

function addressesAt(one: Band | undefined, port: number): Intervals {
  return one !== undefined && one.from <= port ? one.addresses : NOBODY
}

/** Adds bands in order of ports, joining neighbours that hold the same addresses. */
class BandList {
  readonly bands: Band[] = []

  add(from: number, to: number, addresses: Intervals): void {
    if (from >= to || isEmpty(addresses)) return
    const last = this.bands.at(-1)
    if (last !== undefined && last.to === from && equals(last.addresses, addresses))
      this.bands[this.bands.length - 1] = { from: last.from, to, addresses: last.addresses }
    else this.bands.push({ from, to, addresses })
  }
}
