import type { ResourceEvent } from '../../../event/resource.ts'
import { buildNetwork, type Built } from '../build.ts'

export type Attributes = Record<string, unknown>

/** A resource as a source gives it. */
export function resource(resourceType: string, resourceId: string, attributes: Attributes): ResourceEvent {
  return {
    kind: 'resource',
    time: 0,
    timeQuality: 'unknown',
    observer: 'account:111122223333',
    subjects: [],
    origin: { source: 'aws-describe', file: 'sample', offset: 0, raw: '' },
    provider: 'aws',
    resourceType,
    resourceId,
    name: null,
    account: '111122223333',
    region: 'eu-west-1',
    state: 'observed',
    attributes,
    unknownAttributes: [],
  }
}

export const ANYWHERE = '0.0.0.0/0'
export const EVERYTHING: Attributes = {
  IpProtocol: '-1',
  IpRanges: [{ CidrIp: ANYWHERE }],
  Ipv6Ranges: [{ CidrIpv6: '::/0' }],
}

export function vpc(id: string, CidrBlock: string, more: Attributes = {}): ResourceEvent {
  return resource('aws_vpc', id, { VpcId: id, CidrBlock, ...more })
}

export function subnet(id: string, VpcId: string, CidrBlock: string, more: Attributes = {}): ResourceEvent {
  return resource('aws_subnet', id, {
    SubnetId: id,
    VpcId,
    CidrBlock,
    AvailabilityZone: 'eu-west-1a',
    ...more,
  })
}

export function internetGateway(id: string, VpcId: string | null): ResourceEvent {
  const Attachments = VpcId === null ? [] : [{ VpcId, State: 'available' }]
  return resource('aws_internet_gateway', id, { InternetGatewayId: id, Attachments })
}

/** Routes as `destination>target`; `!` at the end is a blackhole. */
export function routeTable(
  id: string,
  VpcId: string,
  subnets: readonly string[] | 'main',
  routes: readonly string[],
): ResourceEvent {
  const Associations =
    subnets === 'main' ? [{ Main: true }] : subnets.map((SubnetId) => ({ Main: false, SubnetId }))
  return resource('aws_route_table', id, { RouteTableId: id, VpcId, Associations, Routes: routes.map(route) })
}

function route(text: string): Attributes {
  const [destination = '', rest = ''] = text.split('>')
  const target = rest.replace('!', '')
  const where = destination.startsWith('pl-')
    ? { DestinationPrefixListId: destination }
    : destination.includes(':')
      ? { DestinationIpv6CidrBlock: destination }
      : { DestinationCidrBlock: destination }
  const names: Record<string, string> = {
    nat: 'NatGatewayId',
    tgw: 'TransitGatewayId',
    pcx: 'VpcPeeringConnectionId',
    eni: 'NetworkInterfaceId',
    eigw: 'EgressOnlyInternetGatewayId',
  }
  const name = names[target.split('-')[0] ?? ''] ?? 'GatewayId'
  return { ...where, [name]: target, State: rest.endsWith('!') ? 'blackhole' : 'active' }
}

/** Rules as `number allow|deny protocol ports cidr`, ports `22`, `20-25` or `*`. */
export function networkAcl(
  id: string,
  VpcId: string,
  subnets: readonly string[] | 'default',
  inbound: readonly string[],
  outbound: readonly string[],
): ResourceEvent {
  const Associations = subnets === 'default' ? [] : subnets.map((SubnetId) => ({ SubnetId }))
  const Entries = [...inbound.map((text) => entry(text, false)), ...outbound.map((text) => entry(text, true))]
  return resource('aws_network_acl', id, {
    NetworkAclId: id,
    VpcId,
    IsDefault: subnets === 'default',
    Associations,
    Entries,
  })
}

function entry(text: string, Egress: boolean): Attributes {
  const [number = '', RuleAction = '', Protocol = '', ports = '', cidr = ''] = text.split(' ')
  const [From = '', To = From] = ports.split('-')
  return {
    RuleNumber: Number(number),
    RuleAction,
    Protocol,
    Egress,
    ...(cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
    ...(ports === '*' ? {} : { PortRange: { From: Number(From), To: Number(To) } }),
  }
}

export const OPEN_ACL: readonly string[] = ['100 allow -1 * 0.0.0.0/0', '101 allow -1 * ::/0']

export function group(
  id: string,
  VpcId: string,
  ingress: readonly Attributes[],
  egress: readonly Attributes[] = [EVERYTHING],
): ResourceEvent {
  return resource('aws_security_group', id, {
    GroupId: id,
    GroupName: id,
    VpcId,
    IpPermissions: ingress,
    IpPermissionsEgress: egress,
  })
}

/** `tcp 20-25 192.0.2.0/24`: one permission. The last part may be a group or a prefix list. */
export function allow(text: string): Attributes {
  const [IpProtocol = '', ports = '', who = ''] = text.split(' ')
  const [from = '', to = from] = ports.split('-')
  const range = ports === '*' ? {} : { FromPort: Number(from), ToPort: Number(to) }
  const peer = who.startsWith('sg-')
    ? { UserIdGroupPairs: [{ GroupId: who }] }
    : who.startsWith('pl-')
      ? { PrefixListIds: [{ PrefixListId: who }] }
      : who.includes(':')
        ? { Ipv6Ranges: [{ CidrIpv6: who }] }
        : { IpRanges: [{ CidrIp: who }] }
  return { IpProtocol, ...range, ...peer }
}

export interface Machine {
  readonly subnet: string
  readonly vpc: string
  readonly address: string
  readonly publicAddress?: string
  readonly v6?: string
  readonly groups: readonly string[]
  readonly state?: string
}

export function instance(id: string, machine: Machine): ResourceEvent {
  const { subnet: SubnetId, vpc: VpcId, address, publicAddress, v6, groups } = machine
  return resource('aws_instance', id, {
    InstanceId: id,
    State: { Name: machine.state ?? 'running' },
    SubnetId,
    VpcId,
    NetworkInterfaces: [
      {
        NetworkInterfaceId: `eni-${id}`,
        SubnetId,
        VpcId,
        Groups: groups.map((GroupId) => ({ GroupId })),
        PrivateIpAddresses: [
          {
            PrivateIpAddress: address,
            ...(publicAddress === undefined ? {} : { Association: { PublicIp: publicAddress } }),
          },
        ],
        Ipv6Addresses: v6 === undefined ? [] : [{ Ipv6Address: v6 }],
      },
    ],
  })
}

/** A VPC with a public subnet, in it one machine `i-web` that its group `sg-web` lets in as told. */
export function publicMachine(ingress: readonly Attributes[], ...changes: readonly ResourceEvent[]): Built {
  const base = [
    vpc('vpc-a', '10.0.0.0/16'),
    subnet('subnet-a', 'vpc-a', '10.0.1.0/24'),
    internetGateway('igw-a', 'vpc-a'),
    routeTable('rtb-a', 'vpc-a', ['subnet-a'], ['10.0.0.0/16>local', '0.0.0.0/0>igw-a', '::/0>igw-a']),
    networkAcl('acl-a', 'vpc-a', 'default', OPEN_ACL, OPEN_ACL),
    group('sg-web', 'vpc-a', ingress),
    instance('i-web', {
      subnet: 'subnet-a',
      vpc: 'vpc-a',
      address: '10.0.1.10',
      publicAddress: '203.0.113.10',
      groups: ['sg-web'],
    }),
  ]
  const byId = new Map([...base, ...changes].map((one) => [`${one.resourceType}|${one.resourceId}`, one]))
  return buildNetwork(byId.values())
}
