import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CloudApiEvent } from '../../event/cloud-api.ts'
import { CloudApiEvent as Schema } from '../../event/cloud-api.ts'
import { eventsOf } from '../samples/read-records.ts'
import { readTexts } from '../samples/read-texts.ts'
import { cloudtrail } from './index.ts'
import { ACCOUNT, type Call, call, RUN_GPUS } from './samples/calls.ts'

async function one(record: Call): Promise<CloudApiEvent> {
  const { events } = await eventsOf(cloudtrail, 'cloud-api', JSON.stringify(record))
  const [event] = events
  if (event === undefined) throw new Error('no event')
  return Schema.parse(event)
}

const role = (session: string) => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/web/${session}`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  sessionContext: {
    sessionIssuer: { type: 'Role', userName: 'web' },
    attributes: { mfaAuthenticated: 'true', creationDate: '2026-05-12T03:00:00Z' },
  },
})

describe('a call', () => {
  it('tells who asked for which machines', async () => {
    expect(await one(RUN_GPUS)).toMatchObject({
      time: Date.UTC(2026, 4, 12, 3, 14, 7),
      observer: `account:${ACCOUNT}`,
      subjects: ['instance:i-0aaaaaaaaaaaaaaa1', 'instance:i-0aaaaaaaaaaaaaaa2', `account:${ACCOUNT}`],
      provider: 'aws',
      service: 'ec2.amazonaws.com',
      operation: 'RunInstances',
      outcome: 'success',
      region: 'eu-central-1',
      caller: `arn:aws:iam::${ACCOUNT}:user/build`,
      callerType: 'IAMUser',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      srcIp: '198.51.100.7',
      srcHost: null,
      compute: { instanceType: 'p3.16xlarge', count: 8, imageId: 'ami-0abc0abc0abc0abc0' },
      origin: { source: 'cloudtrail', file: 'a', line: 1, offset: 0, recordId: RUN_GPUS['eventID'] },
    })
  })

  const outcomes: [string, Call, Partial<CloudApiEvent>][] = [
    ['no error', {}, { outcome: 'success', isDryRun: false }],
    ['Client.UnauthorizedOperation', { errorCode: 'Client.UnauthorizedOperation' }, { outcome: 'denied' }],
    ['AccessDenied', { errorCode: 'AccessDenied' }, { outcome: 'denied' }],
    ['AccessDeniedException', { errorCode: 'AccessDeniedException' }, { outcome: 'denied' }],
    ['InstanceLimitExceeded', { errorCode: 'Client.InstanceLimitExceeded' }, { outcome: 'failure' }],
    [
      'a dry run that would do',
      { errorCode: 'Client.DryRunOperation', requestParameters: { dryRun: true } },
      { outcome: 'success', isDryRun: true },
    ],
    [
      'a dry run that would not',
      { errorCode: 'Client.UnauthorizedOperation', requestParameters: { dryRun: true } },
      { outcome: 'denied', isDryRun: true },
    ],
  ]
  it.each(outcomes)('ends with %s', async (_, more, expected) => {
    expect(await one(call('RunInstances', more))).toMatchObject(expected)
  })

  const logins: [string, Call, Partial<CloudApiEvent>][] = [
    [
      'success with MFA',
      { responseElements: { ConsoleLogin: 'Success' }, additionalEventData: { MFAUsed: 'Yes' } },
      { outcome: 'success', hasMfa: true },
    ],
    [
      'success without',
      { responseElements: { ConsoleLogin: 'Success' }, additionalEventData: { MFAUsed: 'No' } },
      { outcome: 'success', hasMfa: false },
    ],
    [
      'failure',
      { errorMessage: 'Failed authentication', responseElements: { ConsoleLogin: 'Failure' } },
      { outcome: 'failure' },
    ],
    [
      'failure without an answer',
      { errorMessage: 'No username found in supplied account' },
      { outcome: 'failure' },
    ],
  ]
  it.each(logins)('reads a console login: %s', async (_, more, expected) => {
    const event = await one(
      call('ConsoleLogin', { eventSource: 'signin.amazonaws.com', eventType: 'AwsConsoleSignIn', ...more }),
    )
    expect(event).toMatchObject(expected)
  })

  const identities: [string, Call, Partial<CloudApiEvent>][] = [
    [
      'Root',
      { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT },
      { caller: `arn:aws:iam::${ACCOUNT}:root`, callerType: 'Root', hasMfa: null },
    ],
    [
      'AssumedRole',
      role('alice'),
      { callerType: 'AssumedRole', hasMfa: true, subjects: [`account:${ACCOUNT}`] },
    ],
    [
      'AWSService',
      { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' },
      { caller: 'autoscaling.amazonaws.com', callerType: 'AWSService' },
    ],
    [
      'AWSAccount',
      { type: 'AWSAccount', principalId: 'AIDAOTHER', accountId: '210987654321' },
      { caller: 'AIDAOTHER', account: ACCOUNT },
    ],
    [
      'WebIdentityUser',
      { type: 'WebIdentityUser', userName: 'repo:x', identityProvider: 'token.actions' },
      { caller: 'repo:x' },
    ],
    [
      'SAMLUser',
      { type: 'SAMLUser', userName: 'bob@example.org', principalId: 'x' },
      { caller: 'bob@example.org' },
    ],
    [
      'IdentityCenterUser',
      { type: 'IdentityCenterUser', onBehalfOf: { userId: 'u-1' }, accountId: ACCOUNT },
      { caller: 'u-1' },
    ],
    ['nobody', {}, { caller: null, callerType: null }],
  ]
  it.each(identities)('names its caller: %s', async (_, userIdentity, expected) => {
    expect(await one(call('ListBuckets', { userIdentity }))).toMatchObject(expected)
  })

  it('is about the instance whose role it used', async () => {
    const event = await one(call('GetCallerIdentity', { userIdentity: role('i-0bbbbbbbbbbbbbbb1') }))
    expect(event.subjects).toEqual(['instance:i-0bbbbbbbbbbbbbbb1', `account:${ACCOUNT}`])
  })

  it('is about the machines that its parameters name, however deep', async () => {
    const targets = [{ key: 'InstanceIds', values: ['i-0ccccccccccccccc1', 'mi-0ccccccccccccccc2'] }]
    const event = await one(
      call('SendCommand', { requestParameters: { documentName: 'AWS-RunShellScript', targets } }),
    )
    expect(event.subjects.slice(0, 2)).toEqual([
      'instance:i-0ccccccccccccccc1',
      'instance:mi-0ccccccccccccccc2',
    ])
    expect(event.resources).toEqual(['i-0ccccccccccccccc1', 'mi-0ccccccccccccccc2', 'AWS-RunShellScript'])
  })

  it('gives a service in place of an address as a host', async () => {
    expect(await one(call('Decrypt', { sourceIPAddress: 'AWS Internal' }))).toMatchObject({
      srcIp: null,
      srcHost: 'AWS Internal',
    })
    expect(await one(call('Decrypt', { sourceIPAddress: '2001:db8::7' }))).toMatchObject({
      srcIp: '2001:db8::7',
    })
  })
})

describe('what a call asks for', () => {
  const asking: [string, string, Call, CloudApiEvent['compute']][] = [
    [
      'ec2',
      'RequestSpotInstances',
      { instanceCount: 5, launchSpecification: { imageId: 'ami-1', instanceType: 'g4dn.xlarge' } },
      { instanceType: 'g4dn.xlarge', count: 5, imageId: 'ami-1' },
    ],
    [
      'ec2',
      'RequestSpotFleet',
      {
        spotFleetRequestConfig: {
          targetCapacity: 40,
          launchSpecifications: [{ imageId: 'ami-1', instanceType: 'c5.24xlarge' }],
        },
      },
      { instanceType: 'c5.24xlarge', count: 40, imageId: 'ami-1' },
    ],
    [
      'ec2',
      'CreateFleet',
      {
        CreateFleetRequest: {
          TargetCapacitySpecification: { TotalTargetCapacity: 12 },
          LaunchTemplateConfigs: { Overrides: [{ InstanceType: 'p4d.24xlarge' }], tag: 1 },
        },
      },
      { instanceType: 'p4d.24xlarge', count: 12, imageId: null },
    ],
    [
      'autoscaling',
      'CreateAutoScalingGroup',
      { minSize: 0, maxSize: 90, desiredCapacity: 50 },
      { instanceType: null, count: 50, imageId: null },
    ],
    [
      'autoscaling',
      'UpdateAutoScalingGroup',
      { minSize: 20, maxSize: 90 },
      { instanceType: null, count: 20, imageId: null },
    ],
    [
      'ecs',
      'RunTask',
      { count: 10, launchType: 'FARGATE', taskDefinition: 'x:1' },
      { instanceType: 'FARGATE', count: 10, imageId: null },
    ],
    [
      'ecs',
      'CreateService',
      { desiredCount: 30, launchType: 'FARGATE' },
      { instanceType: 'FARGATE', count: 30, imageId: null },
    ],
    [
      'ecs',
      'RegisterTaskDefinition',
      { cpu: '4096', memory: '8192', containerDefinitions: [{ image: 'docker.io/x/y' }] },
      { instanceType: '4096 CPU units', count: 0, imageId: 'docker.io/x/y' },
    ],
    [
      'lambda',
      'CreateFunction20150331',
      { functionName: 'f', memorySize: 10240 },
      { instanceType: '10240 MB', count: 1, imageId: null },
    ],
    [
      'batch',
      'SubmitJob',
      { jobName: 'j', arrayProperties: { size: 1000 } },
      { instanceType: null, count: 1000, imageId: null },
    ],
    [
      'sagemaker',
      'CreateNotebookInstance',
      { instanceType: 'ml.p3.2xlarge' },
      { instanceType: 'ml.p3.2xlarge', count: 1, imageId: null },
    ],
    [
      'sagemaker',
      'CreateTrainingJob',
      { resourceConfig: { instanceType: 'ml.g5.xlarge', instanceCount: 4 } },
      { instanceType: 'ml.g5.xlarge', count: 4, imageId: null },
    ],
    [
      'eks',
      'CreateNodegroup',
      { instanceTypes: ['g5.xlarge'], scalingConfig: { minSize: 1, desiredSize: 6 } },
      { instanceType: 'g5.xlarge', count: 6, imageId: null },
    ],
    [
      'lightsail',
      'CreateInstances',
      { instanceNames: ['a', 'b'], bundleId: '2xlarge_3_0' },
      { instanceType: '2xlarge_3_0', count: 2, imageId: null },
    ],
    ['ec2', 'DescribeInstances', { instanceType: 'x' }, null],
    ['s3', 'RunInstances', { instanceType: 'x' }, null],
    ['ec2', 'constructor', {}, null],
  ]
  it.each(asking)('%s %s', async (service, name, requestParameters, compute) => {
    expect(
      (await one(call(name, { eventSource: `${service}.amazonaws.com`, requestParameters }))).compute,
    ).toEqual(compute)
  })

  it('takes the type from the answer where a template holds it', async () => {
    const responseElements = {
      instancesSet: {
        items: [{ instanceId: 'i-0aaaaaaaaaaaaaaa1', instanceType: 'g5.48xlarge', imageId: 'ami-2' }],
      },
    }
    const requestParameters = {
      launchTemplate: { launchTemplateId: 'lt-1' },
      instancesSet: { items: [{ minCount: 1, maxCount: 1 }] },
    }
    expect((await one(call('RunInstances', { requestParameters, responseElements }))).compute).toEqual({
      instanceType: 'g5.48xlarge',
      count: 1,
      imageId: 'ami-2',
    })
  })
})

const COLUMNS = [
  'eventversion',
  'useridentity',
  'eventtime',
  'eventsource',
  'eventname',
  'awsregion',
  'sourceipaddress',
  'useragent',
  'errorcode',
  'requestparameters',
  'responseelements',
  'eventid',
  'readonly',
  'recipientaccountid',
]
const PRESTO = `{type=AssumedRole, principalid=AROAEXAMPLE:i-0bbbbbbbbbbbbbbb1, arn=arn:aws:sts::${ACCOUNT}:assumed-role/web/i-0bbbbbbbbbbbbbbb1, accountid=${ACCOUNT}, invokedby=null, accesskeyid=ASIAIOSFODNN7EXAMPLE, username=null, sessioncontext={attributes={mfaauthenticated=false, creationdate=2026-05-12T03:00:00Z}, sessionissuer={type=Role, username=web}}}`
const REQUEST = '{"instancesSet":{"items":[{"imageId":"ami-1","maxCount":3}]},"instanceType":"p3.2xlarge"}'
const ROW = [
  '1.09',
  PRESTO,
  '2026-05-12T03:14:07Z',
  'ec2.amazonaws.com',
  'RunInstances',
  'us-east-1',
  '198.51.100.7',
  'aws-cli/2',
  'null',
  REQUEST,
  '',
  'id-1',
  'false',
  ACCOUNT,
]
const csvRow = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')

describe('every form', () => {
  const records = [
    RUN_GPUS,
    call('StopLogging', { eventSource: 'cloudtrail.amazonaws.com', eventTime: '2026-05-12T03:20:00Z' }),
  ]
  const texts = records.map((record) => JSON.stringify(record))
  const forms: [string, string][] = [
    ['S3 delivery', JSON.stringify({ Records: records })],
    ['lines', texts.join('\n')],
    ['an array, printed', JSON.stringify(records, null, 2)],
    ['documents one after the other', records.map((record) => JSON.stringify(record, null, 4)).join('\n')],
    [
      'CloudWatch subscription',
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        owner: ACCOUNT,
        logEvents: texts.map((message, id) => ({ id: `${id}`, timestamp: 1, message })),
      }),
    ],
    [
      'filter-log-events',
      JSON.stringify({
        events: texts.map((message) => ({ logStreamName: 's', timestamp: 1, message, eventId: 'x' })),
        searchedLogStreams: [],
      }),
    ],
    ['CloudWatch export to S3', texts.map((text) => `2026-05-12T03:25:00.000Z ${text}`).join('\n')],
    [
      'lookup-events, newest first',
      JSON.stringify({
        Events: [...records]
          .toReversed()
          .map((record) => ({ EventId: 'x', EventName: 'y', CloudTrailEvent: JSON.stringify(record) })),
      }),
    ],
    [
      'EventBridge',
      records
        .map((detail) =>
          JSON.stringify({ version: '0', 'detail-type': 'AWS API Call via CloudTrail', detail }),
        )
        .join('\n'),
    ],
    [
      'Elasticsearch hits',
      records.map((record) => JSON.stringify({ _index: 'aws', _source: record })).join('\n'),
    ],
    ['UTF-16 of PowerShell', `\ufeff${JSON.stringify(records, null, 2)}`],
  ]
  it.each(forms)('%s', async (name, text) => {
    const bytes = Buffer.from(text, name.startsWith('UTF-16') ? 'utf16le' : 'utf8')
    expect(cloudtrail.recognise(bytes)).toBe(1)
    const { events, report } = await eventsOf(cloudtrail, 'cloud-api', bytes)
    expect(events.map((event) => event.operation)).toEqual(['RunInstances', 'StopLogging'])
    expect(report).toMatchObject({
      format: 'cloudtrail',
      records: 2,
      bad: 0,
      unused: 0,
      duplicates: 0,
      problems: [],
    })
  })

  const rows: [string, string][] = [
    ['Athena CSV', `${csvRow(COLUMNS)}\n${csvRow(ROW)}\n`],
    ['Athena JSON', JSON.stringify(Object.fromEntries(COLUMNS.map((column, at) => [column, ROW[at]])))],
    [
      'snake case',
      JSON.stringify({
        event_version: '1.09',
        user_identity: {
          type: 'AssumedRole',
          arn: `arn:aws:sts::${ACCOUNT}:assumed-role/web/i-0bbbbbbbbbbbbbbb1`,
          accesskeyid: 'ASIAIOSFODNN7EXAMPLE',
          sessioncontext: { attributes: { mfaauthenticated: 'false' } },
        },
        event_time: '2026-05-12 03:14:07.000',
        event_source: 'ec2.amazonaws.com',
        event_name: 'RunInstances',
        aws_region: 'us-east-1',
        source_ip_address: '198.51.100.7',
        request_parameters: REQUEST,
        read_only: 'false',
        recipient_account_id: ACCOUNT,
      }),
    ],
  ]
  it.each(rows)('a table: %s', async (_, text) => {
    expect(cloudtrail.recognise(Buffer.from(text))).toBe(1)
    const { events, report } = await eventsOf(cloudtrail, 'cloud-api', text)
    expect(report.problems).toEqual([])
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      time: Date.UTC(2026, 4, 12, 3, 14, 7),
      outcome: 'success',
      callerType: 'AssumedRole',
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      hasMfa: false,
      isReadOnly: false,
      account: ACCOUNT,
      subjects: ['instance:i-0bbbbbbbbbbbbbbb1', `account:${ACCOUNT}`],
      compute: { instanceType: 'p3.2xlarge', count: 3, imageId: 'ami-1' },
    })
  })
})

describe('many files', () => {
  const calls = Array.from({ length: 60 }, (_, at) =>
    call('StopInstances', {
      eventTime: new Date(Date.UTC(2026, 4, 12, 3, at)).toISOString().replace('.000', ''),
    }),
  )
  const shuffled = calls
    .map((record, at) => [(at * 37) % 60, record] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, record]) => record)

  it('come out in order of time, copies once, however they are given', async () => {
    const whole = { name: 'a', text: JSON.stringify({ Records: shuffled.slice(0, 40) }) }
    const rest = {
      name: 'b',
      text: shuffled
        .slice(25)
        .map((record) => JSON.stringify(record, null, 1))
        .join('\n'),
    }
    for (const files of [
      [whole, rest],
      [rest, whole],
    ]) {
      const { events, reports } = await readTexts(cloudtrail, files)
      expect(events.map((event) => event.origin.recordId)).toEqual(calls.map((record) => record['eventID']))
      expect(reports.reduce((sum, report) => sum + report.duplicates, 0)).toBe(15)
      expect(reports.every((report) => report.late === 0)).toBe(true)
    }
  })

  it('come out in order of time where they are few, however far out of it they were', async () => {
    const days = calls.map((record, at) => ({
      ...record,
      eventTime: new Date(Date.UTC(2026, 2, 1 + ((at * 37) % 60))).toISOString(),
    }))
    const { events, reports } = await readTexts(cloudtrail, [{ name: 'a', text: JSON.stringify(days) }])
    const times = events.map((event) => event.time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(reports[0]).toMatchObject({ records: 60, late: 0 })
  })

  it('turns round what is listed newest first', async () => {
    const days = calls.map((record, at) => ({
      ...record,
      eventTime: new Date(Date.UTC(2026, 2, 1 + at)).toISOString(),
    }))
    const { events, reports } = await readTexts(cloudtrail, [
      { name: 'a', text: JSON.stringify(days.toReversed()) },
    ])
    expect(events.map((event) => event.origin.recordId)).toEqual(calls.map((record) => record['eventID']))
    expect(reports[0]).toMatchObject({ late: 0, decisions: ['turned round: the newest record comes first'] })
  })

  it('counts what was delivered to two accounts once', async () => {
    const shared = { sharedEventID: 'shared-1' }
    const text = JSON.stringify([
      call('AssumeRole', shared),
      call('AssumeRole', { ...shared, recipientAccountId: '210987654321' }),
    ])
    const { events, report } = await eventsOf(cloudtrail, 'cloud-api', text)
    expect(events).toHaveLength(1)
    expect(report.duplicates).toBe(1)
  })
})

describe('what is no call', () => {
  it('is named: digests, insights', async () => {
    const digest = JSON.stringify({
      awsAccountId: ACCOUNT,
      digestStartTime: '2026-05-12T02:00:00Z',
      digestEndTime: '2026-05-12T03:00:00Z',
      digestS3Bucket: 'b',
      logFiles: [],
    })
    expect(cloudtrail.recognise(Buffer.from(digest))).toBe(1)
    expect((await eventsOf(cloudtrail, 'cloud-api', digest)).report).toMatchObject({
      records: 1,
      unused: 1,
      bad: 0,
      decisions: ['a digest file, which vouches for other files and holds no calls'],
    })
    const insight = JSON.stringify(
      call('RunInstances', { eventType: 'AwsCloudTrailInsight', eventCategory: 'Insight' }),
    )
    expect((await eventsOf(cloudtrail, 'cloud-api', insight)).report).toMatchObject({ unused: 1, bad: 0 })
  })

  it('is counted: damage, other JSON', async () => {
    const { events, report } = await eventsOf(
      cloudtrail,
      'cloud-api',
      `{"a":1}\n{"eventTime":"yesterday"}\n{"x\n{bad}\n${JSON.stringify(RUN_GPUS)}\n`,
    )
    expect(events).toHaveLength(1)
    expect(report).toMatchObject({ records: 5, bad: 4 })
    expect(report.problems).toEqual([
      '1 record is cut off',
      '1 record is not valid JSON',
      '2 records are no calls with a time',
    ])
  })

  it.each([
    '{"a":1}',
    '[]',
    'May 12 03:14:07 web-1 sshd[7]: Failed',
    '{"timestamp":"2026-05-12T03:14:07Z","event_type":"alert"}',
    '',
  ])('is not recognised: %s', (text) => {
    expect(cloudtrail.recognise(Buffer.from(text))).toBe(0)
  })

  it('never breaks the source, whatever a record holds', async () => {
    const keys = fc.constantFrom(
      'eventTime',
      'eventName',
      'eventSource',
      'userIdentity',
      'requestParameters',
      'responseElements',
      'resources',
      'errorCode',
      'sessionContext',
      'useridentity',
      'eventtime',
      '__proto__',
    )
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('2026-05-12T03:14:07Z', '{a=b, c={', 'i-0aaaaaaaaaaaaaaa1', '{"x":[1'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(keys, value), { maxLength: 5 }), async (records) => {
        const { events, report } = await eventsOf(
          cloudtrail,
          'cloud-api',
          records
            .map((record) => JSON.stringify({ eventTime: '2026-05-12T03:14:07Z', ...record }))
            .join('\n'),
        )
        for (const event of events) Schema.parse(event)
        expect(events.length + report.bad + report.unused + report.duplicates).toBe(report.records)
      }),
      { seed: 4, numRuns: 300 },
    )
  })
})

