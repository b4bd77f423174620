import { Random } from '../../random.ts'
import type { ApiCall } from '../witness.ts'

/** A call to AWS's control plane without who, when and where: fields as CloudTrail records them. */
export type CloudDeed = Pick<
  ApiCall,
  'eventSource' | 'eventName' | 'isReadOnly' | 'request' | 'response' | 'errorCode'
>
export type CloudCaller = Pick<ApiCall, 'account' | 'region' | 'caller' | 'source' | 'userAgent'>

/** What CloudTrail puts in place of secrets. */
const REMOVED = '<sensitiveDataRemoved>'

export function callOf(by: CloudCaller, deed: CloudDeed, timeMs: number): ApiCall {
  return { kind: 'api-call', timeMs, ...by, ...deed }
}

/** The same call, turned down. */
export function refused(deed: CloudDeed, errorCode: string): CloudDeed {
  return { ...deed, response: null, errorCode }
}

/** Any call that only looks: CloudTrail leaves its answer out. */
export function look(service: string, eventName: string, request: CloudDeed['request'] = null): CloudDeed {
  return {
    eventSource: `${service}.amazonaws.com`,
    eventName,
    isReadOnly: true,
    request,
    response: null,
    errorCode: null,
  }
}

export function change(
  service: string,
  eventName: string,
  request: CloudDeed['request'],
  response: CloudDeed['response'] = null,
): CloudDeed {
  return { ...look(service, eventName, request), isReadOnly: false, response }
}

/** L-1216C47A: running on-demand standard instances, in vCPUs; L-DB2E81BA: G and VT. */
export function getServiceQuota(quotaCode: string): CloudDeed {
  return look('servicequotas', 'GetServiceQuota', { serviceCode: 'ec2', quotaCode })
}

export interface Launch {
  readonly instanceType: string
  readonly imageId: string
  readonly count: number
  readonly keyName: string | null
  readonly subnetId: string
  readonly zone: string
  readonly hasUserData: boolean
  readonly isSpot: boolean
  readonly timeMs: number
}

/** Ids of the instances stand in the response. */
export function runInstances(launch: Launch, account: string, random: Random): CloudDeed {
  const { instanceType, imageId, count, keyName, subnetId, zone } = launch
  const key = keyName === null ? {} : { keyName }
  const request = {
    instancesSet: { items: [{ imageId, minCount: 1, maxCount: count, ...key }] },
    instanceType,
    blockDeviceMapping: {},
    monitoring: { enabled: false },
    subnetId,
    disableApiTermination: false,
    disableApiStop: false,
    clientToken: clientToken(random),
    ...(launch.hasUserData ? { userData: REMOVED } : {}),
    ...(launch.isSpot ? { instanceMarketOptions: { marketType: 'spot' } } : {}),
  }
  const items = Array.from({ length: count }, (_, amiLaunchIndex) => ({
    instanceId: `i-0${random.hex(16)}`,
    imageId,
    instanceState: { code: 0, name: 'pending' },
    privateDnsName: '',
    ...key,
    amiLaunchIndex,
    productCodes: {},
    instanceType,
    launchTime: Math.floor(launch.timeMs / 1000) * 1000,
    placement: { availabilityZone: zone, tenancy: 'default' },
    monitoring: { state: 'disabled' },
    subnetId,
  }))
  const response = {
    requestId: clientToken(random),
    reservationId: `r-0${random.hex(16)}`,
    ownerId: account,
    groupSet: {},
    instancesSet: { items },
  }
  return change('ec2', 'RunInstances', request, response)
}

export function setTerminationProtection(instanceId: string, isOn: boolean): CloudDeed {
  const request = { instanceId, disableApiTermination: { value: isOn } }
  return change('ec2', 'ModifyInstanceAttribute', request, { _return: true })
}

export function createKeyPair(keyName: string, random: Random): CloudDeed {
  const response = {
    keyName,
    keyFingerprint: Array.from({ length: 20 }, () => random.hex(2)).join(':'),
    keyPairId: `key-0${random.hex(16)}`,
    keyMaterial: REMOVED,
  }
  return change('ec2', 'CreateKeyPair', { keyName, keyType: 'rsa', keyFormat: 'pem' }, response)
}

export function authorizeIngress(groupId: string, port: number, cidrIp: string): CloudDeed {
  const permission = {
    ipProtocol: 'tcp',
    fromPort: port,
    toPort: port,
    groups: {},
    ipRanges: { items: [{ cidrIp }] },
    ipv6Ranges: {},
    prefixListIds: {},
  }
  const request = { groupId, ipPermissions: { items: [permission] } }
  return change('ec2', 'AuthorizeSecurityGroupIngress', request, { _return: true })
}

