/** What one line of a flow log can tell (docs.aws.amazon.com, "Flow log records"); null = `-`. */
export interface FlowRecord {
  readonly account: string
  readonly interfaceId: string
  readonly instanceId: string
  readonly vpcId: string
  readonly subnetId: string
  readonly region: string
  readonly zoneId: string
  /** Null for an interface on which nothing passed. */
  readonly traffic: FlowTraffic | null
  readonly startSecond: number
  readonly endSecond: number
  readonly status: 'OK' | 'NODATA' | 'SKIPDATA'
}

export interface FlowTraffic {
  readonly src: string
  readonly dst: string
  readonly srcPort: number
  readonly dstPort: number
  /** IANA number. */
  readonly protocol: number
  readonly packets: number
  readonly bytes: number
  readonly action: 'ACCEPT' | 'REJECT'
  /** FIN 1, SYN 2, RST 4, SYN-ACK 18; ACK alone and PSH are not told. */
  readonly tcpFlags: number
  readonly direction: 'ingress' | 'egress'
  /** Where outgoing traffic goes: 1 same VPC, 8 internet gateway; null for incoming. */
  readonly path: number | null
}

type Field = (record: FlowRecord, version: number) => string | number | null

const FIELDS = {
  version: (_, version) => version,
  'account-id': (record) => record.account,
  'interface-id': (record) => record.interfaceId,
  srcaddr: ({ traffic }) => traffic?.src ?? null,
  dstaddr: ({ traffic }) => traffic?.dst ?? null,
  srcport: ({ traffic }) => traffic?.srcPort ?? null,
  dstport: ({ traffic }) => traffic?.dstPort ?? null,
  protocol: ({ traffic }) => traffic?.protocol ?? null,
  packets: ({ traffic }) => traffic?.packets ?? null,
  bytes: ({ traffic }) => traffic?.bytes ?? null,
  start: (record) => record.startSecond,
  end: (record) => record.endSecond,
  action: ({ traffic }) => traffic?.action ?? null,
  'log-status': (record) => record.status,
  'vpc-id': (record) => record.vpcId,
  'subnet-id': (record) => record.subnetId,
  'instance-id': (record) => record.instanceId,
  'tcp-flags': ({ traffic }) => traffic?.tcpFlags ?? null,
  type: ({ traffic }) => (traffic === null ? null : 'IPv4'),
  'pkt-srcaddr': ({ traffic }) => traffic?.src ?? null,
  'pkt-dstaddr': ({ traffic }) => traffic?.dst ?? null,
  region: (record) => record.region,
  'az-id': (record) => record.zoneId,
  'sublocation-type': () => null,
  'sublocation-id': () => null,
  'pkt-src-aws-service': () => null,
  'pkt-dst-aws-service': () => null,
  'flow-direction': ({ traffic }) => traffic?.direction ?? null,
  'traffic-path': ({ traffic }) => traffic?.path ?? null,
} as const satisfies Record<string, Field>

export type FlowField = keyof typeof FIELDS

export interface FlowFormat {
  /** The highest version among the fields. */
  readonly version: number
  readonly fields: readonly FlowField[]
}

export const DEFAULT_FORMAT: FlowFormat = {
  version: 2,
  fields: [
    'version',
    'account-id',
    'interface-id',
    'srcaddr',
    'dstaddr',
    'srcport',
    'dstport',
    'protocol',
    'packets',
    'bytes',
    'start',
    'end',
    'action',
    'log-status',
  ],
}

/** An order of somebody's own, as Terraform modules like to set it. */
export const CUSTOM_FORMAT: FlowFormat = {
  version: 5,
  fields: [
    'version',
    'vpc-id',
    'subnet-id',
    'instance-id',
    'interface-id',
    'account-id',
    'type',
    'srcaddr',
    'dstaddr',
    'srcport',
    'dstport',
    'pkt-srcaddr',
    'pkt-dstaddr',
    'protocol',
    'bytes',
    'packets',
    'start',
    'end',
    'action',
    'tcp-flags',
    'log-status',
    'region',
    'az-id',
    'sublocation-type',
    'sublocation-id',
    'pkt-src-aws-service',
    'pkt-dst-aws-service',
    'flow-direction',
    'traffic-path',
  ],
}

export function flowHeader(format: FlowFormat): string {
  return format.fields.join(' ')
}

export function flowLine(format: FlowFormat, record: FlowRecord): string {
  return format.fields.map((name) => FIELDS[name](record, format.version) ?? '-').join(' ')
}
