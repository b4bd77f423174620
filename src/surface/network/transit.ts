import { routeLink } from './arrival.ts'
import { parseCidr } from './cidr.ts'
import { type Bound, holds } from './interval.ts'
import type { Route, RouteTable, TransitAttachment, TransitRoute } from './model.ts'
import { type AclCheck, blockedPassage, type End, type Passage } from './passage.ts'
import type { Topology } from './topology.ts'
import type { Blocker, Link } from './verdict.ts'

/**
 * Over a transit gateway, there and back: each VPC has an attachment in the zone of its subnet, and the route
 * table of the one leads to the other.
 * https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
 */
export function transitPassage(
  topology: Topology,
  from: End,
  to: End,
  there: RouteTable,
  out: Route,
  back: RouteTable,
  home: Route,
): Passage {
  const gateway = out.target.id ?? ''
  if (home.target.kind !== 'transit-gateway')
    return blockedPassage({
      kind: 'return-route',
      id: back.id,
      detail: `route table ${back.id} does not answer over a transit gateway`,
    })
  const ends = [
    attachmentOf(topology, gateway, from),
    attachmentOf(topology, home.target.id ?? '', to),
  ] as const
  const [first, last] = ends
  if (first === null || last === null) {
    const lacking = first === null ? from : to
    if (topology.network.transitAttachments.size === 0)
      return {
        links: [routeLink(there, out)],
        checks: [],
        blockedBy: null,
        missing: ['transit gateway attachments'],
      }
    return blockedPassage({
      kind: 'transit-route',
      id: gateway,
      detail: `${gateway} has no available attachment to ${lacking.networkInterface.vpc} in the zone of ${lacking.networkInterface.subnet}`,
    })
  }
  const ways = [step(topology, first, last, to.value), step(topology, last, first, from.value)]
  const blockedBy = ways.find((way) => way.blockedBy !== null)?.blockedBy ?? null
  if (blockedBy !== null) return blockedPassage(blockedBy)
  const links: Link[] = [
    routeLink(there, out),
    { kind: 'transit-gateway', id: gateway, detail: `${first.id} → ${last.id}` },
  ]
  return {
    links,
    checks: [...sideChecks(topology, from, first, false), ...sideChecks(topology, to, last, true)],
    blockedBy: null,
    missing: [...new Set(ways.flatMap((way) => way.missing))],
  }
}

interface Step {
  readonly blockedBy: Blocker | null
  readonly missing: readonly string[]
}

/** Whether the route table of one attachment leads an address to the other. */
function step(topology: Topology, from: TransitAttachment, to: TransitAttachment, address: Bound): Step {
  const table = topology.network.transitRouteTables.get(from.routeTable ?? '')
  if (from.routeTable === null || table === undefined)
    return { blockedBy: null, missing: [`route table of transit gateway attachment ${from.id}`] }
  const route = bestRoute(topology, table.routes ?? [], table.propagations, address)
  const isTold = table.routes !== null || table.propagations.length > 0
  if (route === null && !isTold) return { blockedBy: null, missing: [`routes of ${table.id}`] }
  if (route === null)
    return {
      blockedBy: {
        kind: 'transit-route',
        id: table.id,
        detail: `${table.id} has no route to ${to.resource}`,
      },
      missing: [],
    }
  if (route.isBlackhole)
    return {
      blockedBy: {
        kind: 'blackhole-route',
        id: table.id,
        detail: `${table.id} drops ${route.cidr} (blackhole)`,
      },
      missing: [],
    }
  if (route.attachments.includes(to.id)) return { blockedBy: null, missing: [] }
  const other = route.attachments.map((id) => topology.network.transitAttachments.get(id))
  // Over a peering to another gateway: its tables decide.
  if (other.some((one) => one === undefined || one.kind === 'peering'))
    return { blockedBy: null, missing: [`what lies behind ${route.attachments.join(', ')}`] }
  return {
    blockedBy: {
      kind: 'transit-route',
      id: table.id,
      detail: `${table.id} sends ${route.cidr} to ${route.attachments.join(', ')}`,
    },
    missing: [],
  }
}

/** The longest prefix; of the same length a static route before a learned one. */
function bestRoute(
  topology: Topology,
  routes: readonly TransitRoute[],
  propagations: readonly string[],
  address: Bound,
): TransitRoute | null {
  const learned = propagations.flatMap((id): TransitRoute[] => {
    const attachment = topology.network.transitAttachments.get(id)
    const cidrs = topology.network.vpcs.get(attachment?.resource ?? '')?.cidrs ?? []
    return cidrs.map((cidr) => ({ cidr, attachments: [id], isBlackhole: false, isPropagated: true }))
  })
  let best: { route: TransitRoute; length: number } | null = null
  for (const route of [...routes, ...learned]) {
    const block = parseCidr(route.cidr)
    if (block === null || typeof block.intervals[0] !== typeof address || !holds(block.intervals, address))
      continue
    const isBetter =
      best === null ||
      block.length > best.length ||
      (block.length === best.length && best.route.isPropagated && !route.isPropagated)
    if (isBetter) best = { route, length: block.length }
  }
  return best?.route ?? null
}

function attachmentOf(
  topology: Topology,
  gateway: string,
  { networkInterface: { vpc, subnet } }: End,
): TransitAttachment | null {
  const zone = topology.network.subnets.get(subnet ?? '')?.zone ?? null
  for (const one of topology.network.transitAttachments.values()) {
    if (one.gateway !== gateway || one.kind !== 'vpc' || one.resource !== vpc || !one.isAvailable) continue
    const zones = one.subnets.map((id) => topology.network.subnets.get(id)?.zone ?? null)
    if (zone === null || zones.length === 0 || zones.includes(zone) || zones.includes(null)) return one
  }
  return null
}

/**
 * ACLs where a VPC meets the gateway: of the machine's subnet, and of the attachment's where that is another one. In
 * one and the same subnet only what leaves for the gateway is asked.
 * https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
 */
function sideChecks(topology: Topology, end: End, attachment: TransitAttachment, isFar: boolean): AclCheck[] {
  const subnet = end.networkInterface.subnet ?? ''
  const zone = topology.network.subnets.get(subnet)?.zone ?? null
  const own = attachment.subnets.find((id) => id === subnet)
  const node = own ?? attachment.subnets.find((id) => topology.network.subnets.get(id)?.zone === zone) ?? null
  // On the far side the request comes out of the gateway and the reply goes into it; on this side the other way round.
  const intoGateway = isFar
  if (node === subnet)
    return [
      { subnet, direction: 'egress', isReply: intoGateway },
      { subnet, direction: 'ingress', isReply: intoGateway },
    ]
  const checks: AclCheck[] = [
    { subnet, direction: 'egress', isReply: intoGateway },
    { subnet, direction: 'ingress', isReply: !intoGateway },
  ]
  if (node !== null)
    checks.push(
      { subnet: node, direction: 'ingress', isReply: intoGateway },
      { subnet: node, direction: 'egress', isReply: !intoGateway },
    )
  return checks
}
