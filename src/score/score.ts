import { isAtLeast } from '../event/finding.ts'
import type { Truth } from '../range/truth.ts'
import { parseTime } from '../text/time.ts'
import { assign } from './assignment.ts'
import type { Claim } from './claim.ts'
import { type Score, SCORE_SCHEMA } from './document.ts'
import { type Comparison, compare } from './machines.ts'
import { likeness, type Likeness } from './occupants.ts'
import { iou, type Span } from './span.ts'
import { partsRight, wayInRight, waysInOf, type WayInRight } from './ways-in.ts'

const SAME_CHANGE_MS = 120_000

/** Holds an investigation against the truth. */
export function score(claim: Claim, truth: Truth): Score {
  const machines = compare(claim, truth).map(judge)
  const known = machines.filter((machine) => machine.usd !== null)
  const usd = {
    true: sum(known.map((one) => one.usd?.true)),
    claimed: sum(known.map((one) => one.usd?.claimed)),
  }
  const ways = machines.map((machine) => machine.wayIn).filter((way) => way !== null)
  const right = ways.filter((way) => partsRight(way) === 3).length
  const tenures = totalOf(machines.map((machine) => machine.tenures))
  const changes = totalOf(machines.map((machine) => machine.changes))
  return {
    schema: SCORE_SCHEMA,
    tenureIoU: iouOf(machines),
    handsF1: f1(changes),
    occupantPurity: purityOf(machines.map((machine) => machine.likeness)),
    wayIn: ways.length === 0 ? null : right / ways.length,
    costError: costErrorOf(
      usd,
      sum(known.map((one) => Math.abs((one.usd?.claimed ?? 0) - (one.usd?.true ?? 0)))),
    ),
    falseIncidents: sum(machines.map((machine) => machine.falseIncidents.length)),
    counts: {
      machines: truth.machines.length,
      intruded: machines.filter((machine) => machine.isIntruded).length,
      tenures,
      changes,
      waysIn: {
        true: ways.length,
        kind: ways.filter((way) => way.kind).length,
        source: ways.filter((way) => way.source).length,
        time: ways.filter((way) => way.time).length,
        right,
      },
      usd,
    },
    machines: machines.map(reportOf),
  }
}

interface Matches {
  readonly true: number
  readonly claimed: number
  readonly matched: number
}

interface Judged extends Comparison {
  readonly isIntruded: boolean
  readonly tenures: Matches
  /** Sum over matched tenures. */
  readonly iouSum: number
  readonly changes: Matches
  readonly likeness: Likeness
  readonly claimedOccupants: readonly string[]
  readonly wayIn: WayInRight | null
  readonly usd: { readonly true: number; readonly claimed: number } | null
  readonly falseIncidents: readonly string[]
}

function judge(comparison: Comparison): Judged {
  const { truth, incidents } = comparison
  const held = (truth?.tenures ?? []).map(spanOf)
  const claimed = incidents.flatMap((incident) => incident.tenures.map(spanOf))
  const pairs = assign(held.map((one) => claimed.map((other) => iou(one, other))))
  const who = likeness(held, claimed)
  const isIntruded = truth !== null && (held.length > 0 || waysInOf(truth).length > 0)
  return {
    ...comparison,
    isIntruded,
    tenures: { true: held.length, claimed: claimed.length, matched: pairs.length },
    iouSum: sum(pairs.map((pair) => pair.weight)),
    changes: changesOf(comparison, who),
    likeness: who,
    claimedOccupants: [...new Set(claimed.map((span) => span.occupant))],
    wayIn: wayInRight(truth, incidents),
    usd:
      truth?.cost === undefined
        ? null
        : {
            true: truth.cost.usdHeld + (truth.cost.usdBurst ?? 0),
            claimed: sum(incidents.map((one) => one.money.usdSoFar ?? 0)),
          },
    falseIncidents: isIntruded
      ? []
      : incidents.filter((one) => isAtLeast(one.severity, 'medium')).map((one) => one.id),
  }
}

function spanOf(tenure: { readonly occupant: string; readonly start: string; readonly end: string }): Span {
  return { occupant: tenure.occupant, from: parseTime(tenure.start), to: parseTime(tenure.end) }
}

/** Claimed changes are right by the occupants they name; each true one is found once. */
function changesOf({ truth, incidents }: Comparison, { trueOf }: Likeness): Matches {
  const happened = truth?.changes ?? []
  const claimed = incidents.flatMap((incident) => incident.changes)
  const trueIds = new Set(happened.flatMap(({ from, to }) => [from, to]))
  const matchedIds = new Set(trueOf.values())
  // Who holds nothing has no time to be known by ("nobody", the owner): then the name itself must be right.
  const nameOf = (id: string): string | undefined =>
    trueOf.get(id) ?? (trueIds.has(id) && !matchedIds.has(id) ? id : undefined)
  const weights = happened.map((change) =>
    claimed.map((other) => {
      const apart = Math.abs(parseTime(change.time) - parseTime(other.time))
      const isRight = nameOf(other.from) === change.from && nameOf(other.to) === change.to
      // One more found outweighs any nearness.
      return isRight && apart <= SAME_CHANGE_MS ? 1 - apart / SAME_CHANGE_MS / (2 * happened.length + 2) : 0
    }),
  )
  return { true: happened.length, claimed: claimed.length, matched: assign(weights).length }
}

function reportOf(judged: Judged): Score['machines'][number] {
  return {
    name: judged.name,
    isKnown: judged.truth !== null,
    incidents: judged.incidents.map((incident) => incident.id),
    tenureIoU: iouOf([judged]),
    handsF1: f1(judged.changes),
    occupantPurity: purityOf([judged.likeness]),
    wayIn: judged.wayIn,
    usd: judged.usd,
    falseIncidents: [...judged.falseIncidents],
    occupants: judged.claimedOccupants.map((claimed) => ({
      claimed,
      true: judged.likeness.trueOf.get(claimed) ?? null,
    })),
  }
}

/** Pairs count once, what is left over on either side counts 0. */
function iouOf(judged: readonly Judged[]): number | null {
  const total = totalOf(judged.map((one) => one.tenures))
  const all = total.true + total.claimed - total.matched
  return all === 0 ? null : sum(judged.map((one) => one.iouSum)) / all
}

function f1(matches: Matches): number | null {
  const all = matches.true + matches.claimed
  return all === 0 ? null : (2 * matches.matched) / all
}

function purityOf(likenesses: readonly Likeness[]): number | null {
  const shared = sum(likenesses.map((one) => one.sharedMs))
  return shared === 0 ? null : sum(likenesses.map((one) => one.rightMs)) / shared
}

function costErrorOf(usd: { true: number; claimed: number }, difference: number): number | null {
  if (usd.true > 0) return difference / usd.true
  return difference > 0 ? 1 : null
}

function totalOf(matches: readonly Matches[]): Matches {
  return {
    true: sum(matches.map((one) => one.true)),
    claimed: sum(matches.map((one) => one.claimed)),
    matched: sum(matches.map((one) => one.matched)),
  }
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0)
}
