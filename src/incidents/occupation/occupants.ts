import { lowest } from '../../extremes.ts'
import { type FightAct, type Finding, isAtLeast } from '../../event/finding.ts'
import { burnsOf, type Load } from './burns.ts'
import type { ChangeOfHands, Occupant, Tenure, WayIn } from '../incident.ts'
import { changesOf, type Deeds } from './changes.ts'
import { type Eviction, SOMEBODYS } from './holding.ts'
import { basename } from './names.ts'
import { withoutFees } from './fees.ts'
import { type Hands, handsOf, isAgainst, isStarter, startsOf, walletsOf } from './hands.ts'
import { busied, type Naming, occupantOf } from './occupant.ts'
import { type ContactsBetween, withServiceEntries } from './services.ts'
import { type Stretch, stretchesOf, tenuresOf, type Watched } from './tenures.ts'
import { isFight, isMining, sessionsOf, traceOf, traceOfWayIn } from './trace.ts'
import { type Settler, workUnheard } from './unheard.ts'
import { shortWallet } from './wallet.ts'

export interface Occupation {
  readonly occupants: readonly Occupant[]
  readonly tenures: readonly Tenure[]
  readonly changes: readonly ChangeOfHands[]
}

/** What is known besides the findings of the incident. */
export interface Surroundings {
  /** All logins that are intruders'. */
  readonly ways: readonly WayIn[]
  /** Acts against holders that others than intruders may have done: who cleans up ends a tenure too. */
  readonly cleanups: readonly Finding[]
  /** Who was killed by name, and in which session. */
  readonly kills: readonly FightAct[]
  /** Whoever outside spoke to a service of the machine. */
  readonly contactsBetween: ContactsBetween
  /** Whether no login opened that session. */
  isJob(session: string, time: number): boolean
  readonly watched: Watched
  /** How busy its processors were. */
  readonly load: Load
  readonly naming: Naming
}

/**
 * Who held the machine: traces that belong together by proof are one occupant. Mining without a wallet in
 * sight belongs to the one occupant there is, or else to an unknown one.
 */
export function occupation(findings: readonly Finding[], around: Surroundings): Occupation {
  const traces = [...findings.filter(isDeed).map(traceOf), ...around.ways.map(traceOfWayIn)]
  const hands = withoutFees(gathered(withServiceEntries(handsOf(traces), around.contactsBetween)))
  const taken = new Set<string>()
  const held = hands.filter(isOccupant).map((one) => {
    const occupant = occupantOf(one, taken, around.naming)
    taken.add(occupant.id)
    return { hands: one, occupant }
  })
  const deeds = withJobs(deedsOf(held, around), held, around)
  const settlers = held.map(({ hands: one, occupant }) => settlerOf(one, occupant.id, deeds))
  const since = lowest(hands.flatMap((one) => one.traces.map(({ from }) => from)))
  const cleanups = deeds.filter(({ by }) => by === null)
  const unheard = workUnheard(settlers, burnsOf(around.load, since))
  const works = held.map(({ hands: one, occupant }, at) => {
    const burns = unheard.get(occupant.id) ?? []
    const all = findingsOf(one)
    const mining = all.filter(({ stage }) => stage === 'mining')
    return {
      id: occupant.id,
      findings: mining.length === 0 && burns.length > 0 ? all : mining,
      burns,
      evictions: settlers[at]?.evictions ?? [],
      clearings: [
        ...settlers
          .filter(({ id }) => id !== occupant.id)
          .flatMap(({ id, takeovers }) => takeovers.map((time) => ({ time, by: id }))),
        ...hitsOn(one, cleanups).map(({ time }) => ({ time, by: null })),
      ],
    }
  })
  const { tenures, handovers } = tenuresOf(
    works.filter((work) => work.findings.length > 0),
    around.watched,
  )
  return {
    occupants: held.map(({ occupant }) =>
      unheard.has(occupant.id) && !occupant.isMiner ? busied(occupant) : occupant,
    ),
    tenures,
    changes: changesOf(handovers, tenures, deeds),
  }
}

/** What somebody did, and when: of what has no time nobody knows whose it was. */
function isDeed({ stage, facts }: Finding): boolean {
  const isTimeless = (facts.type === 'host' || facts.type === 'fight') && facts.isTimeless === true
  return stage !== 'context' && stage !== 'way-in' && !isTimeless
}

export function findingsOf({ traces }: Hands): Finding[] {
  return traces.map(({ finding }) => finding).filter((finding) => finding !== null)
}

function isMiner(hands: Hands): boolean {
  return findingsOf(hands).some(({ stage }) => stage === 'mining')
}

/** Who mined, who turned against another, and who came in by a login of their own and did something there. */
function isOccupant(hands: Hands): boolean {
  const findings = findingsOf(hands)
  const isSettler = hands.traces.some(({ wayIn }) => wayIn !== null) && findings.length > 0
  return (
    isMiner(hands) || isSettler || findings.some((one) => isFight(one) && isAtLeast(one.severity, 'medium'))
  )
}

/**
 * What no proof joins to anybody: it is the one miner's where there is just one and nobody else came; mining
 * without a wallet is the one miner's, or one unknown's.
 */
