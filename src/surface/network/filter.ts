import type { Arrival } from './arrival.ts'
import { everywhere, parseCidr } from './cidr.ts'
import { intersection as both, type Intervals, NOTHING, overlaps, unionOf } from './interval.ts'
import {
  ALL_PROTOCOLS,
  type Family,
  type Network,
  type NetworkAcl,
  type NetworkAclRule,
  type SecurityGroupRule,
} from './model.ts'
import { ICMP, ICMPV6, protocolName, TCP, UDP } from './protocol.ts'
import { ruleLink } from './rule-text.ts'
import { blocksOf, type Topology } from './topology.ts'
import {
  addressesOf,
  among,
  type Band,
  band,
  type Bands,
  bandsOf,
  difference,
  intersection,
  NO_BANDS,
  PORT_END,
  union,
  within,
} from './traffic.ts'
import type { Permit } from './verdict.ts'

/** Stands for every protocol that no rule names. */
export const OTHER = 256

/** What passes, per protocol. */
export type Filter = ReadonlyMap<number, Bands>

export type Direction = SecurityGroupRule['direction']

/** A rule of a group with the addresses that it is about. */
export interface CompiledRule {
  readonly rule: SecurityGroupRule
  readonly addresses: Intervals
  /** What is missing to know all of them; they count as everybody then. */
  readonly lacks: string | null
  readonly permit: Permit
}

/** What groups let through of some addresses. */
export interface Groups {
  readonly rules: readonly CompiledRule[]
  readonly missing: readonly string[]
  /** A group is not there at all: anything may be let in. */
  readonly isOpen: boolean
}

/** What a rule of an ACL decides, as far as none before it has. */
export interface AclStep {
  readonly rule: NetworkAclRule
  readonly bands: Bands
}

/** Whom an ACL lets in and answers, of those who arrive. */
export interface Clearance {
  readonly sure: Filter
  readonly perhaps: Filter
}

/** Rules compiled to what they let through, each once. One of these lives as long as its network does not change. */
export class Filters {
  readonly #topology: Topology
  readonly protocols: readonly number[]
  readonly #members = new Map<string, Intervals>()
  readonly #lists = new Map<string, Intervals | null>()
  readonly #visible = new WeakMap<Intervals, Map<string, readonly CompiledRule[]>>()
  readonly #acls = new Map<string, Filter>()
  readonly #steps = new Map<string, readonly AclStep[]>()
  readonly #clearances = new WeakMap<Arrival, Clearance>()

  constructor(topology: Topology) {
    this.#topology = topology
    this.protocols = namedProtocols(topology.network)
  }

  /** The protocols that make sense in a family. */
  protocolsOf(family: Family): readonly number[] {
    const foreign = family === 4 ? ICMPV6 : ICMP
    return this.protocols.filter((protocol) => protocol !== foreign)
  }

  /** The rules of groups that are about some of `whom`, as an interface in a VPC has them. */
  groups(
    ids: readonly string[],
    vpc: string | null,
    direction: Direction,
    family: Family,
    whom: Intervals,
  ): Groups {
    const rules: CompiledRule[] = []
    const missing = new Set<string>()
    let isOpen = false
    for (const id of ids) {
      if (!this.#topology.network.securityGroups.has(id)) {
        missing.add(`security group ${id}`)
        isOpen = true
        continue
      }
      for (const one of this.#rulesAbout(id, vpc, direction, family, whom)) {
        rules.push(one)
        if (one.lacks !== null) missing.add(one.lacks)
      }
    }
    return { rules, missing: [...missing], isOpen }
  }

