import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ACCOUNT = '111122223333'
const REGION = 'eu-central-1'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/build`

interface Rule {
  readonly id: string
  readonly port: number
  readonly cidr: string
}

/** What is changed against the account as it was found. */
export interface SmallAccount {
  /** Rules of the groups `web` and `build`, by group id. */
  readonly rules?: Readonly<Record<string, readonly Rule[]>>
  readonly httpTokens?: 'optional' | 'required'
  /** Text of strangers in the names of machines. */
  readonly names?: Readonly<Record<string, string>>
  /** Ids in the place of those of `build-1` and its security group. */
  readonly ids?: { readonly machine: string; readonly group: string }
}

export const WEB_GROUP = 'sg-0aaa1111bbbb2222c'
export const BUILD_GROUP = 'sg-0ddd3333eeee4444f'
export const AS_FOUND: Readonly<Record<string, readonly Rule[]>> = {
  [WEB_GROUP]: [
    { id: 'sgr-0000000000000443a', port: 443, cidr: '0.0.0.0/0' },
    { id: 'sgr-0000000000000022a', port: 22, cidr: '0.0.0.0/0' },
  ],
  [BUILD_GROUP]: [
    { id: 'sgr-0000000000000022b', port: 22, cidr: '0.0.0.0/0' },
    { id: 'sgr-0000000000002375b', port: 2375, cidr: '0.0.0.0/0' },
  ],
}

const IDS = { machine: 'i-0fedcba9876543210', group: BUILD_GROUP }

/** Writes a dump as `davylamp surface --aws-commands` makes one: two machines, one of them a builder with Docker open. */
export function writeSmallAccount(
  folder: string,
  { rules = AS_FOUND, httpTokens = 'optional', names = {}, ids = IDS }: SmallAccount = {},
): void {
  const regional = join(folder, REGION)
  mkdirSync(regional, { recursive: true })
  const write = (name: string, value: unknown): void =>
    writeFileSync(join(regional, name), JSON.stringify(value))
  const machines = [
    {
      id: 'i-0123456789abcdef0',
      name: names['web-1'] ?? 'web-1',
      ip: '10.0.1.10',
      publicIp: '192.0.2.10',
      group: WEB_GROUP,
      type: 't3.large',
      role: null,
    },
    {
      id: ids.machine,
      name: names['build-1'] ?? 'build-1',
      ip: '10.0.1.20',
      publicIp: '192.0.2.20',
      group: ids.group,
      type: 'c5.2xlarge',
      role: 'build',
    },
  ]
  const face = (one: (typeof machines)[number], i: number): object => ({
    NetworkInterfaceId: `eni-0${i}00000000000000${i}`,
    SubnetId: 'subnet-0123456789abcdef0',
    VpcId: 'vpc-0123456789abcdef0',
    OwnerId: ACCOUNT,
    Status: 'in-use',
    InterfaceType: 'interface',
    PrivateIpAddress: one.ip,
    PrivateIpAddresses: [
      { PrivateIpAddress: one.ip, Primary: true, Association: { PublicIp: one.publicIp } },
    ],
    Association: { PublicIp: one.publicIp, IpOwnerId: 'amazon' },
    Attachment: { InstanceId: one.id, DeviceIndex: 0, Status: 'attached' },
    Groups: [{ GroupId: one.group, GroupName: one.name }],
    Ipv6Addresses: [],
  })
  write('Reservations.json', {
    Reservations: machines.map((one, i) => ({
      OwnerId: ACCOUNT,
      Instances: [
        {
          InstanceId: one.id,
          ImageId: 'ami-0123456789abcdef0',
          InstanceType: one.type,
          LaunchTime: '2026-01-10T08:00:00Z',
          State: { Code: 16, Name: 'running' },
          Placement: { AvailabilityZone: `${REGION}a` },
          PrivateIpAddress: one.ip,
          PublicIpAddress: one.publicIp,
          SubnetId: 'subnet-0123456789abcdef0',
          VpcId: 'vpc-0123456789abcdef0',
          SecurityGroups: [{ GroupId: one.group, GroupName: one.name }],
          NetworkInterfaces: [face(one, i)],
          ...(one.role === null
            ? {}
            : {
                IamInstanceProfile: {
                  Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/${one.role}`,
                  Id: 'AIPAEXAMPLE',
                },
              }),
          MetadataOptions: { HttpTokens: httpTokens, HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 1 },
          Tags: [{ Key: 'Name', Value: one.name }],
        },
      ],
    })),
  })
  write('NetworkInterfaces.json', { NetworkInterfaces: machines.map(face) })
  write('SecurityGroups.json', {
    SecurityGroups: Object.entries(rules).map(([id, list]) => ({
      GroupId: id === BUILD_GROUP ? ids.group : id,
      GroupName: id === WEB_GROUP ? 'web' : 'build',
      Description: '',
      OwnerId: ACCOUNT,
      VpcId: 'vpc-0123456789abcdef0',
      IpPermissions: list.map(({ port, cidr }) => ({
        IpProtocol: 'tcp',
        FromPort: port,
        ToPort: port,
        IpRanges: [{ CidrIp: cidr }],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [],
      })),
      IpPermissionsEgress: [
        {
          IpProtocol: '-1',
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
          Ipv6Ranges: [],
          PrefixListIds: [],
          UserIdGroupPairs: [],
        },
      ],
    })),
  })
  write('SecurityGroupRules.json', {
    SecurityGroupRules: Object.entries(rules).flatMap(([group, list]) =>
      list.map(({ id, port, cidr }) => ({
        SecurityGroupRuleId: id,
        GroupId: group === BUILD_GROUP ? ids.group : group,
        GroupOwnerId: ACCOUNT,
        IsEgress: false,
        IpProtocol: 'tcp',
        FromPort: port,
        ToPort: port,
        CidrIpv4: cidr,
      })),
    ),
  })
  const vpc = 'vpc-0123456789abcdef0'
  const subnet = 'subnet-0123456789abcdef0'
  const open = { CidrBlock: '0.0.0.0/0', Protocol: '-1', RuleAction: 'allow', RuleNumber: 100 }
  write('NetworkAcls.json', {
    NetworkAcls: [
      {
        NetworkAclId: 'acl-0123456789abcdef0',
        VpcId: vpc,
        IsDefault: true,
        OwnerId: ACCOUNT,
        Associations: [
          { SubnetId: subnet, NetworkAclId: 'acl-0123456789abcdef0', NetworkAclAssociationId: 'aclassoc-1' },
        ],
        Entries: [
          { ...open, Egress: false },
          { ...open, Egress: true },
        ],
      },
    ],
  })
  write('RouteTables.json', {
    RouteTables: [
      {
        RouteTableId: 'rtb-0123456789abcdef0',
        VpcId: vpc,
        OwnerId: ACCOUNT,
        Associations: [
          { Main: true, RouteTableId: 'rtb-0123456789abcdef0', RouteTableAssociationId: 'rtbassoc-1' },
        ],
        Routes: [
          { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-0123456789abcdef0', State: 'active' },
        ],
      },
    ],
  })
  write('Subnets.json', {
    Subnets: [
      {
        SubnetId: subnet,
        VpcId: vpc,
        CidrBlock: '10.0.1.0/24',
        OwnerId: ACCOUNT,
        MapPublicIpOnLaunch: true,
        AvailabilityZone: `${REGION}a`,
      },
    ],
  })
  write('Vpcs.json', { Vpcs: [{ VpcId: vpc, CidrBlock: '10.0.0.0/16', OwnerId: ACCOUNT }] })
  write('InternetGateways.json', {
    InternetGateways: [
      {
        InternetGatewayId: 'igw-0123456789abcdef0',
        OwnerId: ACCOUNT,
        Attachments: [{ State: 'available', VpcId: vpc }],
      },
    ],
  })
  write('InstanceCreditSpecifications.json', {
    InstanceCreditSpecifications: [{ InstanceId: machines[0]?.id, CpuCredits: 'unlimited' }],
  })
  writeAccount(folder)
}

