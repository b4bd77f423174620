import { cidrsOf, cidrsTouching, everywhere, internet } from './cidr.ts'
import { protocolText } from './filter.ts'
import type { Opening, Shut } from './gauntlet.ts'
import { difference, equals, type Intervals, union } from './interval.ts'
import type { Family } from './model.ts'
import type { TargetAddress } from './target.ts'
import type { Blocker, Link, Verdict } from './verdict.ts'

/** Of what a verdict is: what a client connects to. */
export interface About {
  readonly asset: string
  readonly networkInterface: string | null
  readonly address: string
  readonly family: Family
  readonly behind: Verdict['behind']
}

export function about(target: TargetAddress, address: string): About {
  const { asset, networkInterface, family } = target
  return { asset, networkInterface: networkInterface.id, address, family, behind: null }
}

/** What gets through, as a verdict. `before` and `after` are the links around those of the rules. */
export function openVerdict(
  of: About,
  opening: Opening,
  before: readonly Link[],
  after: readonly Link[],
  /** What to cut where no single rule does; null = nothing does. */
  fallback: Link | null,
  sources: readonly string[],
): Verdict {
  const { protocol, band, isSure, missing, permits, notes, links } = opening
  return {
    ...of,
    protocol: protocolText(protocol),
    portFrom: band.from,
    portTo: band.to - 1,
    status: isSure ? 'reachable' : 'unknown',
    sources,
    chain: [...before, ...links, ...after],
    permits,
    cutEdge: permits.length === 1 ? (permits[0]?.link ?? fallback) : fallback,
    blockedBy: null,
    missing,
    notes,
  }
}

export function shutVerdict(of: About, { protocol, from, to, by }: Shut): Verdict {
  return {
    ...blockedVerdict(of, by),
    protocol: protocol === null ? 'all' : protocolText(protocol),
    portFrom: from,
    portTo: to - 1,
  }
}

/** Nothing gets through at all. */
export function blockedVerdict(of: About, by: Blocker): Verdict {
  return {
    ...of,
    protocol: 'all',
    portFrom: 0,
    portTo: 65_535,
    status: 'blocked',
    sources: [],
    chain: [],
    permits: [],
    cutEdge: null,
    blockedBy: by,
    missing: [],
    notes: [],
  }
}

/** Remembers how sets of sources are written: many verdicts have the same. */
export class SourceTexts {
  readonly #known = new Map<Intervals, readonly string[]>()

  /** Sources on the internet. All of it is written as the CIDR that a rule has for it. */
  ofInternet(set: Intervals, family: Family): readonly string[] {
    const known = this.#known.get(set)
    if (known !== undefined) return known
    const all = internet(family)
    const exact = equals(set, all) ? cidrsOf(everywhere(family)) : cidrsOf(set)
    // With what nobody on the internet has, it may be shorter.
    const rounded =
      exact.length < 4 ? exact : cidrsTouching(union(set, difference(everywhere(family), all)), all)
    const texts = rounded.length < exact.length ? rounded : exact
    this.#known.set(set, texts)
    return texts
  }

  of(set: Intervals): readonly string[] {
    const known = this.#known.get(set)
    if (known !== undefined) return known
    const texts = cidrsOf(set)
    this.#known.set(set, texts)
    return texts
  }
}
