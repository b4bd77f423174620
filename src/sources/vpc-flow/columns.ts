/** Fields of the default format, in its order (version 2). https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html */
export const DEFAULT_COLUMNS = [
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
] as const

/** Fields of versions 3 to 8. */
const FURTHER_COLUMNS = [
  'vpc-id',
  'subnet-id',
  'instance-id',
  'tcp-flags',
  'type',
  'pkt-srcaddr',
  'pkt-dstaddr',
  'region',
  'az-id',
  'sublocation-type',
  'sublocation-id',
  'pkt-src-aws-service',
  'pkt-dst-aws-service',
  'flow-direction',
  'traffic-path',
  'ecs-cluster-arn',
  'ecs-cluster-name',
  'ecs-container-instance-arn',
  'ecs-container-instance-id',
  'ecs-container-id',
  'ecs-second-container-id',
  'ecs-service-name',
  'ecs-task-definition-arn',
  'ecs-task-arn',
  'ecs-task-id',
  'reject-reason',
] as const

/** Other names for them, as tables and other products call them, without dashes and in lower case. */
const ALIASES: Readonly<Record<string, string>> = {
  account: 'account-id',
  destinationaddress: 'dstaddr',
  destinationport: 'dstport',
  endtime: 'end',
  numbytes: 'bytes',
  numpackets: 'packets',
  sourceaddress: 'srcaddr',
  sourceport: 'srcport',
  starttime: 'start',
}

const BY_PLAIN_NAME: ReadonlyMap<string, string> = new Map([
  ...[...DEFAULT_COLUMNS, ...FURTHER_COLUMNS].map((name) => [name.replaceAll('-', ''), name] as const),
  ...Object.entries(ALIASES),
])

/** What a column is called in the producer's documentation: `account_id`, `accountId`, `sourceaddress` … Null where it is none of these. */
export function columnOf(name: string): string | null {
  return BY_PLAIN_NAME.get(name.replaceAll(/[-_{}$]/gu, '').toLowerCase()) ?? null
}

/** The names of columns; null where they cannot be those of a flow log. */
export function columnsOf(names: readonly string[]): readonly string[] | null {
  const columns = names.map((name) => columnOf(name) ?? name)
  const known = new Set(columns)
  const hasEnds =
    (known.has('srcaddr') && known.has('dstaddr')) || (known.has('pkt-srcaddr') && known.has('pkt-dstaddr'))
  const unknown = columns.filter((_, index) => columnOf(names[index] ?? '') === null)
  return hasEnds && known.has('start') && known.has('end') && unknown.length * 4 <= columns.length
    ? columns
    : null
}
