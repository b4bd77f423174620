import { lowest } from '../../extremes.ts'
import { type Finding, isAtLeast } from '../../event/finding.ts'
import { burnsOf, type Load } from './burns.ts'
import type { ChangeOfHands, Occupant, Tenure, WayIn } from '../incident.ts'
import { changesOf, type Deeds } from './changes.ts'
import { clearingsOf, deedsOf, evictionsOf, hitsOn, type Told } from './deeds.ts'
import { withoutFees } from './fees.ts'
import { findingsOf, type Hands, handsOf, isAgainst, isStarter, startsOf, walletsOf } from './hands.ts'
import { busied, type Naming, occupantOf } from './occupant.ts'
import { type ConnectorsTo, withMiners } from './miners.ts'
import { type ContactsBetween, withServiceEntries } from './services.ts'
import { tenuresOf, type Watched } from './tenures.ts'
import { isFight, isMining, traceOf, traceOfWayIn } from './trace.ts'
import { type Settler, workUnheard } from './unheard.ts'

export interface Occupation {
  readonly occupants: readonly Occupant[]
  readonly tenures: readonly Tenure[]
  readonly changes: readonly ChangeOfHands[]
}

/** What is known besides the findings of the incident. */
export interface Surroundings extends Told {
  /** All logins that are intruders'. */
  readonly ways: readonly WayIn[]
  /** Whoever outside spoke to a service of the machine. */
  readonly contactsBetween: ContactsBetween
  /** Which processes connected where. */
  readonly connectorsTo: ConnectorsTo
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
  const told = [...findings.filter(isDeed).map(traceOf), ...around.ways.map(traceOfWayIn)]
  const traces = withMiners(told, around.connectorsTo)
  const hands = withoutFees(gathered(withServiceEntries(handsOf(traces), around.contactsBetween)))
  const taken = new Set<string>()
  const held = hands.filter(isOccupant).map((one) => {
    const occupant = occupantOf(one, taken, around.naming)
    taken.add(occupant.id)
    return { hands: one, occupant }
  })
  const deeds = deedsOf(held, around)
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
      kills: deeds
        .filter(({ by }) => by === occupant.id)
        .flatMap(({ acts }) => acts.filter(({ category }) => category === 'process-eviction'))
        .map(({ time }) => time),
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
