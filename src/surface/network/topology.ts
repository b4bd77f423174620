import { type Block, parseAddress, parseCidr } from './cidr.ts'
import { difference, type Intervals, NOTHING, overlaps, union, unionOf } from './interval.ts'
import type { Family, Network, NetworkAcl, NetworkInterface, Route, RouteTable, Subnet } from './model.ts'

/** Where a route table sends a set of addresses: its most specific route for all of them. */
export interface Direction {
  readonly addresses: Intervals
  readonly route: Route
}

/** Ways through the network's objects from one to another, each worked out once. */
export class Topology {
  readonly network: Network
  #tableOf = new Map<string, RouteTable>()
  #mainOf = new Map<string, RouteTable>()
  #aclOf = new Map<string, NetworkAcl>()
  #defaultAclOf = new Map<string, NetworkAcl>()
  #edgeOf = new Map<string, RouteTable>()
  #members = new Map<string, NetworkInterface[]>()
  #directions = new Map<string, readonly Direction[]>()
  #peered = new Map<string, Set<string>>()
  #vpcAddresses = new Map<string, Intervals>()

  constructor(network: Network, like: Topology | null = null) {
    this.network = network
    if (like === null) this.#index(network)
    else this.#take(like)
  }

  /** For the same network with other rules in its groups: nothing that is worked out here depends on them. */
  of(network: Network): Topology {
    return new Topology(network, this)
  }

