import { byDensity, fillFractions } from './bound.ts'
import { worthOf } from './exact.ts'
import { boundOf, fillBudget, scarceAssets } from './fill.ts'
import { KindTable } from './kind-table.ts'
import { PricedKinds } from './priced-kinds.ts'
import type { PlanProblem, Solution } from './problem.ts'
import { RiskState } from './risk-state.ts'

/**
 * How much is looked at, in nodes; filling a leaf costs about as much as so many of them. A count and not a clock: the
 * same problem gives the same plan on every machine. Beyond it the bound says how much could be missing.
 */
const MAX_WORK = 900
const WORK_OF_LEAF = 20
/** Where a plan is known already that is proven to be as close as this. */
const MAX_WORK_BESIDE = 150
const CLOSE = 0.02
/** As much work as a node: so many measures, and so many combinations of measures. */
const MEASURES_PER_WORK = 20_000
const LEAST_STEP = 0.05
/** Controls whose friction is that many times what is left of it. */
const NEARLY_ALL = 1.25
const LOOKED_PER_WORK = 4_000
/** A branch that could be better by less than this share of the best is left, and counts in the bound. */
const TOLERANCE = 0.004
const ROUNDING = 1e-9

/**
 * For many measures: branch and bound over *controls* (friction is theirs), and within a set of controls everything
 * that costs nothing, then what the money is best spent on. `known`: a plan and a bound to begin with. What stays unexplored counts in the bound, so the gap told
 * is one that holds.
 */
export function solveLarge(
  problem: PlanProblem,
  candidates: readonly number[],
  state: RiskState = new RiskState(problem),
  known: Solution | null = null,
): Solution {
  const { chosen, bound } = new Search(problem, candidates, state, known).run()
  const kept = withoutIdle(problem, chosen, state)
  const removed = worthOf(problem, kept, state)
  const boundUsdPerDay = Math.max(bound, removed)
  return {
    chosen: kept,
    removedUsdPerDay: removed,
    boundUsdPerDay,
    isExact: boundUsdPerDay - removed < 1e-6,
  }
}

interface Node {
  /** One byte per control. */
  readonly included: Uint8Array
  readonly excluded: Uint8Array
  readonly friction: number
  /** No plan of the branch above it removes more. */
  readonly limit: number
}

class Search {
  private readonly problem: PlanProblem
  private readonly candidates: readonly number[]
  private readonly whole: KindTable
  private readonly free: KindTable
  private readonly paid: readonly Paid[]
  /** What a control could bring at all by measures that cost money. */
  private readonly paidByKind: Float64Array
  private readonly state: RiskState
  private readonly before: number
  private best: { chosen: readonly number[]; worth: number } = { chosen: [], worth: 0 }
  private readonly priced: PricedKinds
  private readonly spendables = new Map<string, number>()
  /** Work of a node: grows with what there is to look at. */
  private readonly step: number
  /** By money, CPU or downtime, not by friction alone. */
  private readonly isLimited: boolean
  private work = 0
  private readonly maxWork: number
  /** No plan removes more, as known from elsewhere. */
  private readonly limit: number

  constructor(problem: PlanProblem, candidates: readonly number[], state: RiskState, known: Solution | null) {
    this.problem = problem
    this.candidates = candidates
    const isPaid = (measure: number): boolean => (problem.measures[measure]?.usdPerMonth ?? 0) > 0
    this.whole = new KindTable(problem, candidates)
    this.free = new KindTable(
      problem,
      candidates.filter((measure) => !isPaid(measure)),
    )
    this.step = Math.max(LEAST_STEP, candidates.length / MEASURES_PER_WORK)
    this.state = state
    state.clear()
    state.exact()
    this.limit = known?.boundUsdPerDay ?? Number.POSITIVE_INFINITY
    this.maxWork = MAX_WORK
    if (known !== null) {
      this.best = { chosen: known.chosen, worth: known.removedUsdPerDay }
      if (known.removedUsdPerDay >= this.limit * (1 - CLOSE)) this.maxWork = MAX_WORK_BESIDE
    }
    this.priced = new PricedKinds(problem, candidates, this.whole, this.free, this.state)
    this.before = this.state.atRisk
    this.paid = candidates
      .map((measure) => paidOf(problem, this.state, measure))
      .filter((paid) => paid !== null)
      .toSorted((a, b) => b.most * a.cost - a.most * b.cost)
    this.isLimited = this.paid.length > 0 || scarceAssets(problem, candidates).size > 0
    this.paidByKind = new Float64Array(problem.kinds.length)
    for (const { kind, most } of this.paid) this.paidByKind[kind] = (this.paidByKind[kind] ?? 0) + most
  }

