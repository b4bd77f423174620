import { Random } from '../../random.ts'
import { secondTime } from '../clock-text.ts'
import type { ApiCall } from '../witness.ts'
import { ROLE_SESSION_MS } from './cloud-calls.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

type Caller = ApiCall['caller']

/** `userIdentity` as each type of caller has it (CloudTrail user guide, "userIdentity element"). */
export function callerFields(caller: Caller, account: string, timeMs: number): Record<string, unknown> {
  const { type, arn } = caller
  if (type === 'AWSService') return { type, invokedBy: arn }
  if (type === 'AssumedRole') return assumedRole(caller, account, timeMs)
  const own = { accountId: account, ...keyField(caller) }
  if (type === 'Root') return { type, principalId: account, arn, ...own }
  return {
    type,
    principalId: principalId('AIDA', arn),
    arn,
    ...own,
    userName: caller.userName ?? lastPart(arn),
  }
}

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` */
function assumedRole(caller: Caller, account: string, timeMs: number): Record<string, unknown> {
  const [, role = 'role', session = 'session'] = caller.arn.split('/')
  const roleArn = `arn:aws:iam::${account}:role/${role}`
  const roleId = principalId('AROA', roleArn)
  const createdMs = timeMs - (timeMs % ROLE_SESSION_MS)
  return {
    type: caller.type,
    principalId: `${roleId}:${session}`,
    arn: caller.arn,
    accountId: account,
    ...keyField(caller),
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: roleId,
        arn: roleArn,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: secondTime(createdMs), mfaAuthenticated: 'false' },
      ...(session.startsWith('i-') ? { ec2RoleDelivery: '2.0' } : {}),
    },
  }
}

function keyField(caller: Caller): Record<string, string> {
  return caller.accessKeyId === null ? {} : { accessKeyId: caller.accessKeyId }
}

/** A principal keeps its id: derived from its name, and marked as nobody's. */
function principalId(prefix: string, arn: string): string {
  return `${prefix}${new Random(`principal ${arn}`).text(10, BASE32)}EXAMPLE`
}

/** What the services say beside an error code. */
export function errorMessage(call: ApiCall): string {
  const action = `${call.eventSource.slice(0, call.eventSource.indexOf('.'))}:${call.eventName}`
  switch (call.errorCode) {
    case 'Client.DryRunOperation':
      return 'Request would have succeeded, but DryRun flag is set.'
    case 'Client.VcpuLimitExceeded':
      return 'You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.'
    case 'Client.UnauthorizedOperation':
      return `You are not authorized to perform this operation. User: ${call.caller.arn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action.`
    case 'Client.OptInRequired':
      return 'You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.'
    case 'Server.InsufficientInstanceCapacity':
      return 'We currently do not have sufficient capacity in the Availability Zone you requested. Our system will be working on provisioning additional capacity.'
    case 'Client.OperationNotPermitted':
      return "The instance may not be terminated. Modify its 'disableApiTermination' instance attribute and try again."
    case 'Client.RequestLimitExceeded':
      return 'Request limit exceeded.'
    default:
      return `User: ${call.caller.arn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`
  }
}

/** RFC 9562 version 4. */
export function uuidFrom(random: Random): string {
  const hex = random.hex(30)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${random.pick(['8', '9', 'a', 'b'])}${hex.slice(15, 18)}-${hex.slice(18, 30)}`
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