  #take(like: Topology): void {
    this.#tableOf = like.#tableOf
    this.#mainOf = like.#mainOf
    this.#aclOf = like.#aclOf
    this.#defaultAclOf = like.#defaultAclOf
    this.#edgeOf = like.#edgeOf
    this.#members = like.#members
    this.#directions = like.#directions
    this.#peered = like.#peered
    this.#vpcAddresses = like.#vpcAddresses
  }

  #index(network: Network): void {
    for (const table of network.routeTables.values()) {
      for (const subnet of table.subnets) this.#tableOf.set(subnet, table)
      for (const gateway of table.gateways) this.#edgeOf.set(gateway, table)
      if (table.isMain && table.vpc !== null) this.#mainOf.set(table.vpc, table)
    }
    for (const acl of network.networkAcls.values()) {
      for (const subnet of acl.subnets) this.#aclOf.set(subnet, acl)
      if (acl.isDefault && acl.vpc !== null) this.#defaultAclOf.set(acl.vpc, acl)
    }
    for (const one of network.interfaces.values()) {
      for (const group of one.groups) {
        const list = this.#members.get(group)
        if (list === undefined) this.#members.set(group, [one])
        else list.push(one)
      }
    }
    for (const { isActive, sides } of network.peerings.values()) {
      const [a, b] = sides
      if (!isActive || a.vpc === null || b.vpc === null) continue
      this.#peer(a.vpc, b.vpc)
      this.#peer(b.vpc, a.vpc)
    }
  }

  #peer(from: string, to: string): void {
    const set = this.#peered.get(from)
    if (set === undefined) this.#peered.set(from, new Set([to]))
    else set.add(to)
  }

  /** The table that a subnet asks: its own, else the main one of its VPC. */
  routeTable(subnet: string | null): RouteTable | null {
    const own = this.#tableOf.get(subnet ?? '')
    return own ?? this.#mainOf.get(this.network.subnets.get(subnet ?? '')?.vpc ?? '') ?? null
  }

  /** The ACL of a subnet: its own, else the default one of its VPC. */
  networkAcl(subnet: string | null): NetworkAcl | null {
    const own = this.#aclOf.get(subnet ?? '')
    return own ?? this.#defaultAclOf.get(this.network.subnets.get(subnet ?? '')?.vpc ?? '') ?? null
  }

  /** The table that steers what comes in through a gateway. */
  edgeTable(gateway: string): RouteTable | null {
    return this.#edgeOf.get(gateway) ?? null
  }

  members(group: string): readonly NetworkInterface[] {
    return this.#members.get(group) ?? []
  }

  isSameOrPeered(vpc: string | null, other: string | null): boolean {
    if (vpc === null || other === null) return vpc === other
    return vpc === other || this.#peered.get(vpc)?.has(other) === true
  }

  vpcAddresses(vpc: string | null, family: Family): Intervals {
    if (vpc === null) return NOTHING
    const key = `${vpc}|${family}`
    let known = this.#vpcAddresses.get(key)
    if (known === undefined) {
      const cidrs = this.network.vpcs.get(vpc)?.cidrs ?? []
      known = unionOf(blocksOf(cidrs, family).map((block) => block.intervals))
      this.#vpcAddresses.set(key, known)
    }
    return known
  }

  subnetAddresses(subnet: Subnet, family: Family): Intervals {
    return unionOf(blocksOf(subnet.cidrs, family).map((block) => block.intervals))
  }

  /** Private addresses of everybody in a group, as seen from a VPC: AWS matches a group by them. */
  memberAddresses(group: string, fromVpc: string | null, family: Family): Intervals {
    const found: Intervals[] = []
    for (const one of this.members(group)) {
      if (!this.isSameOrPeered(fromVpc, one.vpc)) continue
      for (const { address } of one.addresses) {
        const parsed = address === null ? null : parseAddress(address)
        if (parsed === null || parsed.family !== family) continue
        found.push(
          typeof parsed.value === 'bigint'
            ? [parsed.value, parsed.value + 1n]
            : [parsed.value, parsed.value + 1],
        )
      }
    }
    return unionOf(found)
  }

  /** All addresses, shared out among the routes of a table: the longest prefix has them. */
  directions(table: RouteTable, family: Family): readonly Direction[] {
    const key = `${table.id}|${family}`
    let known = this.#directions.get(key)
    if (known === undefined) {
      known = this.#share(table, family)
      this.#directions.set(key, known)
    }
    return known
  }

  #share(table: RouteTable, family: Family): Direction[] {
    const claims: { route: Route; block: Block; rank: number }[] = []
    for (const route of [...this.#implicitLocal(table), ...table.routes]) {
      const { destination } = route
      const isList = destination.kind === 'prefix-list'
      const cidrs = isList ? (this.network.prefixLists.get(destination.id)?.cidrs ?? []) : [destination.cidr]
      // Of the same length, a route that was made beats one of a prefix list, and that one a learned one.
      const rank = route.target.kind === 'local' ? 0 : route.isPropagated ? 3 : isList ? 2 : 1
      for (const block of blocksOf(cidrs, family)) claims.push({ route, block, rank })
    }
    claims.sort((a, b) => b.block.length - a.block.length || a.rank - b.rank)
    const shares: Direction[] = []
    let taken: Intervals = NOTHING
    for (const { route, block } of claims) {
      const addresses = difference(block.intervals, taken)
      if (addresses.length === 0) continue
      taken = union(taken, block.intervals)
      shares.push({ addresses, route })
    }
    return shares
  }

  /** Every table has the blocks of its VPC as local routes, also where a plan does not write them down. */
  #implicitLocal(table: RouteTable): Route[] {
    const written = new Set(
      table.routes.map(({ destination }) => (destination.kind === 'cidr' ? destination.cidr : '')),
    )
    const cidrs = this.network.vpcs.get(table.vpc ?? '')?.cidrs ?? []
    return cidrs
      .filter((cidr) => !written.has(cidr))
      .map((cidr) => ({
        destination: { kind: 'cidr', cidr },
        target: { kind: 'local', id: 'local' },
        isBlackhole: false,
        isPropagated: false,
      }))
  }

  /** The route for one address; null = none. */
  routeFor(table: RouteTable, address: Intervals, family: Family): Route | null {
    return this.directions(table, family).find((one) => overlaps(one.addresses, address))?.route ?? null
  }
}

export function blocksOf(cidrs: readonly string[], family: Family): Block[] {
  return cidrs.flatMap((cidr) => {
    const block = parseCidr(cidr)
    return block === null || block.family !== family ? [] : block
  })
}
