import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ResourceEvent } from '../../event/resource.ts'
import type { Input } from '../../inputs/input.ts'
import { emptyReport } from '../reading.ts'
import type { InputReport, SourceEnv } from '../source.ts'
import { awsDescribe } from './index.ts'

const NOW = Date.UTC(2026, 4, 12)

function input(name: string, text: string | Uint8Array, step = 1000): Input {
  const bytes = Buffer.from(text)
  return {
    name,
    group: '',
    storedSize: bytes.length,
    modifiedAt: NOW - 1000,
    head: bytes.subarray(0, 65_536),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += step) yield Uint8Array.from(bytes.subarray(at, at + step))
    },
    tail: () => null,
  }
}

async function read(...inputs: Input[]): Promise<{ events: ResourceEvent[]; reports: InputReport[] }> {
  const reports = new Map(inputs.map((one) => [one, emptyReport(one.name)]))
  const env: SourceEnv = {
    now: NOW,
    zoneOf: () => null,
    datedRanges: [],
    matchesOf: () => [],
    isAsked: () => false,
    reportOf: (one) => reports.get(one) ?? emptyReport(''),
  }
  const events: ResourceEvent[] = []
  for await (const batch of awsDescribe.read(inputs, env))
    events.push(...batch.events.filter((one) => one.kind === 'resource'))
  return { events, reports: [...reports.values()] }
}

function told(events: readonly ResourceEvent[]): string[] {
  return events.map(
    ({ resourceType, resourceId, account, region }) => `${resourceType} ${resourceId} ${account} ${region}`,
  )
}

const INSTANCE = {
  InstanceId: 'i-1',
  InstanceType: 't3.micro',
  Placement: { AvailabilityZone: 'eu-west-1b' },
  Tags: [{ Key: 'Name', Value: 'web' }],
}
const RESERVATION = { ReservationId: 'r-1', OwnerId: '111122223333', Instances: [INSTANCE] }

