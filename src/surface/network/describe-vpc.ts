import type { ResourceEvent } from '../../event/resource.ts'
import { type Attributes, flagAt, numberAt, objectAt, objectsAt, textAt, textsAt } from './attributes.ts'
import { tagsOf } from './describe-compute.ts'
import type { Draft } from './draft.ts'
import type {
  BlockPublicAccess,
  Gateway,
  NetworkAclRule,
  Peer,
  PeeringSide,
  Route,
  RouteTargetKind,
  SecurityGroupRule,
} from './model.ts'
import { portRange, protocolNumber } from './protocol.ts'

type Reader = (event: ResourceEvent, draft: Draft) => void

/** VPCs and what stands in them, as `aws ec2 describe-*` gives it. */
export const VPC: Readonly<Record<string, Reader>> = {
  aws_vpc: ({ attributes: all, resourceId: id, account, region }, draft) => {
    draft.vpcs.set(id, {
      id,
      account: textAt(all, 'OwnerId') ?? account,
      region,
      name: tagsOf(all)['Name'] ?? null,
      cidrs: cidrsOf(all),
    })
  },
  aws_subnet: ({ attributes: all, resourceId: id, account, region }, draft) => {
    draft.subnets.set(id, {
      id,
      vpc: textAt(all, 'VpcId'),
      account: textAt(all, 'OwnerId') ?? account,
      region,
      zone: textAt(all, 'AvailabilityZone'),
      name: tagsOf(all)['Name'] ?? null,
      cidrs: cidrsOf(all),
      mapsPublicAddresses: flagAt(all, 'MapPublicIpOnLaunch') === true,
      blockPublicAccess:
        'BlockPublicAccessStates' in all
          ? blockMode(textAt(objectAt(all, 'BlockPublicAccessStates'), 'InternetGatewayBlockMode'))
          : null,
    })
  },
  aws_vpc_block_public_access_options: ({ attributes: all, account, region }, draft) => {
    const mode = blockMode(textAt(all, 'InternetGatewayBlockMode'))
    if (mode !== 'off')
      draft.blockPublicAccess.set(
        `${textAt(all, 'AwsAccountId') ?? account}|${textAt(all, 'AwsRegion') ?? region}`,
        mode,
      )
  },
  aws_route_table: readRouteTable,
  aws_network_acl: readNetworkAcl,
  aws_security_group: readGroup,
  aws_vpc_security_group_ingress_rule: readGroupRule,
  aws_vpc_security_group_egress_rule: readGroupRule,
  aws_ec2_managed_prefix_list: ({ attributes: all, resourceId: id }, draft) => {
    const known = draft.prefixLists.get(id)
    const cidrs = 'Cidrs' in all ? textsAt(all, 'Cidrs') : (known?.cidrs ?? null)
    draft.prefixLists.set(id, { id, name: textAt(all, 'PrefixListName') ?? known?.name ?? null, cidrs })
  },
  aws_ec2_managed_prefix_list_entry: ({ attributes: all }, draft) => {
    const list = textAt(all, 'PrefixListId')
    const cidr = textAt(all, 'Cidr')
    if (list !== null && cidr !== null) draft.prefixEntries.push({ list, cidr })
    else if (cidr !== null)
      draft.note(
        'aws_ec2_managed_prefix_list_entry',
        `entry ${cidr} does not say of which prefix list it is: name its file after the list`,
      )
  },
  aws_internet_gateway: gateway('internet-gateway'),
  aws_egress_only_internet_gateway: gateway('egress-only-internet-gateway'),
  aws_vpn_gateway: ({ attributes: all, resourceId: id }, draft) => {
    const attached = objectsAt(all, 'VpcAttachments').filter((one) => textAt(one, 'State') !== 'detached')
    draft.gateways.set(id, {
      id,
      kind: 'vpn-gateway',
      vpcs: attached.flatMap((one) => textAt(one, 'VpcId') ?? []),
    })
  },
  aws_nat_gateway: ({ attributes: all, resourceId: id }, draft) => {
    draft.natGateways.set(id, {
      id,
      vpc: textAt(all, 'VpcId'),
      subnet: textAt(all, 'SubnetId'),
      isPublic: textAt(all, 'ConnectivityType') !== 'private',
      isAvailable: (textAt(all, 'State') ?? 'available') === 'available',
      publicAddresses: objectsAt(all, 'NatGatewayAddresses').flatMap((one) => textAt(one, 'PublicIp') ?? []),
    })
  },
  aws_vpc_peering_connection: ({ attributes: all, resourceId: id }, draft) => {
    draft.peerings.set(id, {
      id,
      isActive: textAt(objectAt(all, 'Status'), 'Code') === 'active',
      sides: [sideOf(objectAt(all, 'RequesterVpcInfo')), sideOf(objectAt(all, 'AccepterVpcInfo'))],
    })
  },
}

