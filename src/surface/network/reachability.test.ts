import { describe, expect, it } from 'vitest'
import type { Network } from './model.ts'
import { Reachability, reachability } from './reachability.ts'
import {
  allow,
  type Attributes,
  EVERYTHING,
  group,
  instance,
  internetGateway,
  networkAcl,
  OPEN_ACL,
  publicMachine,
  resource,
  routeTable,
  subnet,
  vpc,
} from './samples/described.ts'
import { buildNetwork } from './build.ts'
import type { Verdict } from './verdict.ts'

function open(network: Network, from = 'internet', to?: string): string[] {
  return reachability(network, to === undefined ? { from } : { from, to })
    .filter(({ status }) => status === 'reachable')
    .map(
      (one) =>
        `${one.asset} ${one.address} ${one.protocol} ${one.portFrom}-${one.portTo} ${one.sources.join(',')}`,
    )
}

function blockers(network: Network, from = 'internet', to?: string): string[] {
  const verdicts = reachability(network, to === undefined ? { from } : { from, to })
  return verdicts.flatMap((one) =>
    one.blockedBy === null ? [] : `${one.protocol} ${one.portFrom}-${one.portTo} ${one.blockedBy.kind}`,
  )
}

const WEB = 'i-web 203.0.113.10'
const SSH = allow('tcp 22 0.0.0.0/0')
const V6 = '2001:db8:a::10'
const V6_ONLY = instance('i-web', {
  subnet: 'subnet-a',
  vpc: 'vpc-a',
  address: '10.0.1.10',
  v6: V6,
  groups: ['sg-web'],
})
const web = (more: Attributes): ReturnType<typeof instance> =>
  instance('i-web', {
    subnet: 'subnet-a',
    vpc: 'vpc-a',
    address: '10.0.1.10',
    publicAddress: '203.0.113.10',
    groups: ['sg-web'],
    ...more,
  })

const eniOf = (id: string, PublicIp: string, GroupId: string): ReturnType<typeof resource> =>
  resource('aws_network_interface', id, {
    NetworkInterfaceId: id,
    SubnetId: 'subnet-a',
    VpcId: 'vpc-a',
    Groups: [{ GroupId }],
    Attachment: { InstanceId: 'i-web' },
    PrivateIpAddresses: [
      { PrivateIpAddress: `10.0.1.${id.at(-1)}1`, Association: { PublicIp } },
      { PrivateIpAddress: `10.0.1.${id.at(-1)}2` },
    ],
  })

const everyFile = (): ReturnType<typeof resource>[] => [
  vpc('vpc-a', '10.0.0.0/16'),
  subnet('subnet-a', 'vpc-a', '10.0.1.0/24'),
  internetGateway('igw-a', 'vpc-a'),
  routeTable('rtb-a', 'vpc-a', ['subnet-a'], ['0.0.0.0/0>igw-a']),
  networkAcl('acl-a', 'vpc-a', 'default', OPEN_ACL, OPEN_ACL),
  group('sg-web', 'vpc-a', [SSH]),
  web({}),
]

const twoMachines = (ingress: Attributes[], ...changes: ReturnType<typeof resource>[]): Network => {
  const db = instance('i-db', { subnet: 'subnet-b', vpc: 'vpc-a', address: '10.0.2.20', groups: ['sg-db'] })
  return publicMachine(
    [SSH],
    subnet('subnet-b', 'vpc-a', '10.0.2.0/24'),
    routeTable('rtb-m', 'vpc-a', 'main', ['10.0.0.0/16>local']),
    group('sg-db', 'vpc-a', ingress),
    db,
    ...changes,
  ).network
}

const NO_MYSQL = networkAcl(
  'acl-a',
  'vpc-a',
  'default',
  ['90 deny 6 3306 0.0.0.0/0', '100 allow -1 * 0.0.0.0/0'],
  OPEN_ACL,
)

