import type { FightFacts, Finding } from '../../event/finding.ts'
import { firstAndLast } from '../evidence-union.ts'
import type { ChangeOfHands, Tenure } from '../incident.ts'
import type { Handover } from './holding.ts'

/** Acts of the one who takes over, this long before its mining begins and after, are how it took over. */
const FIGHT_BEFORE_MS = 30 * 60_000
const FIGHT_AFTER_MS = 10 * 60_000
const MAX_HOW = 8

export interface Fight {
  /** The occupant who fought. */
  readonly by: string
  readonly fight: Finding & { readonly facts: FightFacts }
}

/** Changes of hands, with the acts of the one who came that explain them. */
export function changesOf(
  handovers: readonly Handover[],
  tenures: readonly Tenure[],
  fights: readonly Fight[] = [],
): ChangeOfHands[] {
  return handovers.flatMap((handover) => {
    const next = tenures.find(({ occupant, end }) => occupant === handover.to && end >= handover.time)
    const before = tenures.findLast(
      ({ occupant, start }) => occupant === handover.from && start <= handover.time,
    )
    return next === undefined || before === undefined ? [] : [changeOf(before, next, handover.time, fights)]
  })
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
