import type { Exposure, Surface } from '../surface/document.ts'
import { buildProblem, type Measure, measuresOf, withEstimate } from './build-problem.ts'
import { type ChosenItem, itemsOf } from './chosen.ts'
import type { Control, Destination, OpenIncident } from './control.ts'
import { type LeftOut, type Plan, PLAN_SCHEMA, type PlanBudget } from './document.ts'
import type { PlannedChange } from './emitters/emitter.ts'
import { cents, leftOutOf, worthFrom } from './explain.ts'
import type { Budget } from './overhead.ts'
import { sceneOf } from './scene.ts'
import { Ledger } from './solver/ledger.ts'
import type { PlanProblem } from './solver/problem.ts'
import { RiskState } from './solver/risk-state.ts'
import { solve } from './solver/solve.ts'

export interface PlanQuestion {
  readonly surface: Surface
  readonly controls: readonly Control[]
  readonly budget: Budget
  readonly incidents: readonly OpenIncident[]
  readonly operators: readonly string[]
  readonly egress: ReadonlyMap<string, readonly Destination[]>
  readonly poolNames: readonly string[]
  /** Ids of controls: leave these out; or look at these alone (null = all). */
  readonly without: ReadonlySet<string>
  readonly only: ReadonlySet<string> | null
  readonly generatedAt: string
  readonly toolVersion: string
}

export interface Planned {
  readonly plan: Plan
  /** The chosen changes, for the emitters. */
  readonly changes: readonly PlannedChange[]
}

/** The most money at risk that can be removed within the budget, with a reason for everything. Pure. */
export function makePlan(question: PlanQuestion): Planned {
  const { surface, budget, operators } = question
  const scene = sceneOf(surface, question)
  const all = measuresOf(question.controls, scene)
  const isAsked = ({ control }: Measure): boolean =>
    !question.without.has(control.id) && (question.only === null || question.only.has(control.id))
  const measures = all.filter((measure) => isAsked(measure))
  const possible = measures.filter(({ draft }) => draft.obstacle === undefined)
  const problem = buildProblem(possible, scene, budget)
  const solved = solve(problem)
  const { kept, dropped } = dropWorthless(problem, solved.chosen)
  const items = itemsOf(problem, possible, kept, operators)
  const { before, removed } = effectOf(problem, kept)
  const low = effectOf(withEstimate(problem, scene, 'low'), kept)
  const high = effectOf(withEstimate(problem, scene, 'high'), kept)
  const used = ledgerOf(problem, kept)
  const blocked = measures.filter(({ draft }) => draft.obstacle !== undefined)
  const bound = Math.max(solved.boundUsdPerDay, removed)
  const plan: Plan = {
    schema: PLAN_SCHEMA,
    generatedAt: question.generatedAt,
    tool: { name: 'davylamp', version: question.toolVersion },
    surface: {
      generatedAt: surface.generatedAt,
      exposures: scene.exposures.length,
      assets: surface.assets.length,
      usdPerDay: surface.usdPerDay.mid,
    },
    budget: budgetOf(budget),
    considered: new Set(all.map(({ control }) => control.id)).size,
    atRiskUsdPerDay: { low: cents(low.before), mid: cents(before), high: cents(high.before) },
    removesUsdPerDay: { low: cents(low.removed), mid: cents(removed), high: cents(high.removed) },
    removesShare: before > 0 ? Math.round((removed / before) * 1e4) / 1e4 : 0,
    overhead: { ...used.worst(), usdPerMonth: cents(used.usdPerMonth), friction: cents(used.friction) },
    savesUsdPerMonth: cents(kept.reduce((sum, i) => sum + (possible[i]?.draft.savesUsdPerMonth ?? 0), 0)),
    optimality: {
      isExact: solved.isExact,
      boundUsdPerDay: cents(bound),
      gap: bound > 0 ? Math.round(((bound - solved.removedUsdPerDay) / bound) * 1e5) / 1e5 : 0,
    },
    chosen: items.map(({ entry }) => entry),
    leftOut: [
      ...leftOutOf({ measures: possible, problem, chosen: kept, tooDear: solved.tooDear, dropped }),
      ...blocked.map(obstructed),
      ...notAsked(
        all.filter((measure) => !isAsked(measure)),
        question,
      ),
    ],
    exposures: scene.exposures.map((exposure) => planExposure(exposure)),
    notes: notesOf(question, items),
  }
  return { plan, changes: items.flatMap(({ changes }) => changes) }
}