const farMachine = (code: string, back: string, ingress = allow('tcp 22 10.0.1.0/24')): Network =>
  publicMachine(
    [SSH],
    routeTable('rtb-a', 'vpc-a', ['subnet-a'], ['10.0.0.0/16>local', '10.9.0.0/16>pcx-1']),
    vpc('vpc-b', '10.9.0.0/16'),
    subnet('subnet-z', 'vpc-b', '10.9.1.0/24'),
    routeTable('rtb-b', 'vpc-b', 'main', ['10.9.0.0/16>local', back]),
    networkAcl('acl-b', 'vpc-b', 'default', OPEN_ACL, OPEN_ACL),
    group('sg-z', 'vpc-b', [ingress]),
    instance('i-far', { subnet: 'subnet-z', vpc: 'vpc-b', address: '10.9.1.5', groups: ['sg-z'] }),
    resource('aws_vpc_peering_connection', 'pcx-1', {
      VpcPeeringConnectionId: 'pcx-1',
      Status: { Code: code },
      RequesterVpcInfo: { VpcId: 'vpc-a' },
      AccepterVpcInfo: { VpcId: 'vpc-b' },
    }),
  ).network

const attachmentOf = (id: string, VpcId: string, SubnetId: string): ReturnType<typeof resource>[] => [
  resource('aws_ec2_transit_gateway_attachment', id, {
    TransitGatewayAttachmentId: id,
    TransitGatewayId: 'tgw-1',
    ResourceType: 'vpc',
    ResourceId: VpcId,
    State: 'available',
    Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
  }),
  {
    ...resource('aws_ec2_transit_gateway_vpc_attachment', id, {
      TransitGatewayAttachmentId: id,
      TransitGatewayId: 'tgw-1',
      VpcId,
      SubnetIds: [SubnetId],
      State: 'available',
    }),
    resourceId: id,
  },
]

const routeVia = (DestinationCidrBlock: string, id: string): Attributes => ({
  DestinationCidrBlock,
  TransitGatewayAttachments: [{ TransitGatewayAttachmentId: id }],
})

const overTransit = (routes: Attributes[], ...changes: ReturnType<typeof resource>[]): Network => {
  const base = farMachine('active', '10.0.0.0/16>tgw-1')
  expect(base.instances.size).toBe(2)
  return buildNetwork([
    vpc('vpc-a', '10.0.0.0/16'),
    subnet('subnet-a', 'vpc-a', '10.0.1.0/24'),
    routeTable('rtb-a', 'vpc-a', 'main', ['10.9.0.0/16>tgw-1']),
    networkAcl('acl-a', 'vpc-a', 'default', OPEN_ACL, OPEN_ACL),
    group('sg-web', 'vpc-a', [SSH]),
    web({}),
    vpc('vpc-b', '10.9.0.0/16'),
    subnet('subnet-z', 'vpc-b', '10.9.1.0/24'),
    subnet('subnet-t', 'vpc-b', '10.9.9.0/28'),
    routeTable('rtb-b', 'vpc-b', 'main', ['10.0.0.0/16>tgw-1']),
    networkAcl('acl-b', 'vpc-b', 'default', OPEN_ACL, OPEN_ACL),
    group('sg-z', 'vpc-b', [allow('tcp 22 10.0.0.0/16')]),
    instance('i-far', { subnet: 'subnet-z', vpc: 'vpc-b', address: '10.9.1.5', groups: ['sg-z'] }),
    ...attachmentOf('tgw-attach-a', 'vpc-a', 'subnet-a'),
    ...attachmentOf('tgw-attach-b', 'vpc-b', 'subnet-t'),
    resource('aws_ec2_transit_gateway_route_table', 'tgw-rtb-1', {
      TransitGatewayRouteTableId: 'tgw-rtb-1',
      TransitGatewayId: 'tgw-1',
    }),
    ...routes.map((one, i) =>
      resource('aws_ec2_transit_gateway_route', `r${i}`, {
        TransitGatewayRouteTableId: 'tgw-rtb-1',
        State: 'active',
        ...one,
      }),
    ),
    ...changes,
  ]).network
}

