import { type Fight, mergeFights, QUIET_MS } from './fights.ts'
import { type Lineage, mergeLineages, noLineage } from '../model/host/maintenance.ts'
import { noRepeats, type Repeats } from './repeats.ts'
import type { Fetched } from './settling.ts'
import { noScopes, type Scopes } from './scopes.ts'
import { noStrands, type Strands } from './strands.ts'

/** What is remembered of a machine. JSON-able. */
export interface TakeoverState {
  machine: string
  fights: Fight[]
  scopes: Scopes
  lineage: Lineage
  strands: Strands
  /** Tiny files made lately, newest last. */
  made: string[]
  /** Files fetched lately, newest last. */
  fetched: Fetched[]
  /** When the next fight may be over, epoch ms; null = none is open. */
  nextEnd: number | null
  /** What was told and may repeat, by its acts; newest last. */
  repeats: Repeats
}

/** So many fights at once; of more the oldest go. */
export const MAX_FIGHTS = 256
const MAX_MADE = 32

export function newState(machine: string): TakeoverState {
  return {
    machine,
    fights: [],
    scopes: noScopes(),
    lineage: noLineage(),
    strands: noStrands(),
    made: [],
    fetched: [],
    nextEnd: null,
    repeats: noRepeats(),
  }
}

/** Folds the memory of another partition in. */
export function mergeStates(into: TakeoverState, from: TakeoverState): TakeoverState {
  mergeLineages(into.lineage, from.lineage)
  for (const fight of from.fights) {
    const same = into.fights.find(
      (one) => one.scopes[0] === fight.scopes[0] && Math.abs(one.lastTime - fight.firstTime) <= QUIET_MS,
    )
    if (same === undefined) into.fights.push(fight)
    else mergeFights(same, fight)
  }
  into.fights = into.fights.slice(-MAX_FIGHTS)
  into.made = [...into.made, ...from.made].slice(-MAX_MADE)
  into.fetched = [...into.fetched, ...from.fetched].slice(-MAX_MADE)
  Object.assign(into.scopes.logins, from.scopes.logins)
  into.nextEnd = firstEnd(into.fights)
  return into
}

/** When the first of them is over if nothing more comes, epoch ms. */
export function firstEnd(fights: readonly Fight[]): number | null {
  return fights.length === 0 ? null : Math.min(...fights.map(({ lastTime }) => lastTime)) + QUIET_MS
}
