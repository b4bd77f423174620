import type { Actor } from '../../event/actor.ts'
import type { Event } from '../../event/event.ts'
import type { FightAct } from '../../event/finding.ts'
import { evidenceOf } from '../evidence.ts'
import type { Settling } from './settling.ts'
import type { Sign, Target, Tell } from './sign.ts'

/** Acts of one login or one tree of processes, close together in time. JSON-able. */
export interface Fight {
  /** Names of the login or the tree of processes; several where several records tell of it. */
  readonly scopes: string[]
  readonly uid: number | null
  readonly firstTime: number
  lastTime: number
  /** Of the record, where times are not known. */
  lastLine: number
  /** Where it stands only the order is told, no time. */
  readonly isTimeless: boolean
  acts: KeptAct[]
  actCount: number
  /** Of `actCount`, when it was last told; 0 = never. */
  told: number
  settlings: (Settling & { readonly time: number })[]
  isIntruders: boolean
  isKeepers: boolean
  isGuessed: boolean
  isOpaque: boolean
  /** When its hand logged in, epoch ms. */
  loginAt: number | null
}

export interface KeptAct {
  act: FightAct
  readonly verb: string
  tells: Tell[]
  isPlain: boolean
  lastTime: number
}

/** Without an act for so long (ms) a fight is over. */
export const QUIET_MS = 5 * 60_000
/** Acts of the same words this close (ms) are one. */
const SAME_ACT_MS = 60_000
/** Where times are not known: lines of the record that count as close. */
const NEAR_LINES = 30
const MAX_ACTS = 64
const MAX_TARGETS = 50
const MAX_SETTLINGS = 32
const MAX_MADE = 32

export function newFight(event: Event, scope: string, uid: number | null): Fight {
  return {
    scopes: [scope],
    uid,
    firstTime: event.time,
    lastTime: event.time,
    lastLine: event.origin.line ?? 0,
    isTimeless: event.timeQuality === 'unknown',
    acts: [],
    actCount: 0,
    told: 0,
    settlings: [],
    isIntruders: false,
    isKeepers: false,
    isGuessed: false,
    isOpaque: false,
    loginAt: null,
  }
}

export function isOpenFor(fight: Fight, event: Event): boolean {
  if (fight.isTimeless !== (event.timeQuality === 'unknown')) return false
  if (fight.isTimeless) return Math.abs((event.origin.line ?? 0) - fight.lastLine) <= NEAR_LINES
  return event.time - fight.lastTime <= QUIET_MS && fight.firstTime - event.time <= QUIET_MS
}

/** Adds an act, or folds it into the one of the same words just before. */
export function addAct(fight: Fight, sign: Sign, event: Event, actor: Actor | null): void {
  touch(fight, event)
  const tells = sign.tell === undefined ? [] : [sign.tell]
  const same = fight.acts.find(
    (kept) =>
      kept.verb === sign.verb &&
      kept.act.category === sign.category &&
      (fight.isTimeless || Math.abs(event.time - kept.lastTime) <= SAME_ACT_MS),
  )
  if (same === undefined) {
    fight.actCount++
    if (fight.acts.length < MAX_ACTS)
      fight.acts.push({
        act: actOf(sign, event, actor),
        verb: sign.verb,
        tells,
        isPlain: sign.isPlain,
        lastTime: event.time,
      })
    return
  }
  const targets = union(same.act.targets, sign.targets)
  if (targets.length > same.act.targets.length) fight.actCount++
  same.act = { ...same.act, targets, what: said(same.verb, targets) }
  same.tells = [...new Set([...same.tells, ...tells])]
  same.isPlain &&= sign.isPlain
  same.lastTime = Math.max(same.lastTime, event.time)
}

