import type { Family, SecurityGroupRule } from './model.ts'

/**
 * `tcp`, `udp`, `icmp`, `icmpv6`; another one that a rule names by its number as text; `other`: every protocol
 * that no rule names; `all`: all of them (only where nothing at all gets through).
 */
export type Protocol = string

export type LinkKind =
  | 'internet'
  | 'cidr'
  | 'asset'
  | 'public-address'
  | 'internet-gateway'
  | 'nat-gateway'
  | 'vpn-gateway'
  | 'peering'
  | 'transit-gateway'
  | 'middlebox'
  | 'route'
  | 'network-acl-rule'
  | 'security-group-rule'
  | 'load-balancer'
  | 'listener'
  | 'target-group'
  | 'subnet'
  | 'network-interface'
  | 'instance'

/** One object on the way. Links are in the order in which a packet meets them. */
export interface Link {
  readonly kind: LinkKind
  /** Provider id of the object: of a rule or a route, of what holds it (group, ACL, table). */
  readonly id: string
  /** For people, in plain characters of the evidence: `tcp 22 from 0.0.0.0/0`, `rule 100`, `0.0.0.0/0 → igw-…`. */
  readonly detail: string
}

/** A rule that lets this traffic in, wholly or in part. */
export interface Permit {
  readonly group: string
  readonly rule: SecurityGroupRule
  readonly link: Link
}

export type BlockerKind =
  | 'no-public-address'
  | 'instance-state'
  | 'load-balancer-state'
  | 'target-state'
  | 'no-route'
  | 'blackhole-route'
  | 'gateway-detached'
  | 'return-route'
  | 'block-public-access'
  | 'network-acl'
  | 'network-acl-reply'
  | 'security-group'
  | 'security-group-egress'
  | 'peering-state'
  | 'transit-route'
  | 'no-path'

export interface Blocker {
  readonly kind: BlockerKind
  /** Provider id of what blocks, where one does; else of what lacks something. */
  readonly id: string
  readonly detail: string
}

export interface Verdict {
  /** Instance id; where no instance stands behind the address, id of the interface or load balancer. */
  readonly asset: string
  readonly networkInterface: string | null
  /** What a client connects to: public or private address, or DNS name of a load balancer. `(known after apply)` of a plan. */
  readonly address: string
  readonly family: Family
  readonly protocol: Protocol
  readonly portFrom: number
  readonly portTo: number
  /** `unknown`: nothing known blocks it, but `missing` is needed to say more. Its ports are those known to be possible. */
  readonly status: 'reachable' | 'blocked' | 'unknown'
  /** Shortest list of CIDRs; empty where blocked. */
  readonly sources: readonly string[]
  readonly chain: readonly Link[]
  /** Rules of security groups that let it in: to close it, all of them have to go. Widest first. */
  readonly permits: readonly Permit[]
  /** The narrowest single link whose removal cuts all of it; null where no single one does. */
  readonly cutEdge: Link | null
  readonly blockedBy: Blocker | null
  /** What is not in the evidence and would be needed. */
  readonly missing: readonly string[]
  readonly notes: readonly string[]
  /** Behind a load balancer: what it hands on to. `address` and ports are the load balancer's then. */
  readonly behind: {
    readonly loadBalancer: string
    readonly listener: string
    readonly targetAddress: string | null
    readonly targetPort: number
  } | null
}
