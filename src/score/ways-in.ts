import type { TrueMachine, TrueWayIn } from '../range/truth.ts'
import { parseTime } from '../text/time.ts'
import type { ClaimedIncident } from './claim.ts'
import { folded } from './machines.ts'

export interface WayInRight {
  readonly kind: boolean
  readonly source: boolean
  readonly time: boolean
}

const SAME_TIME_MS = 10 * 60_000
const NOTHING: WayInRight = { kind: false, source: false, time: false }

/** The claimed way in that fits a true one best; null where the truth knows of none. */
export function wayInRight(
  truth: TrueMachine | null,
  incidents: readonly ClaimedIncident[],
): WayInRight | null {
  const ways = truth === null ? [] : waysInOf(truth)
  if (ways.length === 0) return null
  return incidents
    .map((incident) => incident.wayIn)
    .filter((claimed) => claimed !== null)
    .flatMap((claimed) => ways.map((way) => judge(claimed, way)))
    .reduce((best, one) => (partsRight(one) > partsRight(best) ? one : best), NOTHING)
}

export function waysInOf({ wayIn, laterWaysIn = [] }: TrueMachine): TrueWayIn[] {
  return wayIn === null || wayIn === undefined ? laterWaysIn : [wayIn, ...laterWaysIn]
}

export function partsRight({ kind, source, time }: WayInRight): number {
  return Number(kind) + Number(source) + Number(time)
}

/** Where the truth names no source there is none to be wrong about. */
function judge(claimed: NonNullable<ClaimedIncident['wayIn']>, way: TrueWayIn): WayInRight {
  const hasSource = way.srcIp !== null && way.srcIp !== undefined
  return {
    kind: folded(claimed.kind) === folded(way.kind),
    source: !hasSource || folded(claimed.srcIp ?? '') === folded(way.srcIp ?? ''),
    time: Math.abs(parseTime(claimed.time) - parseTime(way.time)) <= SAME_TIME_MS,
  }
}
