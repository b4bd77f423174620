import { type Fields, objectAt, textAt } from '../json/fields.ts'

/** Account and region that something belongs to; null = nobody says. */
export interface Place {
  readonly account: string | null
  readonly region: string | null
}

const REGION =
  /(?:^|[^a-z0-9])((?:us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:gov-|iso[a-z]?-)?[a-z]{4,9}-\d)(?![a-z0-9-]*[a-z]-?\d)/u
const ACCOUNT = /(?:^|[^0-9a-z])(\d{12})(?![0-9a-z])/u
const ARN = /^arn:[a-z-]{1,20}:[a-z0-9-]{1,40}:([a-z0-9-]{0,30}):(\d{12})?:/u
const ZONE = /^[a-z]{2}(?:-[a-z]+){1,2}-\d/u

/** Services that know no regions. */
const GLOBAL = /^aws_(?:iam_|budgets_|ce_|account$)/u

/** By what the folder and the file are called. */
export function placeInName(name: string): Place {
  return { account: ACCOUNT.exec(name)?.[1] ?? null, region: REGION.exec(name)?.[1] ?? null }
}

/** By what the resource says of itself: its ARN, owner and zone; else as its input is called. */
export function placeOf(type: string, id: string, fields: Fields, inName: Place): Place {
  let { account, region } = inArns(id, fields)
  account ??= textAt(fields, 'OwnerId') ?? ownerOfPeering(fields)
  region ??= regionOfZone(
    textAt(fields, 'AvailabilityZone') ?? textAt(objectAt(fields, 'Placement'), 'AvailabilityZone') ?? '',
  )
  return {
    account: isAccount(account) ? account : inName.account,
    region: GLOBAL.test(type) ? null : (region ?? inName.region),
  }
}

function inArns(id: string, fields: Fields): { account: string | null; region: string | null } {
  let account: string | null = null
  let region: string | null = null
  const look = (text: string): void => {
    const found = ARN.exec(text)
    if (found === null) return
    account ??= found[2] ?? null
    region ??= found[1] === '' ? null : (found[1] ?? null)
  }
  look(id)
  for (const name in fields) {
    const value = fields[name]
    // What a resource is about may be somebody else's: only its own.
    if (typeof value === 'string' && isOwnArn(name) && value.startsWith('arn:')) look(value)
  }
  return { account, region }
}

const OWN_ARNS: ReadonlySet<string> = new Set([
  'ARN',
  'Arn',
  'DBInstanceArn',
  'DBClusterArn',
  'ListenerArn',
  'LoadBalancerArn',
  'PrefixListArn',
  'ResourceArn',
  'RuleArn',
  'SecurityGroupArn',
  'SecurityGroupRuleArn',
  'SubnetArn',
  'TargetGroupArn',
  'TrailARN',
  'TransitGatewayArn',
  'arn',
])

function isOwnArn(name: string): boolean {
  return OWN_ARNS.has(name)
}

function ownerOfPeering(fields: Fields): string | null {
  return textAt(objectAt(fields, 'RequesterVpcInfo'), 'OwnerId')
}

function isAccount(text: string | null): boolean {
  return text !== null && /^\d{6,12}$/u.test(text)
}

/** `us-east-1` of `us-east-1a` and of the local zone `us-east-1-bos-1a`. */
export function regionOfZone(zone: string): string | null {
  return ZONE.exec(zone)?.[0] ?? null
}
