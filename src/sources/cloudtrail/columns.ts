import { type Fields, isFields } from '../json/fields.ts'
import { parseStruct } from './struct-text.ts'

/**
 * A record as CloudTrail logs it, out of a row of a table: Athena and CloudTrail Lake give the columns in
 * lower or snake case, and what is nested as JSON text or as the engine prints it. What is no such row
 * comes back as it is.
 */
export function fromColumns(fields: Fields): Fields {
  if (typeof fields['eventTime'] === 'string' && isFields(fields['userIdentity'])) return fields
  const record: Record<string, unknown> = {}
  let isRow = false
  for (const [column, value] of Object.entries(fields)) {
    const name = COLUMNS.get(plain(column))
    if (name === undefined) {
      record[column] = value
      continue
    }
    if (value === null || value === '' || value === 'null') continue
    isRow = true
    record[name] = NESTED.has(name) ? nested(value, name) : name === 'readOnly' ? flag(value) : value
  }
  return isRow ? record : fields
}

/** Whether these are the columns of such a table. */
export function areColumns(columns: readonly string[]): boolean {
  const names = new Set(columns.map((column) => COLUMNS.get(plain(column))))
  return names.has('eventTime') && names.has('eventName') && names.has('eventSource')
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

function flag(value: unknown): unknown {
  return value === 'true' ? true : value === 'false' ? false : value
}

const NAMES = [
  'additionalEventData',
  'apiVersion',
  'awsRegion',
  'errorCode',
  'errorMessage',
  'eventCategory',
  'eventID',
  'eventName',
  'eventSource',
  'eventTime',
  'eventType',
  'eventVersion',
  'managementEvent',
  'readOnly',
  'recipientAccountId',
  'requestID',
  'requestParameters',
  'resources',
  'responseElements',
  'serviceEventDetails',
  'sharedEventID',
  'sourceIPAddress',
  'tlsDetails',
  'userAgent',
  'userIdentity',
  'vpcEndpointId',
] as const
const COLUMNS: ReadonlyMap<string, string> = new Map(NAMES.map((name) => [name.toLowerCase(), name]))

const NESTED: ReadonlySet<string> = new Set([
  'additionalEventData',
  'requestParameters',
  'resources',
  'responseElements',
  'serviceEventDetails',
  'tlsDetails',
  'userIdentity',
])
/** Members that the table's own definition spells in lower case. */
const LOWERED: ReadonlySet<string> = new Set(['resources', 'tlsDetails', 'userIdentity'])

const MEMBERS: ReadonlyMap<string, string> = new Map(
  [
    'ARN',
    'accessKeyId',
    'accountId',
    'arn',
    'attributes',
    'cipherSuite',
    'clientProvidedHostHeader',
    'creationDate',
    'ec2RoleDelivery',
    'federatedProvider',
    'identityProvider',
    'invokedBy',
    'mfaAuthenticated',
    'onBehalfOf',
    'principalId',
    'sessionContext',
    'sessionIssuer',
    'tlsVersion',
    'type',
    'userName',
    'webIdFederationData',
  ].map((name) => [name.toLowerCase(), name]),
)
const MAX_DEPTH = 8

function nested(value: unknown, name: string): unknown {
  const inner = typeof value === 'string' ? (json(value) ?? parseStruct(value) ?? value) : value
  return LOWERED.has(name) ? respelled(inner, 0) : unfolded(inner)
}

function json(text: string): unknown {
  if (!/^[[{]/u.test(text)) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The values of CloudTrail Lake's maps are text, JSON where they are nested. */
function unfolded(value: unknown): unknown {
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'string' ? (json(member) ?? member) : member,
    ]),
  )
}

function respelled(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return null
  if (Array.isArray(value)) return value.map((member: unknown) => respelled(member, depth + 1))
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      MEMBERS.get(plain(name)) ?? name,
      respelled(member, depth + 1),
    ]),
  )
}
