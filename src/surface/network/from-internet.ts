import { RecentMap } from '../../recent-map.ts'
import { type Arrival, internetArrival } from './arrival.ts'
import { intersection, type Intervals } from './interval.ts'
import { internet, isInternetAddress } from './cidr.ts'
import type { Filters } from './filter.ts'
import type { Gate } from './gate.ts'
import { gauntlet, type Outcome } from './gauntlet.ts'
import type { Family } from './model.ts'
import { endLinks, NO_ADDRESS, stateBlocker, type TargetAddress, UNKNOWN_ADDRESS } from './target.ts'
import type { Topology } from './topology.ts'
import type { Link, Verdict } from './verdict.ts'
import { about, type Around, blockedVerdict, openVerdict, shutVerdict, SourceTexts } from './write-verdict.ts'

/** Interfaces that stand the same way (autoscaling, clusters) share what gets through: so many ways are remembered. */
const MAX_OUTCOMES = 4_096

/** From the internet, or from some of its addresses, straight to addresses of interfaces. */
export class FromInternet {
  readonly #topology: Topology
  readonly #filters: Filters
  readonly #origin: Link
  readonly #sources: Intervals
  readonly #sourcesV6: Intervals
  readonly #texts = new SourceTexts()
  readonly #arrivals = new Map<string, Arrival>()
  readonly #outcomes = new RecentMap<Outcome>(MAX_OUTCOMES)

  constructor(topology: Topology, filters: Filters, origin: Link, among: Intervals | null) {
    this.#topology = topology
    this.#filters = filters
    this.#origin = origin
    const only = (family: Family): Intervals => {
      if (among === null) return internet(family)
      const isV6 = typeof among[0] === 'bigint'
      return isV6 === (family === 6) ? intersection(among, internet(family)) : []
    }
    this.#sources = only(4)
    this.#sourcesV6 = only(6)
  }

  sources(family: Family): Intervals {
    return family === 4 ? this.#sources : this.#sourcesV6
  }

  /** `wantsShut`: also what is shut of an address where something is open. */
  to(target: TargetAddress, wantsShut = true): Verdict[] {
    const { family, address } = target
    const isPublic =
      family === 6 ? address !== null && isInternetAddress(address) : target.publicAddress !== null
    const isPromised = family === 4 && target.hasUnknownPublicAddress
    const shown = family === 6 ? address : target.publicAddress
    const of = about(target, shown ?? (isPromised ? UNKNOWN_ADDRESS : (address ?? NO_ADDRESS)))
    const state = stateBlocker(target.instance)
    if (state !== null) return [blockedVerdict(of, state)]
    if (!isPublic && !isPromised)
      return [
        blockedVerdict(of, {
          kind: 'no-public-address',
          id: target.networkInterface.id,
          detail: `${target.networkInterface.id} has no public address for ${address ?? 'its private one'}`,
        }),
      ]
    const arrival = this.arrival(target.networkInterface.subnet, family)
    if (arrival.blockedBy !== null) return [blockedVerdict(of, arrival.blockedBy)]
    const outcome = this.#outcome(target, arrival)
    const publicLink: Link = {
      kind: 'public-address',
      id: of.address,
      detail: `public address of ${target.networkInterface.id}`,
    }
    const around: Around = {
      before: [this.#origin, publicLink],
      after: endLinks(target),
      fallback: publicLink,
    }
    const open = outcome.open.map((opening) =>
      openVerdict(of, opening, around, this.#texts.ofInternet(opening.band.addresses, family)),
    )
    return wantsShut ? [...open, ...outcome.shut.map((shut) => shutVerdict(of, shut))] : open
  }

  arrival(subnet: string | null, family: Family): Arrival {
    const key = `${subnet}|${family}`
    let known = this.#arrivals.get(key)
    if (known === undefined) {
      known = internetArrival(this.#topology, subnet, family, this.sources(family))
      this.#arrivals.set(key, known)
    }
    return known
  }

  #outcome(
    { networkInterface: { subnet, vpc, groups }, family, instance }: TargetAddress,
    arrival: Arrival,
  ): Outcome {
    const isUnsure = instance?.state === 'unknown'
    const key = `${subnet}|${vpc}|${groups.join(',')}|${family}|${isUnsure}`
    let known = this.#outcomes.get(key)
    if (known === undefined) {
      const gate: Gate = { subnet, vpc, groups, family, whom: this.sources(family), passesAcl: true }
      const unsure = isUnsure
        ? { ...arrival, sure: [], missing: [...arrival.missing, 'whether the instance runs'] }
        : arrival
      known = gauntlet(this.#topology, this.#filters, gate, unsure)
      this.#outcomes.set(key, known)
    }
    return known
  }

  texts(addresses: Intervals, family: Family): readonly string[] {
    return this.#texts.ofInternet(addresses, family)
  }
}
