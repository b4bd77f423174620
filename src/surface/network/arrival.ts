import { intersection, type Intervals, isEmpty, NOTHING, overlaps, union } from './interval.ts'
import type { Family, Route, RouteTable, RouteTargetKind, Subnet } from './model.ts'
import type { Direction, Topology } from './topology.ts'
import type { Blocker, Link } from './verdict.ts'

/** Who gets as far as the edge of a subnet and can be answered from it, before any rule is asked. */
export interface Arrival {
  readonly sure: Intervals
  /** Including those of whom the evidence does not tell enough. */
  readonly perhaps: Intervals
  readonly missing: readonly string[]
  /** Between where it comes from and the subnet. */
  readonly links: readonly Link[]
  /** Why nobody does; null where somebody does. */
  readonly blockedBy: Blocker | null
  readonly notes: readonly string[]
}

const NONE: Arrival = { sure: NOTHING, perhaps: NOTHING, missing: [], links: [], blockedBy: null, notes: [] }

export function blockedArrival(blockedBy: Blocker): Arrival {
  return { ...NONE, blockedBy }
}

export function uncertainArrival(sources: Intervals, missing: string, links: readonly Link[]): Arrival {
  return { ...NONE, perhaps: sources, missing: [missing], links }
}

/** From the internet through an internet gateway, to a subnet: whoever the replies find their way back to. */
export function internetArrival(
  topology: Topology,
  subnetId: string | null,
  family: Family,
  sources: Intervals,
): Arrival {
  const subnet = topology.network.subnets.get(subnetId ?? '')
  if (subnet === undefined)
    return uncertainArrival(sources, subnetId === null ? 'the subnet' : `subnet ${subnetId}`, [])
  const blocked = blockedPublicAccess(topology, subnet)
  if (blocked !== null) return blockedArrival(blocked)
  const table = topology.routeTable(subnet.id)
  if (table === null) return uncertainArrival(sources, `route tables of ${subnet.vpc ?? 'the VPC'}`, [])
  const ways = topology.directions(table, family).filter(({ addresses }) => overlaps(addresses, sources))
  let sure: Intervals = NOTHING
  let perhaps: Intervals = NOTHING
  const links: Link[] = []
  const missing: string[] = []
  for (const way of ways) {
    const verdict = wayBack(topology, subnet, way.route, family)
    if (verdict === null) continue
    const mine = intersection(way.addresses, sources)
    perhaps = union(perhaps, mine)
    if (verdict.lacks === null) sure = union(sure, mine)
    else missing.push(verdict.lacks)
    links.push(...verdict.links, routeLink(table, way.route))
  }
  if (isEmpty(perhaps)) return blockedArrival(whyNoWay(subnet, table, ways))
  return { ...NONE, sure, perhaps, missing, links: distinct(links) }
}

function blockedPublicAccess(topology: Topology, subnet: Subnet): Blocker | null {
  const mode =
    subnet.blockPublicAccess ??
    topology.network.blockPublicAccess.get(`${subnet.account}|${subnet.region}`) ??
    'off'
  return mode === 'off'
    ? null
    : { kind: 'block-public-access', id: subnet.id, detail: `VPC Block Public Access is on (${mode})` }
}

interface WayBack {
  readonly links: readonly Link[]
  readonly lacks: string | null
}

/** Whether replies over a route go back through the gateway that the request came in by. */
function wayBack(topology: Topology, subnet: Subnet, route: Route, family: Family): WayBack | null {
  const { target, isBlackhole } = route
  if (isBlackhole || target.id === null) return null
  if (target.kind === 'internet-gateway') {
    const gateway = topology.network.gateways.get(target.id)
    if (gateway !== undefined && (subnet.vpc === null || !gateway.vpcs.includes(subnet.vpc))) return null
    const link: Link = { kind: 'internet-gateway', id: target.id, detail: 'internet gateway' }
    const box = middleboxOf(topology, target.id, subnet, family)
    return box === null
      ? { links: [link], lacks: null }
      : { links: [link, box], lacks: `what ${box.id} lets through` }
  }
  if (target.kind !== 'vpc-endpoint' && target.kind !== 'network-interface' && target.kind !== 'instance')
    return null
  // A firewall in the way: requests are steered to it as well, else replies alone would pass it and be dropped.
  const gateway = [...topology.network.gateways.values()].find(
    ({ kind, vpcs }) => kind === 'internet-gateway' && subnet.vpc !== null && vpcs.includes(subnet.vpc),
  )
  const box = gateway === undefined ? null : middleboxOf(topology, gateway.id, subnet, family)
  if (gateway === undefined || box === null || box.id !== target.id) return null
  return {
    links: [{ kind: 'internet-gateway', id: gateway.id, detail: 'internet gateway' }, box],
    lacks: `what ${box.id} lets through`,
  }
}

/** What the gateway's own route table sends traffic for a subnet to, before it gets there. */
function middleboxOf(topology: Topology, gateway: string, subnet: Subnet, family: Family): Link | null {
  const table = topology.edgeTable(gateway)
  if (table === null) return null
  const own = topology.directions(table, family).find(({ addresses, route }) => {
    if (route.target.kind === 'local' || route.target.id === null) return false
    return overlaps(addresses, topology.subnetAddresses(subnet, family))
  })
  const id = own?.route.target.id ?? null
  return id === null
    ? null
    : { kind: 'middlebox', id, detail: `route table ${table.id} sends traffic for ${subnet.id} through it` }
}

/** Over a route of these kinds nobody from the internet is answered. */
const ONE_WAY: Partial<Record<RouteTargetKind, string>> = {
  'nat-gateway': 'a NAT gateway, which lets nobody in',
  'egress-only-internet-gateway': 'an egress-only internet gateway, which lets nobody in',
}

function whyNoWay(subnet: Subnet, table: RouteTable, ways: readonly Direction[]): Blocker {
  const which = `route table ${table.id} of ${subnet.id}`
  const outward = ways.filter(({ route }) => route.target.kind !== 'local')
  const dead = outward.find(({ route }) => route.isBlackhole)
  const other = outward.find(({ route }) => !route.isBlackhole)
  if (other === undefined && dead !== undefined)
    return {
      kind: 'blackhole-route',
      id: table.id,
      detail: `${which}: its route ${routeText(dead.route)} leads nowhere (blackhole)`,
    }
  if (other === undefined)
    return { kind: 'no-route', id: table.id, detail: `${which} has no route to the internet` }
  const { kind, id } = other.route.target
  if (kind === 'internet-gateway')
    return {
      kind: 'gateway-detached',
      id: id ?? table.id,
      detail: `internet gateway ${id} is not attached to ${subnet.vpc}`,
    }
  const how = ONE_WAY[kind] ?? `${id ?? 'an unknown target'}, not through an internet gateway`
  return { kind: 'return-route', id: table.id, detail: `${which} sends replies through ${how}` }
}

export function routeText({ destination, target }: Route): string {
  return `${destination.kind === 'cidr' ? destination.cidr : destination.id} → ${target.id ?? target.kind}`
}

export function routeLink(table: RouteTable, route: Route): Link {
  return { kind: 'route', id: table.id, detail: routeText(route) }
}

export function distinct(links: readonly Link[]): Link[] {
  const seen = new Set<string>()
  return links.filter(({ kind, id, detail }) => {
    const key = `${kind}|${id}|${detail}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
