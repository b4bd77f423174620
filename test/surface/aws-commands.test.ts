import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Surface } from '../../src/surface/document.ts'
import { davylamp, workFolder } from '../cli/run.ts'
import { ACCOUNT, writeFiles } from './dump.ts'

const REGION = 'eu-central-1'
const VPC = 'vpc-0a00000000000001'
const SUBNET = 'subnet-0a00000000000001'
const GROUP = 'sg-0a00000000000001'
const LIST = 'pl-0a00000000000001'
const TABLE = 'tgw-rtb-0a00000000000001'
const MACHINES = ['i-0a00000000000001', 'i-0a00000000000002'] as const
const ARN = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}`
const BALANCER = `${ARN}:loadbalancer/net/shop/00112233445566aa`
/** One name begins with the other: only the hash tells them apart. */
const TARGETS = [`${ARN}:targetgroup/shop/0011223344556601`, `${ARN}:targetgroup/shop-admin/0011223344556602`]

/** What `aws` answers, by service, operation, and the id it is asked about. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  'ec2 describe-regions': { Regions: [{ RegionName: REGION, OptInStatus: 'opt-in-not-required' }] },
  'ec2 describe-instances': {
    Reservations: MACHINES.map((id, i) => ({
      OwnerId: ACCOUNT,
      Instances: [
        {
          InstanceId: id,
          ImageId: 'ami-0a00000000000001',
          InstanceType: 't3.large',
          State: { Name: 'running' },
          VpcId: VPC,
          SubnetId: SUBNET,
          NetworkInterfaces: [
            {
              NetworkInterfaceId: `eni-0a0000000000000${i}`,
              SubnetId: SUBNET,
              VpcId: VPC,
              Groups: [{ GroupId: GROUP }],
              PrivateIpAddresses: [
                { PrivateIpAddress: `10.0.0.${i + 4}`, Association: { PublicIp: `203.0.113.${i + 4}` } },
              ],
            },
          ],
        },
      ],
    })),
  },
  'ec2 describe-images': {
    Images: [{ ImageId: 'ami-0a00000000000001', CreationDate: '2020-01-01T00:00:00Z' }],
  },
  'ec2 describe-security-groups': {
    SecurityGroups: [
      {
        GroupId: GROUP,
        GroupName: 'shop',
        VpcId: VPC,
        OwnerId: ACCOUNT,
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: LIST }] },
          { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8090, IpRanges: [{ CidrIp: '10.0.0.0/16' }] },
        ],
        IpPermissionsEgress: [],
      },
    ],
  },
  'ec2 describe-network-acls': {
    NetworkAcls: [
      {
        NetworkAclId: 'acl-0a00000000000001',
        VpcId: VPC,
        IsDefault: true,
        Associations: [],
        Entries: [true, false].map((Egress) => ({
          RuleNumber: 100,
          Egress,
          Protocol: '-1',
          RuleAction: 'allow',
          CidrBlock: '0.0.0.0/0',
        })),
      },
    ],
  },
  'ec2 describe-route-tables': {
    RouteTables: [
      {
        RouteTableId: 'rtb-0a00000000000001',
        VpcId: VPC,
        Associations: [{ Main: true }],
        Routes: [
          { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-0a00000000000001', State: 'active' },
        ],
      },
    ],
  },
  'ec2 describe-subnets': { Subnets: [{ SubnetId: SUBNET, VpcId: VPC, CidrBlock: '10.0.0.0/24' }] },
  'ec2 describe-vpcs': { Vpcs: [{ VpcId: VPC, CidrBlock: '10.0.0.0/16', OwnerId: ACCOUNT }] },
  'ec2 describe-internet-gateways': {
    InternetGateways: [
      { InternetGatewayId: 'igw-0a00000000000001', Attachments: [{ State: 'available', VpcId: VPC }] },
    ],
  },
  'ec2 describe-managed-prefix-lists': { PrefixLists: [{ PrefixListId: LIST, PrefixListName: 'office' }] },
  [`ec2 get-managed-prefix-list-entries ${LIST}`]: { Entries: [{ Cidr: '198.51.100.0/24' }] },
  'ec2 describe-transit-gateway-route-tables': {
    TransitGatewayRouteTables: [
      { TransitGatewayRouteTableId: TABLE, TransitGatewayId: 'tgw-0a00000000000001' },
    ],
  },
  [`ec2 search-transit-gateway-routes ${TABLE}`]: {
    Routes: [{ DestinationCidrBlock: '10.9.0.0/16', State: 'active', Type: 'static' }],
  },
  [`ec2 get-transit-gateway-route-table-propagations ${TABLE}`]: {
    TransitGatewayRouteTablePropagations: [
      { TransitGatewayAttachmentId: 'tgw-attach-0a00000000000001', State: 'enabled' },
    ],
  },
  'elbv2 describe-load-balancers': {
    LoadBalancers: [
      {
        LoadBalancerArn: BALANCER,
        LoadBalancerName: 'shop',
        DNSName: 'shop.example.com',
        Scheme: 'internet-facing',
        Type: 'network',
        State: { Code: 'active' },
        VpcId: VPC,
        AvailabilityZones: [
          {
            SubnetId: SUBNET,
            LoadBalancerAddresses: [{ IpAddress: '203.0.113.90', PrivateIPv4Address: '10.0.0.90' }],
          },
        ],
      },
    ],
  },
  [`elbv2 describe-listeners ${BALANCER}`]: {
    Listeners: TARGETS.map((TargetGroupArn, i) => ({
      ListenerArn: `${ARN}:listener/net/shop/00112233445566aa/${i}`,
      LoadBalancerArn: BALANCER,
      Port: 443 + i,
      Protocol: 'TCP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    })),
  },
  'elbv2 describe-target-groups': {
    TargetGroups: TARGETS.map((TargetGroupArn, i) => ({
      TargetGroupArn,
      TargetGroupName: i === 0 ? 'shop' : 'shop-admin',
      Protocol: 'TCP',
      Port: 8080 + i,
      VpcId: VPC,
      TargetType: 'instance',
    })),
  },
  ...Object.fromEntries(
    TARGETS.flatMap((arn, i) => [
      [
        `elbv2 describe-target-health ${arn}`,
        {
          TargetHealthDescriptions: [
            { Target: { Id: MACHINES[i], Port: 8080 + i }, TargetHealth: { State: 'healthy' } },
          ],
        },
      ],
      [
        `elbv2 describe-target-group-attributes ${arn}`,
        { Attributes: [{ Key: 'preserve_client_ip.enabled', Value: 'false' }] },
      ],
    ]),
  ),
}

/** What `--query … --output text` picks out of an answer. */
const TEXTS: Readonly<Record<string, string>> = {
  'ec2 describe-regions': REGION,
  'ec2 describe-instances': 'ami-0a00000000000001\tami-0a00000000000001',
  'ec2 describe-managed-prefix-lists': LIST,
  'ec2 describe-transit-gateway-route-tables': TABLE,
  'elbv2 describe-load-balancers': BALANCER,
  'elbv2 describe-target-groups': TARGETS.join('\t'),
  'sts get-caller-identity': ACCOUNT,
}

const NO_RIGHTS = 254
const folder = workFolder()
const tools = writeFiles(join(folder, 'bin'), {
  sleep: '#!/bin/sh\n',
  aws: `#!/usr/bin/env node
