/** The lowest of any number of values (`Math.min(...values)` overflows the stack at a hundred thousand); Infinity of none. */
export function lowest(values: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY
  for (const value of values) if (value < least) least = value
  return least
}

/** The highest of any number of values; -Infinity of none. */
export function highest(values: Iterable<number>): number {
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) if (value > most) most = value
  return most
}
