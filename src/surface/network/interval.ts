/**
 * Sets of numbers as sorted bounds, half open: `[from0, to0, from1, to1, …]` holds from0 ≤ x < to0 and so on.
 * Half open needs no successor, so that the same code serves IPv4 addresses (numbers) and IPv6 (bigint).
 */
export type Bound = number | bigint
export type Intervals = readonly Bound[]

export const NOTHING: Intervals = Object.freeze([])

export function isEmpty(set: Intervals): boolean {
  return set.length === 0
}

export function union(a: Intervals, b: Intervals): Intervals {
  if (a.length === 0 || a === b) return b
  if (b.length === 0) return a
  return combine(a, b, UNION)
}

export function intersection(a: Intervals, b: Intervals): Intervals {
  if (a === b || a.length === 0) return a
  return b.length === 0 ? b : combine(a, b, INTERSECTION)
}

/** What is in `a` and not in `b`. */
export function difference(a: Intervals, b: Intervals): Intervals {
  if (a.length === 0 || b.length === 0) return a
  return a === b ? NOTHING : combine(a, b, DIFFERENCE)
}

export function isSubset(a: Intervals, b: Intervals): boolean {
  return a === b || isEmpty(difference(a, b))
}

export function overlaps(a: Intervals, b: Intervals): boolean {
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    if (at(a, i + 1) <= at(b, j)) i += 2
    else if (at(b, j + 1) <= at(a, i)) j += 2
    else return true
  }
  return false
}

export function equals(a: Intervals, b: Intervals): boolean {
  return a === b || (a.length === b.length && a.every((bound, i) => bound === b[i]))
}

export function holds(set: Intervals, value: Bound): boolean {
  let low = 0
  let high = set.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (at(set, middle) <= value) low = middle + 1
    else high = middle
  }
  return low % 2 === 1
}

/** Of many intervals in any order: sorted once, which is faster than one union after the other. */
export function unionOf(intervals: readonly Intervals[]): Intervals {
  if (intervals.length <= 1) return intervals[0] ?? NOTHING
  if (intervals.length === 2) return union(intervals[0] ?? NOTHING, intervals[1] ?? NOTHING)
  const pairs: [Bound, Bound][] = []
  for (const set of intervals)
    for (let i = 0; i < set.length; i += 2) pairs.push([at(set, i), at(set, i + 1)])
  pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
  const out: Bound[] = []
  for (const [from, to] of pairs) {
    const last = out.at(-1)
    if (last === undefined || last < from) out.push(from, to)
    else if (last < to) out[out.length - 1] = to
  }
  // As with `combine`: where one of them holds the others, it is that one.
  return intervals.find((set) => set.length === out.length && equals(set, out)) ?? out
}

const UNION = 0
const INTERSECTION = 1
const DIFFERENCE = 2

/** One pass over both: a bound is kept where membership in the result changes. */
function combine(a: Intervals, b: Intervals, operation: number): Intervals {
  const out: Bound[] = []
  let i = 0
  let j = 0
  let isIn = false
  while (i < a.length || j < b.length) {
    const next = i >= a.length ? at(b, j) : j >= b.length || at(a, i) < at(b, j) ? at(a, i) : at(b, j)
    if (i < a.length && a[i] === next) i++
    if (j < b.length && b[j] === next) j++
    const inA = i % 2 === 1
    const inB = j % 2 === 1
    const now = operation === UNION ? inA || inB : operation === INTERSECTION ? inA && inB : inA && !inB
    if (now === isIn) continue
    out.push(next)
    isIn = now
  }
  // The same set stays the same object: much is remembered by it.
  if (out.length === a.length && equals(out, a)) return a
  return out.length === b.length && equals(out, b) ? b : out
}

function at(set: Intervals, index: number): Bound {
  return set[index] ?? 0
}
