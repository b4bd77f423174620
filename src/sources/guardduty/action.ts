import { isIP } from 'node:net'
import { type Fields, isFields, listAt, objectAt, portAt, textAt } from '../json/fields.ts'

/** Between whom it was, seen from the resource. */
export interface FindingAction {
  readonly remoteIp: string | null
  readonly remotePort: number | null
  readonly localIp: string | null
  readonly localPort: number | null
  /** The remote end began it. */
  readonly isInbound: boolean
  readonly domain: string | null
  readonly transport: string | null
  readonly isBlocked: boolean
}

const NOTHING: FindingAction = {
  remoteIp: null,
  remotePort: null,
  localIp: null,
  localPort: null,
  isInbound: false,
  domain: null,
  transport: null,
  isBlocked: false,
}

/** `service.action` of any type. */
export function actionOf(service: Fields): FindingAction {
  const action = objectAt(service, 'action')
  const connection = action['networkConnectionAction']
  if (isFields(connection)) return connectionOf(connection, connection['connectionDirection'] === 'INBOUND')
  const query = action['dnsRequestAction']
  if (isFields(query))
    return {
      ...NOTHING,
      domain: domainOf(query),
      transport: textAt(query, 'protocol'),
      isBlocked: query['blocked'] === true,
    }
  const probe = action['portProbeAction']
  if (isFields(probe)) {
    const first = listAt(probe, 'portProbeDetails').find(isFields)
    return first === undefined
      ? NOTHING
      : { ...connectionOf(first, true), isBlocked: probe['blocked'] === true }
  }
  for (const name of ['awsApiCallAction', 'kubernetesApiCallAction', 'rdsLoginAttemptAction']) {
    const call = action[name]
    if (isFields(call))
      return { ...connectionOf(call, true), domain: textAt(objectAt(call, 'domainDetails'), 'domain') }
  }
  return NOTHING
}

function connectionOf(details: Fields, isInbound: boolean): FindingAction {
  return {
    remoteIp: addressIn(objectAt(details, 'remoteIpDetails')),
    remotePort: portAt(objectAt(details, 'remotePortDetails'), 'port'),
    localIp: addressIn(objectAt(details, 'localIpDetails')),
    localPort: portAt(objectAt(details, 'localPortDetails'), 'port'),
    isInbound,
    domain: null,
    transport: textAt(details, 'protocol'),
    isBlocked: details['blocked'] === true,
  }
}

function domainOf(query: Fields): string | null {
  const domain = textAt(query, 'domain')
  return domain === null ? null : (domain.endsWith('.') ? domain.slice(0, -1) : domain).toLowerCase()
}

function addressIn(details: Fields): string | null {
  const text = textAt(details, 'ipAddressV4') ?? textAt(details, 'ipAddressV6')
  return text !== null && isIP(text) !== 0 ? text : null
}