const withAcl = (inbound: string[], outbound: string[]): Network =>
  twoMachines([allow('tcp 5432 10.0.0.0/16')], networkAcl('acl-b', 'vpc-a', ['subnet-b'], inbound, outbound))

describe('from the internet to a machine', () => {
  const cases: [string, Attributes[], Parameters<typeof publicMachine>[1][], string[]][] = [
    ['one port', [SSH], [], [`${WEB} tcp 22-22 0.0.0.0/0`]],
    [
      'protocol -1 is every protocol and port',
      [allow('-1 * 0.0.0.0/0')],
      [],
      ['tcp', 'udp', 'icmp', 'other'].map((p) => `${WEB} ${p} 0-65535 0.0.0.0/0`),
    ],
    ['a range holds what lies in it', [allow('tcp 20-25 0.0.0.0/0')], [], [`${WEB} tcp 20-25 0.0.0.0/0`]],
    ['/0 with host bits is everybody', [allow('tcp 22 203.0.113.9/0')], [], [`${WEB} tcp 22-22 0.0.0.0/0`]],
    [
      'a rule for the group itself before the open one',
      [allow('-1 * sg-web'), SSH],
      [],
      [`${WEB} tcp 22-22 0.0.0.0/0`],
    ],
    ['private sources are not the internet', [allow('tcp 22 10.0.0.0/8')], [], []],
    ['one address', [allow('tcp 22 198.51.100.7/32')], [], [`${WEB} tcp 22-22 198.51.100.7/32`]],
    [
      'overlapping CIDRs are one set',
      [allow('tcp 22 198.51.100.0/25'), allow('tcp 22 198.51.100.64/26'), allow('tcp 22 198.51.100.128/25')],
      [],
      [`${WEB} tcp 22-22 198.51.100.0/24`],
    ],
    [
      'several groups',
      [SSH],
      [group('sg-b', 'vpc-a', [allow('udp 53 0.0.0.0/0')]), web({ groups: ['sg-web', 'sg-b'] })],
      [`${WEB} tcp 22-22 0.0.0.0/0`, `${WEB} udp 53-53 0.0.0.0/0`],
    ],
    ['a protocol by its number', [allow('47 * 0.0.0.0/0')], [], [`${WEB} 47 0-65535 0.0.0.0/0`]],
    [
      'ports of the ACL and of the group together',
      [allow('tcp 0-65535 0.0.0.0/0')],
      [networkAcl('acl-a', 'vpc-a', 'default', ['100 allow 6 443-8080 0.0.0.0/0'], OPEN_ACL)],
      [`${WEB} tcp 443-8080 0.0.0.0/0`],
    ],
    [
      'an ACL rule that another one before it covers',
      [allow('tcp 20-25 0.0.0.0/0')],
      [
        networkAcl(
          'acl-a',
          'vpc-a',
          'default',
          ['200 deny 6 22 0.0.0.0/0', '100 allow 6 * 0.0.0.0/0'],
          OPEN_ACL,
        ),
      ],
      [`${WEB} tcp 20-25 0.0.0.0/0`],
    ],
    [
      'an ACL rule in front',
      [allow('tcp 20-25 0.0.0.0/0')],
      [
        networkAcl(
          'acl-a',
          'vpc-a',
          'default',
          ['200 allow 6 * 0.0.0.0/0', '100 deny 6 22 0.0.0.0/0'],
          OPEN_ACL,
        ),
      ],
      [`${WEB} tcp 20-21 0.0.0.0/0`, `${WEB} tcp 23-25 0.0.0.0/0`],
    ],
    [
      'an ACL that turns away some',
      [SSH],
      [
        networkAcl(
          'acl-a',
          'vpc-a',
          'default',
          ['90 deny -1 * 0.0.0.0/1', '100 allow -1 * 0.0.0.0/0'],
          OPEN_ACL,
        ),
      ],
      [`${WEB} tcp 22-22 128.0.0.0/1`],
    ],
    [
      'replies only to some client ports',
      [SSH],
      [networkAcl('acl-a', 'vpc-a', 'default', OPEN_ACL, ['100 allow 6 32768-60999 0.0.0.0/0'])],
      [`${WEB} tcp 22-22 0.0.0.0/0`],
    ],
    [
      'replies only to some clients',
      [SSH],
      [networkAcl('acl-a', 'vpc-a', 'default', OPEN_ACL, ['100 allow 6 1024-65535 198.51.100.0/24'])],
      [`${WEB} tcp 22-22 198.51.100.0/24`],
    ],
    [
      'a managed prefix list',
      [allow('tcp 22 pl-1')],
      [
        resource('aws_ec2_managed_prefix_list', 'pl-1', {
          PrefixListId: 'pl-1',
          Cidrs: ['198.51.100.0/24', '203.0.113.0/24'],
        }),
      ],
      [`${WEB} tcp 22-22 198.51.100.0/24,203.0.113.0/24`],
    ],
    [
      'the most specific route decides',
      [SSH],
      [routeTable('rtb-a', 'vpc-a', ['subnet-a'], ['0.0.0.0/0>nat-a', '198.51.100.0/24>igw-a'])],
      [`${WEB} tcp 22-22 198.51.100.0/24`],
    ],
    [
      'the main route table where a subnet has none',
      [SSH],
      [routeTable('rtb-a', 'vpc-a', 'main', ['0.0.0.0/0>igw-a'])],
      [`${WEB} tcp 22-22 0.0.0.0/0`],
    ],
    ['IPv6 alone', [allow('tcp 22 ::/0')], [V6_ONLY], [`i-web ${V6} tcp 22-22 ::/0`]],
    ['IPv6 rules do not open IPv4', [allow('tcp 22 ::/0')], [], []],
  ]
  it.each(cases)('%s', (_, ingress, changes, expected) => {
    expect(open(publicMachine(ingress, ...changes).network)).toEqual(expected)
  })

  const shut: [string, Attributes[], Parameters<typeof publicMachine>[1][], string][] = [
    [
      'no public address',
      [SSH],
      [instance('i-web', { subnet: 'subnet-a', vpc: 'vpc-a', address: '10.0.1.10', groups: ['sg-web'] })],
      'all 0-65535 no-public-address',
    ],
    ['stopped', [SSH], [web({ state: 'stopped' })], 'all 0-65535 instance-state'],
    ['terminated', [SSH], [web({ state: 'terminated' })], 'all 0-65535 instance-state'],
    [
      'no route',
      [SSH],
      [routeTable('rtb-a', 'vpc-a', ['subnet-a'], ['10.0.0.0/16>local'])],
      'all 0-65535 no-route',
    ],
    [
      'a blackhole',
      [SSH],
      [routeTable('rtb-a', 'vpc-a', ['subnet-a'], ['0.0.0.0/0>igw-a!'])],
      'all 0-65535 blackhole-route',
    ],
    [
      'replies through a NAT gateway',
      [SSH],
      [routeTable('rtb-a', 'vpc-a', ['subnet-a'], ['0.0.0.0/0>nat-a'])],
      'all 0-65535 return-route',
    ],
    ['a detached gateway', [SSH], [internetGateway('igw-a', null)], 'all 0-65535 gateway-detached'],
    [
      'the main table, not another one of the VPC',
      [SSH],
      [routeTable('rtb-a', 'vpc-a', [], ['0.0.0.0/0>igw-a']), routeTable('rtb-m', 'vpc-a', 'main', [])],
      'all 0-65535 no-route',
    ],
    ['a group without rules', [], [], 'all 0-65535 security-group'],
    [
      'an ACL',
      [SSH],
      [
        networkAcl(
          'acl-a',
          'vpc-a',
          'default',
          ['100 deny 6 22 0.0.0.0/0', '200 allow -1 * 0.0.0.0/0'],
          OPEN_ACL,
        ),
      ],
      'all 0-65535 network-acl',
    ],
    [
      'an ACL that lets no reply out',
      [SSH],
      [networkAcl('acl-a', 'vpc-a', 'default', OPEN_ACL, ['100 allow 6 443 0.0.0.0/0'])],
      'all 0-65535 network-acl-reply',
    ],
    [
      'Block Public Access',
      [SSH],
      [
        subnet('subnet-a', 'vpc-a', '10.0.1.0/24', {
          BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-ingress' },
        }),
      ],
      'all 0-65535 block-public-access',
    ],
    [
      'an egress-only gateway',
      [allow('tcp 22 ::/0')],
      [V6_ONLY, routeTable('rtb-a', 'vpc-a', ['subnet-a'], ['::/0>eigw-a'])],
      'all 0-65535 return-route',
    ],
  ]
  it.each(shut)('is blocked by %s', (_, ingress, changes, expected) => {
    const { network } = publicMachine(ingress, ...changes)
    expect(open(network)).toEqual([])
    expect(blockers(network)).toContain(expected)
  })

  it('names what shuts each port', () => {
    const { network } = publicMachine([SSH, allow('tcp 3306 0.0.0.0/0')], NO_MYSQL)
    expect(blockers(network)).toEqual([
      'tcp 0-21 security-group',
      'tcp 23-3305 security-group',
      'tcp 3307-65535 security-group',
      'tcp 3306-3306 network-acl',
      'udp 0-65535 security-group',
    ])
  })

  it('tells the chain in the order in which a packet meets it, and what to cut', () => {
    const [verdict] = reachability(publicMachine([SSH]).network, { from: 'internet' })
    expect(verdict?.chain.map(({ kind }) => kind)).toEqual([
      'internet',
      'public-address',
      'internet-gateway',
      'route',
      'network-acl-rule',
      'security-group-rule',
      'network-interface',
      'instance',
    ])
    expect(verdict?.cutEdge).toMatchObject({ kind: 'security-group-rule', id: 'sg-web' })
  })

  it('has no single rule to cut where two let the same in', () => {
    const { network } = publicMachine([SSH, allow('tcp 22 198.51.100.7/32')])
    const [verdict] = reachability(network, { from: 'internet' })
    expect(verdict?.permits.map(({ rule }) => rule.peer)).toEqual([
      { kind: 'cidr', cidr: '0.0.0.0/0' },
      { kind: 'cidr', cidr: '198.51.100.7/32' },
    ])
    expect(verdict?.cutEdge?.kind).toBe('public-address')
  })

  it('knows several interfaces and addresses apart', () => {
    const { network } = publicMachine(
      [SSH],
      group('sg-b', 'vpc-a', [allow('tcp 80 0.0.0.0/0')]),
      eniOf('eni-1', '203.0.113.1', 'sg-web'),
      eniOf('eni-2', '203.0.113.2', 'sg-b'),
    )
    expect(open(network)).toEqual([
      'i-web 203.0.113.1 tcp 22-22 0.0.0.0/0',
      'i-web 203.0.113.2 tcp 80-80 0.0.0.0/0',
      `${WEB} tcp 22-22 0.0.0.0/0`,
    ])
  })

  it('takes elastic addresses from describe-addresses', () => {
    const bare = instance('i-web', {
      subnet: 'subnet-a',
      vpc: 'vpc-a',
      address: '10.0.1.10',
      groups: ['sg-web'],
    })
    const eip = resource('aws_eip', 'eipalloc-1', {
      AllocationId: 'eipalloc-1',
      PublicIp: '203.0.113.77',
      NetworkInterfaceId: 'eni-i-web',
      PrivateIpAddress: '10.0.1.10',
    })
    expect(open(publicMachine([SSH], bare, eip).network)).toEqual(['i-web 203.0.113.77 tcp 22-22 0.0.0.0/0'])
  })
})

