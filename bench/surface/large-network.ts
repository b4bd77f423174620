import type { ResourceEvent } from '../../src/event/resource.ts'
import { Draw } from '../sigma/records.ts'

export interface Size {
  readonly instances: number
  readonly groups: number
  readonly rules: number
  readonly subnets: number
}

const VPC = 'vpc-0000000000000001'
const PORTS = [22, 80, 443, 2375, 3306, 5432, 6379, 8080, 8888, 9200, 10250] as const

function groupId(i: number): string {
  return `sg-${i.toString(16).padStart(17, '0')}`
}

/** A network as accounts that grew for years have them: most rules for other groups and private blocks, a few for everybody. */
export function largeNetwork(size: Size): { events: ResourceEvent[]; rules: number } {
  const draw = new Draw(3)
  let rules = 0
  const events: ResourceEvent[] = [
    event('aws_vpc', VPC, { VpcId: VPC, CidrBlock: '10.0.0.0/8' }),
    event('aws_internet_gateway', 'igw-1', {
      InternetGatewayId: 'igw-1',
      Attachments: [{ State: 'available', VpcId: VPC }],
    }),
    ...[0, 1].map((i) =>
      event('aws_route_table', `rtb-${i}`, {
        RouteTableId: `rtb-${i}`,
        VpcId: VPC,
        Associations: [{ Main: i === 0 }],
        Routes: [
          { DestinationCidrBlock: '10.0.0.0/8', GatewayId: 'local', State: 'active' },
          ...(i === 0 ? [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' }] : []),
        ],
      }),
    ),
  ]
  for (let i = 0; i < size.subnets; i++) {
    const SubnetId = `subnet-${i}`
    events.push(
      event('aws_subnet', SubnetId, {
        SubnetId,
        VpcId: VPC,
        CidrBlock: `10.${i >> 4}.${(i & 15) << 4}.0/20`,
      }),
    )
  }
  for (let a = 0; a < Math.ceil(size.subnets / 5); a++) {
    const subnets = Array.from({ length: 5 }, (_, i) => ({ SubnetId: `subnet-${a * 5 + i}` }))
    events.push(
      event('aws_network_acl', `acl-${a}`, {
        NetworkAclId: `acl-${a}`,
        VpcId: VPC,
        IsDefault: a === 0,
        Associations: subnets,
        Entries: entries(draw),
      }),
    )
  }
  for (let g = 0; g < size.groups; g++) {
    const count = Math.round(((g + 1) * size.rules) / size.groups) - rules
    rules += count
    const permissions = Array.from({ length: count }, () => permission(draw, size.groups))
    events.push(
      event('aws_security_group', groupId(g), {
        GroupId: groupId(g),
        GroupName: `group ${g}`,
        VpcId: VPC,
        IpPermissions: permissions,
        IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    )
  }
  for (let i = 0; i < size.instances; i++) events.push(instance(i, draw, size))
  return { events, rules }
}

function instance(i: number, draw: Draw, size: Size): ResourceEvent {
  const id = `i-${i.toString(16).padStart(17, '0')}`
  const subnet = i % size.subnets
  const own = Math.floor(i / size.subnets) + 4
  const address = `10.${subnet >> 4}.${((subnet & 15) << 4) + (own >> 8)}.${own & 255}`
  const publicAddress = `203.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
  const groups = Array.from({ length: 1 + draw.below(3) }, () => ({
    GroupId: groupId(draw.below(size.groups)),
  }))
  return event('aws_instance', id, {
    InstanceId: id,
    State: { Name: draw.below(20) === 0 ? 'stopped' : 'running' },
    VpcId: VPC,
    SubnetId: `subnet-${subnet}`,
    NetworkInterfaces: [
      {
        NetworkInterfaceId: `eni-${i}`,
        SubnetId: `subnet-${subnet}`,
        VpcId: VPC,
        Groups: groups,
        PrivateIpAddresses: [
          {
            PrivateIpAddress: address,
            ...(draw.below(3) > 0 ? { Association: { PublicIp: publicAddress } } : {}),
          },
        ],
      },
    ],
  })
}

function permission(draw: Draw, groups: number): Record<string, unknown> {
  const from = PORTS[draw.below(PORTS.length)] ?? 22
  const FromPort = draw.below(10) === 0 ? 0 : from
  const base =
    draw.below(40) === 0
      ? { IpProtocol: '-1' }
      : { IpProtocol: draw.below(8) === 0 ? 'udp' : 'tcp', FromPort, ToPort: from + draw.below(3) }
  const kind = draw.below(20)
  if (kind < 8) return { ...base, UserIdGroupPairs: [{ GroupId: groupId(draw.below(groups)) }] }
  if (kind < 16) return { ...base, IpRanges: [{ CidrIp: `10.${draw.below(256)}.${draw.below(256)}.0/24` }] }
  if (kind < 19) return { ...base, IpRanges: [{ CidrIp: `198.51.100.${draw.below(256)}/32` }] }
  return { ...base, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
}

function rule(
  RuleNumber: number,
  Egress: boolean,
  RuleAction: string,
  CidrBlock: string,
  more: object = {},
): Record<string, unknown> {
  return { RuleNumber, Egress, RuleAction, CidrBlock, Protocol: '-1', ...more }
}

function entries(draw: Draw): Record<string, unknown>[] {
  return [
    rule(90, false, 'deny', `192.0.2.${draw.below(256)}/32`),
    rule(95, false, 'deny', '0.0.0.0/0', { Protocol: '6', PortRange: { From: 3306, To: 3306 } }),
    rule(100, false, 'allow', '0.0.0.0/0'),
    rule(100, true, 'allow', '0.0.0.0/0'),
  ]
}

function event(resourceType: string, resourceId: string, attributes: Record<string, unknown>): ResourceEvent {
  return {
    kind: 'resource',
    time: 0,
    timeQuality: 'unknown',
    observer: 'account:111122223333',
    subjects: [],
    origin: { source: 'aws-describe', file: 'bench', offset: 0, raw: '' },
    provider: 'aws',
    resourceType,
    resourceId,
    name: null,
    account: '111122223333',
    region: 'us-east-1',
    state: 'observed',
    attributes,
    unknownAttributes: [],
  }
}
