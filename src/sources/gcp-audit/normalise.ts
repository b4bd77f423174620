import { isIP } from 'node:net'
import type { CloudApiEvent } from '../../event/cloud-api.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import type { JsonMeaning, JsonRecord } from '../json/define-json-source.ts'
import { countAt, type Fields, isFields, listAt, objectAt, textAt } from '../json/fields.ts'

const LOG_SOURCE = { product: 'gcp', service: 'gcp.audit' }
const MAX_RESOURCES = 20

/** Names of google.rpc.Code, by number. */
const CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]
const DENIED: ReadonlySet<string> = new Set(['PERMISSION_DENIED', 'UNAUTHENTICATED'])

/** One entry → `cloud-api`. */
export function normaliseAudit({ fields, time, timeQuality, origin }: JsonRecord): JsonMeaning {
  const payload = objectAt(fields, 'protoPayload')
  const labels = objectAt(objectAt(fields, 'resource'), 'labels')
  const caller = objectAt(payload, 'authenticationInfo')
  const request = objectAt(payload, 'requestMetadata')
  const operation = textAt(payload, 'methodName') ?? ''
  const account = textAt(labels, 'project_id') ?? projectIn(textAt(fields, 'logName') ?? '')
  const observer = identifier('account', account ?? 'unknown')
  const subjects = subjectsOf(labels, observer)
  const name = textAt(caller, 'principalEmail') ?? textAt(caller, 'principalSubject')
  const source = textAt(request, 'callerIp') ?? textAt(request, 'callerIP')
  const isAddress = source !== null && isIP(source) !== 0
  const errorCode = errorOf(payload)
  const event: CloudApiEvent = {
    kind: 'cloud-api',
    time,
    timeQuality,
    observer,
    subjects,
    origin,
    provider: 'gcp',
    service: textAt(payload, 'serviceName') ?? '',
    operation,
    outcome: errorCode === null ? 'success' : DENIED.has(errorCode) ? 'denied' : 'failure',
    errorCode,
    isDryRun: String(objectAt(payload, 'request')['validateOnly']) === 'true',
    isReadOnly: isReadOnly(payload),
    account,
    region: textAt(labels, 'zone') ?? textAt(labels, 'location') ?? textAt(labels, 'region'),
    caller: name,
    callerType: name === null ? null : name.endsWith('gserviceaccount.com') ? 'ServiceAccount' : 'User',
    accessKeyId: textAt(caller, 'serviceAccountKeyName'),
    hasMfa: null,
    srcIp: isAddress ? source : null,
    srcHost: isAddress ? null : source,
    userAgent: textAt(request, 'callerSuppliedUserAgent'),
    resources: resourcesOf(payload),
    compute: computeOf(operation, objectAt(payload, 'request')),
  }
  return { logSource: LOG_SOURCE, observer, subjects, events: [event] }
}

/** Null where the call went through. */
function errorOf(payload: Fields): string | null {
  const code = countAt(objectAt(payload, 'status'), 'code') ?? 0
  if (code !== 0) return CODES[code] ?? `code ${code}`
  const isRefused = listAt(payload, 'authorizationInfo').some(
    (one) => isFields(one) && one['granted'] === false,
  )
  return isRefused ? 'PERMISSION_DENIED' : null
}

/** By the type of the permissions it needed, where they tell. */
function isReadOnly(payload: Fields): boolean | null {
  const types = listAt(payload, 'authorizationInfo').flatMap((one) =>
    isFields(one) ? (textAt(one, 'permissionType') ?? []) : [],
  )
  return types.length === 0 ? null : types.every((type) => type.endsWith('_READ'))
}

function projectIn(logName: string): string | null {
  return /^projects\/([^/]{1,100})\//u.exec(logName)?.[1] ?? null
}

function subjectsOf(labels: Fields, account: Identifier): Identifier[] {
  const instance = textAt(labels, 'instance_id')
  return instance !== null && /^\d{1,24}$/u.test(instance)
    ? [identifier('instance', instance), account]
    : [account]
}

function resourcesOf(payload: Fields): string[] {
  const names = new Set<string>()
  const own = textAt(payload, 'resourceName')
  if (own !== null) names.add(own)
  for (const one of listAt(payload, 'authorizationInfo')) {
    const name = isFields(one) ? textAt(one, 'resource') : null
    if (name !== null) names.add(name)
  }
  return [...names].slice(0, MAX_RESOURCES)
}

/** https://cloud.google.com/compute/docs/reference/rest/v1/instances/insert */
function computeOf(operation: string, request: Fields): CloudApiEvent['compute'] {
  if (operation.endsWith('compute.instances.insert')) return machines(request, 1)
  if (operation.endsWith('compute.instances.bulkInsert'))
    return machines(objectAt(request, 'instanceProperties'), countAt(request, 'count') ?? 1)
  if (operation.endsWith('compute.instanceGroupManagers.insert'))
    return { instanceType: null, count: countAt(request, 'targetSize') ?? 0, imageId: null }
  if (operation.endsWith('compute.instanceGroupManagers.resize'))
    return { instanceType: null, count: countAt(request, 'size') ?? 0, imageId: null }
  return null
}

function machines(properties: Fields, count: number): CloudApiEvent['compute'] {
  const disk = listAt(properties, 'disks').find(isFields) ?? {}
  return {
    instanceType: lastOf(textAt(properties, 'machineType')),
    count,
    imageId: lastOf(textAt(objectAt(disk, 'initializeParams'), 'sourceImage')),
  }
}

/** Of a URL the last part: `…/machineTypes/a2-highgpu-8g`. */
function lastOf(url: string | null): string | null {
  return url === null ? null : url.slice(url.lastIndexOf('/') + 1)
}
