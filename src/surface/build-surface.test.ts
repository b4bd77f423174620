import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ResourceEvent } from '../event/resource.ts'
import { loadDoors } from '../intel/doors.ts'
import { buildSurface, type SurfaceConclusion } from './build-surface.ts'
import type { Derivation, Range } from './document.ts'
import { byMoney, dearest } from './exposure.ts'
import { Activity } from './hygiene/activity.ts'
import { buildNetwork } from './network/build.ts'
import { reachability } from './network/reachability.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const catalogue = loadDoors()
const price = { usdPerHour: 0.1, region: 'us-east-1', source: 'test', date: '2026-07-20' }

function resource(
  provider: ResourceEvent['provider'],
  type: string,
  id: string,
  attributes: Record<string, unknown>,
): ResourceEvent {
  return {
    kind: 'resource',
    time: NOW,
    timeQuality: 'unknown',
    observer: provider === 'host' ? 'host:web-1' : 'account:111122223333',
    subjects: [],
    origin: { source: 'test', file: 'a.json', offset: 0, raw: '' },
    provider,
    resourceType: type,
    resourceId: id,
    name: null,
    account: provider === 'aws' ? '111122223333' : null,
    region: provider === 'aws' ? 'us-east-1' : null,
    state: 'observed',
    attributes,
    unknownAttributes: [],
  }
}

function build(
  resources: readonly ResourceEvent[],
  incidents: Parameters<typeof buildSurface>[0]['incidents'] = [],
): SurfaceConclusion {
  const { network, coverage } = buildNetwork(resources)
  return buildSurface({
    resources,
    network,
    networkCoverage: coverage,
    verdicts: reachability(network, { from: 'internet' }),
    isInternet: true,
    activity: new Activity(),
    incidents,
    catalogue,
    intel: { priceOf: () => price },
    now: NOW,
  })
}