  /** Dives to a leaf from the most promising branch that is open, again and again. */
  run(): { chosen: readonly number[]; bound: number } {
    const { kinds } = this.problem
    const open: Node[] = [
      {
        included: Uint8Array.from(kinds, ({ friction }) => (friction === 0 ? 1 : 0)),
        excluded: new Uint8Array(kinds.length),
        friction: 0,
        limit: this.limit,
      },
    ]
    let bound = 0
    for (let node = takeMost(open); node !== null; node = takeMost(open)) {
      if (this.work > this.maxWork || node.limit <= this.best.worth * (1 + TOLERANCE))
        bound = Math.max(bound, node.limit)
      else bound = Math.max(bound, this.dive(node, open))
    }
    return { chosen: this.best.chosen, bound }
  }

  /** Down to a leaf, leaving the other branches open. What it leaves for good: no plan there removes more. */
  private dive(start: Node, open: Node[]): number {
    for (let node = start; ;) {
      this.work += this.step
      const undecided = this.undecided(node)
      const possible = node.included.slice()
      for (const kind of undecided) possible[kind] = 1
      const left = this.problem.budget.friction - node.friction
      const most = this.free.mostByKind(node.included, possible, left)
      let limit = Math.min(node.limit, this.limitOf(node, undecided, possible, most))
      if (limit > this.best.worth * (1 + TOLERANCE) && this.paid.length > 0)
        limit = Math.min(limit, this.priced.limitOf(node, undecided, possible))
      if (limit > this.best.worth * (1 + TOLERANCE) && this.isMoneyShorter(undecided, left))
        limit = Math.min(limit, this.spendable(possible))
      if (limit <= this.best.worth * (1 + TOLERANCE)) return limit
      const kind = this.next(undecided, most)
      if (kind === null) return this.leaf(node, limit)
      open.push({ ...node, excluded: withKind(node.excluded, kind), limit })
      node = {
        included: withKind(node.included, kind),
        excluded: node.excluded,
        friction: node.friction + this.frictionOf(kind),
        limit,
      }
    }
  }

  /** Controls that are open and still fit. */
  private undecided({ included, excluded, friction }: Node): number[] {
    const kinds: number[] = []
    for (let kind = 0; kind < included.length; kind += 1) {
      if (included[kind] === 1 || excluded[kind] === 1) continue
      if (friction + this.frictionOf(kind) <= this.problem.budget.friction + ROUNDING) kinds.push(kind)
    }
    return kinds
  }

  private frictionOf(kind: number): number {
    return this.problem.kinds[kind]?.friction ?? 0
  }

  /** The control that promises most for its friction; the paid ones by what they could bring at all. */
  private next(undecided: readonly number[], most: Float64Array): number | null {
    let best: number | null = null
    for (const kind of undecided)
      if (best === null || this.promise(kind, most) > this.promise(best, most)) best = kind
    return best
  }

  private promise(kind: number, most: Float64Array): number {
    return ((most[kind] ?? 0) + Math.min(this.paidByKind[kind] ?? 0, this.before)) / this.frictionOf(kind)
  }

  /** No plan of this branch removes more. Follows `mostByKind`. */
  private limitOf(
    { friction }: Node,
    undecided: readonly number[],
    possible: Uint8Array,
    most: Float64Array,
  ): number {
    const left = this.problem.budget.friction - friction
    const kinds = byDensity(
      undecided.map((kind) => ({ measure: kind, worth: most[kind] ?? 0, cost: this.frictionOf(kind) })),
    )
    const byFriction = this.before - this.free.riskNow() + fillFractions(kinds, left)
    const free = Math.min(this.before - this.free.atMost(possible).risk, byFriction)
    return Math.min(this.before - this.whole.atMost(possible).risk, free + this.mostForMoney(possible))
  }