describe('what is missing', () => {
  it.each([
    ['aws_subnet', 'subnet subnet-a'],
    ['aws_route_table', 'route tables of vpc-a'],
    ['aws_network_acl', 'network ACL of subnet-a'],
    ['aws_security_group', 'security group sg-web'],
  ])('without %s nothing is sure, and it says so', (type, lacks) => {
    const { network, coverage } = buildNetwork(everyFile().filter((one) => one.resourceType !== type))
    const verdicts = reachability(network, { from: 'internet' }).filter(({ status }) => status !== 'blocked')
    expect(verdicts.length).toBeGreaterThan(0)
    expect(verdicts.every((one: Verdict) => one.status === 'unknown' && one.missing.includes(lacks))).toBe(
      true,
    )
    expect(coverage.length).toBeGreaterThan(0)
  })

  it('what is known to block counts all the same', () => {
    const bare = everyFile().filter((one) => one.resourceType === 'aws_instance')
    const stopped = bare.map(() => web({ state: 'stopped' }))
    expect(blockers(buildNetwork(stopped).network)).toEqual(['all 0-65535 instance-state'])
  })

  it('a prefix list without its entries opens its ports perhaps', () => {
    const list = resource('aws_ec2_managed_prefix_list', 'pl-1', {
      PrefixListId: 'pl-1',
      PrefixListName: 'offices',
    })
    const verdicts = reachability(
      publicMachine([allow('tcp 22 pl-1'), allow('tcp 80 0.0.0.0/0')], list).network,
      { from: 'internet' },
    )
    expect(
      verdicts.filter(({ status }) => status !== 'blocked').map((one) => `${one.portFrom} ${one.status}`),
    ).toEqual(['80 reachable', '22 unknown'])
  })

  it('an instance in no VPC (EC2-Classic, long gone) is not known', () => {
    const { network } = buildNetwork([
      resource('aws_instance', 'i-old', {
        InstanceId: 'i-old',
        State: { Name: 'running' },
        PrivateIpAddress: '10.1.2.3',
        PublicIpAddress: '203.0.113.9',
        SecurityGroups: [],
      }),
    ])
    expect(reachability(network, { from: 'internet' }).map(({ status }) => status)).toEqual(['blocked'])
  })

  it('empty evidence gives nothing', () => {
    const { network } = buildNetwork([])
    expect(reachability(network, { from: 'internet' })).toEqual([])
    expect(reachability(network, { from: 'i-none' })).toEqual([])
    expect(reachability(network, { from: 'no address' })).toEqual([])
  })
})

