import { describe, expect, it } from 'vitest'
import type { ResourceEvent } from '../../event/resource.ts'
import { reachability } from './reachability.ts'
import {
  allow,
  type Attributes,
  group,
  instance,
  networkAcl,
  OPEN_ACL,
  publicMachine,
  resource,
  routeTable,
  subnet,
} from './samples/described.ts'

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333'

function balancer(kind: 'app' | 'net', more: Attributes = {}): ResourceEvent[] {
  const id = `${ARN}:loadbalancer/${kind}/front/0123456789abcdef`
  return [
    resource('aws_lb', id, {
      LoadBalancerArn: id,
      LoadBalancerName: 'front',
      DNSName: 'front.example',
      Type: kind === 'app' ? 'application' : 'network',
      Scheme: 'internet-facing',
      State: { Code: 'active' },
      VpcId: 'vpc-a',
      AvailabilityZones: [{ SubnetId: 'subnet-a' }],
      ...(kind === 'app' ? { SecurityGroups: ['sg-lb'] } : {}),
      ...more,
    }),
    resource('aws_lb_listener', `${ARN}:listener/${kind}/front/0123456789abcdef/1`, {
      LoadBalancerArn: id,
      Port: 443,
      Protocol: kind === 'app' ? 'HTTPS' : 'TCP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: `${ARN}:targetgroup/tg/1` }],
    }),
  ]
}

function targets(kind: 'app' | 'net', more: Attributes = {}, health = 'healthy'): ResourceEvent[] {
  const id = `${ARN}:targetgroup/tg/1`
  return [
    resource('aws_lb_target_group', id, {
      TargetGroupArn: id,
      TargetGroupName: 'tg',
      VpcId: 'vpc-a',
      Protocol: kind === 'app' ? 'HTTP' : 'TCP',
      Port: 8080,
      TargetType: 'instance',
      ...more,
    }),
    resource('aws_lb_target_group_attachment', `${id}/t`, {
      TargetGroupArn: id,
      Target: { Id: 'i-app', Port: 8080 },
      TargetHealth: { State: health },
    }),
  ]
}

const PRIVATE = [
  subnet('subnet-p', 'vpc-a', '10.0.5.0/24'),
  routeTable('rtb-m', 'vpc-a', 'main', ['10.0.0.0/16>local']),
  instance('i-app', { subnet: 'subnet-p', vpc: 'vpc-a', address: '10.0.5.5', groups: ['sg-app'] }),
]

function front(app: string, ...more: ResourceEvent[]): string[] {
  const { network } = publicMachine(
    [],
    ...PRIVATE,
    group('sg-lb', 'vpc-a', [allow('tcp 443 0.0.0.0/0')]),
    group('sg-app', 'vpc-a', [allow(app)]),
    ...more,
  )
  return reachability(network, { from: 'internet', to: 'i-app' })
    .filter(({ behind }) => behind !== null)
    .map((one) =>
      [
        one.address,
        one.protocol,
        one.portFrom,
        one.status === 'blocked' ? one.blockedBy?.kind : one.sources.join(','),
        one.behind?.targetPort,
      ].join(' '),
    )
}

