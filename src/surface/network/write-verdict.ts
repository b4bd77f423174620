import { cidrsOf, cidrsTouching, everywhere, internet } from './cidr.ts'
import { protocolText } from './filter.ts'
import type { Opening } from './opening.ts'
import type { Shut } from './shut.ts'
import { difference, equals, type Intervals, union } from './interval.ts'
import type { Family } from './model.ts'
import type { TargetAddress } from './target.ts'
import type { Blocker, Link, Permit, Verdict } from './verdict.ts'

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

/** What stands around the rules on every way to an address. */
export interface Around {
  readonly before: readonly Link[]
  readonly after: readonly Link[]
  /** What to cut where no single rule does; null = nothing does. */
  readonly fallback: Link | null
}

/**
 * What gets through. A large network has hundreds of thousands of these, which are weighed by ports and sources:
 * the rest is put together when somebody asks for it.
 */
class OpenVerdict implements Verdict {
  readonly sources: readonly string[]
  private readonly of: About
  private readonly opening: Opening
  private readonly around: Around

  constructor(of: About, opening: Opening, around: Around, sources: readonly string[]) {
    this.of = of
    this.opening = opening
    this.around = around
    this.sources = sources
  }

  get asset(): string {
    return this.of.asset
  }

  get networkInterface(): string | null {
    return this.of.networkInterface
  }

  get address(): string {
    return this.of.address
  }

  get family(): Family {
    return this.of.family
  }

  get behind(): Verdict['behind'] {
    return this.of.behind
  }

  get protocol(): string {
    return protocolText(this.opening.protocol)
  }

  get portFrom(): number {
    return this.opening.band.from
  }

  get portTo(): number {
    return this.opening.band.to - 1
  }

  get status(): Verdict['status'] {
    return this.opening.isSure ? 'reachable' : 'unknown'
  }

  get chain(): readonly Link[] {
    return [...this.around.before, ...this.opening.links, ...this.around.after]
  }

  get permits(): readonly Permit[] {
    return this.opening.permits
  }

  get cutEdge(): Link | null {
    const { fallback } = this.around
    const [only, ...more] = this.opening.permits
    return only !== undefined && more.length === 0 ? only.link : fallback
  }

  get blockedBy(): null {
    return null
  }

  get missing(): readonly string[] {
    return this.opening.missing
  }

  get notes(): readonly string[] {
    return this.opening.notes
  }
}

export function openVerdict(
  of: About,
  opening: Opening,
  around: Around,
  sources: readonly string[],
): Verdict {
  return new OpenVerdict(of, opening, around, sources)
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
  readonly #byContent = new Map<string, readonly string[]>()

  /** Sources on the internet. All of it is written as the CIDR that a rule has for it. */
  ofInternet(set: Intervals, family: Family): readonly string[] {
    return this.#once(set, () => {
      const all = internet(family)
      const exact = equals(set, all) ? cidrsOf(everywhere(family)) : cidrsOf(set)
      // With what nobody on the internet has, it may be shorter.
      const rounded =
        exact.length < 4 ? exact : cidrsTouching(union(set, difference(everywhere(family), all)), all)
      return rounded.length < exact.length ? rounded : exact
    })
  }

  of(set: Intervals): readonly string[] {
    return this.#once(set, () => cidrsOf(set))
  }

  #once(set: Intervals, write: () => readonly string[]): readonly string[] {
    let texts = this.#known.get(set)
    if (texts !== undefined) return texts
    const content = `${typeof set[0]} ${set.join(' ')}`
    texts = this.#byContent.get(content) ?? write()
    this.#byContent.set(content, texts)
    this.#known.set(set, texts)
    return texts
  }
}