const VPC = 'vpc-1'
const base = [
  resource('aws', 'aws_vpc', VPC, { VpcId: VPC, CidrBlock: '10.0.0.0/16' }),
  resource('aws', 'aws_subnet', 'subnet-1', { SubnetId: 'subnet-1', VpcId: VPC, CidrBlock: '10.0.0.0/24' }),
  resource('aws', 'aws_internet_gateway', 'igw-1', {
    InternetGatewayId: 'igw-1',
    Attachments: [{ State: 'available', VpcId: VPC }],
  }),
  resource('aws', 'aws_route_table', 'rtb-1', {
    RouteTableId: 'rtb-1',
    VpcId: VPC,
    Associations: [{ Main: true }],
    Routes: [
      { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' },
      { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' },
    ],
  }),
  resource('aws', 'aws_network_acl', 'acl-1', {
    NetworkAclId: 'acl-1',
    VpcId: VPC,
    IsDefault: true,
    Associations: [{ SubnetId: 'subnet-1' }],
    Entries: [true, false].map((Egress) => ({
      Protocol: '-1',
      RuleAction: 'allow',
      RuleNumber: 100,
      CidrBlock: '0.0.0.0/0',
      Egress,
    })),
  }),
]

function machine(
  ports: readonly (readonly [number, number])[],
  more: Record<string, unknown> = {},
): ResourceEvent[] {
  return [
    ...base,
    resource('aws', 'aws_security_group', 'sg-1', {
      GroupId: 'sg-1',
      VpcId: VPC,
      IpPermissions: ports.map(([FromPort, ToPort]) => ({
        IpProtocol: 'tcp',
        FromPort,
        ToPort,
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
      })),
      IpPermissionsEgress: [],
    }),
    resource('aws', 'aws_instance', 'i-1', {
      InstanceId: 'i-1',
      InstanceType: 'm5.large',
      State: { Name: 'running' },
      VpcId: VPC,
      SubnetId: 'subnet-1',
      PrivateIpAddress: '10.0.0.5',
      PublicIpAddress: '198.51.100.5',
      SecurityGroups: [{ GroupId: 'sg-1' }],
      NetworkInterfaces: [
        {
          NetworkInterfaceId: 'eni-1',
          Groups: [{ GroupId: 'sg-1' }],
          PrivateIpAddresses: [
            { PrivateIpAddress: '10.0.0.5', Primary: true, Association: { PublicIp: '198.51.100.5' } },
          ],
          SubnetId: 'subnet-1',
          VpcId: VPC,
        },
      ],
      Tags: [{ Key: 'Name', Value: 'web-1' }],
      ...more,
    }),
  ]
}

const sockets = (...list: readonly (readonly [string, number, string])[]): ResourceEvent[] =>
  list.map(([address, port, process]) =>
    resource('host', 'listening-socket', `${address}:${port}`, { protocol: 'tcp', address, port, process }),
  )

const network = ({ exposures }: SurfaceConclusion): SurfaceConclusion['exposures'] =>
  exposures.filter(({ kind }) => kind === 'network')

describe('many ways in', () => {
  it('a port that is surely open to some and perhaps to all others is two', () => {
    const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 }
    const IpPermissions = [
      { ...ssh, IpRanges: [{ CidrIp: '198.51.100.0/24' }] },
      { ...ssh, PrefixListIds: [{ PrefixListId: 'pl-0a00000000000001' }] },
    ]
    const { exposures } = build(
      machine([]).map((event) =>
        event.resourceType === 'aws_security_group'
          ? { ...event, attributes: { ...event.attributes, IpPermissions } }
          : event,
      ),
    )
    const open = exposures.filter(({ kind, portFrom }) => kind === 'network' && portFrom === 22)
    expect(new Set(open.map(({ id }) => id)).size).toBe(2)
    expect(open.flatMap(({ sources }) => sources)).toContainEqual({ cidr: '198.51.100.0/24' })
  })

  it('are counted in all, and each machine once', () => {
    const { totals, exposures } = build(
      machine([
        [22, 22],
        [2375, 2375],
        [6379, 6379],
      ]),
    )
    expect(totals).toEqual({ waysIn: 3, machines: 1, machinesReached: 1 })
    expect(exposures.filter(({ kind }) => kind === 'network')).toHaveLength(3)
  })

  it('of which the dearest are those that sorting all of them gives', () => {
    const range = fc.integer({ min: 0, max: 5 }).map((mid) => ({ low: 0, mid, high: mid }))
    const way = fc.record({ usdPerDay: range, likelihood: range, id: fc.uuid() }).map((one) => ({
      ...one,
      title: '',
      asset: '',
      protocol: null,
      portFrom: null,
      portTo: null,
      sinks: [],
    }))
    fc.assert(
      fc.property(fc.array(way, { maxLength: 40 }), fc.nat({ max: 45 }), (ways, most) => {
        expect(dearest(ways, most)).toEqual(ways.toSorted(byMoney).slice(0, most))
      }),
      { seed: 6 },
    )
  })

  it('into one machine: the likeliest by name, and together they are the chance that it is taken', () => {
    const ports = [22, 2375, 6379, 8080, 8888, 9200, 5432, 10250].map((port) => [port, port] as const)
    const { exposures } = build(machine(ports, { InstanceType: 't3.large' }))
    const bill = exposures.find(({ check }) => check === 'burst-unlimited')
    const [taken] = bill?.derivation.parts ?? []
    expect(taken?.parts.map(({ label }) => label).at(-1)).toBe('one of 3 more ways in')
    const none = exposures
      .filter(({ kind }) => kind === 'network')
      .reduce((so, { likelihood }) => so * (1 - likelihood.mid), 1)
    expect(taken?.value.mid).toBeCloseTo(1 - none, 2)
  })
})

describe('what listens', () => {
  it.each([
    ['nobody was asked', [], 'unknown', 'ssh'],
    ['it listens everywhere', sockets(['0.0.0.0', 22, 'sshd']), true, 'ssh'],
    ['it listens on the address', sockets(['10.0.0.5', 22, 'sshd']), true, 'ssh'],
    ['it listens on the loopback alone', sockets(['127.0.0.1', 22, 'sshd']), false, 'ssh'],
    ['something else listens elsewhere', sockets(['0.0.0.0', 80, 'nginx']), false, 'ssh'],
    ['another product listens there', sockets(['0.0.0.0', 22, 'redis-server']), true, 'redis'],
  ] as const)('%s', (_, more, listening, door) => {
    expect(network(build([...machine([[22, 22]]), ...more]))).toMatchObject([{ listening, door }])
  })

  it('does not count what the firewall of the host refuses', () => {
    const rules = '*filter\n:INPUT DROP [0:0]\nCOMMIT\n'
    const [way] = network(
      build([
        ...machine([[22, 22]]),
        ...sockets(['0.0.0.0', 22, 'sshd']),
        resource('host', 'firewall', 'iptables', { rules }),
      ]),
    )
    expect(way).toMatchObject({ listening: false })
    expect(way?.why.join(' ')).toContain('the firewall of the host lets nobody in')
  })

  it('is one way in, whatever families it listens on', () => {
    const one = network(build([...machine([[22, 22]]), ...sockets(['0.0.0.0', 22, 'sshd'])]))
    const two = network(
      build([...machine([[22, 22]]), ...sockets(['0.0.0.0', 22, 'sshd'], ['::', 22, 'sshd'])]),
    )
    expect(two[0]?.likelihood).toEqual(one[0]?.likelihood)
  })
})

function chance(resources: readonly ResourceEvent[]): number {
  return network(build(resources))[0]?.likelihood.mid ?? 0
}

function sshd(password: string): ResourceEvent {
  return resource('host', 'sshd-config', 'sshd', { values: { passwordauthentication: password } })
}

describe('likelihood', () => {
  it('is higher for passwords than for keys', () => {
    const open = [...machine([[22, 22]]), ...sockets(['0.0.0.0', 22, 'sshd'])]
    expect(chance([...open, sshd('yes')])).toBeGreaterThan(10 * chance([...open, sshd('no')]))
  })

  it('is higher where somebody came in before', () => {
    const incident = { id: 'inc-1', names: ['web-1'], wayIn: 'ssh-password' }
    const [before] = network(build(machine([[22, 22]])))
    const [after] = network(build(machine([[22, 22]]), [incident]))
    expect(after?.usedIn).toEqual(['inc-1'])
    expect(after?.likelihood.mid ?? 0).toBeGreaterThan(before?.likelihood.mid ?? 1)
    expect(network(build(machine([[443, 443]]), [incident]))[0]?.usedIn).toEqual([])
  })
})

/** A value as its parts make it, within the four digits that are kept. */
function isMade({ value, parts, operation, unit }: Derivation): void {
  expect(value.low).toBeLessThanOrEqual(value.mid)
  expect(value.mid).toBeLessThanOrEqual(value.high)
  if (unit === 'chance') expect(value.high).toBeLessThanOrEqual(1)
  for (const part of parts) isMade(part)
  if (parts.length === 0) return
  for (const end of ['low', 'mid', 'high'] as const satisfies readonly (keyof Range)[]) {
    const values = parts.map((part) => part.value[end])
    const made =
      operation === 'product'
        ? values.reduce((a, b) => a * b, 1)
        : operation === 'any-of'
          ? 1 - values.reduce((a, b) => a * (1 - b), 1)
          : values.reduce((a, b) => a + b, 0)
    const wanted = unit === 'chance' ? Math.min(1, made) : made
    expect(Math.abs(value[end] - wanted)).toBeLessThanOrEqual(0.002 * Math.max(1e-6, Math.abs(wanted)))
  }
}

describe('money', () => {
  it('can be derived, number by number, and is never more at risk than can be burned', () => {
    const port = fc.integer({ min: 1, max: 65_535 })
    const range = fc.tuple(port, port).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 6 }), (ports) => {
        const made = build([...machine(ports), ...sockets(['0.0.0.0', ports[0]?.[0] ?? 1, 'redis-server'])])
        let most = 0
        for (const exposure of [...made.exposures, ...made.hygiene]) {
          isMade(exposure.derivation)
          expect(exposure.usdPerDay).toEqual(exposure.derivation.value)
          for (const { usdPerDay } of exposure.sinks) most = Math.max(most, usdPerDay.high)
        }
        expect(made.usdPerDay.high).toBeLessThanOrEqual(most * 1.0001)
      }),
      { seed: 6, numRuns: 40 },
    )
  })

  it('counts a machine once, however many ways lead to it', () => {
    const two = build(
      machine([
        [22, 22],
        [2375, 2375],
      ]),
    )
    const sum = network(two).reduce((so, { usdPerDay }) => so + usdPerDay.mid, 0)
    expect(two.usdPerDay.mid).toBeLessThan(sum)
  })

  it('says what it took for granted where nobody said the type', () => {
    const { assets } = build(machine([[22, 22]], { InstanceType: undefined }))
    expect(assets.find(({ id }) => id === 'i-1')?.price?.basis).toContain('nobody said what type it is')
  })
})

