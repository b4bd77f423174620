import type { FightAct } from '../../event/finding.ts'
import { firstAndLast } from '../evidence-union.ts'
import type { ChangeOfHands, Tenure } from '../incident.ts'
import type { Handover } from './holding.ts'

/** Acts of the one who takes over, this long before its mining begins and after, are how it took over. */
const FIGHT_BEFORE_MS = 30 * 60_000
const FIGHT_AFTER_MS = 10 * 60_000
const MAX_HOW = 8

/** What somebody did to others who hold the machine. */
export interface Deeds {
  /** The occupant who did it; null: somebody who does not mine here. */
  readonly by: string | null
  readonly acts: readonly FightAct[]
  readonly confidence: number
}

/** Changes of hands, with the acts of the one who came that explain them. */
export function changesOf(
  handovers: readonly Handover[],
  tenures: readonly Tenure[],
  deeds: readonly Deeds[] = [],
): ChangeOfHands[] {
  return handovers.flatMap((handover) => {
    const next = tenures.find(({ occupant, end }) => occupant === handover.to && end >= handover.time)
    const before = tenures.findLast(
      ({ occupant, start }) => occupant === handover.from && start <= handover.time,
    )
    return next === undefined || before === undefined ? [] : [changeOf(before, next, handover.time, deeds)]
  })
}

function changeOf(before: Tenure, next: Tenure, time: number, deeds: readonly Deeds[]): ChangeOfHands {
  const own = deeds.filter(
    ({ by, acts }) => by === next.occupant && acts.some((act) => isAround(act.time, time)),
  )
  const acts = own
    .flatMap((one) => one.acts)
    .filter((act) => isAround(act.time, time))
    .toSorted((a, b) => a.time - b.time)
  const told = [...new Set(acts.map(({ what }) => what))]
  return {
    time,
    from: before.occupant,
    to: next.occupant,
    how: told.length > 0 ? told.slice(0, MAX_HOW) : [plainly(before.end - next.start)],
    // Half by the tenures alone; how sure the fight is adds to it.
    confidence: own.length === 0 ? 0.5 : Math.max(0.6, ...own.map(({ confidence }) => confidence)),
    evidence: firstAndLast([...acts.map(({ evidence }) => evidence), ...next.evidence.slice(0, 2)], 12),
  }
}

function plainly(overlap: number): string {
  return overlap <= 0 ? 'the one before had stopped' : 'both mine for a while'
}

function isAround(at: number, time: number): boolean {
  return at >= time - FIGHT_BEFORE_MS && at <= time + FIGHT_AFTER_MS
}
