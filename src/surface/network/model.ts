/**
 * The network of the evidence as plain data: what `describe-*` answers, Terraform plans and states say, in one
 * shape. Everything is keyed by its provider id; where a plan knows no id yet, by its Terraform address.
 */

/** IP protocol number (IANA), or -1 for all of them. */
export type ProtocolNumber = number
export const ALL_PROTOCOLS = -1

export type Family = 4 | 6

/** Ports from and to, both inclusive. For ICMP: `type << 8 | code`. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

/** Whom a rule lets in or out: one of these. */
export type Peer =
  | { readonly kind: 'cidr'; readonly cidr: string }
  | { readonly kind: 'prefix-list'; readonly id: string }
  | {
      readonly kind: 'group'
      readonly id: string
      /** Account and VPC of the group where they are others, and the peering they are reached through. */
      readonly account: string | null
      readonly vpc: string | null
    }
  /** A plan that does not know it yet. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** One rule with one peer, as AWS counts them. */
export interface SecurityGroupRule {
  /** `sgr-…` where the evidence gives it; else null. */
  readonly id: string | null
  readonly direction: 'ingress' | 'egress'
  readonly protocol: ProtocolNumber
  readonly ports: PortRange
  readonly peer: Peer
  readonly description: string | null
}

export interface SecurityGroup {
  readonly id: string
  readonly name: string | null
  readonly vpc: string | null
  readonly account: string | null
  readonly region: string | null
  readonly rules: readonly SecurityGroupRule[]
}

export interface NetworkAclRule {
  /** Rules are asked in this order; 32767 is the last one, `*`. */
  readonly number: number
  readonly direction: 'ingress' | 'egress'
  readonly action: 'allow' | 'deny'
  readonly protocol: ProtocolNumber
  readonly ports: PortRange
  readonly cidr: string
}

export interface NetworkAcl {
  readonly id: string
  readonly vpc: string | null
  readonly isDefault: boolean
  readonly subnets: readonly string[]
  readonly rules: readonly NetworkAclRule[]
}

export type RouteTargetKind =
  | 'local'
  | 'internet-gateway'
  | 'egress-only-internet-gateway'
  | 'nat-gateway'
  | 'vpn-gateway'
  | 'peering'
  | 'transit-gateway'
  | 'network-interface'
  | 'instance'
  | 'vpc-endpoint'
  | 'carrier-gateway'
  | 'local-gateway'
  | 'core-network'
  | 'unknown'

export interface Route {
  readonly destination:
    | { readonly kind: 'cidr'; readonly cidr: string }
    | { readonly kind: 'prefix-list'; readonly id: string }
  readonly target: { readonly kind: RouteTargetKind; readonly id: string | null }
  /** Leads nowhere: its target is gone. */
  readonly isBlackhole: boolean
  /** Learned from a VPN gateway: gives way to a static route of the same destination. */
  readonly isPropagated: boolean
}

export interface RouteTable {
  readonly id: string
  readonly vpc: string | null
  readonly isMain: boolean
  readonly subnets: readonly string[]
  /** Gateways whose traffic into the VPC it steers (edge association). */
  readonly gateways: readonly string[]
  readonly routes: readonly Route[]
}

export interface Vpc {
  readonly id: string
  readonly account: string | null
  readonly region: string | null
  readonly name: string | null
  /** IPv4 and IPv6 blocks that are associated. */
  readonly cidrs: readonly string[]
}

/** What VPC Block Public Access does with a subnet or an account in a region. */
export type BlockPublicAccess = 'off' | 'block-ingress' | 'block-bidirectional'

export interface Subnet {
  readonly id: string
  readonly vpc: string | null
  readonly account: string | null
  readonly region: string | null
  readonly zone: string | null
  readonly name: string | null
  readonly cidrs: readonly string[]
  readonly mapsPublicAddresses: boolean
  /** What counts for it in the end, exclusions included; null = not said. */
  readonly blockPublicAccess: BlockPublicAccess | null
}

export interface Gateway {
  readonly id: string
  readonly kind: 'internet-gateway' | 'egress-only-internet-gateway' | 'vpn-gateway'
  /** VPCs it is attached to (available or attached, not detaching). */
  readonly vpcs: readonly string[]
}

export interface NatGateway {
  readonly id: string
  readonly vpc: string | null
  readonly subnet: string | null
  readonly isPublic: boolean
  readonly isAvailable: boolean
  readonly publicAddresses: readonly string[]
}

/** One private address of an interface with the public one that stands for it. */
export interface InterfaceAddress {
  /** IPv4 or IPv6; null = not known until apply. */
  readonly address: string | null
  readonly family: Family
  /** IPv4 only. Null = none. */
  readonly publicAddress: string | null
  /** It will have a public address that nobody knows yet. */
  readonly hasUnknownPublicAddress: boolean
}

export interface NetworkInterface {
  readonly id: string
  readonly vpc: string | null
  readonly subnet: string | null
  readonly account: string | null
  readonly region: string | null
  readonly groups: readonly string[]
  readonly addresses: readonly InterfaceAddress[]
  /** Instance it is attached to. */
  readonly instance: string | null
  /** As the provider says: `interface`, `nat_gateway`, `network_load_balancer`, `lambda` … */
  readonly type: string
  readonly description: string | null
  /** Drops traffic that is not for itself; false on routers and NAT instances. */
  readonly checksSourceAndDestination: boolean
}

export type InstanceState =
  | 'pending'
  | 'running'
  | 'shutting-down'
  | 'terminated'
  | 'stopping'
  | 'stopped'
  | 'unknown'