function providerOf(type: string): ResourceEvent['provider'] {
  return type.startsWith('aws') || type === 'listing' ? 'aws' : /^[A-Z]/u.test(type) ? 'kubernetes' : 'host'
}

describe('any resource', () => {
  it('ends in an answer', () => {
    const types = [
      'aws_instance',
      'aws_security_group',
      'aws_iam_role',
      'aws_iam_credential_report',
      'aws_iam_policy',
      'aws_ami',
      'listing',
      'Service',
      'Pod',
      'Ingress',
      'ClusterRoleBinding',
      'Node',
      'listening-socket',
      'sshd-config',
      'firewall',
      'container',
      'user',
      'posture-finding',
    ]
    const keys = [
      'metadata',
      'spec',
      'status',
      'subjects',
      'roleRef',
      'rules',
      'ports',
      'port',
      'values',
      'user',
      'targets',
      'Tags',
      'AssumeRolePolicyDocument',
      'RolePolicyList',
      'InstanceProfileList',
      'IamInstanceProfile',
      'LaunchTime',
      'NetworkInterfaces',
    ]
    const any = fc
      .tuple(
        fc.constantFrom(...types),
        fc.string({ maxLength: 8 }),
        fc.dictionary(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 }),
      )
      .map(([type, id, attributes]) => resource(providerOf(type), type, id, attributes))
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (resources) => {
        expect(build([...machine([[22, 22]]), ...resources]).exposures).toBeInstanceOf(Array)
      }),
      { seed: 6, numRuns: 200 },
    )
  })
})
