import { Balanced } from './balanced.ts'
import { FromCidr } from './from-cidr.ts'
import { FromAsset } from './from-asset.ts'
import { Filters } from './filter.ts'
import { FromInternet } from './from-internet.ts'
import type { Network, NetworkInterface, SecurityGroup } from './model.ts'
import { addressesOf, isService, NO_ADDRESS, stateBlocker } from './target.ts'
import { Topology } from './topology.ts'
import type { Link, Verdict } from './verdict.ts'
import { blockedVerdict } from './write-verdict.ts'

export interface Question {
  /** `internet`, a CIDR or address, or an asset (instance or interface id). */
  readonly from: string
  /** Asset; absent = all of them. */
  readonly to?: string
  /** So many verdicts of what is shut are wanted: more are not even worked out. Absent = all. */
  readonly mostBlocked?: number
}

/**
 * Who can reach what, in order of assets and addresses: for every address the ports that are open, with who gets
 * there and how, and those that are shut, with what shuts them. Bands of ports are never enumerated; what nothing
 * gets through to at all is one verdict. An asset that the network does not hold gives none.
 */
export function reachability(network: Network, question: Question): Verdict[] {
  return new Reachability(network).ask(question)
}

/** The same for several questions about one network. */
export class Reachability {
  readonly network: Network
  readonly #topology: Topology
  readonly #filters: Filters

  constructor(network: Network, topology: Topology = new Topology(network)) {
    this.network = network
    this.#topology = topology
    this.#filters = new Filters(topology)
  }

  ask(question: Question): Verdict[] {
    return [...this.each(question)]
  }

  /** One after the other: of a large network nobody wants to hold them all at once. */
  *each({ mostBlocked = Infinity, ...question }: Question): Generator<Verdict, void, undefined> {
    let blocked = 0
    for (const verdict of this.#all(question, () => blocked < mostBlocked))
      if (verdict.status !== 'blocked' || ++blocked <= mostBlocked) yield verdict
  }

  *#all({ from, to }: Question, wantsShut: () => boolean): Generator<Verdict, void, undefined> {
    const interfaces = to === undefined ? this.#targets() : this.#interfacesOf(to)
    const way = this.#way(from)
    for (const one of interfaces)
      for (const target of addressesOf(this.network, one))
        yield* way instanceof FromInternet ? way.to(target, wantsShut()) : way.to(target)
    if (way instanceof FromInternet) yield* this.#balanced(way, interfaces, to)
    yield* this.#bare(to)
  }

  /** The network with one group changed, and what is then true of all that stands behind this group. */
  recheck(group: SecurityGroup, from: string): { reachability: Reachability; verdicts: Verdict[] } {
    const securityGroups = new Map(this.network.securityGroups).set(group.id, group)
    const network: Network = { ...this.network, securityGroups }
    const changed = new Reachability(network, this.#topology.of(network))
    const members = this.#topology.members(group.id).filter((one) => !isService(one))
    return { reachability: changed, verdicts: changed.#ofMembers(from, members, group.id) }
  }

  #ofMembers(from: string, members: readonly NetworkInterface[], group: string): Verdict[] {
    const way = this.#way(from)
    const verdicts = members.flatMap((one) =>
      addressesOf(this.network, one).flatMap((target) => way.to(target)),
    )
    if (!(way instanceof FromInternet)) return verdicts
    const ids = new Set(members.map((one) => one.id))
    const balanced = new Balanced(this.#topology, this.#filters, way)
    for (const balancer of this.network.loadBalancers.values()) {
      const isOwn = balancer.groups?.includes(group) === true
      for (const verdict of balanced.verdicts(balancer))
        if (isOwn || ids.has(verdict.networkInterface ?? '')) verdicts.push(verdict)
    }
    return verdicts
  }

  #way(from: string): FromInternet | FromAsset | FromCidr {
    if (from === 'internet') {
      const origin: Link = { kind: 'internet', id: 'internet', detail: 'the internet' }
      return new FromInternet(this.#topology, this.#filters, origin, null)
    }
    const own = this.#interfacesOf(from)
    if (own.length > 0) {
      const addresses = own.flatMap((one) => addressesOf(this.network, one))
      return new FromAsset(this.#topology, this.#filters, addresses)
    }
    return new FromCidr(this.#topology, this.#filters, from)
  }

  /** Through load balancers, to those that are asked about. */
  *#balanced(
    internet: FromInternet,
    interfaces: readonly NetworkInterface[],
    to: string | undefined,
  ): Iterable<Verdict> {
    const { loadBalancers } = this.network
    if (loadBalancers.size === 0) return
    const balanced = new Balanced(this.#topology, this.#filters, internet)
    const wanted = to === undefined ? null : new Set([to, ...interfaces.map((one) => one.id)])
    for (const balancer of loadBalancers.values())
      for (const verdict of balanced.verdicts(balancer))
        if (wanted === null || wanted.has(verdict.asset)) yield verdict
  }

  /** Instances that have no interface any more. */
  *#bare(to: string | undefined): Iterable<Verdict> {
    for (const instance of this.network.instances.values()) {
      if (instance.interfaces.length > 0 || (to !== undefined && to !== instance.id)) continue
      const of = {
        asset: instance.id,
        networkInterface: null,
        address: NO_ADDRESS,
        family: 4 as const,
        behind: null,
      }
      yield blockedVerdict(
        of,
        stateBlocker(instance) ?? {
          kind: 'no-path',
          id: instance.id,
          detail: `${instance.id} has no network interface`,
        },
      )
    }
  }

  #targets(): NetworkInterface[] {
    const all = [...this.network.interfaces.values()].filter(
      (one) =>
        !isService(one) &&
        (one.instance !== null || one.addresses.some((each) => each.publicAddress !== null)),
    )
    return all.toSorted((a, b) => order(a.instance ?? a.id, b.instance ?? b.id) || order(a.id, b.id))
  }

  #interfacesOf(asset: string): NetworkInterface[] {
    const own = this.network.interfaces.get(asset)
    const ids = this.network.instances.get(asset)?.interfaces ?? []
    const found = ids.flatMap((id) => this.network.interfaces.get(id) ?? [])
    return own === undefined ? found : [own, ...found]
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