describe('aws-describe', () => {
  it('knows lists that nothing uses, and says what is not judged for it', async () => {
    const known = [
      { ServiceNames: ['com.amazonaws.us-west-2.s3'] },
      { MovingAddressStatuses: [] },
      { Hosts: [] },
      { Hosts: [{ HostId: 'h-1' }] },
      {
        Firewalls: [{ FirewallName: 'f', FirewallArn: 'arn:aws:network-firewall:eu-west-1:111122223333:f' }],
      },
    ].map((answer, i) => input(`eu-west-1/${i}.json`, JSON.stringify(answer)))
    for (const one of known) expect(awsDescribe.recognise(one.head, () => null)).toBe(1)
    const foreign = { Hosts: [{ name: 'web', ip: '192.0.2.1' }], Firewalls: [{ zone: 'dmz' }] }
    expect(awsDescribe.recognise(Buffer.from(JSON.stringify(foreign)), () => null)).toBe(0)
    const { events, reports } = await read(...known)
    expect(events.map(({ resourceId, attributes }) => [resourceId, attributes['NotUsed']])).toEqual([
      ['ServiceNames', expect.stringMatching(/not judged/u)],
      ['Firewalls', expect.stringMatching(/may shut/u)],
    ])
    expect(reports.map(({ records, bad }) => [records, bad])).toEqual([
      [1, 0],
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 0],
    ])
  })

  const answers: [string, string, unknown, string[]][] = [
    ['instances', 'x.json', { Reservations: [RESERVATION] }, ['aws_instance i-1 111122223333 eu-west-1']],
    ['instances of a query', 'x.json', [INSTANCE], ['aws_instance i-1 null eu-west-1']],
    ['reservations of a query', 'x.json', [RESERVATION], ['aws_instance i-1 111122223333 eu-west-1']],
    [
      'pages in a list',
      'x.json',
      [{ Reservations: [RESERVATION] }, { Vpcs: [{ VpcId: 'vpc-1' }] }],
      ['aws_instance i-1 111122223333 eu-west-1', 'aws_vpc vpc-1 null null'],
    ],
    [
      'place by the folder',
      'dump/111122223333/us-east-2/Vpcs.json',
      { Vpcs: [{ VpcId: 'vpc-1' }] },
      ['aws_vpc vpc-1 111122223333 us-east-2'],
    ],
    [
      'place by the content before the folder',
      '999988887777/us-east-2/x.json',
      { Subnets: [{ SubnetId: 's', OwnerId: '111122223333', AvailabilityZone: 'eu-central-1a' }] },
      ['aws_subnet s 111122223333 eu-central-1'],
    ],
    [
      'place by an ARN',
      'x.json',
      {
        LoadBalancers: [
          { LoadBalancerArn: 'arn:aws:elasticloadbalancing:ap-south-1:111122223333:loadbalancer/app/a/b' },
        ],
      },
      [
        'aws_lb arn:aws:elasticloadbalancing:ap-south-1:111122223333:loadbalancer/app/a/b 111122223333 ap-south-1',
      ],
    ],
    [
      'rules one by one',
      'x.json',
      {
        SecurityGroupRules: [
          { SecurityGroupRuleId: 'sgr-1', IsEgress: false },
          { SecurityGroupRuleId: 'sgr-2', IsEgress: true },
        ],
      },
      [
        'aws_vpc_security_group_ingress_rule sgr-1 null null',
        'aws_vpc_security_group_egress_rule sgr-2 null null',
      ],
    ],
    [
      'entries of a prefix list by the name of the file',
      'entries-pl-0123456789abcdef0.json',
      { Entries: [{ Cidr: '192.0.2.0/24' }] },
      ['aws_ec2_managed_prefix_list_entry pl-0123456789abcdef0/192.0.2.0/24 null null'],
    ],
    [
      'targets by what stands beside them',
      'x.json',
      { TargetHealthDescriptions: [{ Target: { Id: 'i-1', Port: 80 } }], TargetGroupArn: 'tg' },
      ['aws_lb_target_group_attachment tg/i-1:80 null null'],
    ],
    [
      'targets as a collector wraps them',
      'x.json',
      {
        LoadBalancerTargetHealth: [
          { TargetGroupArn: 'tg', TargetHealthDescriptions: [{ Target: { Id: 'i-1', Port: 80 } }] },
        ],
      },
      ['aws_lb_target_group_attachment tg/i-1:80 null null'],
    ],
    ['a list that is empty', 'x.json', { Addresses: [] }, ['listing Addresses null null']],
    [
      'IAM, which has no region',
      'eu-west-1/x.json',
      { UserDetailList: [{ UserName: 'ann', Arn: 'arn:aws:iam::111122223333:user/ann' }] },
      ['aws_iam_user arn:aws:iam::111122223333:user/ann 111122223333 null'],
    ],
    [
      'who asked',
      'x.json',
      { UserId: 'A', Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/ann' },
      ['aws_caller_identity 111122223333 111122223333 null'],
    ],
    [
      'an object',
      'x.json',
      { SummaryMap: { AccountMFAEnabled: 1 } },
      ['aws_iam_account_summary SummaryMap null null'],
    ],
  ]
  it.each(answers)('reads %s', async (_, name, document, expected) => {
    for (const step of [1, 1000]) {
      const one = input(name, JSON.stringify(document, null, 2), step)
      expect(awsDescribe.recognise(one.head)).toBeGreaterThan(0.5)
      expect(told((await read(one)).events)).toEqual(expected)
    }
  })

  it('reads documents one after the other, also as PowerShell writes them', async () => {
    const text = `${JSON.stringify({ Reservations: [RESERVATION] }, null, 2)}\n${JSON.stringify({ Vpcs: [{ VpcId: 'vpc-1' }] })}\n`
    const wide = Buffer.from(`\ufeff${text}`, 'utf16le')
    for (const bytes of [Buffer.from(text), wide])
      expect(told((await read(input('x', bytes, 7))).events)).toEqual([
        'aws_instance i-1 111122223333 eu-west-1',
        'aws_vpc vpc-1 null null',
      ])
  })

  it('says where an answer is cut off, and not that pages are missing', async () => {
    const { events, reports } = await read(input('x.json', '{"Subnets": [{"SubnetId": "s"}, {"SubnetId": "t'))
    expect(told(events)).toEqual(['aws_subnet s null null', 'listing Subnets null null'])
    expect(reports[0]?.problems.join('\n')).toMatch(/its end is missing/u)
    expect(reports[0]?.problems.join('\n')).not.toMatch(/pages/u)
  })

  it('knows attributes of load balancers from those of anything else', () => {
    for (const [Key, sure] of [
      ['preserve_client_ip.enabled', 1],
      ['colour', 0],
    ]) {
      const { head } = input('x.json', JSON.stringify({ Attributes: [{ Key, Value: 'true' }] }))
      expect(awsDescribe.recognise(head)).toBe(sure)
    }
  })

  it('says where pages are missing', async () => {
    const { events, reports } = await read(
      input('x.json', JSON.stringify({ Subnets: [{ SubnetId: 's' }], NextToken: 'more' })),
    )
    expect(told(events)).toEqual(['aws_subnet s null null', 'listing Subnets null null'])
    expect(reports[0]?.problems).toEqual(['Subnets: more pages follow that are not here'])
  })

  it('reads what is whole of a half-written file', async () => {
    const text = JSON.stringify({ Vpcs: [{ VpcId: 'vpc-1' }, { VpcId: 'vpc-2' }] }, null, 2)
    const { events, reports } = await read(input('x.json', text.slice(0, text.indexOf('vpc-2'))))
    expect(told(events)).toContain('aws_vpc vpc-1 null null')
    expect(reports[0]?.problems).toContain('its end is missing: what came before it was read')
    expect(reports[0]?.bad).toBe(1)
  })

  it('names lists that it does not know', async () => {
    const { reports } = await read(
      input('x.json', JSON.stringify({ Vpcs: [{ VpcId: 'vpc-1' }], Gadgets: [{}, {}], constructor: [1] })),
    )
    expect(reports[0]?.decisions).toContain(
      'lists that say nothing here, left out: Gadgets (2), constructor (1)',
    )
    expect(reports[0]?.unused).toBe(3)
  })

  it('counts elements without their id', async () => {
    const { events, reports } = await read(input('x.json', '{"Vpcs":[{"VpcId":"vpc-1"},{"a":1},7,{bad}]}'))
    expect(told(events)).toEqual(['aws_vpc vpc-1 null null'])
    expect(reports[0]?.bad).toBe(2)
  })

  it('reads credential reports, plain and wrapped', async () => {
    const csv =
      'user,arn,user_creation_time,password_enabled,mfa_active\n<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported,false\n'
    const wrapped = JSON.stringify({ Content: Buffer.from(csv).toString('base64'), ReportFormat: 'text/csv' })
    for (const text of [csv, wrapped]) {
      const { events } = await read(input('credential-report', text))
      expect(told(events)).toEqual([
        'aws_iam_credential_report arn:aws:iam::111122223333:root 111122223333 null',
      ])
      expect(events[0]?.attributes['mfa_active']).toBe('false')
    }
  })

  it('keeps the keys of tunnels out', async () => {
    const { events } = await read(
      input(
        'x.json',
        JSON.stringify({
          VpnConnections: [
            {
              CustomerGatewayConfiguration: '<pre_shared_key>hush</pre_shared_key>',
              VpnConnectionId: 'vpn-1',
            },
          ],
        }),
      ),
    )
    expect(told(events)).toEqual(['aws_vpn_connection vpn-1 null null'])
    expect(JSON.stringify(events)).not.toContain('hush')
  })

  it('leaves the logs of others alone', () => {
    for (const text of [
      '{"Records":[{"eventVersion":"1.08"}]}',
      '{"a":1}\n{"a":2}\n',
      'May 12 host sshd[1]: x',
      '',
      '[]',
      '{"items":[{}]}',
    ])
      expect(awsDescribe.recognise(Buffer.from(text))).toBe(0)
  })

  it('stands any bytes', async () => {
    const document = JSON.stringify({
      Reservations: [RESERVATION],
      Vpcs: [{ VpcId: 'v' }],
      NextToken: 'x',
      Addresses: [],
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(document.length), fc.string({ maxLength: 3 })), { maxLength: 4 }),
        async (changes) => {
          let text = document
          for (const [at, insert] of changes) text = text.slice(0, at) + insert + text.slice(at + 1)
          awsDescribe.recognise(Buffer.from(text))
          await read(input('x', text, 9))
        },
      ),
      { seed: 31, numRuns: 300 },
    )
  })
})
