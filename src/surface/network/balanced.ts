import { distinct } from './arrival.ts'
import { everywhere, parseAddress, single } from './cidr.ts'
import { type Filters, groupBands, type Groups, permitting, repliesTo } from './filter.ts'
import type { FromInternet } from './from-internet.ts'
import { gauntlet } from './gauntlet.ts'
import type { Opening } from './opening.ts'
import { ruleLink } from './rule-text.ts'
import { intersection, type Intervals, isEmpty, NOTHING, union, unionOf } from './interval.ts'
import {
  ALL_PROTOCOLS,
  type Listener,
  type LoadBalancer,
  type Network,
  type SecurityGroupRule,
  type Target,
  type TargetGroup,
} from './model.ts'
import { TCP, UDP } from './protocol.ts'
import { addressesOf, endLinks, stateBlocker, type TargetAddress } from './target.ts'
import type { Topology } from './topology.ts'
import { addressesOf as everybody, among, type Band, NO_BANDS, within } from './traffic.ts'
import type { Blocker, Link, Permit, Verdict } from './verdict.ts'
import { type About, type Around, blockedVerdict, openVerdict } from './write-verdict.ts'

/** Who gets as far as a listener, with the links up to it. */
interface Front {
  readonly sure: Intervals
  readonly perhaps: Intervals
  readonly missing: readonly string[]
  readonly links: readonly Link[]
  readonly permits: readonly Permit[]
  readonly blockedBy: Blocker | null
}

/** From the internet through load balancers to what stands behind them. */
export class Balanced {
  readonly #topology: Topology
  readonly #filters: Filters
  readonly #internet: FromInternet
  readonly #byAddress = new Map<string, TargetAddress>()

  constructor(topology: Topology, filters: Filters, internet: FromInternet) {
    this.#topology = topology
    this.#filters = filters
    this.#internet = internet
    for (const one of topology.network.interfaces.values())
      for (const target of addressesOf(topology.network, one))
        if (target.address !== null) this.#byAddress.set(`${one.vpc}|${target.address}`, target)
  }