  #rulesAbout(
    id: string,
    vpc: string | null,
    direction: Direction,
    family: Family,
    whom: Intervals,
  ): readonly CompiledRule[] {
    let byGroup = this.#visible.get(whom)
    if (byGroup === undefined) {
      byGroup = new Map()
      this.#visible.set(whom, byGroup)
    }
    const key = `${id}|${vpc}|${direction}|${family}`
    let known = byGroup.get(key)
    if (known === undefined) {
      known = this.#compile(id, vpc, direction, family, whom)
      byGroup.set(key, known)
    }
    return known
  }

  #compile(
    id: string,
    vpc: string | null,
    direction: Direction,
    family: Family,
    whom: Intervals,
  ): readonly CompiledRule[] {
    const compiled: CompiledRule[] = []
    for (const rule of this.#topology.network.securityGroups.get(id)?.rules ?? []) {
      if (rule.direction !== direction || rule.ports.from > rule.ports.to) continue
      const { addresses, lacks } = this.#peerAddresses(rule, vpc, family)
      if (overlaps(addresses, whom))
        compiled.push({ rule, addresses, lacks, permit: { group: id, rule, link: ruleLink(id, rule) } })
    }
    return compiled
  }

  #peerAddresses(
    { peer }: SecurityGroupRule,
    vpc: string | null,
    family: Family,
  ): { addresses: Intervals; lacks: string | null } {
    if (peer.kind === 'cidr') {
      const block = parseCidr(peer.cidr)
      return { addresses: block?.family === family ? block.intervals : NOTHING, lacks: null }
    }
    if (peer.kind === 'unknown') return { addresses: everywhere(family), lacks: peer.reason }
    if (peer.kind === 'group') return { addresses: this.#membersOf(peer.id, vpc, family), lacks: null }
    const addresses = this.#listed(peer.id, family)
    return addresses === null
      ? { addresses: everywhere(family), lacks: `entries of prefix list ${peer.id}` }
      : { addresses, lacks: null }
  }

  #membersOf(group: string, vpc: string | null, family: Family): Intervals {
    const key = `${group}|${vpc}|${family}`
    let known = this.#members.get(key)
    if (known === undefined) {
      known = this.#topology.memberAddresses(group, vpc, family)
      this.#members.set(key, known)
    }
    return known
  }

  #listed(id: string, family: Family): Intervals | null {
    const key = `${id}|${family}`
    let known = this.#lists.get(key)
    if (known === undefined) {
      const cidrs = this.#topology.network.prefixLists.get(id)?.cidrs ?? null
      known = cidrs === null ? null : unionOf(blocksOf(cidrs, family).map((block) => block.intervals))
      this.#lists.set(key, known)
    }
    return known
  }

  /** What an ACL lets through: its rules in the order of their numbers, the first that matches decides. */
  acl(acl: NetworkAcl, direction: Direction, family: Family): Filter {
    const key = `${acl.id}|${direction}|${family}`
    let known = this.#acls.get(key)
    if (known === undefined) {
      known = this.#decide(acl, direction, family)
      this.#acls.set(key, known)
    }
    return known
  }

  #decide(acl: NetworkAcl, direction: Direction, family: Family): Filter {
    const out = new Map<number, Bands>()
    for (const protocol of this.protocolsOf(family)) {
      const allowed = this.steps(acl, direction, family, protocol).filter(
        ({ rule }) => rule.action === 'allow',
      )
      out.set(
        protocol,
        allowed.reduce<Bands>((all, { bands }) => union(all, bands), NO_BANDS),
      )
    }
    return out
  }

  /** The rules of an ACL that decide something of a protocol, in order. */
  steps(acl: NetworkAcl, direction: Direction, family: Family, protocol: number): readonly AclStep[] {
    const key = `${acl.id}|${direction}|${family}|${protocol}`
    let known = this.#steps.get(key)
    if (known === undefined) {
      const steps: AclStep[] = []
      let open: Bands = band(0, PORT_END, everywhere(family))
      for (const rule of acl.rules
        .filter((one) => one.direction === direction)
        .toSorted((a, b) => a.number - b.number)) {
        const bands = intersection(aclRuleBands(rule, protocol, family), open)
        if (bands.length === 0) continue
        steps.push({ rule, bands })
        open = difference(open, bands)
      }
      known = steps
      this.#steps.set(key, known)
    }
    return known
  }

  /** Of those who arrive, whom the ACL lets in and lets replies out to; null = no ACL is asked. */
  clearance(acl: NetworkAcl | null, arrival: Arrival, family: Family): Clearance {
    let known = this.#clearances.get(arrival)
    if (known === undefined) {
      known = this.#clear(acl, arrival, family)
      this.#clearances.set(arrival, known)
    }
    return known
  }

  #clear(acl: NetworkAcl | null, arrival: Arrival, family: Family): Clearance {
    const sure = new Map<number, Bands>()
    const perhaps = new Map<number, Bands>()
    for (const protocol of this.protocolsOf(family)) {
      const clear = (who: Intervals): Bands => {
        if (acl === null) return band(0, PORT_END, who)
        const answered = both(who, repliesTo(this.acl(acl, 'egress', family), protocol))
        return among(this.acl(acl, 'ingress', family).get(protocol) ?? NO_BANDS, answered)
      }
      sure.set(protocol, clear(arrival.sure))
      perhaps.set(
        protocol,
        arrival.perhaps === arrival.sure ? (sure.get(protocol) ?? NO_BANDS) : clear(arrival.perhaps),
      )
    }
    return { sure, perhaps }
  }
}

