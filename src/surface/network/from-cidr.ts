import { type Arrival, blockedArrival, routeLink, routeText, uncertainArrival } from './arrival.ts'
import { internet, parseCidr } from './cidr.ts'
import type { Filters } from './filter.ts'
import { FromInternet } from './from-internet.ts'
import type { Gate } from './gate.ts'
import { gauntlet, type Outcome } from './gauntlet.ts'
import type { Opening } from './opening.ts'
import type { Shut } from './shut.ts'
import { difference, intersection, type Intervals, isEmpty, NOTHING, overlaps, unionOf } from './interval.ts'
import type { Family } from './model.ts'
import { endLinks, stateBlocker, type TargetAddress, UNKNOWN_ADDRESS } from './target.ts'
import type { Topology } from './topology.ts'
import type { Blocker, Link, Verdict } from './verdict.ts'
import { about, type Around, blockedVerdict, openVerdict, shutVerdict, SourceTexts } from './write-verdict.ts'

/**
 * From any host with an address in a block: those on the internet to public addresses, the others to private ones,
 * as neighbours in the VPC or over what the target's routes send replies to. What lets them out at their own end is
 * not asked.
 */
export class FromCidr {
  readonly #topology: Topology
  readonly #filters: Filters
  readonly #origin: Link
  readonly #sources: Intervals
  readonly #family: Family
  readonly #internet: FromInternet
  readonly #texts = new SourceTexts()

  constructor(topology: Topology, filters: Filters, cidr: string) {
    const block = parseCidr(cidr)
    this.#topology = topology
    this.#filters = filters
    this.#origin = { kind: 'cidr', id: cidr, detail: cidr }
    this.#sources = block?.intervals ?? NOTHING
    this.#family = block?.family ?? 4
    this.#internet = new FromInternet(topology, filters, this.#origin, this.#sources)
  }

  to(target: TargetAddress): Verdict[] {
    if (target.family !== this.#family) return []
    const outside = overlaps(this.#sources, internet(this.#family)) ? this.#internet.to(target) : []
    const inside = this.#inside(target)
    if (outside.length === 0) return inside
    return inside.some((one) => one.status !== 'blocked') ? [...outside, ...inside] : outside
  }

  #inside(target: TargetAddress): Verdict[] {
    const of = about(target, target.address ?? UNKNOWN_ADDRESS)
    const state = stateBlocker(target.instance)
    if (state !== null) return [blockedVerdict(of, state)]
    const arrivals = this.#arrivals(target)
    const blocked = arrivals.find(({ arrival }) => arrival.blockedBy !== null)?.arrival.blockedBy ?? null
    if (blocked !== null) return [blockedVerdict(of, blocked)]
    const { subnet, vpc, groups } = target.networkInterface
    const outcomes = arrivals.map(({ arrival, passesAcl }) => {
      const gate: Gate = { subnet, vpc, groups, family: target.family, whom: this.#sources, passesAcl }
      return gauntlet(this.#topology, this.#filters, gate, arrival)
    })
    const { open, shut } = merged(outcomes)
    const around: Around = { before: [this.#origin], after: endLinks(target), fallback: null }
    return [
      ...open.map((one) => openVerdict(of, one, around, this.#texts.of(one.band.addresses))),
      ...shut.map((one) => shutVerdict(of, one)),
    ]
  }

  #arrivals({
    networkInterface: { subnet: id },
    family,
  }: TargetAddress): { arrival: Arrival; passesAcl: boolean }[] {
    const subnet = this.#topology.network.subnets.get(id ?? '')
    const table = this.#topology.routeTable(id)
    if (subnet === undefined || table === null) {
      const missing = subnet === undefined ? `subnet ${id}` : `route tables of ${subnet.vpc}`
      return [{ arrival: uncertainArrival(this.#sources, missing, []), passesAcl: true }]
    }
    const own = intersection(this.#sources, this.#topology.subnetAddresses(subnet, family))
    const arrivals = isEmpty(own)
      ? []
      : [
          {
            arrival: through(own, [{ kind: 'subnet', id: subnet.id, detail: 'same subnet' }], []),
            passesAcl: false,
          },
        ]
    let why: Blocker = {
      kind: 'no-route',
      id: table.id,
      detail: `route table ${table.id} has no route to ${this.#origin.id}`,
    }
    for (const { addresses, route } of this.#topology.directions(table, family)) {
      const here = difference(intersection(addresses, this.#sources), own)
      if (isEmpty(here)) continue
      const { kind, id: to } = route.target
      if (route.isBlackhole)
        why = {
          kind: 'blackhole-route',
          id: table.id,
          detail: `${routeText(route)} leads nowhere (blackhole)`,
        }
      else if (
        kind === 'internet-gateway' ||
        kind === 'nat-gateway' ||
        kind === 'egress-only-internet-gateway'
      )
        why = { kind: 'return-route', id: table.id, detail: `replies would leave over ${routeText(route)}` }
      else if (kind === 'peering' && this.#topology.network.peerings.get(to ?? '')?.isActive === false)
        why = { kind: 'peering-state', id: to ?? '', detail: `peering ${to} is not active` }
      else {
        const notes = kind === 'local' ? [] : [`as far as the other end of ${to ?? kind} lets it out`]
        arrivals.push({ arrival: through(here, [routeLink(table, route)], notes), passesAcl: true })
      }
    }
    return arrivals.length > 0 ? arrivals : [{ arrival: blockedArrival(why), passesAcl: true }]
  }
}

function through(sources: Intervals, links: Link[], notes: string[]): Arrival {
  return { sure: sources, perhaps: sources, missing: [], links, blockedBy: null, notes }
}

/** What is open on any way; shut is what is open on none. */
function merged(outcomes: readonly Outcome[]): Outcome {
  const open: Opening[] = outcomes.flatMap((one) => one.open)
  if (open.length === 0) return { open, shut: outcomes[0]?.shut ?? [] }
  const shut: Shut[] = []
  for (const one of outcomes.find(({ shut: own }) => own.every(({ protocol }) => protocol !== null))?.shut ??
    []) {
    const ports = unionOf(
      open.filter(({ protocol }) => protocol === one.protocol).map(({ band }) => [band.from, band.to]),
    )
    const left = difference([one.from, one.to], ports)
    for (let i = 0; i < left.length; i += 2)
      shut.push({ ...one, from: Number(left[i]), to: Number(left[i + 1]) })
  }
  return { open, shut }
}