function writeAccount(folder: string): void {
  const write = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(value))
  write('account-authorization-details.json', {
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: [
      {
        RoleName: 'build',
        RoleId: 'AROAEXAMPLE',
        Arn: ROLE,
        Path: '/',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        InstanceProfileList: [
          {
            InstanceProfileName: 'build',
            Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/build`,
            Roles: [{ RoleName: 'build', Arn: ROLE }],
          },
        ],
        RolePolicyList: [
          {
            PolicyName: 'agents',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['ec2:RunInstances', 'ec2:CreateTags', 'iam:PassRole'],
                  Resource: '*',
                },
              ],
            },
          },
        ],
        AttachedManagedPolicies: [],
      },
    ],
    Policies: [],
  })
  write('InstanceProfiles.json', {
    InstanceProfiles: [
      {
        InstanceProfileName: 'build',
        Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/build`,
        Roles: [{ RoleName: 'build', Arn: ROLE }],
      },
    ],
  })
  write('Budgets.json', { Budgets: [] })
  write('AnomalyMonitors.json', { AnomalyMonitors: [] })
  writeFileSync(
    join(folder, 'credential-report.csv'),
    [
      'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated',
      `<root_account>,arn:aws:iam::${ACCOUNT}:root,2020-01-01T00:00:00+00:00,not_supported,2026-01-01T00:00:00+00:00,not_supported,not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`,
      `deploy,arn:aws:iam::${ACCOUNT}:user/deploy,2021-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false,true,2021-01-01T00:00:00+00:00,2024-01-01T00:00:00+00:00,eu-central-1,ec2,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`,
      '',
    ].join('\n'),
  )
}