/** What groups surely let through of a protocol; with `isPerhaps` also what they may. */
export function groupBands(
  { rules, isOpen }: Groups,
  protocol: number,
  family: Family,
  isPerhaps: boolean,
): Bands {
  if (isPerhaps && isOpen) return band(0, PORT_END, everywhere(family))
  const rectangles: Band[] = []
  for (const { rule, addresses, lacks } of rules)
    if ((rule.protocol === ALL_PROTOCOLS || rule.protocol === protocol) && (isPerhaps || lacks === null))
      rectangles.push({ from: rule.ports.from, to: rule.ports.to + 1, addresses })
  return bandsOf(rectangles)
}

/** The rules that let some of a band in, those about most addresses first. */
export function permitting({ rules }: Groups, protocol: number, one: Band): CompiledRule[] {
  const found = rules.filter(
    ({ rule, addresses }) =>
      (rule.protocol === ALL_PROTOCOLS || rule.protocol === protocol) &&
      rule.ports.from < one.to &&
      rule.ports.to >= one.from &&
      overlaps(addresses, one.addresses),
  )
  return found.length < 2 ? found : found.toSorted((a, b) => sizeOf(b.addresses) - sizeOf(a.addresses))
}

function aclRuleBands(rule: NetworkAclRule, protocol: number, family: Family): Bands {
  if (rule.protocol !== ALL_PROTOCOLS && rule.protocol !== protocol) return NO_BANDS
  const block = parseCidr(rule.cidr)
  if (block === null || block.family !== family) return NO_BANDS
  return band(rule.ports.from, rule.ports.to + 1, block.intervals)
}

/** Ports that clients choose for themselves: what AWS tells people to open for replies. */
export const EPHEMERAL_FROM = 1024

/** Whom replies reach: for TCP and UDP where some port that a client chooses for itself is open to it. */
export function repliesTo(outbound: Filter, protocol: number): Intervals {
  const bands = outbound.get(protocol) ?? NO_BANDS
  return addressesOf(protocol === TCP || protocol === UDP ? within(bands, EPHEMERAL_FROM, PORT_END) : bands)
}

function sizeOf(set: Intervals): number {
  let size = 0
  for (let i = 0; i < set.length; i += 2) size += Number(set[i + 1] ?? 0) - Number(set[i] ?? 0)
  return size
}

function namedProtocols(network: Network): number[] {
  const named = new Set<number>([TCP, UDP, ICMP, ICMPV6, OTHER])
  for (const group of network.securityGroups.values())
    for (const rule of group.rules) named.add(rule.protocol)
  for (const acl of network.networkAcls.values()) for (const rule of acl.rules) named.add(rule.protocol)
  named.delete(ALL_PROTOCOLS)
  return [...named]
}

export function protocolText(protocol: number): string {
  return protocol === OTHER ? 'other' : protocolName(protocol)
}
