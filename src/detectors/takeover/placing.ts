import type { Actor } from '../../event/actor.ts'
import type { Event } from '../../event/event.ts'
import type { Finding } from '../../event/finding.ts'
import { isOfService, isSystemAccount, keeperOf } from '../model/host/maintenance.ts'
import { isHidingPlace } from '../model/host/places.ts'
import { addAct, addSettling, type Fight, isOpenFor, isTelling, newFight, QUIET_MS } from './fights.ts'
import { findingOf } from './finding.ts'
import { repeatOf } from './repeats.ts'
import { type Scope, scopeOf } from './scopes.ts'
import type { Settling } from './settling.ts'
import type { Sign } from './sign.ts'
import { firstEnd, MAX_FIGHTS, type TakeoverState } from './state.ts'
import { judge } from './verdict.ts'

export type TellFinding = (finding: Finding) => void

/** What one event shows. */
export interface Seen {
  readonly signs: readonly Sign[]
  readonly settlings?: readonly Settling[]
  readonly isOpaque?: boolean
}

/** Failed logins from an address before the one that succeeded: it was guessed. */
const GUESSES = 5
/** Processes outside of a login whose parents are not known belong together when so close (ms). */
const ORPHAN_MS = 10_000
/** Two records tell the same moment within so many ms: some write whole seconds. */
const SAME_MOMENT_MS = 3000
const MAX_SCOPES = 8
/** Whoever did something against others so short a time (ms) ago is at work. */
const AT_WORK_MS = 30_000

/** Puts what was seen into the fight of whoever did it. */
export function place(
  state: TakeoverState,
  event: Event,
  actor: Actor,
  { signs, settlings = [], isOpaque = false }: Seen,
  tell: TellFinding,
): void {
  if (signs.length === 0 && settlings.length === 0 && !isOpaque) return
  const keeper = keeperOf(state.lineage, actor, event.time)
  if (keeper === 'packages') return
  const scope = scopeOf(state.scopes, actor, event.time, writerOf(event))
  const fight = fightOf(state, event, actor, { scope, signs })
  for (const sign of signs) addAct(fight, sign, event, actor)
  for (const settling of settlings) addSettling(fight, settling, event)
  const login = actor.session === null ? undefined : state.scopes.logins[actor.session]
  fight.isIntruders ||=
    signs.length > 0 &&
    (isOfService(state.lineage, actor, event.time) ||
      (keeper === null && isSystemAccount(actor)) ||
      isHidingPlace(actor.exe ?? ''))
  fight.isKeepers ||= keeper === 'automation'
  fight.loginAt ??= login?.time ?? null
  fight.isGuessed ||= (login?.failures ?? 0) >= GUESSES
  fight.isOpaque ||= isOpaque
  state.nextEnd = Math.min(state.nextEnd ?? Number.POSITIVE_INFINITY, fight.lastTime + QUIET_MS)
  tellFight(state, fight, tell, false)
}

/** Whose record it is in, as far as ids may tell: a history is its user's, wherever the copy of his home lies. */
function writerOf({ origin: { source, file } }: Event): string {
  return source === 'shell-history' ? (file.split(/[/!]/u).at(-2) ?? '') : source
}

interface Whose {
  readonly scope: Scope
  readonly signs: readonly Sign[]
}

function fightOf(state: TakeoverState, event: Event, actor: Actor, { scope, signs }: Whose): Fight {
  const own = state.fights.findLast((fight) => fight.scopes.includes(scope.name) && isOpenFor(fight, event))
  if (own !== undefined) return own
  const seenTwice = otherWitness(state, event, signs)
  if (seenTwice?.scopes.includes(scope.name) === false && seenTwice.scopes.length < MAX_SCOPES)
    seenTwice.scopes.push(scope.name)
  const found = seenTwice ?? nearFight(state, event, actor, scope)
  if (found !== undefined) return found
  const fight = newFight(event, scope.name, actor.uid)
  state.fights.push(fight)
  if (state.fights.length > MAX_FIGHTS) state.fights.shift()
  return fight
}

function nearFight(state: TakeoverState, event: Event, actor: Actor, scope: Scope): Fight | undefined {
  if (scope.isOrphan) return orphanFight(state, event, actor)
  return isNameless(event, actor) ? fightAtWork(state, event) : undefined
}

/** The same act in another record: a shell's history beside the audit trail. */
function otherWitness(state: TakeoverState, event: Event, signs: readonly Sign[]): Fight | undefined {
  return state.fights.findLast(
    (fight) =>
      isOpenFor(fight, event) &&
      fight.acts.some(
        ({ act, verb }) =>
          act.evidence.source !== event.origin.source &&
          Math.abs(act.time - event.time) <= SAME_MOMENT_MS &&
          signs.some((sign) => sign.verb === verb && areShared(sign.targets, act.targets)),
      ),
  )
}

function areShared(some: Sign['targets'], others: Sign['targets']): boolean {
  return some.some(({ value }) => others.some((other) => other.value === value))
}

/** An account that changed, by a line that names no session and no parent. */
function isNameless(event: Event, { session, ppid }: Actor): boolean {
  return event.kind === 'account' && session === null && ppid === null
}

/** A fork without a start of its own hides who its parent is: nearness in time and the same account stand in. */
function orphanFight(state: TakeoverState, event: Event, actor: Actor): Fight | undefined {
  if (isOfService(state.lineage, actor, event.time)) return undefined
  return onlyFight(
    state,
    event,
    ORPHAN_MS,
    ({ scopes, uid }) => scopes[0]?.startsWith('tree ') === true && uid === actor.uid,
  )
}

/** What a log tells without naming whose process it was belongs to whoever is at work just then, if that is one alone. */
export function fightAtWork(state: TakeoverState, event: Event): Fight | undefined {
  return onlyFight(state, event, AT_WORK_MS, ({ acts }) => acts.length > 0)
}

function onlyFight(
  state: TakeoverState,
  event: Event,
  withinMs: number,
  fits: (fight: Fight) => boolean,
): Fight | undefined {
  const [only, ...more] = state.fights.filter(
    (fight) => isOpenFor(fight, event) && event.time - fight.lastTime <= withinMs && fits(fight),
  )
  return more.length === 0 ? only : undefined
}

/** Fights that are over are told, if they were not, and forgotten. */
export function endFights(state: TakeoverState, now: number, tell: TellFinding): void {
  if (state.nextEnd === null || now <= state.nextEnd) return
  const open: Fight[] = []
  for (const fight of state.fights) {
    if (now - fight.lastTime <= QUIET_MS) open.push(fight)
    else tellFight(state, fight, tell, true)
  }
  state.fights = open
  state.nextEnd = firstEnd(open)
}

/** A take-over is told at once and again with every act; what may be a clean-up, when it is over. */
export function tellFight(state: TakeoverState, fight: Fight, tell: TellFinding, isOver: boolean): void {
  if (!isTelling(fight)) return
  const stand = fight.actCount + fight.settlings.length + (fight.isOpaque ? 1 : 0)
  if (fight.told === stand) return
  if (!isOver && !judge(fight).isTakeover) return
  fight.told = stand
  const finding = findingOf(fight, state.machine)
  const repeated = finding.stage === 'context' ? repeatOf(state.repeats, finding) : finding
  if (repeated !== null) tell(repeated)
}

/** What has grown since it was last told. */
export function tellRepeats(state: TakeoverState, tell: TellFinding): void {
  for (const repeat of state.repeats) if (repeat.isGrown) tell(repeat.finding)
}
