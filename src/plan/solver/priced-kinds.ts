import { byDensity, fillFractions } from './bound.ts'
import type { KindTable } from './kind-table.ts'
import type { PlanProblem } from './problem.ts'
import type { RiskState } from './risk-state.ts'

/** So many prices of a dollar are tried, each this much of the one before. */
const PRICES = 14
const STEP = 0.6

/** Something that costs money, as it stands to its sinks where nothing else is chosen: more it never does. */
interface Paid {
  readonly kind: number
  readonly cost: number
  readonly hazard: readonly (readonly [sink: number, less: number])[]
  readonly losses: readonly { readonly sink: number; readonly share: number }[]
}

/**
 * What controls bring at most where friction and money are both short: money has a price (a Lagrange multiplier), what
 * is worth its price counts for its control, and friction is shared out among controls. That holds for every price.
 */
export class PricedKinds {
  readonly #problem: PlanProblem
  readonly #whole: KindTable
  readonly #free: KindTable
  readonly #paid: readonly Paid[]
  readonly #before: number
  readonly #slope: Float64Array
  readonly #worth: Float64Array

  constructor(
    problem: PlanProblem,
    candidates: readonly number[],
    whole: KindTable,
    free: KindTable,
    state: RiskState,
  ) {
    this.#problem = problem
    this.#whole = whole
    this.#free = free
    this.#before = state.atRisk
    this.#paid = candidates.flatMap((measure): Paid[] => {
      const one = problem.measures[measure]
      if (one === undefined || one.usdPerMonth <= 0) return []
      const losses = one.effects.filter(({ on }) => on === 'sink')
      return [
        {
          kind: one.kind,
          cost: one.usdPerMonth,
          hazard: [...state.effectOn(measure).hazard],
          losses: losses.map(({ index, share }) => ({ sink: index, share })),
        },
      ]
    })
    this.#slope = new Float64Array(problem.sinks.length)
    this.#worth = new Float64Array(this.#paid.length)
  }

  limitOf(
    { included, friction }: { readonly included: Uint8Array; readonly friction: number },
    undecided: readonly number[],
    possible: Uint8Array,
  ): number {
    const { kinds, budget } = this.#problem
    const lowest = this.#whole.atMost(possible).hazard
    const most = this.#free.mostBeside(included, possible, lowest, this.#slope)
    const base = this.#before - this.#free.riskNow()
    this.#weigh(possible)
    const left = budget.friction - friction
    let best = Number.POSITIVE_INFINITY
    let price = this.#steepest(possible)
    for (let i = 0; i <= PRICES; i += 1, price *= STEP) {
      const at = i === PRICES ? 0 : price
      const { inside, byKind } = this.#atPrice(at, included, possible)
      const items = undecided.map((kind) => ({
        measure: kind,
        worth: (most[kind] ?? 0) + (byKind[kind] ?? 0),
        cost: kinds[kind]?.friction ?? 0,
      }))
      const money = at === 0 ? 0 : at * budget.usdPerMonth
      best = Math.min(best, base + inside + money + fillFractions(byDensity(items), left))
    }
    return best
  }

  /** What each brings at most on top of what is included, along the slopes. */
  #weigh(possible: Uint8Array): void {
    for (const [i, { kind, hazard, losses }] of this.#paid.entries()) {
      let worth = 0
      if (possible[kind] === 1) {
        for (const [sink, less] of hazard) worth += (this.#slope[sink] ?? 0) * less
        for (const { sink, share } of losses) worth += share * this.#free.riskOf(sink)
      }
      this.#worth[i] = worth
    }
  }

  #steepest(possible: Uint8Array): number {
    let most = 0
    for (const [i, { kind, cost }] of this.#paid.entries())
      if (possible[kind] === 1) most = Math.max(most, (this.#worth[i] ?? 0) / cost)
    return most
  }

  /** What is worth more than it costs at this price: of controls that are included, and of each other one. */
  #atPrice(
    price: number,
    included: Uint8Array,
    possible: Uint8Array,
  ): { inside: number; byKind: Float64Array } {
    const byKind = new Float64Array(this.#problem.kinds.length)
    let inside = 0
    for (const [i, { kind, cost }] of this.#paid.entries()) {
      const gain = (this.#worth[i] ?? 0) - price * cost
      if (gain <= 0 || possible[kind] !== 1) continue
      if (included[kind] === 1) inside += gain
      else byKind[kind] = (byKind[kind] ?? 0) + gain
    }
    return { inside, byKind }
  }
}