const stratus = resolve(import.meta.dirname, '../../../../shared/corpus/cloudtrail/stratus')
describe('recordings of attack techniques', () => {
  it.skipIf(!existsSync(stratus))('are read without a loss', async () => {
    const files = readdirSync(stratus).map((name) => ({ name, text: readFileSync(resolve(stratus, name)) }))
    for (const file of files)
      expect(cloudtrail.recognise(file.text.subarray(0, 65_536)), file.name).toBeGreaterThan(0.9)
    const { events, reports } = await readTexts(cloudtrail, files)
    expect(events.length).toBe(
      reports.reduce((sum, { records, duplicates }) => sum + records - duplicates, 0),
    )
    expect(reports.flatMap(({ problems }) => problems)).toEqual([])
    const unusual = events.filter(
      (event) => event.kind === 'cloud-api' && event.origin.file.includes('unusual'),
    )
    expect(unusual).toContainEqual(
      expect.objectContaining({
        operation: 'RunInstances',
        outcome: 'denied',
        compute: expect.objectContaining({ count: 10 }),
      }),
    )
  })
})

const hub = resolve(import.meta.dirname, '../../../../shared/corpus/logs/crowdsec-hub')
describe('log samples of others', () => {
  it.skipIf(!existsSync(hub))('are read without a loss', async () => {
    for (const name of ['aws-bf', 'aws-cloudtrail-postexploit', 'aws-nwo-login']) {
      const text = readFileSync(resolve(hub, name, `${name}.log`))
      expect(cloudtrail.recognise(text), name).toBe(1)
      const { events, report } = await eventsOf(cloudtrail, 'cloud-api', text)
      expect(events.length + report.duplicates, name).toBe(report.records)
      expect(report.problems, name).toEqual([])
    }
  })
})