const { ANSWERS, TEXTS } = ${JSON.stringify({ ANSWERS, TEXTS })}
const [service, operation, ...options] = process.argv.slice(2)
const name = service + ' ' + operation
const asked = Object.keys(ANSWERS).find((one) => one.startsWith(name + ' ') && options.includes(one.slice(name.length + 1)))
const answer = options.includes('text') ? TEXTS[name] : ANSWERS[asked ?? name] && JSON.stringify(ANSWERS[asked ?? name])
if (answer === undefined) {
  console.error('An error occurred (UnauthorizedOperation) when calling ' + name)
  process.exit(${NO_RIGHTS})
}
console.log(answer)
`,
})
for (const tool of ['aws', 'sleep']) chmodSync(join(tools, tool), 0o755)

describe('davylamp surface --aws-commands', () => {
  it('makes a dump of which every answer is understood, also those that do not say whose they are', async () => {
    const { stdout: script } = await davylamp(['surface', '--aws-commands'])
    writeFileSync(join(folder, 'dump.sh'), script)
    const run = spawnSync('sh', ['dump.sh'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: [tools, process.env['PATH']].join(delimiter) },
    })
    // What the user has no right to is told by aws, and the rest goes on.
    expect(run.stderr).not.toMatch(/syntax|not found|unbound/iu)
    expect(readdirSync(join(folder, 'dump', REGION))).toContain(`entries-${LIST}.json`)

    const found = await davylamp(['surface', 'dump', '--no-case', '--format', 'json'], { cwd: folder })
    const surface = Surface.parse(JSON.parse(found.stdout))
    // What was answered was read; only what was refused is empty.
    expect(surface.skipped.filter(({ reason }) => reason !== 'empty')).toEqual([])
    expect(surface.coverage.map(({ note }) => note).join('\n')).not.toMatch(/does not say|not there/u)
    const ways = surface.exposures
      .filter(({ kind }) => kind === 'network')
      .map(
        ({ asset, address, portFrom, sources, why }) =>
          `${asset} ${address}:${portFrom} ${sources.map((one) => ('cidr' in one ? one.cidr : one.asset)).join(' ')}${why.some((text) => text.startsWith('not certain')) ? ' ?' : ''}`,
      )
    expect(ways.toSorted()).toEqual([
      `${MACHINES[0]} 203.0.113.4:22 198.51.100.0/24`,
      `${MACHINES[0]} shop.example.com:443 0.0.0.0/0`,
      `${MACHINES[1]} 203.0.113.5:22 198.51.100.0/24`,
      `${MACHINES[1]} shop.example.com:444 0.0.0.0/0`,
    ])
    expect(surface.assets.find(({ id }) => id === MACHINES[0])?.imageTime).toBe('2020-01-01T00:00:00.000000Z')
  }, 240_000)

  it('asks transit gateways in files that name the route table', async () => {
    const { stdout } = await davylamp(['events', 'dump', '--format', 'jsonl'], { cwd: folder })
    const ids = stdout
      .split('\n')
      .filter((line) => line.includes('transit'))
      .map((line) => (JSON.parse(line) as { resourceId: string }).resourceId)
    expect(ids).toEqual(
      expect.arrayContaining([`${TABLE}/10.9.0.0/16`, `${TABLE}/tgw-attach-0a00000000000001`]),
    )
  }, 120_000)
})
