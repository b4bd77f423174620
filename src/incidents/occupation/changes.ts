import { highest } from '../../extremes.ts'
import type { FightFacts, Finding } from '../../event/finding.ts'
import { firstAndLast } from '../evidence-union.ts'
import type { ChangeOfHands, Tenure } from '../incident.ts'
import { STILL_MINING_MS } from './tenures.ts'

/** Acts of the one who takes over, this long before its mining begins and after, are how it took over. */
const FIGHT_BEFORE_MS = 30 * 60_000
const FIGHT_AFTER_MS = 10 * 60_000
/** Acts this near to the end of a hold ended it. */
const ENDED_BEFORE_MS = 90_000
const ENDED_AFTER_MS = 30_000
/** Where somebody begins this long after another has stopped, it was free. */
const FREE_MS = 30 * 60_000
const MAX_HOW = 8

export interface Fight {
  /** The occupant who fought. */
  readonly by: string
  readonly fight: Finding & { readonly facts: FightFacts }
}

/**
 * Changes of hands, as the tenures show them and the acts of the one who came explain them. Of several who lose it at
 * once the one that held it last counts. Two that mine beside each other share the machine: it changes hands when one
 * throws the other out.
 */
export function changesOf(tenures: readonly Tenure[], fights: readonly Fight[] = []): ChangeOfHands[] {
  const changes: ChangeOfHands[] = []
  const lost = new Set<Tenure>()
  for (const next of tenures) {
    const losers = tenures.filter((other) => isOver(other, next) && !isBack(other, next, tenures))
    for (const loser of losers) lost.add(loser)
    const last = highest(losers.map(({ end }) => end))
    const before = losers.find(({ end }) => end === last)
    if (before === undefined) continue
    // Who is thrown out a moment later than the other begins loses it then.
    const time = before.end > next.start && endedBy(next, before.end, fights) ? before.end : next.start
    changes.push(changeOf(before, next, time, fights))
  }
  for (const loser of tenures) {
    if (lost.has(loser)) continue
    const winner = tenures.find((other) => isBeside(loser, other) && endedBy(other, loser.end, fights))
    if (winner !== undefined) changes.push(changeOf(loser, winner, loser.end, fights))
  }
  return changes.toSorted((a, b) => a.time - b.time)
}

/** Whether one had stopped, or all but, when the other began. */
function isOver(one: Tenure, next: Tenure): boolean {
  if (one.occupant === next.occupant || one.start >= next.start) return false
  return one.end <= next.start + STILL_MINING_MS && one.end <= next.end && next.start - one.end <= FREE_MS
}

/** Whether who had stopped was at it again when the other began. */
function isBack(one: Tenure, next: Tenure, tenures: readonly Tenure[]): boolean {
  return tenures.some(
    (later) => later.occupant === one.occupant && later.start > one.start && later.start <= next.start,
  )
}

/** Whether the other was mining when one stopped, and went on. */
function isBeside(one: Tenure, other: Tenure): boolean {
  return other.occupant !== one.occupant && other.start < one.end && other.end > one.end + ENDED_AFTER_MS
}

function endedBy({ occupant }: Tenure, end: number, fights: readonly Fight[]): boolean {
  return fights.some(
    ({ by, fight }) =>
      by === occupant &&
      fight.facts.acts.some(({ time }) => time >= end - ENDED_BEFORE_MS && time <= end + ENDED_AFTER_MS),
  )
}

function changeOf(before: Tenure, next: Tenure, time: number, fights: readonly Fight[]): ChangeOfHands {
  const acts = actsFor(next, time, fights)
  const told = acts.map(({ what }) => what)
  return {
    time,
    from: before.occupant,
    to: next.occupant,
    how: told.length > 0 ? [...new Set(told)].slice(0, MAX_HOW) : [plainly(before.end - next.start)],
    confidence: confidenceOf(next, time, fights, acts.length),
    evidence: firstAndLast([...acts.map(({ evidence }) => evidence), ...next.evidence.slice(0, 2)], 12),
  }
}

function plainly(overlap: number): string {
  return overlap <= 0 ? 'the one before had stopped' : 'both mine for a while'
}

function isAround(at: number, time: number): boolean {
  return at >= time - FIGHT_BEFORE_MS && at <= time + FIGHT_AFTER_MS
}

function actsFor(next: Tenure, time: number, fights: readonly Fight[]): FightFacts['acts'] {
  return fights
    .filter(({ by }) => by === next.occupant)
    .flatMap(({ fight }) => fight.facts.acts)
    .filter((act) => isAround(act.time, time))
    .toSorted((a, b) => a.time - b.time)
}

/** Half by the tenures alone; how sure the fight is adds to it. */
function confidenceOf(next: Tenure, time: number, fights: readonly Fight[], count: number): number {
  if (count === 0) return 0.5
  const sure = fights
    .filter(
      ({ by, fight }) => by === next.occupant && fight.facts.acts.some((act) => isAround(act.time, time)),
    )
    .map(({ fight }) => fight.confidence)
  return Math.max(0.6, ...sure)
}
