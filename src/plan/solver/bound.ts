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