describe('between machines', () => {
  const DB = ['i-db 10.0.2.20 tcp 5432-5432 10.0.1.10/32']

  it('a group names its members', () => {
    expect(open(twoMachines([allow('tcp 5432 sg-web')]), 'i-web', 'i-db')).toEqual(DB)
    expect(open(twoMachines([allow('tcp 5432 sg-db')]), 'i-web', 'i-db')).toEqual([])
  })

  it("the sender's own rules count", () => {
    const mute = group('sg-web', 'vpc-a', [SSH], [allow('tcp 443 0.0.0.0/0')])
    const network = twoMachines([allow('tcp 5432 10.0.0.0/16')], mute)
    expect(open(network, 'i-web', 'i-db')).toEqual([])
    expect(blockers(network, 'i-web', 'i-db')).toEqual(['all 0-65535 security-group-egress'])
  })

  it('ACLs of both subnets count, there and back', () => {
    expect(
      open(
        withAcl(['100 allow 6 5432 10.0.1.0/24'], ['100 allow 6 1024-65535 10.0.1.0/24']),
        'i-web',
        'i-db',
      ),
    ).toEqual(DB)
    expect(blockers(withAcl(['100 allow 6 5433 10.0.1.0/24'], [...OPEN_ACL]), 'i-web', 'i-db')).toEqual([
      'all 0-65535 network-acl',
    ])
    expect(blockers(withAcl([...OPEN_ACL], ['100 allow 6 80 0.0.0.0/0']), 'i-web', 'i-db')).toEqual([
      'all 0-65535 network-acl-reply',
    ])
  })

  it('no ACL is asked within a subnet', () => {
    const near = instance('i-db', {
      subnet: 'subnet-a',
      vpc: 'vpc-a',
      address: '10.0.1.20',
      groups: ['sg-db'],
    })
    const network = twoMachines(
      [allow('tcp 5432 10.0.0.0/16')],
      near,
      networkAcl('acl-a', 'vpc-a', 'default', [], []),
    )
    expect(open(network, 'i-web', 'i-db')).toEqual(['i-db 10.0.1.20 tcp 5432-5432 10.0.1.10/32'])
  })

  it('from a block of the VPC', () => {
    expect(open(twoMachines([allow('tcp 5432 10.0.0.0/16')]), '10.0.1.0/24', 'i-db')).toEqual([
      'i-db 10.0.2.20 tcp 5432-5432 10.0.1.0/24',
    ])
  })
})

