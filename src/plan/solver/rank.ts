/** A plan as far as it is decided; `worth` in micro-dollars a day, so that equal is equal. */
export interface Candidate {
  readonly worth: number
  readonly weight: readonly number[]
  readonly chosen: readonly number[]
}

export function inMicroUsd(usd: number): number {
  return Math.round(usd * 1e6)
}

/**
 * Negative where `a` is the better plan: more money, then less overhead, then fewer measures, then the earlier ones.
 * The order is total, so the same input gives the same plan.
 */
export function comparePlans(a: Candidate, b: Candidate): number {
  if (a.worth !== b.worth) return b.worth - a.worth
  for (const [i, weight] of a.weight.entries()) {
    const difference = Math.round((weight - (b.weight[i] ?? 0)) * 1e6)
    if (difference !== 0) return difference
  }
  if (a.chosen.length !== b.chosen.length) return a.chosen.length - b.chosen.length
  for (const [i, measure] of a.chosen.entries()) {
    const difference = measure - (b.chosen[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