describe('through load balancers', () => {
  const cases: [string, string, ResourceEvent[], string][] = [
    [
      'an application one, by its group',
      'tcp 8080 sg-lb',
      [...balancer('app'), ...targets('app')],
      'front.example tcp 443 0.0.0.0/0 8080',
    ],
    [
      'an application one, by the addresses of its subnets',
      'tcp 8080 10.0.1.0/24',
      [...balancer('app'), ...targets('app')],
      'front.example tcp 443 0.0.0.0/0 8080',
    ],
    [
      'an application one whose target lets only clients in',
      'tcp 8080 198.51.100.0/24',
      [...balancer('app'), ...targets('app')],
      'front.example tcp 443 security-group 8080',
    ],
    [
      'another port at the target',
      'tcp 80 sg-lb',
      [...balancer('app'), ...targets('app')],
      'front.example tcp 443 security-group 8080',
    ],
    [
      'a network one keeps the client: its address counts',
      'tcp 8080 198.51.100.0/24',
      [...balancer('net'), ...targets('net')],
      'front.example tcp 443 198.51.100.0/24 8080',
    ],
    [
      'a network one keeps the client: the subnets do not count',
      'tcp 8080 10.0.1.0/24',
      [...balancer('net'), ...targets('net')],
      'front.example tcp 443 security-group 8080',
    ],
    [
      'a network one told not to keep the client',
      'tcp 8080 10.0.1.0/24',
      [
        ...balancer('net'),
        ...targets('net'),
        resource('aws_lb_target_group_attributes', `${ARN}:targetgroup/tg/1 `, {
          TargetGroupArn: `${ARN}:targetgroup/tg/1`,
          Attributes: [{ Key: 'preserve_client_ip.enabled', Value: 'false' }],
        }),
      ].map((one) =>
        one.resourceId.endsWith(' ') ? { ...one, resourceId: `${ARN}:targetgroup/tg/1` } : one,
      ),
      'front.example tcp 443 0.0.0.0/0 8080',
    ],
    [
      'an internal one',
      'tcp 8080 sg-lb',
      [...balancer('app', { Scheme: 'internal' }), ...targets('app')],
      'front.example tcp 443 no-public-address 8080',
    ],
    [
      'a target that is not used',
      'tcp 8080 sg-lb',
      [...balancer('app'), ...targets('app', {}, 'unused')],
      'front.example tcp 443 target-state 8080',
    ],
    [
      'an ACL of the target',
      'tcp 8080 sg-lb',
      [
        ...balancer('app'),
        ...targets('app'),
        networkAcl('acl-p', 'vpc-a', ['subnet-p'], ['100 allow 6 22 0.0.0.0/0'], OPEN_ACL),
      ],
      'front.example tcp 443 network-acl 8080',
    ],
    [
      'an ACL of the load balancer',
      'tcp 8080 sg-lb',
      [
        ...balancer('app'),
        ...targets('app'),
        networkAcl('acl-a', 'vpc-a', ['subnet-a'], ['100 allow 6 22 0.0.0.0/0'], OPEN_ACL),
      ],
      'front.example tcp 443 network-acl 8080',
    ],
    [
      'a stopped target',
      'tcp 8080 sg-lb',
      [
        ...balancer('app'),
        ...targets('app'),
        instance('i-app', {
          subnet: 'subnet-p',
          vpc: 'vpc-a',
          address: '10.0.5.5',
          groups: ['sg-app'],
          state: 'stopped',
        }),
      ],
      'front.example tcp 443 instance-state 8080',
    ],
  ]
  it.each(cases)('%s', (_, app, more, expected) => {
    expect(front(app, ...more)).toEqual([expected])
  })

  it('a classic one, to its instances', () => {
    const elb = resource('aws_elb', 'old', {
      LoadBalancerName: 'old',
      DNSName: 'old.example',
      Scheme: 'internet-facing',
      VPCId: 'vpc-a',
      Subnets: ['subnet-a'],
      SecurityGroups: ['sg-lb'],
      Instances: [{ InstanceId: 'i-app' }],
      ListenerDescriptions: [{ Listener: { Protocol: 'TCP', LoadBalancerPort: 443, InstancePort: 8080 } }],
    })
    expect(front('tcp 8080 sg-lb', elb)).toEqual(['old.example tcp 443 0.0.0.0/0 8080'])
  })

  it('says where its targets are not in the evidence', () => {
    const [group1] = targets('app')
    const { network } = publicMachine(
      [],
      group('sg-lb', 'vpc-a', [allow('tcp 443 0.0.0.0/0')]),
      ...balancer('app'),
      ...(group1 === undefined ? [] : [group1]),
    )
    const verdict = reachability(network, { from: 'internet' }).find(({ status }) => status === 'unknown')
    expect(verdict?.missing[0]).toMatch(/the targets of tg/u)
  })

  it('cuts at the one rule of its group', () => {
    const { network } = publicMachine(
      [],
      ...PRIVATE,
      group('sg-lb', 'vpc-a', [allow('tcp 443 0.0.0.0/0')]),
      group('sg-app', 'vpc-a', [allow('tcp 8080 sg-lb')]),
      ...balancer('app'),
      ...targets('app'),
    )
    const verdict = reachability(network, { from: 'internet', to: 'i-app' }).find(
      ({ behind }) => behind !== null,
    )
    expect(verdict?.cutEdge).toMatchObject({ kind: 'security-group-rule', id: 'sg-lb' })
    expect(verdict?.chain.map(({ kind }) => kind)).toEqual([
      'internet',
      'internet-gateway',
      'route',
      'network-acl-rule',
      'security-group-rule',
      'load-balancer',
      'listener',
      'target-group',
      'security-group-rule',
      'network-interface',
      'instance',
    ])
  })
})
