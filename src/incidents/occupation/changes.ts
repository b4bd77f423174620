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
const FREE_MS = 60 * 60_000
const MAX_HOW = 8

export interface Fight {
  /** The occupant who fought. */
  readonly by: string
  readonly fight: Finding & { readonly facts: FightFacts }
}

/**
 * Changes of hands, as the tenures show them and the acts of the one who came explain them. Whoever holds the machine
 * holds it until the end, however many mine beside; then it goes to the one who ended it, else to the next who begins.
 * Who is merely left over when the holder stops was not given it by a fight: that is no change.
 */
export function changesOf(tenures: readonly Tenure[], fights: readonly Fight[] = []): ChangeOfHands[] {
  const changes: ChangeOfHands[] = []
  let holder = tenures[0]
  while (holder !== undefined) {
    const { next, time } = nextHolder(holder, tenures, fights)
    if (next !== undefined && time !== null) changes.push(changeOf(holder, next, time, fights))
    holder = next
  }
  return changes
}

/** Who holds it after one; `time` is when it changed hands, null where it did not. */
function nextHolder(
  holder: Tenure,
  tenures: readonly Tenure[],
  fights: readonly Fight[],
): { readonly next: Tenure | undefined; readonly time: number | null } {
  const { end, occupant } = holder
  const beside = tenures.filter(
    (other) => other.occupant !== occupant && other.start < end && other.end > end + ENDED_AFTER_MS,
  )
  const winner = beside.find((other) => endedBy(other, end, fights))
  if (winner !== undefined) return { next: winner, time: end }
  // Who has just begun is taking it over, and the one before takes a while to be gone.
  const newcomer = beside.find(({ start }) => end - start <= STILL_MINING_MS)
  if (newcomer !== undefined) return { next: newcomer, time: newcomer.start }
  if (beside[0] !== undefined) return { next: beside[0], time: null }
  const next = tenures.find((other) => other.start >= end && other !== holder)
  const isTaken = next !== undefined && next.occupant !== occupant && next.start - end <= FREE_MS
  return { next, time: isTaken ? next.start : null }
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