  /** Along the steepest slope there is, wherever it would be spent. */
  private mostForMoney(possible: Uint8Array): number {
    let left = this.problem.budget.usdPerMonth
    let worth = 0
    for (const { kind, cost, most } of this.paid) {
      if (possible[kind] !== 1) continue
      if (cost > left) return worth + (most * left) / cost
      worth += most
      left -= cost
    }
    return worth
  }

  /** What is left to decide fits nearly all: what else limits it may tell more than friction. */
  private isMoneyShorter(undecided: readonly number[], left: number): boolean {
    if (!this.isLimited) return false
    return undecided.reduce((sum, kind) => sum + this.frictionOf(kind), 0) <= left * NEARLY_ALL
  }

  /** With every control that is possible, however much friction that is: what money, CPU and downtime allow. */
  private spendable(possible: Uint8Array): number {
    const key = possible.join('')
    let known = this.spendables.get(key)
    if (known === undefined) {
      const measures = this.candidates.filter(
        (measure) => possible[this.problem.measures[measure]?.kind ?? -1] === 1,
      )
      const { bound, looked } = boundOf(this.problem, this.state, measures)
      this.work += (WORK_OF_LEAF * this.step) / 4 + looked / LOOKED_PER_WORK
      known = bound
      this.spendables.set(key, known)
    }
    return known
  }

  private leaf(node: Node, limit: number): number {
    const measures = this.candidates.filter(
      (measure) => node.included[this.problem.measures[measure]?.kind ?? -1] === 1,
    )
    const filled = fillBudget(this.problem, this.state, measures)
    this.work += WORK_OF_LEAF * this.step + filled.looked / LOOKED_PER_WORK
    if (filled.removedUsdPerDay > this.best.worth + ROUNDING)
      this.best = { chosen: filled.chosen, worth: filled.removedUsdPerDay }
    return Math.min(limit, filled.boundUsdPerDay)
  }
}

/** Something that costs money: what it could remove whatever else is chosen. */
interface Paid {
  readonly kind: number
  readonly cost: number
  readonly most: number
}

/**
 * From ways along the steepest slope there is, because closing the last way pays more than the first; from sinks at
 * most its share of what is at risk there.
 */
function paidOf(problem: PlanProblem, state: RiskState, measure: number): Paid | null {
  const one = problem.measures[measure]
  if (one === undefined || one.usdPerMonth <= 0) return null
  let most = 0
  for (const [sink, less] of state.effectOn(measure).hazard) most += less * (problem.sinks[sink]?.value ?? 0)
  for (const { on, index, share } of one.effects)
    if (on === 'sink') most += share * (problem.sinks[index]?.value ?? 0)
  return { kind: one.kind, cost: one.usdPerMonth, most }
}

function takeMost(open: Node[]): Node | null {
  let at = 0
  for (let i = 1; i < open.length; i += 1) if ((open[i]?.limit ?? 0) > (open[at]?.limit ?? 0)) at = i
  return open.splice(at, 1)[0] ?? null
}

function withKind(kinds: Uint8Array, kind: number): Uint8Array {
  const changed = kinds.slice()
  changed[kind] = 1
  return changed
}

/** Takes out what removes nothing beside the others: overhead for nothing. The most burdensome first. */
function withoutIdle(problem: PlanProblem, chosen: readonly number[], state: RiskState): number[] {
  state.clear()
  for (const measure of chosen) state.add(measure)
  state.exact()
  const weight = (measure: number): number => {
    const one = problem.measures[measure]
    return (problem.kinds[one?.kind ?? -1]?.friction ?? 0) * 1e3 + (one?.usdPerMonth ?? 0)
  }
  for (const measure of chosen.toSorted((a, b) => weight(b) - weight(a) || b - a)) {
    const before = state.atRisk
    state.remove(measure)
    if (state.atRisk - before > 1e-7) state.add(measure)
  }
  return chosen.filter((measure) => state.has(measure)).toSorted((a, b) => a - b)
}
