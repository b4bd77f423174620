import { describe, expect, it } from 'vitest'
import type { ResourceEvent } from '../../event/resource.ts'
import { buildNetwork } from './build.ts'
import { reachability } from './reachability.ts'
import { resource } from './samples/described.ts'

interface Planned {
  readonly unknown?: readonly string[]
  readonly from?: Readonly<Record<string, string | readonly string[]>>
}

/** A resource of a plan: its id is its address; `from` names the resources that unknown attributes come from. */
function planned(
  address: string,
  attributes: Record<string, unknown>,
  { unknown = [], from = {} }: Planned = {},
): ResourceEvent {
  const base = resource(address.split('.').at(-2) ?? '', address, attributes)
  const references = Object.fromEntries(
    Object.entries(from).map(([path, ids]) => [
      path,
      [ids]
        .flat()
        .map((one) => ({ resourceId: one.split('#')[0] ?? '', attribute: one.split('#')[1] ?? null })),
    ]),
  )
  return {
    ...base,
    origin: { ...base.origin, source: 'terraform' },
    state: 'planned',
    unknownAttributes: [...unknown, ...Object.keys(from)],
    references,
  }
}

const VPC = planned('aws_vpc.main', { cidr_block: '10.0.0.0/16' })
const IGW = planned('aws_internet_gateway.out', {}, { from: { vpc_id: 'aws_vpc.main' } })
const SUBNET = planned(
  'aws_subnet.a',
  { cidr_block: '10.0.1.0/24', map_public_ip_on_launch: true },
  { from: { vpc_id: 'aws_vpc.main' } },
)
const TABLE = planned(
  'aws_route_table.out',
  { route: [{ cidr_block: '0.0.0.0/0' }] },
  { from: { vpc_id: 'aws_vpc.main', 'route[0].gateway_id': 'aws_internet_gateway.out' } },
)
const JOINED = planned(
  'aws_route_table_association.a',
  {},
  { from: { subnet_id: 'aws_subnet.a', route_table_id: 'aws_route_table.out' } },
)
const GROUP = planned(
  'aws_security_group.web',
  {
    ingress: [
      { from_port: 22, to_port: 22, protocol: 'tcp', self: true },
      { from_port: 20, to_port: 25, protocol: 'tcp', cidr_blocks: ['0.0.0.0/0'] },
    ],
    egress: [],
  },
  { from: { vpc_id: 'aws_vpc.main' } },
)
const WEB = planned(
  'aws_instance.web',
  { instance_type: 't3.micro' },
  {
    unknown: ['public_ip', 'private_ip'],
    from: { subnet_id: 'aws_subnet.a', vpc_security_group_ids: 'aws_security_group.web' },
  },
)

function told(...events: ResourceEvent[]): string[] {
  return reachability(buildNetwork(events).network, { from: 'internet' }).flatMap((one) =>
    one.status === 'blocked'
      ? one.protocol === 'all'
        ? [`${one.asset} ${one.blockedBy?.kind}`]
        : []
      : [`${one.asset} ${one.address} ${one.status} ${one.protocol} ${one.portFrom}-${one.portTo}`],
  )
}

const OPEN = 'aws_instance.web (known after apply) reachable tcp 20-25'

