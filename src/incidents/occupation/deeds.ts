import { type FightAct, type Finding } from '../../event/finding.ts'
import type { Occupant } from '../incident.ts'
import type { Deeds } from './changes.ts'
import { findingsOf, type Hands, walletsOf } from './hands.ts'
import { type Eviction, SOMEBODYS } from './holding.ts'
import { basename } from './names.ts'
import { type Stretch, stretchesOf } from './tenures.ts'
import { SHORT_ID } from '../kills.ts'
import { isFight, sessionsOf, type Trace } from './trace.ts'
import { shortWallet } from './wallet.ts'

/** What is known of acts against holders besides the occupants' own. */
export interface Told {
  /** Acts against holders that others than intruders may have done: who cleans up ends a tenure too. */
  readonly cleanups: readonly Finding[]
  /** Who was killed by name, and in which session. */
  readonly kills: readonly FightAct[]
  /** What ran in containers that were ended, by the first digits of their ids. */
  readonly containers: ReadonlyMap<string, readonly string[]>
  /** Whether no login opened that session. */
  readonly isJob: (session: string, time: number) => boolean
}

export type Holder = { readonly hands: Hands; readonly occupant: Occupant }

/** By name killed: what it is worth alone. */
const KILL_CONFIDENCE = 0.7

/**
 * What was done against others here, and by whom: jobs of an occupant go on fighting, each time in a session of their own;
 * what was done in nobody's session was done by people at work.
 */
function toldDeeds(held: readonly Holder[], { cleanups, kills, containers }: Told): Deeds[] {
  const owner = new Map<string, string>()
  for (const { hands, occupant } of held)
    for (const session of hands.traces.flatMap(({ sessions }) => sessions)) owner.set(session, occupant.id)
  const ownerOf = (sessions: readonly string[]): string | null =>
    sessions.map((session) => owner.get(session)).find((id) => id !== undefined) ?? null
  const deeds = [
    ...held.flatMap(({ hands, occupant }) =>
      findingsOf(hands)
        .filter(isFight)
        .map(({ facts, confidence }) => ({ by: occupant.id, acts: facts.acts, confidence })),
    ),
    ...cleanups.filter(isFight).map((fight) => ({
      by: ownerOf(sessionsOf(fight)),
      acts: fight.facts.acts,
      confidence: fight.confidence,
    })),
    ...kills.map((act) => ({
      by: ownerOf(act.session === null ? [] : [act.session]) ?? ownerByProcess(held, act),
      acts: [act],
      confidence: KILL_CONFIDENCE,
    })),
  ]
  return ownedByWords(deeds).map((deed) => ({
    ...deed,
    acts: deed.acts.map((act) => withContents(act, containers)),
  }))
}

/** A process number means the same process for so long at most. */
const PID_MS = 10 * 60_000

/** Whose process did it, or started the one that did. */
function ownerByProcess(held: readonly Holder[], { pid, ppid, time }: FightAct): string | null {
  const isDoer = ({ doers }: Trace): boolean =>
    doers.some(
      (doer) =>
        (doer.pid === pid || doer.pid === ppid || (ppid !== null && ppid > 1 && doer.parent === ppid)) &&
        time >= doer.from - PID_MS &&
        time <= doer.to + PID_MS,
    )
  return held.find(({ hands }) => hands.traces.some(isDoer))?.occupant.id ?? null
}

/** Nobody else kills by a list of so many names of which so many are the same: whoever does it again is the same. */
const MIN_LIST = 4
const MIN_SAME = 0.7

/** What nobody is known to have done, but in the words of somebody: a script of theirs that a timer starts. */
function ownedByWords(deeds: readonly Deeds[]): Deeds[] {
  const known = deeds.flatMap(({ by, acts }) =>
    by === null
      ? []
      : acts.flatMap((act) => listOf(act).map((words) => ({ by, words, category: act.category }))),
  )
  return deeds.map((deed) => {
    if (deed.by !== null || known.length === 0) return deed
    const owners = deed.acts.flatMap((act) =>
      listOf(act).flatMap((words) =>
        known.filter(({ category, words: theirs }) => category === act.category && areAlike(words, theirs)),
      ),
    )
    const [first, ...others] = new Set(owners.map(({ by }) => by))
    return first === undefined || others.length > 0 ? deed : { ...deed, by: first }
  })
}

/** The names an act was against, where they are many. */
function listOf({ targets }: FightAct): ReadonlySet<string>[] {
  return targets.length < MIN_LIST ? [] : [new Set(targets.map(({ value }) => value))]
}