export function addSettling(fight: Fight, settling: Settling, event: Event): void {
  touch(fight, event)
  if (
    fight.settlings.some(
      ({ what, isTelling, time }) =>
        what === settling.what &&
        isTelling === settling.isTelling &&
        Math.abs(time - event.time) < SAME_ACT_MS,
    )
  )
    return
  if (fight.settlings.length < MAX_SETTLINGS) fight.settlings.push({ ...settling, time: event.time })
}

/** Folds a fight of another partition into the same one of this. */
export function mergeFights(into: Fight, from: Fight): void {
  for (const kept of from.acts) {
    const same = into.acts.find(
      ({ verb, lastTime, act }) =>
        verb === kept.verb &&
        act.category === kept.act.category &&
        (into.isTimeless || Math.abs(kept.act.time - lastTime) <= SAME_ACT_MS),
    )
    if (same === undefined) {
      into.actCount++
      if (into.acts.length < MAX_ACTS) into.acts.push(kept)
      continue
    }
    const first = same.act.time <= kept.act.time ? same.act : kept.act
    const targets = union(same.act.targets, kept.act.targets)
    same.act = { ...first, targets, what: said(same.verb, targets) }
    same.tells = [...new Set([...same.tells, ...kept.tells])]
    same.isPlain &&= kept.isPlain
    same.lastTime = Math.max(same.lastTime, kept.lastTime)
  }
  into.settlings = [...into.settlings, ...from.settlings].slice(0, MAX_SETTLINGS)
  into.lastTime = Math.max(into.lastTime, from.lastTime)
  into.lastLine = Math.max(into.lastLine, from.lastLine)
  into.told = 0
  into.loginAt ??= from.loginAt
  for (const flag of ['isIntruders', 'isKeepers', 'isGuessed', 'isOpaque'] as const) into[flag] ||= from[flag]
}

/** Something few do is among them: else it is a day’s work and nobody is told. */
export function isTelling(fight: Fight): boolean {
  return fight.acts.some(({ isPlain }) => !isPlain)
}

function touch(fight: Fight, event: Event): void {
  fight.lastTime = Math.max(fight.lastTime, event.time)
  fight.lastLine = event.origin.line ?? fight.lastLine
}

function actOf(sign: Sign, event: Event, actor: Actor | null): FightAct {
  const targets = union([], sign.targets)
  return {
    time: event.time,
    category: sign.category,
    what: said(sign.verb, targets),
    targets,
    commandLine: event.kind === 'process' || event.kind === 'alert' ? event.commandLine : null,
    exe: actor?.exe ?? null,
    pid: actor?.pid ?? null,
    ppid: actor?.ppid ?? null,
    uid: actor?.uid ?? null,
    session: actor?.session ?? null,
    evidence: evidenceOf(event),
  }
}

function union(into: readonly Target[], from: readonly Target[]): Target[] {
  const known = new Set(into.map(({ type, value }) => `${type} ${value}`))
  const all = [...into]
  for (const target of from) {
    if (all.length >= MAX_TARGETS) break
    const key = `${target.type} ${target.value}`
    if (known.has(key)) continue
    known.add(key)
    all.push(target)
  }
  return all
}

const MAX_SAID = 4

function said(verb: string, targets: readonly Target[]): string {
  const aimed = targets.filter(({ type }) => type !== 'self').map(({ value }) => value)
  const spared = targets.filter(({ type }) => type === 'self').map(({ value }) => value)
  const more = aimed.length > MAX_SAID ? ` and ${aimed.length - MAX_SAID} more` : ''
  const list = aimed.length === 0 ? '' : `: ${aimed.slice(0, MAX_SAID).join(', ')}${more}`
  return `${verb}${list}${spared.length === 0 ? '' : `, sparing ${spared.slice(0, MAX_SAID).join(', ')}`}`
}

/** Tiny files made lately on a machine, newest last. */
export function rememberMade(made: string[], paths: readonly string[]): void {
  made.push(...paths)
  if (made.length > MAX_MADE) made.splice(0, made.length - MAX_MADE)
}