describe('what Terraform tells', () => {
  const cases: [string, ResourceEvent[], string[]][] = [
    ['rules within their group', [VPC, IGW, SUBNET, TABLE, JOINED, GROUP, WEB], [OPEN]],
    [
      'a public address that is asked for, in a plan that does not say that it comes',
      [
        VPC,
        IGW,
        planned('aws_subnet.a', { cidr_block: '10.0.1.0/24' }, { from: { vpc_id: 'aws_vpc.main' } }),
        TABLE,
        JOINED,
        GROUP,
        planned(
          'aws_instance.web',
          { associate_public_ip_address: true },
          { from: { subnet_id: 'aws_subnet.a', vpc_security_group_ids: 'aws_security_group.web' } },
        ),
      ],
      [OPEN],
    ],
    [
      'a route of its own',
      [
        VPC,
        IGW,
        SUBNET,
        planned('aws_route_table.out', {}, { from: { vpc_id: 'aws_vpc.main' } }),
        planned(
          'aws_route.r',
          { destination_cidr_block: '0.0.0.0/0' },
          { from: { route_table_id: 'aws_route_table.out', gateway_id: 'aws_internet_gateway.out' } },
        ),
        JOINED,
        GROUP,
        WEB,
      ],
      [OPEN],
    ],
    [
      'the default route table',
      [
        VPC,
        IGW,
        SUBNET,
        planned(
          'aws_default_route_table.d',
          { route: [{ cidr_block: '0.0.0.0/0' }] },
          {
            from: {
              default_route_table_id: 'aws_vpc.main#default_route_table_id',
              'route[0].gateway_id': 'aws_internet_gateway.out',
            },
          },
        ),
        GROUP,
        WEB,
      ],
      [OPEN],
    ],
    [
      'the main table that every VPC has',
      [VPC, IGW, SUBNET, TABLE, GROUP, WEB],
      ['aws_instance.web no-route'],
    ],
    [
      'rules one by one',
      [
        VPC,
        IGW,
        SUBNET,
        TABLE,
        JOINED,
        planned('aws_security_group.web', {}, { from: { vpc_id: 'aws_vpc.main' } }),
        planned(
          'aws_security_group_rule.r',
          { type: 'ingress', protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['192.0.2.0/24'] },
          { from: { security_group_id: 'aws_security_group.web' } },
        ),
        WEB,
      ],
      ['tcp', 'udp', 'icmp', 'other'].map(
        (protocol) => `aws_instance.web (known after apply) reachable ${protocol} 0-65535`,
      ),
    ],
    [
      'rules of the new kind, -1 without ports',
      [
        VPC,
        IGW,
        SUBNET,
        TABLE,
        JOINED,
        planned('aws_security_group.web', {}, { from: { vpc_id: 'aws_vpc.main' } }),
        planned(
          'aws_vpc_security_group_ingress_rule.r',
          { ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' },
          { from: { security_group_id: 'aws_security_group.web' } },
        ),
        WEB,
      ],
      ['tcp', 'udp', 'icmp', 'other'].map(
        (protocol) => `aws_instance.web (known after apply) reachable ${protocol} 0-65535`,
      ),
    ],
    [
      'a CIDR that is not known yet',
      [
        VPC,
        IGW,
        SUBNET,
        TABLE,
        JOINED,
        planned(
          'aws_security_group.web',
          { ingress: [{ from_port: 22, to_port: 22, protocol: 'tcp' }] },
          { unknown: ['ingress[0].cidr_blocks'], from: { vpc_id: 'aws_vpc.main' } },
        ),
        WEB,
      ],
      ['aws_instance.web (known after apply) unknown tcp 22-22'],
    ],
    [
      'no public address',
      [
        VPC,
        IGW,
        planned('aws_subnet.a', { cidr_block: '10.0.1.0/24' }, { from: { vpc_id: 'aws_vpc.main' } }),
        TABLE,
        JOINED,
        GROUP,
        WEB,
      ],
      ['aws_instance.web no-public-address'],
    ],
    [
      'an elastic address',
      [
        VPC,
        IGW,
        planned('aws_subnet.a', { cidr_block: '10.0.1.0/24' }, { from: { vpc_id: 'aws_vpc.main' } }),
        TABLE,
        JOINED,
        GROUP,
        WEB,
        planned('aws_eip.e', {}, { unknown: ['public_ip'], from: { instance: 'aws_instance.web' } }),
      ],
      [OPEN],
    ],
    [
      'an ACL of its own',
      [
        VPC,
        IGW,
        SUBNET,
        TABLE,
        JOINED,
        GROUP,
        WEB,
        planned(
          'aws_network_acl.n',
          {
            ingress: [
              {
                rule_no: 100,
                action: 'allow',
                protocol: 'tcp',
                from_port: 22,
                to_port: 22,
                cidr_block: '0.0.0.0/0',
              },
            ],
            egress: [
              {
                rule_no: 100,
                action: 'allow',
                protocol: '-1',
                from_port: 0,
                to_port: 0,
                cidr_block: '0.0.0.0/0',
              },
            ],
          },
          { from: { vpc_id: 'aws_vpc.main', subnet_ids: 'aws_subnet.a' } },
        ),
      ],
      ['aws_instance.web (known after apply) reachable tcp 22-22'],
    ],
    [
      'a subnet that is not in the plan',
      [
        GROUP,
        planned(
          'aws_instance.web',
          {},
          { unknown: ['public_ip'], from: { vpc_security_group_ids: 'aws_security_group.web' } },
        ),
      ],
      ['aws_instance.web (known after apply) unknown tcp 20-25'],
    ],
  ]
  it.each(cases)('%s', (_, events, expected) => {
    expect(told(...events)).toEqual(expected)
    // Whatever the order in which they come.
    expect(told(...events.toReversed())).toEqual(expected)
  })

  it('a load balancer with its targets', () => {
    const events = [
      VPC,
      IGW,
      SUBNET,
      TABLE,
      JOINED,
      GROUP,
      planned('aws_subnet.p', { cidr_block: '10.0.2.0/24' }, { from: { vpc_id: 'aws_vpc.main' } }),
      planned(
        'aws_security_group.app',
        { ingress: [{ from_port: 8080, to_port: 8080, protocol: 'tcp' }] },
        { from: { vpc_id: 'aws_vpc.main', 'ingress[0].security_groups': 'aws_security_group.web' } },
      ),
      planned(
        'aws_instance.app',
        {},
        {
          unknown: ['private_ip'],
          from: { subnet_id: 'aws_subnet.p', vpc_security_group_ids: 'aws_security_group.app' },
        },
      ),
      planned(
        'aws_lb.front',
        { internal: false, load_balancer_type: 'application' },
        { from: { subnets: 'aws_subnet.a', security_groups: 'aws_security_group.web' } },
      ),
      planned(
        'aws_lb_target_group.app',
        { port: 8080, protocol: 'HTTP' },
        { from: { vpc_id: 'aws_vpc.main' } },
      ),
      planned(
        'aws_lb_target_group_attachment.app',
        {},
        { from: { target_group_arn: 'aws_lb_target_group.app', target_id: 'aws_instance.app' } },
      ),
      planned(
        'aws_lb_listener.http',
        { port: 22, protocol: 'HTTP', default_action: [{ type: 'forward' }] },
        {
          from: {
            load_balancer_arn: 'aws_lb.front',
            'default_action[0].target_group_arn': 'aws_lb_target_group.app',
          },
        },
      ),
    ]
    expect(told(...events)).toContain('aws_instance.app aws_lb.front reachable tcp 22-22')
  })
})