export interface Instance {
  readonly id: string
  /** The Name tag, private DNS name and public DNS name that it has. */
  readonly names: readonly string[]
  readonly account: string | null
  readonly region: string | null
  readonly zone: string | null
  readonly type: string | null
  /** Epoch ms. */
  readonly launchedAt: number | null
  readonly image: string | null
  readonly keyName: string | null
  /** ARN or name of the instance profile. */
  readonly instanceProfile: string | null
  readonly metadata: {
    readonly httpTokens: 'required' | 'optional' | null
    readonly hopLimit: number | null
    readonly endpoint: 'enabled' | 'disabled' | null
  }
  readonly state: InstanceState
  /** Spot, else null. */
  readonly lifecycle: string | null
  readonly platform: string | null
  readonly vpc: string | null
  readonly subnet: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly interfaces: readonly string[]
  /** Of a plan: it is not there yet. */
  readonly isPlanned: boolean
}

export interface PrefixList {
  readonly id: string
  readonly name: string | null
  /** Null = the evidence names the list but not what is in it. */
  readonly cidrs: readonly string[] | null
}

export interface Peering {
  readonly id: string
  readonly isActive: boolean
  readonly sides: readonly [PeeringSide, PeeringSide]
}
export interface PeeringSide {
  readonly vpc: string | null
  readonly account: string | null
  readonly region: string | null
}

export interface TransitAttachment {
  readonly id: string
  readonly gateway: string
  readonly kind: 'vpc' | 'vpn' | 'direct-connect-gateway' | 'peering' | 'connect' | 'other'
  /** The VPC, VPN connection … at the other end. */
  readonly resource: string | null
  readonly subnets: readonly string[]
  readonly isAvailable: boolean
  /** Route table of the gateway that traffic out of this attachment asks. */
  readonly routeTable: string | null
}
export interface TransitRoute {
  readonly cidr: string
  readonly attachments: readonly string[]
  readonly isBlackhole: boolean
  readonly isPropagated: boolean
}
export interface TransitRouteTable {
  readonly id: string
  readonly gateway: string | null
  /** Null = the evidence has no routes of it. */
  readonly routes: readonly TransitRoute[] | null
  /** Attachments whose VPC's blocks are learned. */
  readonly propagations: readonly string[]
}

export interface Listener {
  readonly id: string
  readonly protocol: 'tcp' | 'udp' | 'tcp-udp'
  readonly port: number
  /** What it sends traffic on to; empty where it only answers itself (redirect, fixed response). */
  readonly targetGroups: readonly string[]
}
export interface LoadBalancer {
  readonly id: string
  readonly name: string | null
  readonly kind: 'application' | 'network' | 'gateway' | 'classic'
  readonly dnsName: string | null
  readonly isInternetFacing: boolean
  readonly isActive: boolean
  readonly hasIpv6: boolean
  readonly vpc: string | null
  readonly account: string | null
  readonly region: string | null
  readonly subnets: readonly string[]
  /** Null = it has none: nothing is filtered at it. */
  readonly groups: readonly string[] | null
  readonly publicAddresses: readonly string[]
  readonly privateAddresses: readonly string[]
  /** Null = the evidence has no listeners of it. */
  readonly listeners: readonly Listener[] | null
}
export interface Target {
  readonly kind: 'instance' | 'ip' | 'lambda' | 'load-balancer'
  readonly id: string
  readonly port: number | null
  /** `healthy`, `unused` …; null = not said. */
  readonly health: string | null
}
export interface TargetGroup {
  readonly id: string
  readonly name: string | null
  readonly vpc: string | null
  readonly protocol: 'tcp' | 'udp' | 'tcp-udp'
  /** TCP, TLS, UDP: handed on as it comes; not HTTP, which is spoken anew. */
  readonly hasTransport: boolean
  readonly port: number | null
  /** Null = as its kind does when nobody says. */
  readonly preservesClientAddress: boolean | null
  readonly targetKind: Target['kind']
  /** Null = the evidence does not say who is in it. */
  readonly targets: readonly Target[] | null
}

export interface Network {
  readonly instances: ReadonlyMap<string, Instance>
  readonly interfaces: ReadonlyMap<string, NetworkInterface>
  readonly subnets: ReadonlyMap<string, Subnet>
  readonly vpcs: ReadonlyMap<string, Vpc>
  readonly routeTables: ReadonlyMap<string, RouteTable>
  readonly gateways: ReadonlyMap<string, Gateway>
  readonly natGateways: ReadonlyMap<string, NatGateway>
  readonly networkAcls: ReadonlyMap<string, NetworkAcl>
  readonly securityGroups: ReadonlyMap<string, SecurityGroup>
  readonly prefixLists: ReadonlyMap<string, PrefixList>
  readonly peerings: ReadonlyMap<string, Peering>
  readonly transitAttachments: ReadonlyMap<string, TransitAttachment>
  readonly transitRouteTables: ReadonlyMap<string, TransitRouteTable>
  readonly loadBalancers: ReadonlyMap<string, LoadBalancer>
  readonly targetGroups: ReadonlyMap<string, TargetGroup>
  /** Block Public Access of whole accounts and regions: `account|region`. */
  readonly blockPublicAccess: ReadonlyMap<string, BlockPublicAccess>
}

/** What could not be read or is not there, and what that leaves open. */
export interface NetworkCoverage {
  /** Of what: a resource type or a resource id. */
  readonly about: string
  readonly account: string | null
  readonly region: string | null
  readonly note: string
}
