import type { Measure } from './build-problem.ts'
import type { ChosenControl } from './document.ts'
import type { PlannedChange } from './emitters/emitter.ts'
import { cents } from './explain.ts'
import { howOf } from './how.ts'
import { formatShare, formatUsd } from '../text/units.ts'
import type { PlanProblem } from './solver/problem.ts'
import { RiskState } from './solver/risk-state.ts'
import { Ledger } from './solver/ledger.ts'

export interface ChosenItem {
  readonly entry: ChosenControl
  readonly changes: readonly PlannedChange[]
}

/** Controls whose measures stand in the list one by one: each is another door. */
const ONE_BY_ONE: ReadonlySet<string> = new Set(['close-port', 'operators-only', 'evict', 'service-inside'])
/** More than that, and those of a control stand in one line after all. */
const MAX_ONE_BY_ONE = 200

interface Group {
  readonly members: readonly number[]
  readonly alone: number
  readonly last: number
}

/** Chosen measures as the lines of the plan: an intruder who is in first, then what removes most after the lines above. */
export function itemsOf(
  problem: PlanProblem,
  measures: readonly Measure[],
  chosen: readonly number[],
  operators: readonly string[],
): ChosenItem[] {
  const groups = weigh(problem, chosen, grouped(measures, chosen))
  const isFirst = ({ members }: Group): boolean => measures[members[0] ?? -1]?.control.id === 'evict'
  const state = new RiskState(problem)
  return inOrder(groups, isFirst, state).map((group) => {
    const before = state.atRisk
    for (const measure of group.members) state.add(measure)
    return itemOf(group, before - state.atRisk, problem, measures, operators)
  })
}

/** Longer plans are ordered by what each line does alone. */
const MAX_STEPWISE = 40

/** `state` is as it was when this returns. */
function inOrder(groups: readonly Group[], isFirst: (group: Group) => boolean, state: RiskState): Group[] {
  const byAlone = groups.toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)) || b.alone - a.alone)
  if (groups.length > MAX_STEPWISE) return byAlone
  const done: Group[] = []
  const open = [...byAlone]
  while (open.length > 0) {
    let best = 0
    let most = Number.NEGATIVE_INFINITY
    for (const [at, group] of open.entries()) {
      if (isFirst(open[0] ?? group) && !isFirst(group)) continue
      const gain = gainOf(group, state)
      if (gain > most + 1e-9) [best, most] = [at, gain]
    }
    const [next] = open.splice(best, 1)
    if (next === undefined) break
    done.push(next)
    for (const measure of next.members) state.add(measure)
  }
  for (const { members } of done) for (const measure of members) state.remove(measure)
  state.exact()
  return done
}

function gainOf({ members }: Group, state: RiskState): number {
  const before = state.atRisk
  for (const measure of members) state.add(measure)
  const gain = before - state.atRisk
  for (const measure of members) state.remove(measure)
  return gain
}

function grouped(measures: readonly Measure[], chosen: readonly number[]): number[][] {
  const count = new Map<string, number>()
  for (const i of chosen) {
    const id = measures[i]?.control.id ?? ''
    count.set(id, (count.get(id) ?? 0) + 1)
  }
  const groups = Map.groupBy(chosen, (i) => {
    const measure = measures[i]
    const id = measure?.control.id ?? ''
    const isSingle = ONE_BY_ONE.has(id) && (count.get(id) ?? 0) <= MAX_ONE_BY_ONE
    return isSingle ? (measure?.id ?? '') : id
  })
  return [...groups.values()]
}

/** What each removes as the first thing done, and as the last. */
function weigh(problem: PlanProblem, chosen: readonly number[], groups: readonly number[][]): Group[] {
  const none = new RiskState(problem)
  const before = none.atRisk
  const all = new RiskState(problem, none)
  for (const measure of chosen) all.add(measure)
  const after = all.exact()
  return groups.map((members) => {
    for (const measure of members) none.add(measure)
    const alone = before - none.atRisk
    for (const measure of members) none.remove(measure)
    for (const measure of members) all.remove(measure)
    const last = all.atRisk - after
    for (const measure of members) all.add(measure)
    return { members, alone: Math.max(0, alone), last: Math.max(0, last) }
  })
}

function itemOf(
  { members, alone, last }: Group,
  removes: number,
  problem: PlanProblem,
  measures: readonly Measure[],
  operators: readonly string[],
): ChosenItem {
  const own = members.map((i) => measures[i]).filter((measure) => measure !== undefined)
  const [first] = own
  if (first === undefined) throw new RangeError('a group of measures is never empty')
  const changes = own.flatMap(({ id, draft }) =>
    draft.changes.map((change) => ({ measure: id, title: draft.title, change })),
  )
  const ledger = new Ledger(problem)
  for (const i of members) {
    const measure = problem.measures[i]
    if (measure !== undefined) ledger.add(measure)
  }
  const { control } = first
  const { how, revert, notWritten } = howOf(changes, operators)
  const entry: ChosenControl = {
    id: own.length === 1 ? first.id : control.id,
    control: control.id,
    title: own.length === 1 ? first.draft.title : `${control.title} (${own.length} times)`,
    targets: [...new Set(own.flatMap(({ draft }) => draft.targets))],
    measures: own.map(({ id, draft }) => ({ id, title: draft.title })),
    removesUsdPerDay: cents(Math.max(0, removes)),
    aloneUsdPerDay: cents(alone),
    lastUsdPerDay: cents(last),
    overhead: {
      ...ledger.worst(),
      usdPerMonth: cents(ledger.usdPerMonth),
      friction: control.overhead.friction,
    },
    savesUsdPerMonth: cents(own.reduce((sum, { draft }) => sum + (draft.savesUsdPerMonth ?? 0), 0)),
    why: whyOf(first, alone, last),
    needs: [...control.needs],
    closes: [...new Set(own.flatMap(({ draft }) => draft.closes))],
    share: control.share,
    shareBasis: control.shareBasis,
    overheadBasis: control.overheadBasis,
    how,
    revert,
    notWritten,
  }
  return { entry, changes }
}

function whyOf({ control }: Measure, alone: number, last: number): string[] {
  return [
    control.what,
    `takes away ${formatShare(control.share)} of what is left of each target (${control.shareBasis.kind}: ${control.shareBasis.why})`,
    `done first it removes ${formatUsd(alone)} a day; left out of the plan it would put ${formatUsd(last)} a day at risk again`,
    `overhead (${control.overheadBasis.kind}): ${control.overheadBasis.why}`,
  ]
}
