import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A made-up account: one forgotten build machine with an open Docker API, a web server, a machine nobody reaches. */
export const ACCOUNT = '111122223333'
export const BUILD = 'i-0b00000000000000a'
export const WEB = 'i-0b00000000000000b'
export const INNER = 'i-0b00000000000000c'
const VPC = 'vpc-0b00000000000000a'
const SUBNET = 'subnet-0b00000000000000a'
const GATEWAY = 'igw-0b00000000000000a'
export const BUILD_GROUP = 'sg-0b00000000000000a'
const WEB_GROUP = 'sg-0b00000000000000b'
const INNER_GROUP = 'sg-0b00000000000000c'

interface Machine {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly privateIp: string
  readonly publicIp?: string
  readonly group: string
  readonly launched: string
  readonly profile?: string
  readonly httpTokens?: string
}

function instance({
  id,
  name,
  type,
  privateIp,
  publicIp,
  group,
  launched,
  profile,
  httpTokens,
}: Machine): object {
  const card = `eni-${id.slice(2)}`
  return {
    InstanceId: id,
    ImageId: 'ami-0b00000000000000a',
    InstanceType: type,
    LaunchTime: launched,
    State: { Code: 16, Name: 'running' },
    PrivateIpAddress: privateIp,
    ...(publicIp === undefined ? {} : { PublicIpAddress: publicIp }),
    SubnetId: SUBNET,
    VpcId: VPC,
    SecurityGroups: [{ GroupId: group, GroupName: group }],
    ...(profile === undefined
      ? {}
      : { IamInstanceProfile: { Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/${profile}`, Id: 'AIPA' } }),
    MetadataOptions: {
      State: 'applied',
      HttpTokens: httpTokens ?? 'required',
      HttpPutResponseHopLimit: 1,
      HttpEndpoint: 'enabled',
    },
    NetworkInterfaces: [
      {
        NetworkInterfaceId: card,
        Groups: [{ GroupId: group, GroupName: group }],
        ...(publicIp === undefined ? {} : { Association: { PublicIp: publicIp, IpOwnerId: 'amazon' } }),
        PrivateIpAddress: privateIp,
        PrivateIpAddresses: [
          {
            PrivateIpAddress: privateIp,
            Primary: true,
            ...(publicIp === undefined ? {} : { Association: { PublicIp: publicIp } }),
          },
        ],
        Ipv6Addresses: [],
        SubnetId: SUBNET,
        VpcId: VPC,
        Status: 'in-use',
        InterfaceType: 'interface',
        SourceDestCheck: true,
      },
    ],
    Placement: { AvailabilityZone: 'us-east-1a' },
    Tags: [{ Key: 'Name', Value: name }],
  }
}

function rule(from: number, to: number, cidr: string): object {
  return {
    IpProtocol: 'tcp',
    FromPort: from,
    ToPort: to,
    IpRanges: [{ CidrIp: cidr }],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  }
}

function group(id: string, rules: readonly object[]): object {
  return {
    GroupId: id,
    GroupName: `group-${id.at(-1)}`,
    VpcId: VPC,
    OwnerId: ACCOUNT,
    IpPermissions: rules,
    IpPermissionsEgress: [
      {
        IpProtocol: '-1',
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [],
      },
    ],
  }
}

const everything = { Protocol: '-1', RuleAction: 'allow', RuleNumber: 100, CidrBlock: '0.0.0.0/0' }

export interface DumpOptions {
  /** Name of the build machine: a stranger may have given it. */
  readonly name?: string
}

/** The files of the dump, by name below its folder. */
export function dumpFiles({ name = 'build-1' }: DumpOptions = {}): Record<string, unknown> {
  const region = 'us-east-1'
  return {
    [`${region}/Reservations.json`]: {
      Reservations: [
        {
          OwnerId: ACCOUNT,
          ReservationId: 'r-0b00000000000000a',
          Instances: [
            instance({
              id: BUILD,
              name,
              type: 't3.large',
              privateIp: '10.1.0.10',
              publicIp: '198.51.100.10',
              group: BUILD_GROUP,
              launched: '2024-01-05T08:00:00+00:00',
              profile: 'builder',
              httpTokens: 'optional',
            }),
            instance({
              id: WEB,
              name: 'web-1',
              type: 'c5.large',
              privateIp: '10.1.0.11',
              publicIp: '198.51.100.11',
              group: WEB_GROUP,
              launched: '2026-11-01T08:00:00+00:00',
            }),
            instance({
              id: INNER,
              name: 'inner-1',
              type: 't3.micro',
              privateIp: '10.1.0.12',
              group: INNER_GROUP,
              launched: '2026-11-01T08:00:00+00:00',
            }),
          ],
        },
      ],
    },
    [`${region}/SecurityGroups.json`]: {
      SecurityGroups: [
        group(BUILD_GROUP, [rule(22, 22, '0.0.0.0/0'), rule(2375, 2375, '0.0.0.0/0')]),
        group(WEB_GROUP, [rule(443, 443, '0.0.0.0/0'), rule(22, 22, '203.0.113.0/24')]),
        group(INNER_GROUP, [rule(0, 65_535, '0.0.0.0/0')]),
      ],
    },
    [`${region}/NetworkAcls.json`]: {
      NetworkAcls: [
        {
          NetworkAclId: 'acl-0b00000000000000a',
          VpcId: VPC,
          IsDefault: true,
          OwnerId: ACCOUNT,
          Associations: [
            {
              NetworkAclAssociationId: 'aclassoc-1',
              NetworkAclId: 'acl-0b00000000000000a',
              SubnetId: SUBNET,
            },
          ],
          Entries: [
            { ...everything, Egress: true },
            { ...everything, Egress: false },
          ],
        },
      ],
    },
    [`${region}/RouteTables.json`]: {
      RouteTables: [
        {
          RouteTableId: 'rtb-0b00000000000000a',
          VpcId: VPC,
          OwnerId: ACCOUNT,
          Associations: [
            { Main: true, RouteTableAssociationId: 'rtbassoc-1', RouteTableId: 'rtb-0b00000000000000a' },
          ],
          Routes: [
            {
              DestinationCidrBlock: '10.1.0.0/16',
              GatewayId: 'local',
              Origin: 'CreateRouteTable',
              State: 'active',
            },
            { DestinationCidrBlock: '0.0.0.0/0', GatewayId: GATEWAY, Origin: 'CreateRoute', State: 'active' },
          ],
        },
      ],
    },
    [`${region}/Subnets.json`]: {
      Subnets: [
        {
          SubnetId: SUBNET,
          VpcId: VPC,
          OwnerId: ACCOUNT,
          CidrBlock: '10.1.0.0/24',
          AvailabilityZone: 'us-east-1a',
          MapPublicIpOnLaunch: true,
          State: 'available',
        },
      ],
    },
    [`${region}/Vpcs.json`]: {
      Vpcs: [
        { VpcId: VPC, OwnerId: ACCOUNT, CidrBlock: '10.1.0.0/16', State: 'available', IsDefault: false },
      ],
    },
    [`${region}/InternetGateways.json`]: {
      InternetGateways: [
        { InternetGatewayId: GATEWAY, OwnerId: ACCOUNT, Attachments: [{ State: 'available', VpcId: VPC }] },
      ],
    },
    [`${region}/Images.json`]: {
      Images: [
        {
          ImageId: 'ami-0b00000000000000a',
          CreationDate: '2023-06-01T00:00:00.000Z',
          OwnerId: 'amazon',
          State: 'available',
        },
      ],
    },
    [`${region}/InstanceCreditSpecifications.json`]: {
      InstanceCreditSpecifications: [{ InstanceId: BUILD, CpuCredits: 'unlimited' }],
    },
    [`${region}/DetectorIds.json`]: { DetectorIds: [] },
    [`${region}/Quotas.json`]: {
      Quotas: [
        {
          QuotaCode: 'L-1216C47A',
          ServiceCode: 'ec2',
          QuotaArn: `arn:aws:servicequotas:us-east-1:${ACCOUNT}:ec2/L-1216C47A`,
          Value: 64,
        },
      ],
    },
    'Budgets.json': { Budgets: [] },
    'account-authorization-details.json': {
      UserDetailList: [
        {
          UserName: 'deployer',
          Arn: `arn:aws:iam::${ACCOUNT}:user/deployer`,
          GroupList: [],
          AttachedManagedPolicies: [
            { PolicyName: 'PowerUserAccess', PolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' },
          ],
        },
      ],
      GroupDetailList: [],
      RoleDetailList: [
        {
          RoleName: 'builder-role',
          Arn: `arn:aws:iam::${ACCOUNT}:role/builder-role`,
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          },
          InstanceProfileList: [
            { InstanceProfileName: 'builder', Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/builder` },
          ],
          RolePolicyList: [
            {
              PolicyName: 'build',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [{ Effect: 'Allow', Action: 'ec2:Run*', Resource: '*' }],
              },
            },
          ],
          AttachedManagedPolicies: [],
        },
        {
          RoleName: 'everybody',
          Arn: `arn:aws:iam::${ACCOUNT}:role/everybody`,
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
          },
          InstanceProfileList: [],
          RolePolicyList: [],
          AttachedManagedPolicies: [],
        },
      ],
      Policies: [],
    },
    'credential-report.csv': [
      'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date',
      `<root_account>,arn:aws:iam::${ACCOUNT}:root,2020-01-01T00:00:00+00:00,not_supported,2026-01-01T00:00:00+00:00,not_supported,not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A`,
      `deployer,arn:aws:iam::${ACCOUNT}:user/deployer,2021-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false,true,2021-01-01T00:00:00+00:00,2026-11-20T00:00:00+00:00,us-east-1,ec2,false,N/A,N/A`,
      '',
    ].join('\n'),
  }
}

/** What somebody collected on the build machine. */
export const HOST_FILES: Record<string, unknown> = {
  'hosts/ip-10-1-0-10/ss.txt': [
    'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process',
    'udp   UNCONN 0      0      127.0.0.53%lo:53   0.0.0.0:*     users:(("systemd-resolve",pid=512,fd=13))',
    'tcp   LISTEN 0      4096         0.0.0.0:2375 0.0.0.0:*     users:(("dockerd",pid=901,fd=7))',
    'tcp   LISTEN 0      128             [::]:22      [::]:*     users:(("sshd",pid=700,fd=4))',
    'tcp   LISTEN 0      128          0.0.0.0:22   0.0.0.0:*     users:(("sshd",pid=700,fd=3))',
    '',
  ].join('\n'),
  'hosts/ip-10-1-0-10/sshd.txt': [
    'port 22',
    'permitrootlogin no',
    'passwordauthentication no',
    'kbdinteractiveauthentication no',
    '',
  ].join('\n'),
}

export function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
  return folder
}
