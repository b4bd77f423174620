import { routeLink, routeText } from './arrival.ts'
import { single } from './cidr.ts'
import type { Bound } from './interval.ts'
import type { Family, NetworkInterface, RouteTable } from './model.ts'
import type { Topology } from './topology.ts'
import { transitPassage } from './transit.ts'
import type { Blocker, Link } from './verdict.ts'

/** A check of an ACL on the way: packets for the other end leave or enter a subnet. */
export interface AclCheck {
  readonly subnet: string
  readonly direction: 'ingress' | 'egress'
  /** The reply, not the request. */
  readonly isReply: boolean
}

/** The way of packets between two addresses, there and back. */
export interface Passage {
  readonly links: readonly Link[]
  readonly checks: readonly AclCheck[]
  readonly blockedBy: Blocker | null
  readonly missing: readonly string[]
}

/** One end of a connection. */
export interface End {
  readonly networkInterface: NetworkInterface
  readonly value: Bound
  readonly family: Family
}

export function blockedPassage(blockedBy: Blocker): Passage {
  return { links: [], checks: [], blockedBy, missing: [] }
}

/** From one private address to another: within a subnet, a VPC, over a peering or a transit gateway. */
export function passage(topology: Topology, from: End, to: End): Passage {
  const [a, b] = [from.networkInterface, to.networkInterface]
  if (a.subnet !== null && a.subnet === b.subnet)
    return {
      links: [{ kind: 'subnet', id: a.subnet, detail: 'same subnet' }],
      checks: [],
      blockedBy: null,
      missing: [],
    }
  if (a.subnet === null || b.subnet === null)
    return { links: [], checks: [], blockedBy: null, missing: ['the subnets of both'] }
  const tables = [topology.routeTable(a.subnet), topology.routeTable(b.subnet)] as const
  const [there, back] = tables
  if (there === null || back === null) {
    const missing = [there === null ? a.vpc : null, back === null ? b.vpc : null].filter(
      (vpc) => vpc !== null,
    )
    return { links: [], checks: [], blockedBy: null, missing: missing.map((vpc) => `route tables of ${vpc}`) }
  }
  if (a.vpc === b.vpc) return withinVpc(topology, from, to, there, back)
  return betweenVpcs(topology, from, to, there, back)
}

/** ACLs of both subnets, there and back. */
export function endChecks(from: string, to: string): AclCheck[] {
  return [
    { subnet: from, direction: 'egress', isReply: false },
    { subnet: to, direction: 'ingress', isReply: false },
    { subnet: to, direction: 'egress', isReply: true },
    { subnet: from, direction: 'ingress', isReply: true },
  ]
}

function withinVpc(topology: Topology, from: End, to: End, there: RouteTable, back: RouteTable): Passage {
  const out = topology.routeFor(there, single(to.value), from.family)
  const home = topology.routeFor(back, single(from.value), from.family)
  for (const [table, route] of [
    [there, out],
    [back, home],
  ] as const) {
    if (route === null)
      return blockedPassage({
        kind: 'no-route',
        id: table.id,
        detail: `route table ${table.id} has no route`,
      })
    if (route.isBlackhole)
      return blockedPassage({
        kind: 'blackhole-route',
        id: table.id,
        detail: `${routeText(route)} leads nowhere (blackhole)`,
      })
  }
  const checks = endChecks(from.networkInterface.subnet ?? '', to.networkInterface.subnet ?? '')
  const links = out === null ? [] : [routeLink(there, out)]
  const boxes = [out, home].flatMap((route) =>
    route === null || route.target.kind === 'local' ? [] : (route.target.id ?? 'a middlebox'),
  )
  return {
    links,
    checks,
    blockedBy: null,
    missing: [...new Set(boxes)].map((box) => `what ${box} lets through`),
  }
}

function betweenVpcs(topology: Topology, from: End, to: End, there: RouteTable, back: RouteTable): Passage {
  const out = topology.routeFor(there, single(to.value), from.family)
  const home = topology.routeFor(back, single(from.value), from.family)
  if (
    out === null ||
    out.target.kind === 'local' ||
    out.target.kind === 'internet-gateway' ||
    out.target.kind === 'nat-gateway'
  )
    return blockedPassage({
      kind: 'no-route',
      id: there.id,
      detail: `route table ${there.id} has no route to ${to.networkInterface.vpc}`,
    })
  if (out.isBlackhole)
    return blockedPassage({
      kind: 'blackhole-route',
      id: there.id,
      detail: `${routeText(out)} leads nowhere (blackhole)`,
    })
  if (home === null || home.isBlackhole)
    return blockedPassage({
      kind: 'return-route',
      id: back.id,
      detail: `route table ${back.id} has no route back`,
    })
  if (out.target.kind === 'peering') {
    const blockedBy = peeringBlocker(topology, out.target.id ?? '', from, to)
    if (blockedBy !== null) return blockedPassage(blockedBy)
    if (home.target.id !== out.target.id)
      return blockedPassage({
        kind: 'return-route',
        id: back.id,
        detail: `replies go ${routeText(home)}, not back over ${out.target.id}`,
      })
    return {
      links: [routeLink(there, out), { kind: 'peering', id: out.target.id ?? '', detail: 'VPC peering' }],
      checks: endChecks(from.networkInterface.subnet ?? '', to.networkInterface.subnet ?? ''),
      blockedBy: null,
      missing: topology.network.peerings.has(out.target.id ?? '') ? [] : [`peering ${out.target.id}`],
    }
  }
  if (out.target.kind === 'transit-gateway') return transitPassage(topology, from, to, there, out, back, home)
  return {
    links: [routeLink(there, out)],
    checks: [],
    blockedBy: null,
    missing: [`where ${out.target.id ?? out.target.kind} leads`],
  }
}

function peeringBlocker(topology: Topology, id: string, from: End, to: End): Blocker | null {
  const peering = topology.network.peerings.get(id)
  if (peering === undefined) return null
  if (!peering.isActive) return { kind: 'peering-state', id, detail: `peering ${id} is not active` }
  const vpcs = peering.sides.map((side) => side.vpc)
  const [a, b] = [from.networkInterface.vpc, to.networkInterface.vpc]
  if (a !== b && vpcs.includes(a) && vpcs.includes(b)) return null
  return {
    kind: 'no-path',
    id,
    detail: `${id} leads to ${vpcs.find((vpc) => vpc !== a) ?? 'another VPC'}, not to ${b}`,
  }
}
