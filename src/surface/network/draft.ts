import type {
  Gateway,
  Instance,
  InterfaceAddress,
  Listener,
  LoadBalancer,
  NatGateway,
  NetworkAcl,
  NetworkAclRule,
  NetworkCoverage,
  NetworkInterface,
  Peering,
  PrefixList,
  Route,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Target,
  TargetGroup,
  TransitAttachment,
  TransitRoute,
  TransitRouteTable,
  Vpc,
} from './model.ts'

type List<T> = T extends readonly [unknown, ...unknown[]] ? T : T extends readonly (infer E)[] ? E[] : T

/** To be filled in: lists may still grow. */
export type Mutable<T> = { -readonly [K in keyof T]: List<T[K]> }

/** A public address that stands for an interface or instance, told apart from it. */
export interface Association {
  readonly publicAddress: string | null
  readonly networkInterface: string | null
  readonly instance: string | null
  readonly privateAddress: string | null
}

export interface BareInstance {
  readonly groups: readonly string[]
  readonly hasUnknownGroups: boolean
  readonly networkInterface: string
  readonly privateAddress: string | null
  readonly moreAddresses: readonly string[]
  readonly v6Addresses: readonly string[]
  readonly publicAddress: string | null
  /** As asked for; null = as the subnet does. */
  readonly wantsPublic: boolean | null
  readonly isPublicUnknown: boolean
  readonly checksSourceAndDestination: boolean
}

/** The network while resources come in, in any order: what belongs to something else is joined at the end. */
export class Draft {
  readonly coverage: NetworkCoverage[] = []

  readonly instances = new Map<string, Mutable<Instance>>()
  readonly interfaces = new Map<string, Mutable<NetworkInterface>>()
  /** Interfaces as instances tell of them: for those that nobody describes better. */
  readonly toldInterfaces = new Map<string, Mutable<NetworkInterface>>()
  readonly subnets = new Map<string, Mutable<Subnet>>()
  readonly vpcs = new Map<string, Mutable<Vpc>>()
  readonly routeTables = new Map<string, Mutable<RouteTable>>()
  readonly gateways = new Map<string, Mutable<Gateway>>()
  readonly natGateways = new Map<string, Mutable<NatGateway>>()
  readonly networkAcls = new Map<string, Mutable<NetworkAcl>>()
  readonly securityGroups = new Map<string, Mutable<SecurityGroup>>()
  readonly prefixLists = new Map<string, Mutable<PrefixList>>()
  readonly peerings = new Map<string, Mutable<Peering>>()
  readonly transitAttachments = new Map<string, Mutable<TransitAttachment>>()
  readonly transitRouteTables = new Map<string, Mutable<TransitRouteTable>>()
  readonly loadBalancers = new Map<string, Mutable<LoadBalancer>>()
  readonly targetGroups = new Map<string, Mutable<TargetGroup>>()

  readonly associations: Association[] = []
  readonly groupRules: { readonly group: string; readonly rule: SecurityGroupRule }[] = []
  readonly groupMembers: { readonly group: string; readonly networkInterface: string }[] = []
  readonly aclRules: { readonly acl: string; readonly rule: NetworkAclRule }[] = []
  readonly aclSubnets: { readonly acl: string; readonly subnet: string }[] = []
  readonly routes: { readonly table: string; readonly route: Route }[] = []
  readonly tableSubnets: {
    readonly table: string
    readonly subnet: string | null
    readonly gateway: string | null
  }[] = []
  readonly mainTables: { readonly table: string; readonly vpc: string }[] = []
  readonly gatewayVpcs: { readonly gateway: string; readonly vpc: string }[] = []
  readonly vpcCidrs: { readonly vpc: string; readonly cidr: string }[] = []
  readonly prefixEntries: { readonly list: string; readonly cidr: string }[] = []
  readonly transitRoutes: { readonly table: string; readonly route: TransitRoute }[] = []
  readonly transitTables: { readonly table: string; readonly attachment: string }[] = []
  readonly transitPropagations: { readonly table: string; readonly attachment: string }[] = []
  readonly listeners: { readonly balancer: string; readonly listener: Listener }[] = []
  readonly listenerGroups: { readonly listener: string; readonly group: string }[] = []
  readonly targets: { readonly group: string; readonly target: Target }[] = []
  readonly targetAttributes: { readonly group: string; readonly key: string; readonly value: string }[] = []
  readonly classicTargets: { readonly balancer: string; readonly instances: readonly string[] }[] = []
  /** Instances of plans, whose first interface is no resource of its own. */
  readonly bareInstances = new Map<string, BareInstance>()
  readonly attachments: { readonly instance: string; readonly networkInterface: string }[] = []
  readonly accepted = new Set<string>()
  /** What VPCs of plans have by themselves. */
  readonly ownOfVpcs: {
    readonly vpc: string
    readonly table: string
    readonly acl: string
    readonly group: string
    readonly isNew: boolean
  }[] = []
  readonly transitDefaults = new Map<
    string,
    { readonly table: string; readonly associates: boolean; readonly propagates: boolean }
  >()
  readonly transitJoins: {
    readonly attachment: string
    readonly gateway: string
    readonly associates: boolean
    readonly propagates: boolean
  }[] = []
  /** Default groups of VPCs, for what names none. */
  readonly defaultGroups = new Map<string, string>()
  /** Lists that somebody asked for: `list|account|region`. */
  readonly listings = new Map<string, boolean>()
  /** Block Public Access of accounts: `account|region`. */
  readonly blockPublicAccess = new Map<string, 'block-ingress' | 'block-bidirectional'>()

  note(about: string, note: string, account: string | null = null, region: string | null = null): void {
    this.coverage.push({ about, account, region, note })
  }
}

export function address(
  text: string | null,
  publicAddress: string | null,
  hasUnknownPublicAddress = false,
): InterfaceAddress {
  return {
    address: text,
    family: text?.includes(':') === true ? 6 : 4,
    publicAddress,
    hasUnknownPublicAddress,
  }
}
