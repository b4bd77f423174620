import { isIP } from 'node:net'
import type { AlertEvent } from '../../event/alert.ts'
import { identifier, type Identifier } from '../../event/identifier.ts'
import { connectionId } from '../connection-id.ts'
import type { JsonMeaning, JsonRecord } from '../json/define-json-source.ts'
import { countAt, type Fields, isFields, listAt, numberAt, objectAt, textAt, timeAt } from '../json/fields.ts'
import { actionOf, type FindingAction } from './action.ts'

const LOG_SOURCE = { product: 'aws', service: 'guardduty' }
/** `CryptoCurrency:EC2/…`, `Impact:Runtime/CryptoMinerExecuted`, `Impact:EC2/BitcoinDomainRequest.Reputation`. */
const MINING = /^CryptoCurrency:|CryptoMiner|BitcoinDomain/u
const PROTOCOLS: Readonly<Record<string, number>> = { TCP: 6, UDP: 17 }

/** One finding → `alert`. */
export function normaliseFinding(
  { fields, time, timeQuality, origin }: JsonRecord,
  decide: (why: string) => void,
): JsonMeaning | null {
  const service = objectAt(fields, 'service')
  if (String(objectAt(service, 'additionalInfo')['sample']) === 'true') {
    decide('sample findings passed over')
    return null
  }
  const type = textAt(fields, 'type') ?? ''
  const resource = objectAt(fields, 'resource')
  const account = identifier('account', textAt(fields, 'accountId') ?? 'unknown')
  const subjects = [...machinesOf(resource), account]
  const action = actionOf(service)
  const event: AlertEvent = {
    kind: 'alert',
    time,
    timeQuality,
    observer: account,
    subjects,
    origin,
    sensor: 'guardduty',
    rule: type,
    title: textAt(fields, 'title') ?? type,
    severity: severityOf(numberAt(fields, 'severity') ?? 0),
    category: type.slice(0, type.indexOf(':')),
    isMining: MINING.test(type),
    ...endsOf(action, privateAddress(resource)),
    domain: action.domain,
    user: userOf(resource),
    commandLine: commandLineOf(objectAt(service, 'runtimeDetails')),
    count: Math.max(1, countAt(service, 'count') ?? 1),
    ...startOf(timeAt(service, 'eventFirstSeen'), time),
  }
  return { logSource: LOG_SOURCE, observer: account, subjects, events: [event] }
}

/** https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html */
function severityOf(value: number): AlertEvent['severity'] {
  if (value >= 9) return 'critical'
  if (value >= 7) return 'high'
  if (value >= 4) return 'medium'
  return value >= 1 ? 'low' : 'info'
}

function startOf(start: number | null, time: number): { start?: number } {
  return start === null ? {} : { start: Math.min(start, time) }
}

/** The instance, then its address; containers of a task or a pod. */
function machinesOf(resource: Fields): Identifier[] {
  const machines: Identifier[] = []
  const instance = textAt(objectAt(resource, 'instanceDetails'), 'instanceId')
  if (instance !== null) machines.push(identifier('instance', instance))
  const address = privateAddress(resource)
  if (address !== null) machines.push(identifier('ip', address))
  for (const container of containersOf(resource)) machines.push(identifier('container', container))
  return machines
}

function containersOf(resource: Fields): string[] {
  const lists = [
    [resource['containerDetails']],
    listAt(objectAt(objectAt(resource, 'kubernetesDetails'), 'kubernetesWorkloadDetails'), 'containers'),
    listAt(objectAt(objectAt(resource, 'ecsClusterDetails'), 'taskDetails'), 'containers'),
  ]
  return lists
    .flat()
    .flatMap((container) => (isFields(container) ? (textAt(container, 'id') ?? []) : []))
    .slice(0, 8)
}

function privateAddress(resource: Fields): string | null {
  const first = listAt(objectAt(resource, 'instanceDetails'), 'networkInterfaces').find(isFields)
  const address = first === undefined ? null : textAt(first, 'privateIpAddress')
  return address !== null && isIP(address) !== 0 ? address : null
}

type Ends = Pick<AlertEvent, 'srcIp' | 'srcPort' | 'dstIp' | 'dstPort' | 'communityId'>

function endsOf(action: FindingAction, ownIp: string | null): Ends {
  const local = { ip: action.localIp ?? ownIp, port: action.localPort }
  const remote = { ip: action.remoteIp, port: action.remotePort }
  const [src, dst] = action.isInbound ? [remote, local] : [local, remote]
  return {
    srcIp: src.ip,
    srcPort: src.port,
    dstIp: dst.ip,
    dstPort: dst.port,
    communityId: communityOf(action.transport, src, dst),
  }
}

interface MaybeEnd {
  readonly ip: string | null
  readonly port: number | null
}

function communityOf(transport: string | null, src: MaybeEnd, dst: MaybeEnd): string | null {
  const protocol = PROTOCOLS[transport ?? '']
  if (protocol === undefined || src.ip === null || src.port === null || dst.ip === null || dst.port === null)
    return null
  return connectionId(protocol, { ip: src.ip, port: src.port }, { ip: dst.ip, port: dst.port })
}

function userOf(resource: Fields): string | null {
  return (
    textAt(objectAt(resource, 'accessKeyDetails'), 'userName') ??
    textAt(objectAt(objectAt(resource, 'kubernetesDetails'), 'kubernetesUserDetails'), 'username') ??
    textAt(objectAt(resource, 'rdsDbUserDetails'), 'user')
  )
}

/** Of Runtime Monitoring: an example of the command line, else the program. */
function commandLineOf(details: Fields): string | null {
  return (
    textAt(objectAt(details, 'context'), 'commandLineExample') ??
    textAt(objectAt(details, 'process'), 'executablePath')
  )
}