function areAlike(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const same = [...a].filter((one) => b.has(one)).length
  return same >= MIN_SAME * (a.size + b.size - same)
}

/** A container is named by its id, and what ran in it by its process. */
function withContents(act: FightAct, containers: Told['containers']): FightAct {
  const inside = act.targets
    .filter(({ type }) => type === 'container')
    .flatMap(({ value }) => containers.get(value.slice(0, SHORT_ID)) ?? [])
  if (inside.length === 0) return act
  return {
    ...act,
    targets: [...act.targets, ...inside.map((value) => ({ type: 'process' as const, value }))],
  }
}

/** Acts of one fight come within this. */
const FIGHT_MS = 60_000
/** Whoever kills and does another thing against others at once clears the machine, whatever their names. */
const MIN_CATEGORIES = 2
/** Acts before and after a kill that are looked at. */
const MAX_NEAR = 50

/** When somebody killed and did something else against others besides. */
export function clearingsOf(acts: readonly FightAct[]): number[] {
  const sorted = acts.toSorted((a, b) => a.time - b.time)
  return sorted
    .filter(
      (kill, at) =>
        kill.category === 'process-eviction' &&
        new Set(
          sorted
            .slice(Math.max(0, at - MAX_NEAR), at + MAX_NEAR)
            .filter(({ time }) => Math.abs(time - kill.time) <= FIGHT_MS)
            .map(({ category }) => category),
        ).size >= MIN_CATEGORIES,
    )
    .map(({ time }) => time)
}

/** A kill that a job does, in a session that no login opened, is whose job it can be: the one who is at work then. */
export function deedsOf(held: readonly Holder[], told: Told): Deeds[] {
  const workers = held
    .map(({ hands, occupant }) => ({
      id: occupant.id,
      hands,
      work: stretchesOf(findingsOf(hands).filter(({ stage }) => stage === 'mining')),
    }))
    .filter(({ work }) => work.length > 0)
  return toldDeeds(held, told).flatMap((deed) => {
    if (deed.by !== null) return [deed]
    return deed.acts.map((act) => ({ ...deed, acts: [act], by: jobberOf(act, workers, told.isJob) }))
  })
}

interface Worker {
  readonly id: string
  readonly hands: Hands
  readonly work: readonly Stretch[]
}

/** Somebody at work when it was done, and the only one who was not hit by it; null where people may have done it. */
function jobberOf(act: FightAct, workers: readonly Worker[], isJob: Told['isJob']): string | null {
  if (act.category !== 'process-eviction' || act.session === null || !isJob(act.session, act.time))
    return null
  const targets = act.targets.map(({ value }) => value)
  const could = workers.filter(
    ({ hands, work }) =>
      !(targets.length > 0 && isHit(targets, ownNames(hands))) &&
      work.some(({ from, to }) => act.time >= from - FIGHT_MS && act.time <= to + FIGHT_MS),
  )
  return could.length === 1 ? (could[0]?.id ?? SOMEBODYS) : SOMEBODYS
}

/** When others did away with what these hands had running, and who. */
export function evictionsOf(hands: Hands, id: string, deeds: readonly Deeds[]): Eviction[] {
  const others = deeds.filter(({ by }) => by !== id)
  return hitsOn(hands, others).filter(({ act }) => act.category === 'process-eviction')
}

/** What of these deeds was done to these hands' programs, jobs and files. */
export function hitsOn(
  hands: Hands,
  deeds: readonly Deeds[],
): { readonly time: number; readonly by: string | null; readonly act: FightAct }[] {
  const names = ownNames(hands)
  return deeds.flatMap(({ by, acts }) =>
    acts
      .filter(({ targets }) =>
        isHit(
          targets.map(({ value }) => value),
          names,
        ),
      )
      .map((act) => ({ time: act.time, by, act })),
  )
}

/** Whether an eviction says whom it is for; one that names nobody (by share of the CPU) hits whoever is there. */
function isHit(targets: readonly string[], names: ReadonlySet<string>): boolean {
  return targets.length === 0 || targets.some((target) => names.has(target.toLowerCase()))
}

/** All that what they have running goes by, in lower case. */
function ownNames(hands: Hands): Set<string> {
  const own = hands.traces.flatMap(({ files, pools, doers }) => [
    ...files.flatMap((file) => [file, basename(file)]),
    ...pools.flatMap((pool) => [pool, pool.replace(/:\d+$/u, ''), pool.slice(pool.lastIndexOf(':') + 1)]),
    ...doers.map(({ pid }) => String(pid)),
  ])
  return new Set([...own.map((name) => name.toLowerCase()), ...walletsOf(hands).map(shortWallet), 'xmrig'])
}