function sideOf(info: Attributes): PeeringSide {
  return { vpc: textAt(info, 'VpcId'), account: textAt(info, 'OwnerId'), region: textAt(info, 'Region') }
}

function gateway(kind: Gateway['kind']): Reader {
  return ({ attributes: all, resourceId: id }, draft) => {
    const attached = objectsAt(all, 'Attachments').filter((one) => {
      const state = textAt(one, 'State')
      return state === null || state === 'available' || state === 'attached'
    })
    draft.gateways.set(id, { id, kind, vpcs: attached.flatMap((one) => textAt(one, 'VpcId') ?? []) })
  }
}

function blockMode(text: string | null): BlockPublicAccess {
  return text === 'block-ingress' || text === 'block-bidirectional' ? text : 'off'
}

/** Blocks of a VPC or subnet that are associated. */
function cidrsOf(all: Attributes): string[] {
  const main = textAt(all, 'CidrBlock')
  const more = objectsAt(all, 'CidrBlockAssociationSet')
    .filter((one) => isAssociated(objectAt(one, 'CidrBlockState')))
    .flatMap((one) => textAt(one, 'CidrBlock') ?? [])
  const v6 = objectsAt(all, 'Ipv6CidrBlockAssociationSet')
    .filter((one) => isAssociated(objectAt(one, 'Ipv6CidrBlockState')))
    .flatMap((one) => textAt(one, 'Ipv6CidrBlock') ?? [])
  return [...new Set([...(main === null ? [] : [main]), ...more, ...v6])]
}

function isAssociated(state: Attributes): boolean {
  const text = textAt(state, 'State')
  return text === null || text === 'associated'
}

function readRouteTable({ attributes: all, resourceId: id }: ResourceEvent, draft: Draft): void {
  const associations = objectsAt(all, 'Associations').filter((one) => {
    const state = textAt(objectAt(one, 'AssociationState'), 'State')
    return state === null || state === 'associated'
  })
  draft.routeTables.set(id, {
    id,
    vpc: textAt(all, 'VpcId'),
    isMain: associations.some((one) => flagAt(one, 'Main') === true),
    subnets: associations.flatMap((one) => textAt(one, 'SubnetId') ?? []),
    gateways: associations.flatMap((one) => textAt(one, 'GatewayId') ?? []),
    routes: objectsAt(all, 'Routes').flatMap((one) => routeOf(one) ?? []),
  })
}

/** By the name under which a route gives its target. */
const TARGETS: readonly (readonly [name: string, kind: RouteTargetKind])[] = [
  ['NatGatewayId', 'nat-gateway'],
  ['TransitGatewayId', 'transit-gateway'],
  ['VpcPeeringConnectionId', 'peering'],
  ['EgressOnlyInternetGatewayId', 'egress-only-internet-gateway'],
  ['NetworkInterfaceId', 'network-interface'],
  ['InstanceId', 'instance'],
  ['LocalGatewayId', 'local-gateway'],
  ['CarrierGatewayId', 'carrier-gateway'],
  ['CoreNetworkArn', 'core-network'],
  ['VpcEndpointId', 'vpc-endpoint'],
]

function routeOf(one: Attributes): Route | null {
  const cidr = textAt(one, 'DestinationCidrBlock') ?? textAt(one, 'DestinationIpv6CidrBlock')
  const list = textAt(one, 'DestinationPrefixListId')
  if (cidr === null && list === null) return null
  return {
    destination: cidr === null ? { kind: 'prefix-list', id: list ?? '' } : { kind: 'cidr', cidr },
    target: targetOf(one),
    isBlackhole: textAt(one, 'State') === 'blackhole',
    isPropagated: textAt(one, 'Origin') === 'EnableVgwRoutePropagation',
  }
}

function targetOf(one: Attributes): Route['target'] {
  const gatewayId = textAt(one, 'GatewayId')
  if (gatewayId !== null) return { kind: gatewayKind(gatewayId), id: gatewayId }
  for (const [name, kind] of TARGETS) {
    const id = textAt(one, name)
    if (id !== null) return { kind, id }
  }
  return { kind: 'unknown', id: null }
}

/** What a gateway is, by how its id begins. */
export function gatewayKind(id: string): RouteTargetKind {
  if (id === 'local') return 'local'
  if (id.startsWith('igw-')) return 'internet-gateway'
  if (id.startsWith('vgw-')) return 'vpn-gateway'
  if (id.startsWith('vpce-')) return 'vpc-endpoint'
  if (id.startsWith('eigw-')) return 'egress-only-internet-gateway'
  if (id.startsWith('nat-')) return 'nat-gateway'
  if (id.startsWith('tgw-')) return 'transit-gateway'
  if (id.startsWith('pcx-')) return 'peering'
  if (id.startsWith('cagw-')) return 'carrier-gateway'
  return 'unknown'
}