describe('between VPCs', () => {
  const FAR = ['i-far 10.9.1.5 tcp 22-22 10.0.1.10/32']

  it('a peering with routes both ways', () => {
    expect(open(farMachine('active', '10.0.0.0/16>pcx-1'), 'i-web', 'i-far')).toEqual(FAR)
    expect(blockers(farMachine('active', '10.8.0.0/16>pcx-1'), 'i-web', 'i-far')).toEqual([
      'all 0-65535 return-route',
    ])
    expect(blockers(farMachine('pending-acceptance', '10.0.0.0/16>pcx-1'), 'i-web', 'i-far')).toEqual([
      'all 0-65535 peering-state',
    ])
  })

  it('a group of the peer', () => {
    expect(open(farMachine('active', '10.0.0.0/16>pcx-1', allow('tcp 22 sg-web')), 'i-web', 'i-far')).toEqual(
      FAR,
    )
    expect(
      open(farMachine('deleted', '10.0.0.0/16>pcx-1', allow('tcp 22 sg-web')), 'i-web', 'i-far'),
    ).toEqual([])
  })

  it('a transit gateway with routes both ways', () => {
    const both = [routeVia('10.9.0.0/16', 'tgw-attach-b'), routeVia('10.0.0.0/16', 'tgw-attach-a')]
    expect(open(overTransit(both), 'i-web', 'i-far')).toEqual(FAR)
    expect(blockers(overTransit([routeVia('10.9.0.0/16', 'tgw-attach-b')]), 'i-web', 'i-far')).toEqual([
      'all 0-65535 transit-route',
    ])
    expect(
      blockers(
        overTransit([...both, { DestinationCidrBlock: '10.9.1.0/24', State: 'blackhole' }]),
        'i-web',
        'i-far',
      ),
    ).toEqual(['all 0-65535 blackhole-route'])
  })

  it("the ACL of the attachment's subnet", () => {
    const both = [routeVia('10.9.0.0/16', 'tgw-attach-b'), routeVia('10.0.0.0/16', 'tgw-attach-a')]
    const acl = networkAcl('acl-t', 'vpc-b', ['subnet-t'], OPEN_ACL, ['100 allow 6 80 0.0.0.0/0'])
    expect(blockers(overTransit(both, acl), 'i-web', 'i-far')).toEqual(['all 0-65535 network-acl'])
  })
})

describe('one changed group', () => {
  it('gives what a fresh look gives', () => {
    const { network } = publicMachine([SSH])
    const changed = buildNetwork([
      group('sg-web', 'vpc-a', [allow('tcp 443 198.51.100.0/24'), EVERYTHING]),
    ]).network.securityGroups.get('sg-web')
    if (changed === undefined) throw new Error('no group')
    const { reachability: after, verdicts } = new Reachability(network).recheck(changed, 'internet')
    expect(verdicts).toEqual(after.ask({ from: 'internet' }))
    expect(verdicts).toEqual(new Reachability(after.network).ask({ from: 'internet' }))
    expect(open(network)).toEqual([`${WEB} tcp 22-22 0.0.0.0/0`])
  })
})
