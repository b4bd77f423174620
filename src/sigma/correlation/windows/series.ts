/**
 * Numbers in the order of their times, with their sum at any moment. The sum is never taken back
 * from (that would leave rounding behind): `suffix` holds the sums from each of the `settled` oldest
 * entries to the end of those, `rest` the sum of what came after. Plain JSON.
 */
export interface Series {
  times: number[]
  values: number[]
  suffix: number[]
  settled: number
  rest: number
  head: number
  /** Entries let go because there were too many. */
  lost: number
}

/** Entries a group keeps at most; beyond it the oldest go, and the firing says so. */
export const MAX_ENTRIES = 100_000
/** Dead entries at the front are cut off from here on. */
const CUT_FROM = 32

export function emptySeries(): Series {
  return { times: [], values: [], suffix: [], settled: 0, rest: 0, head: 0, lost: 0 }
}

export function sizeOf({ times, head }: Series): number {
  return times.length - head
}

export function totalOf({ suffix, head, settled, rest }: Series): number {
  return (head < settled ? (suffix[head] ?? 0) : 0) + rest
}

export function insertEntry(series: Series, time: number, value: number): void {
  const { times, values } = series
  if (times.length === 0) {
    // Literals take exactly the room they need; most groups have one entry.
    series.times = [time]
    series.values = [value]
    series.rest = value
    return
  }
  let index = times.length
  while (index > series.head && (times[index - 1] ?? time) > time) index--
  if (index === times.length) {
    times.push(time)
    values.push(value)
    series.rest += value
    return
  }
  times.splice(index, 0, time)
  values.splice(index, 0, value)
  settle(series)
}

/** Lets go of the oldest entry and gives its value; it must have one. */
export function dropOldest(series: Series): number {
  if (series.head >= series.settled) settle(series)
  const value = series.values[series.head++] ?? 0
  if (series.head >= CUT_FROM && series.head * 2 >= series.times.length) cut(series)
  return value
}

export function oldestTime({ times, head }: Series): number {
  return times[head] ?? Infinity
}

export function mergeSeries(one: Series, other: Series): Series {
  const entries = [one, other]
    .flatMap(({ times, values, head }) =>
      times.slice(head).map((time, at) => ({ time, value: values[head + at] ?? 0 })),
    )
    .toSorted((a, b) => a.time - b.time)
  const kept = entries.slice(-MAX_ENTRIES)
  const merged = emptySeries()
  merged.times = kept.map(({ time }) => time)
  merged.values = kept.map(({ value }) => value)
  merged.lost = one.lost + other.lost + entries.length - kept.length
  settle(merged)
  return merged
}

function settle(series: Series): void {
  cut(series)
  const { values } = series
  const suffix = Array<number>(values.length).fill(0)
  let sum = 0
  for (let at = values.length - 1; at >= 0; at--) {
    sum += values[at] ?? 0
    suffix[at] = sum
  }
  series.suffix = suffix
  series.settled = values.length
  series.rest = 0
}

function cut(series: Series): void {
  const { head } = series
  if (head === 0) return
  series.times.splice(0, head)
  series.values.splice(0, head)
  series.suffix.splice(0, head)
  series.settled = Math.max(0, series.settled - head)
  series.head = 0
}