function readNetworkAcl({ attributes: all, resourceId: id }: ResourceEvent, draft: Draft): void {
  const rules = objectsAt(all, 'Entries').flatMap((entry): NetworkAclRule[] => {
    const cidr = textAt(entry, 'CidrBlock') ?? textAt(entry, 'Ipv6CidrBlock')
    const protocol = protocolNumber(textAt(entry, 'Protocol'))
    const number = numberAt(entry, 'RuleNumber')
    if (cidr === null || protocol === null || number === null) return []
    const ports = objectAt(entry, 'PortRange')
    const icmp = objectAt(entry, 'IcmpTypeCode')
    return [
      {
        number,
        direction: flagAt(entry, 'Egress') === true ? 'egress' : 'ingress',
        action: textAt(entry, 'RuleAction') === 'allow' ? 'allow' : 'deny',
        protocol,
        ports: portRange(
          protocol,
          numberAt(ports, 'From') ?? numberAt(icmp, 'Type'),
          numberAt(ports, 'To') ?? numberAt(icmp, 'Code'),
        ),
        cidr,
      },
    ]
  })
  draft.networkAcls.set(id, {
    id,
    vpc: textAt(all, 'VpcId'),
    isDefault: flagAt(all, 'IsDefault') === true,
    subnets: objectsAt(all, 'Associations').flatMap((one) => textAt(one, 'SubnetId') ?? []),
    rules,
  })
}

function readGroup({ attributes: all, resourceId: id, account, region }: ResourceEvent, draft: Draft): void {
  draft.securityGroups.set(id, {
    id,
    name: textAt(all, 'GroupName'),
    vpc: textAt(all, 'VpcId'),
    account: textAt(all, 'OwnerId') ?? account,
    region,
    rules: [
      ...objectsAt(all, 'IpPermissions').flatMap((one) => permissionRules(one, 'ingress')),
      ...objectsAt(all, 'IpPermissionsEgress').flatMap((one) => permissionRules(one, 'egress')),
    ],
  })
}

/** One permission holds many peers; each is a rule of its own. */
function permissionRules(one: Attributes, direction: SecurityGroupRule['direction']): SecurityGroupRule[] {
  const protocol = protocolNumber(textAt(one, 'IpProtocol'))
  if (protocol === null) return []
  const ports = portRange(protocol, numberAt(one, 'FromPort'), numberAt(one, 'ToPort'))
  const peers: [Peer, string | null][] = []
  const add = (list: string, peerOf: (peer: Attributes) => Peer | null): void => {
    for (const each of objectsAt(one, list)) {
      const peer = peerOf(each)
      if (peer !== null) peers.push([peer, textAt(each, 'Description')])
    }
  }
  add('IpRanges', (peer) => cidrPeer(peer, 'CidrIp'))
  add('Ipv6Ranges', (peer) => cidrPeer(peer, 'CidrIpv6'))
  add('PrefixListIds', (peer) => {
    const id = textAt(peer, 'PrefixListId')
    return id === null ? null : { kind: 'prefix-list', id }
  })
  add('UserIdGroupPairs', groupPeer)
  return peers.map(([peer, description]) => ({ id: null, direction, protocol, ports, peer, description }))
}

function cidrPeer(range: Attributes, name: string): Peer | null {
  const cidr = textAt(range, name)
  return cidr === null ? null : { kind: 'cidr', cidr }
}

function groupPeer(pair: Attributes): Peer | null {
  const id = textAt(pair, 'GroupId')
  return id === null
    ? null
    : { kind: 'group', id, account: textAt(pair, 'UserId'), vpc: textAt(pair, 'VpcId') }
}

function readGroupRule({ attributes: all, resourceId }: ResourceEvent, draft: Draft): void {
  const group = textAt(all, 'GroupId')
  const protocol = protocolNumber(textAt(all, 'IpProtocol'))
  if (group === null || protocol === null) return
  const cidr = textAt(all, 'CidrIpv4') ?? textAt(all, 'CidrIpv6')
  const list = textAt(all, 'PrefixListId')
  const peer: Peer | null =
    cidr !== null
      ? { kind: 'cidr', cidr }
      : list !== null
        ? { kind: 'prefix-list', id: list }
        : groupPeer(objectAt(all, 'ReferencedGroupInfo'))
  if (peer === null) return
  draft.groupRules.push({
    group,
    rule: {
      id: resourceId,
      direction: flagAt(all, 'IsEgress') === true ? 'egress' : 'ingress',
      protocol,
      ports: portRange(protocol, numberAt(all, 'FromPort'), numberAt(all, 'ToPort')),
      peer,
      description: textAt(all, 'Description'),
    },
  })
}