export function createUser(userName: string, account: string): CloudDeed {
  const user = { path: '/', userName, arn: `arn:aws:iam::${account}:user/${userName}` }
  return change('iam', 'CreateUser', { userName }, { user })
}

export function createAccessKey(userName: string, accessKeyId: string): CloudDeed {
  const accessKey = { userName, accessKeyId, status: 'Active' }
  return change('iam', 'CreateAccessKey', { userName }, { accessKey })
}

export function attachUserPolicy(userName: string, policyArn: string): CloudDeed {
  return change('iam', 'AttachUserPolicy', { userName, policyArn })
}

export function createLoginProfile(userName: string): CloudDeed {
  const loginProfile = { userName, passwordResetRequired: false }
  return change('iam', 'CreateLoginProfile', { userName, passwordResetRequired: false }, { loginProfile })
}

export function deleteDetector(detectorId: string): CloudDeed {
  return change('guardduty', 'DeleteDetector', { detectorId })
}

export function updateDetector(detectorId: string, enable: boolean): CloudDeed {
  return change('guardduty', 'UpdateDetector', { detectorId, enable })
}

export function stopLogging(trailArn: string): CloudDeed {
  return change('cloudtrail', 'StopLogging', { name: trailArn })
}

export function deleteFlowLogs(flowLogId: string): CloudDeed {
  const request = { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: flowLogId } } }
  const response = { DeleteFlowLogsResponse: { unsuccessful: '' } }
  return change('ec2', 'DeleteFlowLogs', request, response)
}

export function deleteAlarms(alarmNames: readonly string[]): CloudDeed {
  return change('monitoring', 'DeleteAlarms', { alarmNames })
}

export function createCluster(clusterName: string): CloudDeed {
  return change('ecs', 'CreateCluster', { clusterName })
}

export function registerTaskDefinition(family: string, image: string): CloudDeed {
  return change('ecs', 'RegisterTaskDefinition', {
    family,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '16384',
    memory: '32768',
    containerDefinitions: [{ name: family, image, essential: true }],
  })
}

export function createService(cluster: string, family: string, desiredCount: number): CloudDeed {
  const request = {
    cluster,
    serviceName: family,
    taskDefinition: family,
    desiredCount,
    launchType: 'FARGATE',
  }
  return change('ecs', 'CreateService', request)
}

export function createLaunchTemplate(name: string, instanceType: string, imageId: string): CloudDeed {
  const data = { InstanceType: instanceType, ImageId: imageId, UserData: REMOVED }
  return change('ec2', 'CreateLaunchTemplate', {
    CreateLaunchTemplateRequest: { LaunchTemplateName: name, LaunchTemplateData: data },
  })
}

export function createAutoScalingGroup(
  name: string,
  launchTemplateName: string,
  sizes: { minSize: number; maxSize: number },
  availabilityZones: readonly string[],
): CloudDeed {
  return change('autoscaling', 'CreateAutoScalingGroup', {
    autoScalingGroupName: name,
    launchTemplate: { launchTemplateName, version: '$Latest' },
    ...sizes,
    availabilityZones,
  })
}

/** Right in shape, and marked as nobody's: `AKIA…EXAMPLE` for users, `ASIA…EXAMPLE` for sessions. */
export function accessKeyId(prefix: 'AKIA' | 'ASIA', random: Random): string {
  return `${prefix}${random.text(9, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}EXAMPLE`
}

/** How long the credentials of a role session are good for. */
export const ROLE_SESSION_MS: number = 6 * 3_600_000

/** The key of a role session (`arn:aws:sts::…:assumed-role/ROLE/SESSION`) at a time: whoever stole it calls by the same. */
export function sessionKeyId(arn: string, timeMs: number): string {
  return accessKeyId('ASIA', new Random(`${arn} ${Math.floor(timeMs / ROLE_SESSION_MS)}`))
}

/** The role of an instance's profile, as the metadata service hands it out. */
export function instanceCaller(account: string, instanceId: string, timeMs: number): ApiCall['caller'] {
  const arn = `arn:aws:sts::${account}:assumed-role/instance/${instanceId}`
  return { type: 'AssumedRole', arn, userName: null, accessKeyId: sessionKeyId(arn, timeMs) }
}

function clientToken(random: Random): string {
  const hex = random.hex(32)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
