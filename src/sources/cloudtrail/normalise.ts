import { isIP } from 'node:net'
import type { CloudApiEvent } from '../../event/cloud-api.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import type { JsonMeaning, JsonRecord } from '../json/define-json-source.ts'
import { booleanAt, type Fields, objectAt, textAt } from '../json/fields.ts'
import { type Caller, callerOf } from './caller.ts'
import { computeOf } from './compute.ts'
import { outcomeOf } from './outcome.ts'
import { resourcesOf } from './resources.ts'

const LOG_SOURCE = { product: 'aws', service: 'cloudtrail' }

/** A file that vouches for others: it lists their hashes. */
export function isDigest(record: Fields): boolean {
  return typeof record['digestEndTime'] === 'string' && Array.isArray(record['logFiles'])
}

/** One call → `cloud-api`. */
export function normaliseCall(
  { fields, time, timeQuality, origin }: JsonRecord,
  decide: (why: string) => void,
): JsonMeaning | null {
  if (isDigest(fields)) {
    decide('a digest file, which vouches for other files and holds no calls')
    return null
  }
  if (fields['eventCategory'] === 'Insight' || fields['eventType'] === 'AwsCloudTrailInsight') {
    decide('Insights events passed over: they count calls that stand in the trail themselves')
    return null
  }
  const service = textAt(fields, 'eventSource') ?? ''
  const operation = textAt(fields, 'eventName') ?? ''
  const parameters = objectAt(fields, 'requestParameters')
  const response = objectAt(fields, 'responseElements')
  const caller = callerOf(fields)
  const account = textAt(fields, 'recipientAccountId') ?? caller.account
  const { instances, all } = resourcesOf(parameters, response, fields)
  const observer = identifier('account', account ?? 'unknown')
  const subjects = subjectsOf(instances, caller, observer)
  const source = textAt(fields, 'sourceIPAddress')
  const isAddress = source !== null && isIP(source) !== 0
  const event: CloudApiEvent = {
    kind: 'cloud-api',
    time,
    timeQuality,
    observer,
    subjects,
    origin,
    provider: 'aws',
    service,
    operation,
    ...outcomeOf(operation, parameters, response, fields),
    isReadOnly: booleanAt(fields, 'readOnly'),
    account,
    region: textAt(fields, 'awsRegion'),
    caller: caller.name,
    callerType: caller.type,
    accessKeyId: caller.accessKeyId,
    hasMfa: caller.hasMfa,
    srcIp: isAddress ? source : null,
    srcHost: isAddress ? null : source,
    userAgent: textAt(fields, 'userAgent'),
    resources: all,
    compute: computeOf(service, operation, parameters, response),
  }
  // To rules a call is the account's story, whichever machines it names: a burst of calls is one finding.
  const told = [observer, ...subjects.filter((subject) => subject !== observer)]
  return { logSource: LOG_SOURCE, observer, subjects: told, events: [event] }
}

/** The machines that were called for, the machine that called, the account. */
function subjectsOf(instances: readonly string[], caller: Caller, account: Identifier): Identifier[] {
  const machines = new Set(instances)
  if (caller.instance !== null) machines.add(caller.instance)
  return [...[...machines].map((id) => identifier('instance', id)), account]
}
