/** What accounts see every day: calls of people and programs that own them. Nothing in it is worth more than `low`. */

type Call = Readonly<Record<string, unknown>>

const ACCOUNT = '123456789012'
const TERRAFORM =
  'APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-aws/5.60.0'
const REGIONS = [
  'us-east-1',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-south-1',
  'sa-east-1',
  'ca-central-1',
]
const KARPENTER = 'karpenter.sh-1.0.1'

function role(name: string, session: string): Call {
  return {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${session}`,
    accountId: ACCOUNT,
    sessionContext: { sessionIssuer: { type: 'Role', userName: name } },
  }
}

const service = (name: string): Call => ({
  userIdentity: {
    ...role(`AWSServiceRoleFor${name}`, name),
    invokedBy: `${name.toLowerCase()}.amazonaws.com`,
  },
  sourceIPAddress: `${name.toLowerCase()}.amazonaws.com`,
  userAgent: `${name.toLowerCase()}.amazonaws.com`,
})

const terraform: Call = { userIdentity: role('infrastructure', 'plan-7'), userAgent: TERRAFORM }
const pipeline: Call = { userIdentity: role('deploy', 'GitHubActions'), userAgent: 'aws-cli/2.17.0' }
const tool: Call = { userIdentity: role('cost-reader', 'nightly'), userAgent: 'Boto3/1.34.0' }
const person: Call = {
  userIdentity: role('AWSReservedSSO_Admin_0a1b', 'alice@example.org'),
  userAgent: 'Mozilla/5.0',
}
const node: Call = {
  userIdentity: role('nodes', 'i-0aaaaaaaaaaaaaaa1'),
  sourceIPAddress: '3.120.10.9',
  userAgent: 'aws-sdk-go/1.50.0',
}

function call(who: Call, source: string, eventName: string, requestParameters: unknown = null): Call {
  return {
    eventSource: `${source}.amazonaws.com`,
    eventName,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '203.0.113.20',
    recipientAccountId: ACCOUNT,
    requestParameters,
    ...who,
  }
}

const trustOf = (principal: Call): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] })

function machines(instanceType: string, maxCount: number, more: Call = {}): Call {
  return { instanceType, instancesSet: { items: [{ imageId: 'ami-0abc', minCount: 1, maxCount }] }, ...more }
}

export const EVERYDAY: Readonly<Record<string, readonly Call[]>> = {
  'an environment by infrastructure code': [
    call(terraform, 'sts', 'GetCallerIdentity'),
    call(terraform, 'ec2', 'DescribeAccountAttributes'),
    call(terraform, 'ec2', 'CreateVpc', { cidrBlock: '10.4.0.0/16' }),
    call(terraform, 'ec2', 'ModifyVpcAttribute', { vpcId: 'vpc-1', enableDnsSupport: { value: true } }),
    call(terraform, 'ec2', 'CreateDhcpOptions', {
      dhcpConfigurationSet: {
        items: [{ key: 'domain-name-servers', valueSet: { items: [{ value: 'AmazonProvidedDNS' }] } }],
      },
    }),
    call(terraform, 'ec2', 'AssociateDhcpOptions', { dhcpOptionsId: 'dopt-1', vpcId: 'vpc-1' }),
    call(terraform, 'ec2', 'AuthorizeSecurityGroupIngress', {
      groupId: 'sg-1',
      ipPermissions: {
        items: [
          { ipProtocol: 'tcp', fromPort: 443, toPort: 443, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } },
        ],
      },
    }),
    call(terraform, 'iam', 'CreateRole', {
      roleName: 'app',
      assumeRolePolicyDocument: trustOf({ Service: 'ec2.amazonaws.com' }),
    }),
    call(terraform, 'iam', 'AttachRolePolicy', {
      roleName: 'app',
      policyArn: 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
    }),
    call(terraform, 'ec2', 'RunInstances', machines('t3.large', 2, { disableApiTermination: true })),
    call(terraform, 'autoscaling', 'CreateAutoScalingGroup', { minSize: 2, maxSize: 12 }),
    call(terraform, 'rds', 'CreateDBInstance', { dBInstanceClass: 'db.r6g.24xlarge' }),
    call(terraform, 'cloudtrail', 'CreateTrail', { name: 'main', isMultiRegionTrail: true }),
    call(terraform, 'cloudtrail', 'StartLogging', { name: 'main' }),
    call(terraform, 'route53', 'ChangeResourceRecordSets', {
      changeBatch: { changes: [{ resourceRecordSet: { name: 'app.example.org.', type: 'A' } }] },
    }),
    call(terraform, 'lambda', 'AddPermission20150331v2', {
      functionName: 'f',
      principal: 'events.amazonaws.com',
      sourceArn: `arn:aws:events:eu-central-1:${ACCOUNT}:rule/x`,
    }),
  ],
  'machines that services start and stop': [
    call(service('AutoScaling'), 'ec2', 'RunInstances', machines('p4d.24xlarge', 16)),
    call(service('AutoScaling'), 'ec2', 'TerminateInstances', {}),
    call(service('EC2Spot'), 'ec2', 'RunInstances', machines('g5.48xlarge', 40)),
    call(service('AutoScaling'), 'monitoring', 'DeleteAlarms', { alarmNames: ['TargetTracking-x'] }),
    call(service('ECS'), 'ec2', 'CreateNetworkInterface', {}),
  ],
  'deployments by a pipeline': [
    call(pipeline, 'ecr', 'PutImage', {}),
    call(pipeline, 'ecs', 'RegisterTaskDefinition', {
      cpu: '16384',
      containerDefinitions: [{ image: `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/app:9` }],
    }),
    call(pipeline, 'ecs', 'UpdateService', { service: 'app', desiredCount: 40 }),
    call(pipeline, 'lambda', 'UpdateFunctionCode20150331v2', { functionName: 'f' }),
    call(pipeline, 'codebuild', 'StartBuild', { projectName: 'app' }),
    call(pipeline, 'ssm', 'SendCommand', { documentName: 'AWS-RunShellScript' }),
    call(pipeline, 's3', 'DeleteBucketPolicy', { bucketName: 'site' }),
  ],
  'a cost tool in every region': REGIONS.flatMap((awsRegion) => [
    { ...call(tool, 'servicequotas', 'ListServiceQuotas', { serviceCode: 'ec2' }), awsRegion },
    { ...call(tool, 'ec2', 'DescribeInstances'), awsRegion },
    { ...call(tool, 'ec2', 'DescribeAccountAttributes'), awsRegion },
    { ...call(tool, 'ce', 'GetCostAndUsage'), awsRegion },
  ]),
  'nodes that come and go': [
    call({ ...node, userIdentity: role('karpenter', '17'), userAgent: KARPENTER }, 'ec2', 'CreateFleet', {
      CreateFleetRequest: { TargetCapacitySpecification: { TotalTargetCapacity: 1 } },
    }),
    call(node, 'ecr', 'GetAuthorizationToken'),
    call(node, 'ec2', 'DescribeInstances'),
    call(node, 'sts', 'GetCallerIdentity'),
    call({ ...node, sourceIPAddress: '10.4.0.9', vpcEndpointId: 'vpce-1' }, 's3', 'ListBuckets'),
  ],
  'an administrator in the console': [
    {
      ...call(person, 'signin', 'ConsoleLogin'),
      responseElements: { ConsoleLogin: 'Success' },
      additionalEventData: { MFAUsed: 'No' },
    },
    call(person, 'servicequotas', 'GetServiceQuota', { serviceCode: 'ec2' }),
    call(person, 'ec2', 'RunInstances', machines('m6i.xlarge', 1)),
    call(person, 'ssm', 'StartSession', { target: 'i-0bbbbbbbbbbbbbbb2' }),
    call(person, 'ec2', 'CreateKeyPair', { keyName: 'alice' }),
    call(person, 'iam', 'CreateUser', { userName: 'backup' }),
    call(person, 'cloudtrail', 'LookupEvents'),
  ],
}