function gathered(all: readonly Hands[]): Hands[] {
  const miners = all.filter(isMiner)
  const named = miners.filter((hands) => walletsOf(hands).length > 0)
  const nameless = miners.filter((hands) => walletsOf(hands).length === 0 && !hasOrigin(hands))
  const only = named.length === 1 && miners.length === 1 + nameless.length ? named[0] : undefined
  const into = only ?? nameless[0]
  if (into !== undefined) {
    // A rule knows no wallet: beside those who are known it adds no occupant and no time.
    const isAdded = (hands: Hands): boolean =>
      only !== undefined || named.length === 0 || !isOfRulesOnly(hands)
    for (const hands of nameless) if (hands !== into && isAdded(hands)) merge(into, hands)
  }
  const left = all.filter(
    (hands) =>
      (!nameless.includes(hands) || hands === into) &&
      !(named.length > 0 && hands === nameless[0] && isOfRulesOnly(hands)),
  )
  const holders = left.filter(isMiner)
  const [holder] = holders
  if (holder === undefined || holders.length > 1) return left
  const others = left.filter((hands) => hands !== holder)
  const theirs = others.filter(
    (hands) => !isAgainst(hands, holder) && !isAgainst(holder, hands) && isTheirs(hands, holder),
  )
  for (const hands of theirs) merge(holder, hands)
  return left.filter((hands) => !theirs.includes(hands))
}

function hasOrigin(hands: Hands): boolean {
  return (
    findingsOf(hands).some((finding) => !isMining(finding) && finding.rule === undefined) ||
    hands.traces.some(({ wayIn }) => wayIn !== null)
  )
}

function isOfRulesOnly(hands: Hands): boolean {
  return findingsOf(hands).every(({ rule }) => rule !== undefined)
}

/** Nobody else is in sight; a login after the mining began is somebody else's, unless nothing shows how that began. */
function isTheirs(hands: Hands, holder: Hands): boolean {
  if (!hands.traces.some(({ wayIn }) => wayIn !== null)) return true
  const hasEntry = holder.traces.some(({ wayIn }) => wayIn !== null)
  const begun = lowest(
    findingsOf(holder)
      .filter(({ stage }) => stage === 'mining')
      .map(({ firstSeen }) => firstSeen),
  )
  return !hasEntry && lowest(hands.traces.map(({ from }) => from)) <= begun
}

function merge(into: Hands, other: Hands): void {
  into.traces.push(...other.traces)
}

type Holder = { readonly hands: Hands; readonly occupant: Occupant }

/** By name killed: what it is worth alone. */
const KILL_CONFIDENCE = 0.7

/**
 * What was done against others here, and by whom: jobs of an occupant go on fighting, each time in a session of their own;
 * what was done in nobody's session was done by people at work.
 */
function deedsOf(held: readonly Holder[], { cleanups, kills }: Surroundings): Deeds[] {
  const owner = new Map<string, string>()
  for (const { hands, occupant } of held)
    for (const session of hands.traces.flatMap(({ sessions }) => sessions)) owner.set(session, occupant.id)
  const ownerOf = (sessions: readonly string[]): string | null =>
    sessions.map((session) => owner.get(session)).find((id) => id !== undefined) ?? null
  return [
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
      by: ownerOf(act.session === null ? [] : [act.session]),
      acts: [act],
      confidence: KILL_CONFIDENCE,
    })),
  ]
}

/** What of an occupant may show in the load of the machine. */
function settlerOf(hands: Hands, id: string, deeds: readonly Deeds[]): Settler {
  const own = deeds.filter(({ by }) => by === id).flatMap(({ acts }) => acts)
  return {
    id,
    steps: hands.traces.filter(isStarter).flatMap(startsOf).toSorted(ascending),
    logins: hands.traces.flatMap(({ wayIn }) => (wayIn === null ? [] : [wayIn.time])).toSorted(ascending),
    takeovers: clearingsOf(own),
    evictions: evictionsOf(hands, id, deeds),
  }
}

function ascending(a: number, b: number): number {
  return a - b
}

/** Acts of one fight come within this. */
const FIGHT_MS = 60_000
/** Whoever kills and does another thing against others at once clears the machine, whatever their names. */
const MIN_CATEGORIES = 2
/** Acts before and after a kill that are looked at. */
const MAX_NEAR = 50

/** When somebody killed and did something else against others besides. */
function clearingsOf(acts: readonly FightAct[]): number[] {
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
function withJobs(deeds: readonly Deeds[], held: readonly Holder[], around: Surroundings): Deeds[] {
  const workers = held
    .map(({ hands, occupant }) => ({
      id: occupant.id,
      hands,
      work: stretchesOf(findingsOf(hands).filter(({ stage }) => stage === 'mining')),
    }))
    .filter(({ work }) => work.length > 0)
  return deeds.flatMap((deed) => {
    if (deed.by !== null) return [deed]
    return deed.acts.map((act) => ({ ...deed, acts: [act], by: jobberOf(act, workers, around) }))
  })
}

interface Worker {
  readonly id: string
  readonly hands: Hands
  readonly work: readonly Stretch[]
}

/** Somebody at work when it was done, and the only one who was not hit by it; null where people may have done it. */
function jobberOf(act: FightAct, workers: readonly Worker[], { isJob }: Surroundings): string | null {
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
function evictionsOf(hands: Hands, id: string, deeds: readonly Deeds[]): Eviction[] {
  const others = deeds.filter(({ by }) => by !== id)
  return hitsOn(hands, others).filter(({ act }) => act.category === 'process-eviction')
}

/** What of these deeds was done to these hands' programs, jobs and files. */
function hitsOn(
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
  const own = hands.traces.flatMap(({ files, pools, pids }) => [
    ...files.flatMap((file) => [file, basename(file)]),
    ...pools.flatMap((pool) => [pool, pool.replace(/:\d+$/u, ''), pool.slice(pool.lastIndexOf(':') + 1)]),
    ...pids.map(String),
  ])
  return new Set([...own.map((name) => name.toLowerCase()), ...walletsOf(hands).map(shortWallet), 'xmrig'])
}
