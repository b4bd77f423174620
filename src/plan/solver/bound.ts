/** Something that brings at most `worth` and costs `cost` of one budget. */
export interface Item {
  readonly measure: number
  readonly worth: number
  readonly cost: number
}

/** Most for its cost first; what costs nothing before all. */
export function byDensity<T extends Item>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => b.worth * a.cost - a.worth * b.cost || a.measure - b.measure)
}

/** A knapsack that may take fractions: no choice of whole items is worth more. Items by density. */
export function fillFractions(items: readonly Item[], budget: number): number {
  let left = budget
  let worth = 0
  for (const item of items) {
    if (item.cost <= left) {
      worth += item.worth
      left -= item.cost
    } else {
      return worth + (item.cost > 0 ? (item.worth * left) / item.cost : 0)
    }
  }
  return worth
}

/** Tables for whole items: so many cells at most, in so many parts of a unit of cost. */
const MOST_CELLS = 4_000
const PARTS = 1_000

/**
 * A knapsack of whole items, exactly: no choice of them is worth more. Null where costs have no unit that makes the
 * table small.
 */
export function fillWhole(items: readonly Item[], budget: number): number | null {
  let unit = 0
  for (const { cost } of items) {
    const parts = Math.round(cost * PARTS)
    if (Math.abs(cost * PARTS - parts) > 1e-6) return null
    unit = commonDivisor(unit, parts)
  }
  if (unit === 0) return null
  const width = Math.floor((budget * PARTS) / unit + 1e-6)
  if (!(width <= MOST_CELLS)) return null
  const best = new Float64Array(width + 1)
  for (const { cost, worth } of items) {
    const cells = Math.round((cost * PARTS) / unit)
    for (let at = width; at >= cells; at -= 1)
      best[at] = Math.max(best[at] ?? 0, (best[at - cells] ?? 0) + worth)
  }
  return best[width] ?? 0
}

/** The greatest whole number that both are multiples of. */
export function commonDivisor(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}
