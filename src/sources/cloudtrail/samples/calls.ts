/** Calls of an invented account, in the shape that CloudTrail delivers. */
export const ACCOUNT = '123456789012'

const IDENTITY = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLE',
  arn: `arn:aws:iam::${ACCOUNT}:user/build`,
  accountId: ACCOUNT,
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  userName: 'build',
}

export type Call = Readonly<Record<string, unknown>>

let nextId = 0

export function call(eventName: string, more: Call = {}): Call {
  return {
    eventVersion: '1.09',
    userIdentity: IDENTITY,
    eventTime: '2026-05-12T03:14:07Z',
    eventSource: 'ec2.amazonaws.com',
    eventName,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2.15.0',
    requestParameters: null,
    responseElements: null,
    eventID: `00000000-0000-4000-8000-${String(nextId++).padStart(12, '0')}`,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    ...more,
  }
}

export const RUN_GPUS = call('RunInstances', {
  requestParameters: {
    instancesSet: { items: [{ imageId: 'ami-0abc0abc0abc0abc0', minCount: 1, maxCount: 8, keyName: 'k' }] },
    instanceType: 'p3.16xlarge',
  },
  responseElements: {
    instancesSet: {
      items: [{ instanceId: 'i-0aaaaaaaaaaaaaaa1' }, { instanceId: 'i-0aaaaaaaaaaaaaaa2' }],
    },
  },
})
