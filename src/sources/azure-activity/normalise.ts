import { isIP } from 'node:net'
import type { CloudApiEvent } from '../../event/cloud-api.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import type { JsonMeaning, JsonRecord } from '../json/define-json-source.ts'
import { countAt, type Fields, isFields, objectAt, parseFields, textAt } from '../json/fields.ts'

const LOG_SOURCE = { product: 'azure', service: 'activitylogs' }
const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/'
/** The call was taken, and how it ends is told later, in a record of its own. */
const BEGUN: ReadonlySet<string> = new Set(['start', 'started', 'accept', 'accepted'])
const DENIED = /forbidden|unauthori[sz]ed|authorizationfailed|^40[13]$/iu
const VIRTUAL_MACHINE =
  /^\/subscriptions\/.{1,400}\/providers\/microsoft\.compute\/virtualmachines\/[^/]{1,100}$/u

/** One record → `cloud-api`; what only begins is left to rules. */
export function normaliseActivity({ fields, time, timeQuality, origin }: JsonRecord): JsonMeaning {
  const operation = textAt(fields, 'operationName') ?? ''
  const resource = textAt(fields, 'resourceId') ?? ''
  const account = /^\/subscriptions\/([^/]{1,100})/iu.exec(resource)?.[1]?.toLowerCase() ?? null
  const observer = identifier('account', account ?? textAt(fields, 'tenantId') ?? 'unknown')
  const subjects = subjectsOf(resource.toLowerCase(), observer)
  const result = textAt(fields, 'resultType')?.toLowerCase() ?? ''
  const meaning = { logSource: LOG_SOURCE, observer, subjects }
  if (BEGUN.has(result)) return { ...meaning, events: [] }
  const identity = objectAt(fields, 'identity')
  const claims = objectAt(identity, 'claims')
  const source = addressOf(textAt(fields, 'callerIpAddress'))
  const event: CloudApiEvent = {
    kind: 'cloud-api',
    time,
    timeQuality,
    observer,
    subjects,
    origin,
    provider: 'azure',
    service: operation.slice(0, Math.max(0, operation.indexOf('/'))).toLowerCase(),
    operation,
    ...outcomeOf(fields, result),
    isDryRun: false,
    isReadOnly: /\/read$/iu.test(operation) ? true : null,
    account,
    region: textAt(fields, 'location'),
    caller:
      textAt(claims, `${CLAIMS}upn`) ??
      textAt(claims, `${CLAIMS}name`) ??
      textAt(claims, `${CLAIMS}emailaddress`) ??
      textAt(claims, 'appid'),
    callerType: textAt(objectAt(objectAt(identity, 'authorization'), 'evidence'), 'principalType'),
    accessKeyId: null,
    hasMfa: null,
    srcIp: source,
    srcHost: null,
    userAgent: null,
    resources: resource === '' ? [] : [resource],
    compute: computeOf(operation, fields['properties']),
  }
  return { ...meaning, events: [event] }
}

function outcomeOf(fields: Fields, result: string): Pick<CloudApiEvent, 'outcome' | 'errorCode'> {
  if (!result.startsWith('fail')) return { outcome: 'success', errorCode: null }
  const errorCode = textAt(fields, 'resultSignature') ?? textAt(fields, 'resultType')
  const isDenied = (errorCode ?? '').split('.').some((part) => DENIED.test(part))
  return { outcome: isDenied ? 'denied' : 'failure', errorCode }
}

/** `198.51.100.7`, with or without a port. */
function addressOf(text: string | null): string | null {
  if (text === null) return null
  const bare = /^[\d.]{7,15}:\d{1,5}$/u.test(text) ? text.slice(0, text.indexOf(':')) : text
  return isIP(bare) === 0 ? null : bare
}

function subjectsOf(resource: string, account: Identifier): Identifier[] {
  return VIRTUAL_MACHINE.test(resource) ? [identifier('instance', resource), account] : [account]
}

/** The body of the request, where the record holds it: an object, or JSON text. */
function computeOf(operation: string, properties: unknown): CloudApiEvent['compute'] {
  const name = operation.toLowerCase()
  const isMachine = name === 'microsoft.compute/virtualmachines/write'
  if (!isMachine && name !== 'microsoft.compute/virtualmachinescalesets/write') return null
  const fields = objectOf(properties)
  const body = objectOf(fields['requestbody'] ?? fields['requestBody'])
  const inner = objectAt(body, 'properties')
  const size = isMachine
    ? textAt(objectAt(inner, 'hardwareProfile'), 'vmSize')
    : textAt(objectAt(body, 'sku'), 'name')
  const image = objectAt(objectAt(inner, 'storageProfile'), 'imageReference')
  return {
    instanceType: size,
    count: isMachine ? 1 : (countAt(objectAt(body, 'sku'), 'capacity') ?? 0),
    imageId: textAt(image, 'id') ?? textAt(image, 'offer'),
  }
}

function objectOf(value: unknown): Fields {
  if (typeof value === 'string') return parseFields(value) ?? {}
  return isFields(value) ? value : {}
}
