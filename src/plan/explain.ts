import { formatUsd } from '../text/units.ts'
import type { Measure } from './build-problem.ts'
import type { LeftOut } from './document.ts'
import type { Budget } from './overhead.ts'
import { Ledger, type Limit } from './solver/ledger.ts'
import type { PlanProblem } from './solver/problem.ts'
import { RiskState } from './solver/risk-state.ts'

/** Below that, or below a hundredth of everything at risk, a measure is not worth a line. */
const WORTH_USD_PER_DAY = 0.005
const WORTH_SHARE = 0.01

/** USD a day from which something is worth doing where so much is at risk. */
export function worthFrom(atRiskUsdPerDay: number): number {
  return Math.min(WORTH_USD_PER_DAY, atRiskUsdPerDay * WORTH_SHARE)
}

interface Asked {
  readonly measures: readonly Measure[]
  readonly problem: PlanProblem
  readonly chosen: readonly number[]
  readonly tooDear: ReadonlyMap<number, Limit>
  /** Chosen by the solver and dropped because they are worth next to nothing. */
  readonly dropped: ReadonlySet<number>
}

/** Why measures are not in the plan; those of one control and reason together. */
export function leftOutOf({ measures, problem, chosen, tooDear, dropped }: Asked): LeftOut[] {
  const state = new RiskState(problem)
  const worth = worthFrom(state.atRisk)
  const ledger = new Ledger(problem)
  const inPlan = new Set(chosen)
  for (const i of chosen) {
    const one = problem.measures[i]
    if (one !== undefined) ledger.add(one)
    state.add(i)
  }
  state.exact()
  const byTarget = strongestByTarget(problem, chosen)
  const groups = new Map<string, { entry: LeftOut; gain: number; members: number }>()
  for (const [i, measure] of measures.entries()) {
    const one = problem.measures[i]
    if (inPlan.has(i) || one === undefined) continue
    const before = state.atRisk
    state.add(i)
    const gain = Math.max(0, before - state.atRisk)
    state.remove(i)
    const told = reasonOf(i, gain)
    const key = `${measure.control.id} ${told.kind} ${told.reason}`
    const group = groups.get(key)
    if (group === undefined) {
      const entry: LeftOut = {
        control: measure.control.id,
        title: measure.draft.title,
        targets: [...measure.draft.targets],
        kind: told.kind,
        reason: told.reason,
        couldRemoveUsdPerDay: 0,
      }
      groups.set(key, { entry, gain, members: 1 })
    } else {
      group.entry.targets.push(...measure.draft.targets)
      group.entry.title = measure.control.title
      group.gain += gain
      group.members += 1
    }
  }
  return [...groups.values()]
    .map(({ entry, gain }) => ({
      ...entry,
      targets: [...new Set(entry.targets)],
      couldRemoveUsdPerDay: cents(gain),
    }))
    .toSorted((a, b) => b.couldRemoveUsdPerDay - a.couldRemoveUsdPerDay)

  function reasonOf(i: number, gain: number): Pick<LeftOut, 'kind' | 'reason'> {
    const measure = measures[i]
    const one = problem.measures[i]
    if (measure === undefined || one === undefined) return { kind: 'worthless', reason: '' }
    if (measure.draft.obstacle !== undefined) return { kind: 'obstacle', reason: measure.draft.obstacle }
    const alone = tooDear.get(i)
    if (alone !== undefined) return { kind: 'too-dear', reason: overInWords(alone, measure, problem.budget) }
    if (dropped.has(i) || gain < worth || gain === 0) {
      const better = betterOf(i)
      if (better !== null && !dropped.has(i))
        return { kind: 'superseded', reason: `"${better}" already does what it would do` }
      return { kind: 'worthless', reason: 'removes next to nothing on top of the plan' }
    }
    const limit = ledger.breaks(one)
    if (limit !== null) return { kind: 'budget', reason: leftInWords(limit, measure, problem, ledger) }
    return {
      kind: 'budget',
      reason: `${formatUsd(gain)} a day more; what it asks for is better spent on others`,
    }
  }

  function betterOf(i: number): string | null {
    for (const { on, index, layer } of problem.measures[i]?.effects ?? []) {
      const strongest = byTarget.get(`${on} ${index} ${layer}`) ?? byTarget.get(`${on} ${index}`)
      if (strongest !== undefined) return measures[strongest.measure]?.draft.title ?? null
    }
    return null
  }
}

function strongestByTarget(
  problem: PlanProblem,
  chosen: readonly number[],
): Map<string, { measure: number; share: number }> {
  const strongest = new Map<string, { measure: number; share: number }>()
  for (const measure of chosen) {
    for (const { on, index, layer, share } of problem.measures[measure]?.effects ?? []) {
      for (const key of [`${on} ${index} ${layer}`, `${on} ${index}`])
        if (share > (strongest.get(key)?.share ?? 0)) strongest.set(key, { measure, share })
    }
  }
  return strongest
}

function amountOf(limit: Limit, { overhead }: Measure): string {
  if (limit === 'friction') return `friction ${overhead.friction}`
  if (limit === 'usd') return `${formatUsd(overhead.usdPerMonth)} a month`
  if (limit === 'cpu') return `${overhead.cpuPercent} % CPU`
  return `${overhead.downtimeSeconds} s of downtime`
}

function overInWords(limit: Limit, measure: Measure, budget: Budget): string {
  const most = {
    friction: budget.friction,
    usd: budget.usdPerMonth,
    cpu: budget.cpuPercent,
    downtime: budget.downtimeSeconds,
  }
  return `${amountOf(limit, measure)} is more than your budget of ${plain(most[limit])}`
}

function leftInWords(limit: Limit, measure: Measure, { budget }: PlanProblem, ledger: Ledger): string {
  const asked = amountOf(limit, measure)
  if (limit === 'friction')
    return `${asked} > the ${plain(budget.friction - ledger.friction)} that is left of your budget`
  if (limit === 'usd')
    return `${asked} > the ${formatUsd(budget.usdPerMonth - ledger.usdPerMonth)} that is left of your budget`
  return `${asked} on top of what the machine carries already is more than your budget`
}

function plain(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** To the cent; below a dollar two digits, so that small accounts are not all zeros. */
export function cents(usd: number): number {
  return Math.abs(usd) < 1 ? Number(usd.toPrecision(2)) : Math.round(usd * 100) / 100
}