function planExposure(exposure: Exposure): Plan['exposures'][number] {
  const { id, check, asset, protocol, portFrom, portTo, title, usdPerDay, sources } = exposure
  return {
    id,
    check,
    asset,
    protocol,
    portFrom,
    portTo,
    title,
    usdPerDay: usdPerDay.mid,
    sources: sources.slice(0, 20).map((source) => ('cidr' in source ? source.cidr : source.asset)),
  }
}

function effectOf(problem: PlanProblem, chosen: readonly number[]): { before: number; removed: number } {
  const state = new RiskState(problem)
  const before = state.atRisk
  for (const measure of chosen) state.add(measure)
  return { before, removed: before - state.exact() }
}

function ledgerOf(problem: PlanProblem, chosen: readonly number[]): Ledger {
  const ledger = new Ledger(problem)
  for (const i of chosen) {
    const measure = problem.measures[i]
    if (measure !== undefined) ledger.add(measure)
  }
  return ledger
}

/** What removes next to nothing beside the others is not worth doing, though it would fit. */
function dropWorthless(
  problem: PlanProblem,
  chosen: readonly number[],
): { kept: readonly number[]; dropped: ReadonlySet<number> } {
  const state = new RiskState(problem)
  const worth = worthFrom(state.atRisk)
  for (const measure of chosen) state.add(measure)
  state.exact()
  const dropped = new Set<number>()
  for (const measure of chosen.toReversed()) {
    const before = state.atRisk
    state.remove(measure)
    if (state.atRisk - before < worth) dropped.add(measure)
    else state.add(measure)
  }
  return { kept: chosen.filter((measure) => !dropped.has(measure)), dropped }
}

function limit(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function budgetOf(budget: Budget): PlanBudget {
  return {
    cpuPercent: limit(budget.cpuPercent),
    usdPerMonth: limit(budget.usdPerMonth),
    friction: limit(budget.friction),
    downtimeSeconds: limit(budget.downtimeSeconds),
  }
}

function obstructed({ control, draft }: Measure): LeftOut {
  return {
    control: control.id,
    title: draft.title,
    targets: [...draft.targets],
    kind: 'obstacle',
    reason: draft.obstacle ?? '',
    couldRemoveUsdPerDay: 0,
  }
}

function notAsked(measures: readonly Measure[], { without }: PlanQuestion): LeftOut[] {
  const byControl = Map.groupBy(measures, ({ control }) => control)
  return [...byControl].map(([control, list]) => ({
    control: control.id,
    title: control.title,
    targets: [...new Set(list.flatMap(({ draft }) => draft.targets))],
    kind: 'asked' as const,
    reason: without.has(control.id) ? 'you left it out (--without)' : 'you asked for others (--only)',
    couldRemoveUsdPerDay: 0,
  }))
}

/** A surface that lists fewer exposures lists all there are. */
const LONG_LIST = 1_000

function notesOf({ surface, operators, incidents }: PlanQuestion, items: readonly ChosenItem[]): string[] {
  const notes = [
    'Shares marked as judgement are the project’s own estimates: davylamp plan why CONTROL shows them.',
  ]
  if (operators.length === 0)
    notes.push(
      'No addresses stand under operators: in davylamp.yaml, so nothing is proposed that could lock you out.',
    )
  if (incidents.length > 0 && items.some(({ entry }) => entry.control === 'evict'))
    notes.push('Somebody is in already: closing doors does not move him, so that comes first.')
  const listed = surface.exposures.filter(
    ({ sinks, likelihood }) => sinks.length > 0 && likelihood.mid > 0,
  ).length
  if (surface.totals.waysIn > listed && surface.exposures.length >= LONG_LIST)
    notes.push(
      `The surface has ${surface.totals.waysIn.toLocaleString('en-US')} ways in and lists the ${listed.toLocaleString('en-US')} dearest: the plan and its sums are for those.`,
    )
  const missing = surface.coverage.filter(({ status }) => status === 'missing').length
  if (missing > 0)
    notes.push(
      `${missing} things could not be read (davylamp surface tells which): what is not seen is not planned for.`,
    )
  return notes
}