  get #network(): Network {
    return this.#topology.network
  }

  *verdicts(balancer: LoadBalancer): Iterable<Verdict> {
    if (balancer.kind === 'gateway') return
    if (balancer.listeners === null) yield this.#unknown(balancer, 'its listeners')
    for (const listener of balancer.listeners ?? []) {
      for (const protocol of listener.protocol === 'tcp-udp'
        ? [TCP, UDP]
        : [listener.protocol === 'udp' ? UDP : TCP]) {
        const front = this.#front(balancer, listener, protocol)
        for (const id of listener.targetGroups) yield* this.#toGroup(balancer, listener, protocol, front, id)
      }
    }
  }

  #unknown(balancer: LoadBalancer, lacks: string): Verdict {
    const of = aboutBalancer(balancer, balancer.id, null)
    return {
      ...blockedVerdict(of, NO_PATH),
      status: 'unknown',
      blockedBy: null,
      missing: [`${lacks} (${balancer.id})`],
    }
  }

  /** Through the subnets of the load balancer: one that lets somebody in is enough. */
  #front(balancer: LoadBalancer, listener: Listener, protocol: number): Front {
    const { groups, vpc } = balancer
    let sure: Intervals = NOTHING
    let perhaps: Intervals = NOTHING
    const links: Link[] = []
    const missing: string[] = []
    const permits: Permit[] = []
    if (!balancer.isInternetFacing)
      return {
        ...NO_FRONT,
        blockedBy: { kind: 'no-public-address', id: balancer.id, detail: 'the load balancer is internal' },
      }
    let blockedBy: Blocker | null = balancer.isActive
      ? null
      : { kind: 'load-balancer-state', id: balancer.id, detail: 'the load balancer is not active' }
    for (const subnet of balancer.isActive ? balancer.subnets : []) {
      const arrival = this.#internet.arrival(subnet, 4)
      if (arrival.blockedBy !== null) {
        blockedBy ??= arrival.blockedBy
        continue
      }
      const gate = {
        subnet,
        vpc,
        groups,
        family: 4 as const,
        whom: this.#internet.sources(4),
        passesAcl: true,
      }
      const { open, shut } = gauntlet(this.#topology, this.#filters, gate, arrival)
      const here = open.filter(
        (one) => one.protocol === protocol && one.band.from <= listener.port && one.band.to > listener.port,
      )
      if (here.length === 0)
        blockedBy ??=
          shut.find(
            (one) =>
              one.protocol === null ||
              (one.protocol === protocol && one.from <= listener.port && one.to > listener.port),
          )?.by ?? null
      for (const one of here) {
        if (one.isSure) sure = union(sure, one.band.addresses)
        perhaps = union(perhaps, one.band.addresses)
        links.push(...one.links)
        missing.push(...one.missing)
        permits.push(...one.permits.filter((permit) => !permits.some((known) => known.rule === permit.rule)))
      }
    }
    if (balancer.subnets.length === 0)
      return {
        sure,
        perhaps: this.#internet.sources(4),
        missing: [`subnets of ${balancer.id}`],
        links,
        permits,
        blockedBy: null,
      }
    const isShut = isEmpty(perhaps)
    return {
      sure,
      perhaps,
      missing,
      links: distinct(links),
      permits,
      blockedBy: isShut ? (blockedBy ?? NO_PATH) : null,
    }
  }

  *#toGroup(
    balancer: LoadBalancer,
    listener: Listener,
    protocol: number,
    front: Front,
    id: string,
  ): Iterable<Verdict> {
    const group = this.#network.targetGroups.get(id)
    if (group === undefined || group.targets === null)
      yield this.#unknown(
        balancer,
        group === undefined ? `target group ${id}` : `the targets of ${group.name ?? id}`,
      )
    for (const target of group?.targets ?? []) {
      const found = this.#targetOf(target, group?.vpc ?? null)
      const port = target.port ?? group?.port ?? listener.port
      const asset = found?.asset ?? target.id
      const behind = {
        loadBalancer: balancer.id,
        listener: listener.id,
        targetAddress: found?.address ?? null,
        targetPort: port,
      }
      const of = {
        ...aboutBalancer(balancer, asset, behind),
        networkInterface: found?.networkInterface.id ?? null,
      }
      const blockedBy = front.blockedBy ?? stateBlocker(found?.instance ?? null) ?? healthBlocker(target)
      if (blockedBy !== null) yield at(blockedVerdict(of, blockedBy), listener, protocol)
      else if (group !== undefined)
        yield this.#through(of, balancer, listener, protocol, front, group, target, found, port)
    }
  }

  #through(
    of: About,
    balancer: LoadBalancer,
    listener: Listener,
    protocol: number,
    front: Front,
    group: TargetGroup,
    target: Target,
    found: TargetAddress | null,
    port: number,
  ): Verdict {
    const inner = this.#inner(balancer, protocol, front, group, target, found, port)
    if (inner.blockedBy !== null) return at(blockedVerdict(of, inner.blockedBy), listener, protocol)
    const isSure = front.missing.length === 0 && inner.missing.length === 0 && !isEmpty(inner.sure)
    const addresses = isSure ? inner.sure : inner.perhaps
    const listenerLink: Link = {
      kind: 'listener',
      id: listener.id,
      detail: `${listener.protocol} ${listener.port}`,
    }
    const opening: Opening = {
      protocol,
      band: { from: listener.port, to: listener.port + 1, addresses },
      isSure,
      missing: [...new Set([...front.missing, ...inner.missing])],
      links: front.links,
      permits: front.permits.length > 0 ? front.permits : inner.permits,
      notes: healthNotes(target),
    }
    const after: Link[] = [
      { kind: 'load-balancer', id: balancer.id, detail: balancer.name ?? 'load balancer' },
      listenerLink,
      { kind: 'target-group', id: group.id, detail: group.name ?? 'targets' },
      ...inner.permits.slice(0, 1).map(({ link }) => link),
      ...(found === null ? [] : endLinks(found)),
    ]
    const origin: Link = { kind: 'internet', id: 'internet', detail: 'the internet' }
    const single = [front.permits, inner.permits].find((permits) => permits.length === 1)?.[0]?.link
    const around: Around = { before: [origin], after, fallback: single ?? listenerLink }
    return openVerdict(of, opening, around, this.#internet.texts(addresses, 4))
  }

  /** From the load balancer to a target: as the client where it keeps his address, else as one of its own. */
  #inner(
    balancer: LoadBalancer,
    protocol: number,
    front: Front,
    group: TargetGroup,
    target: Target,
    found: TargetAddress | null,
    port: number,
  ): {
    sure: Intervals
    perhaps: Intervals
    missing: string[]
    permits: Permit[]
    blockedBy: Blocker | null
  } {
    const open = {
      sure: front.sure,
      perhaps: front.perhaps,
      missing: [] as string[],
      permits: [] as Permit[],
      blockedBy: null,
    }
    if (target.kind === 'lambda') return open
    if (found === null) return { ...open, sure: NOTHING, missing: [`where target ${target.id} is`] }
    const { networkInterface: own, family } = found
    const nodes = this.#nodes(balancer)
    const keeps = keepsClient(balancer, group)
    const callers = keeps ? front.perhaps : nodes.addresses
    const band: Band = { from: port, to: port + 1, addresses: callers }
    const groups = this.#filters.groups(own.groups, own.vpc, 'ingress', family, everywhere(family))
    const permits = this.#permits(groups, own.groups, protocol, band, balancer)
    const isOfGroup = permits.some(({ rule }) => isAboutGroups(rule, balancer))
    const admitted = among(within(groupBands(groups, protocol, family, true), port, port + 1), callers)
    let allowed = isOfGroup ? callers : everybody(admitted)
    if (isEmpty(allowed))
      return {
        ...open,
        blockedBy: {
          kind: 'security-group',
          id: own.groups[0] ?? own.id,
          detail: `no rule of ${own.groups.join(', ') || own.id} lets the load balancer in on port ${port}`,
        },
      }
    const acl = this.#acl(balancer, own.subnet, protocol, port, allowed)
    if (acl.blockedBy !== null) return { ...open, blockedBy: acl.blockedBy }
    allowed = acl.allowed
    const missing = [...acl.missing, ...(keeps ? [] : nodes.missing), ...(isOfGroup ? [] : groups.missing)]
    const made = permits.map(({ group: id, rule }): Permit => ({ group: id, rule, link: ruleLink(id, rule) }))
    const through = (who: Intervals): Intervals => (keeps ? intersection(who, allowed) : who)
    return {
      sure: through(front.sure),
      perhaps: through(front.perhaps),
      missing,
      permits: made,
      blockedBy: null,
    }
  }

  /** Rules that let it in by address, and those that name a group of its own. */
  #permits(
    groups: Groups,
    ids: readonly string[],
    protocol: number,
    band: Band,
    balancer: LoadBalancer,
  ): Pick<Permit, 'group' | 'rule'>[] {
    const byAddress: Pick<Permit, 'group' | 'rule'>[] = permitting(groups, protocol, band).map(
      ({ permit }) => permit,
    )
    for (const group of ids)
      for (const rule of this.#network.securityGroups.get(group)?.rules ?? []) {
        const isAbout =
          rule.direction === 'ingress' &&
          (rule.protocol === ALL_PROTOCOLS || rule.protocol === protocol) &&
          rule.ports.from < band.to &&
          rule.ports.to >= band.from
        if (isAbout && isAboutGroups(rule, balancer) && !byAddress.some((known) => known.rule === rule))
          byAddress.push({ group, rule })
      }
    return byAddress
  }

  /** The ACL of the target's subnet, where the load balancer has no node in that subnet itself. */
  #acl(
    balancer: LoadBalancer,
    subnet: string | null,
    protocol: number,
    port: number,
    callers: Intervals,
  ): { allowed: Intervals; missing: string[]; blockedBy: Blocker | null } {
    if (subnet !== null && balancer.subnets.includes(subnet))
      return { allowed: callers, missing: [], blockedBy: null }
    const acl = this.#topology.networkAcl(subnet)
    if (acl === null) return { allowed: callers, missing: [`network ACL of ${subnet}`], blockedBy: null }
    const inbound = everybody(
      within(this.#filters.acl(acl, 'ingress', 4).get(protocol) ?? NO_BANDS, port, port + 1),
    )
    const into = intersection(callers, inbound)
    if (isEmpty(into)) {
      const rule = this.#filters
        .steps(acl, 'ingress', 4, protocol)
        .find((one) => one.rule.action === 'deny')?.rule
      return {
        allowed: into,
        missing: [],
        blockedBy: {
          kind: 'network-acl',
          id: acl.id,
          detail: `network ACL ${acl.id} of ${subnet} does not let port ${port} in${rule === undefined ? '' : ` (rule ${rule.number})`}`,
        },
      }
    }
    const answered = intersection(into, repliesTo(this.#filters.acl(acl, 'egress', 4), protocol))
    if (isEmpty(answered))
      return {
        allowed: answered,
        missing: [],
        blockedBy: {
          kind: 'network-acl-reply',
          id: acl.id,
          detail: `network ACL ${acl.id} of ${subnet} does not let replies out`,
        },
      }
    return { allowed: answered, missing: [], blockedBy: null }
  }

  /** Private addresses of a load balancer; where nobody tells them, those of its subnets. */
  #nodes(balancer: LoadBalancer): { addresses: Intervals; missing: string[] } {
    const known = balancer.privateAddresses.flatMap((text) => {
      const parsed = parseAddress(text)
      return parsed === null || parsed.family !== 4 ? [] : [single(parsed.value)]
    })
    if (known.length > 0) return { addresses: unionOf(known), missing: [] }
    const subnets = balancer.subnets.flatMap((id) => {
      const subnet = this.#network.subnets.get(id)
      return subnet === undefined ? [] : [this.#topology.subnetAddresses(subnet, 4)]
    })
    return { addresses: unionOf(subnets), missing: [] }
  }

  #targetOf(target: Target, vpc: string | null): TargetAddress | null {
    if (target.kind === 'ip') return this.#byAddress.get(`${vpc}|${target.id}`) ?? null
    const instance = this.#network.instances.get(target.id)
    for (const id of instance?.interfaces ?? []) {
      const own = this.#network.interfaces.get(id)
      const first =
        own === undefined ? undefined : addressesOf(this.#network, own).find((one) => one.family === 4)
      if (first !== undefined) return first
    }
    return null
  }
}

function isAboutGroups({ peer }: SecurityGroupRule, { groups }: LoadBalancer): boolean {
  return peer.kind === 'group' && groups?.includes(peer.id) === true
}

/**
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html: targets by
 * instance and UDP keep the client's address, targets by address over TCP and TLS do not, unless somebody says so.
 */
function keepsClient(balancer: LoadBalancer, group: TargetGroup): boolean {
  if (balancer.kind !== 'network' || !group.hasTransport) return false
  if (group.protocol !== 'tcp') return true
  return group.preservesClientAddress ?? group.targetKind === 'instance'
}

const NO_FRONT: Front = {
  sure: NOTHING,
  perhaps: NOTHING,
  missing: [],
  links: [],
  permits: [],
  blockedBy: null,
}

const NO_PATH: Blocker = { kind: 'no-path', id: '', detail: 'nothing leads there' }

function aboutBalancer(balancer: LoadBalancer, asset: string, behind: Verdict['behind']): About {
  const address = balancer.dnsName ?? balancer.publicAddresses[0] ?? balancer.id
  return { asset, networkInterface: null, address, family: 4, behind }
}

function at(verdict: Verdict, { port }: Listener, protocol: number): Verdict {
  return { ...verdict, protocol: protocol === UDP ? 'udp' : 'tcp', portFrom: port, portTo: port }
}

/** Targets that a load balancer does not use at all. */
function healthBlocker({ health, id }: Target): Blocker | null {
  if (health !== 'unused' && health !== 'draining' && health !== 'OutOfService') return null
  return { kind: 'target-state', id, detail: `the load balancer does not use target ${id} (${health})` }
}

function healthNotes({ health }: Target): string[] {
  return health === 'unhealthy'
    ? ['the load balancer finds it unhealthy: it gets traffic only while no other target is healthy']
    : []
}
