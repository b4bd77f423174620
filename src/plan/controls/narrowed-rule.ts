import type { CutEdge, Exposure } from '../../surface/document.ts'
import { parseRange } from '../../policy/address-set.ts'
import type { AwsCall, Change, Json, NftChange, TerraformPart, TerraformValue, Unwritten } from '../change.ts'
import { shortened } from './scene.ts'
import type { Scene } from '../control.ts'
import type { EdgeGroup } from './open-ports.ts'

/** A rule of a security group, in the shape of EC2's `IpPermission`. */
interface GroupRule {
  readonly groupId: string
  readonly ruleId: string | null
  readonly protocol: string
  readonly from: number | null
  readonly to: number | null
  readonly source: string
}

/** The rule that an emitter can change, or null where it is none of a security group with a plain source. */
export function ruleOf({ edge, exposures }: EdgeGroup): GroupRule | null {
  if (!isGroupRule(edge) || edge.source === null) return null
  const [groupId, ...others] = groupsOf(edge, exposures).filter((id) => GROUP_ID.test(id))
  if (groupId === undefined || others.length > 0) return null
  return {
    groupId,
    ruleId: [edge.ruleId, edge.id].find((id) => id !== null && /^sgr-[0-9a-f]{8,17}$/u.test(id)) ?? null,
    protocol: edge.protocol ?? '-1',
    from: edge.portFrom,
    to: edge.portTo,
    source: edge.source,
  }
}

function isGroupRule({ isOnly, type }: CutEdge): boolean {
  return isOnly && type === 'security-group-rule'
}

/** Why a rule has no commands, where `ruleOf` finds none. One that is only planned has no id yet. */
export function unwrittenOf({ edge, exposures }: EdgeGroup): readonly Unwritten[] {
  if (!isGroupRule(edge) || edge.source === null || edge.terraformAddress !== null) return []
  const groups = groupsOf(edge, exposures)
  const odd = groups.find((id) => !GROUP_ID.test(id))
  const reason =
    odd !== undefined
      ? `"${shortened(odd)}" is not the id of a security group as AWS gives them (sg- and 8 or 17 of 0-9 a-f), so it is not put into a command`
      : `it was read of ${groups.length === 0 ? 'no' : 'more than one'} security group, and a command changes one`
  return [
    { form: 'aws-cli', why: `no commands: ${reason}` },
    { form: 'terraform', why: `nothing written: ${reason}` },
  ]
}

const GROUP_ID = /^sg-[0-9a-f]{8,17}$/u

/** Ids that say they are of security groups, whatever else is in them. */
function groupsOf(edge: CutEdge, exposures: readonly Exposure[]): string[] {
  const ids = [edge.id, ...exposures.flatMap(({ resources }) => resources)]
  return [...new Set(ids.filter((id) => id.startsWith('sg-')))]
}

function permission(protocol: string, from: number | null, to: number | null, source: string): Json {
  const ports = from === null || to === null || protocol === '-1' ? {} : { FromPort: from, ToPort: to }
  return { IpProtocol: protocol, ...ports, ...sourceOf(source) }
}

function sourceOf(source: string): Record<string, Json> {
  if (source.startsWith('pl-')) return { PrefixListIds: [{ PrefixListId: source }] }
  if (source.startsWith('sg-')) return { UserIdGroupPairs: [{ GroupId: source }] }
  return source.includes(':') ? { Ipv6Ranges: [{ CidrIpv6: source }] } : { IpRanges: [{ CidrIp: source }] }
}

function call(operation: string, region: string | null, input: Readonly<Record<string, Json>>): AwsCall {
  return { service: 'ec2', operation, region, input }
}

/** Opens what stays first, then takes the wide rule away: nobody who may come in is cut off in between. */
export function narrowedRule(
  group: EdgeGroup,
  scene: Scene,
  rule: GroupRule,
  closed: readonly Exposure[],
): Change {
  const { region } = group.edge
  const protocol = rule.protocol === '-1' ? 'tcp' : rule.protocol
  const stays = [
    ...group.kept.map((port) => permission(protocol, port, port, rule.source)),
    ...group.forOperators.flatMap((port) =>
      scene.operators.map((network) => permission(protocol, port, port, cidrOf(network))),
    ),
  ]
  const wide = {
    GroupId: rule.groupId,
    IpPermissions: [permission(rule.protocol, rule.from, rule.to, rule.source)],
  }
  const replacement = { GroupId: rule.groupId, IpPermissions: stays }
  const revoke = rule.ruleId === null ? wide : { GroupId: rule.groupId, SecurityGroupRuleIds: [rule.ruleId] }
  const terraform = terraformOf(group, scene, rule)
  const nft = nftOf(group, scene, closed)
  return {
    what: `security group ${rule.groupId}: ${stays.length === 0 ? 'take away' : 'replace'} the rule that lets in ${rule.source}`,
    aws: {
      apply: [
        ...(stays.length === 0 ? [] : [call('authorize-security-group-ingress', region, replacement)]),
        call('revoke-security-group-ingress', region, revoke),
      ],
      revert: [
        call('authorize-security-group-ingress', region, wide),
        ...(stays.length === 0 ? [] : [call('revoke-security-group-ingress', region, replacement)]),
      ],
    },
    ...(terraform.length === 0 ? {} : { terraform }),
    ...(nft === null ? {} : { nft }),
  }
}

export function cidrOf(network: string): string {
  const range = parseRange(network)
  return range === null ? network : `${range[0].toString()}/${range[1]}`
}

/** Lets nobody in: what a rule is narrowed to that Terraform takes over and cannot destroy in the same run. */
const NOBODY = '127.0.0.1/32'

function terraformOf(group: EdgeGroup, scene: Scene, rule: GroupRule): TerraformPart[] {
  const own = overrideOf(group, scene)
  if (own !== null) return [own]
  if (rule.ruleId === null || rule.source.startsWith('sg-') || rule.source.startsWith('pl-')) return []
  const ports = (from: number | null, to: number | null): Record<string, TerraformValue> =>
    from === null || to === null || rule.protocol === '-1' ? {} : { from_port: from, to_port: to }
  const base = { security_group_id: rule.groupId, ip_protocol: rule.protocol }
  const key = rule.source.includes(':') ? 'cidr_ipv6' : 'cidr_ipv4'
  const extra = [
    ...group.kept.map((port) => ({ port, source: rule.source })),
    ...group.forOperators.flatMap((port) =>
      scene.operators.map((network) => ({ port, source: cidrOf(network) })),
    ),
  ].map(({ port, source }): TerraformPart => ({
    mode: 'resource',
    type: 'aws_vpc_security_group_ingress_rule',
    name: `${rule.groupId}_${port}_${source}`,
    attributes: {
      security_group_id: rule.groupId,
      ip_protocol: rule.protocol === '-1' ? 'tcp' : rule.protocol,
      from_port: port,
      to_port: port,
      [source.includes(':') ? 'cidr_ipv6' : 'cidr_ipv4']: source,
    },
  }))
  const taken: TerraformPart = {
    mode: 'resource',
    type: 'aws_vpc_security_group_ingress_rule',
    name: rule.ruleId,
    importId: rule.ruleId,
    attributes: { ...base, ...ports(rule.from, rule.to), cidr_ipv4: NOBODY },
    previous: { ...base, ...ports(rule.from, rule.to), [key]: rule.source },
  }
  return [...extra, taken]
}

/** A rule that stands by itself in the root module of the user's own files. */
function overrideOf({ edge, kept, forOperators }: EdgeGroup, scene: Scene): TerraformPart | null {
  const match = /^(aws_vpc_security_group_ingress_rule|aws_security_group_rule)\.([A-Za-z_][\w-]*)$/u.exec(
    edge.terraformAddress ?? '',
  )
  if (match === null || kept.length > 0) return null
  const [, type = '', name = ''] = match
  const networks =
    forOperators.length > 0 ? scene.operators.map(cidrOf).filter((one) => !one.includes(':')) : [NOBODY]
  const [first] = networks
  if (first === undefined || (type !== 'aws_security_group_rule' && networks.length > 1)) return null
  const attributes = type === 'aws_security_group_rule' ? { cidr_blocks: networks } : { cidr_ipv4: first }
  return { mode: 'override', type, name, attributes }
}

/** The same on the machine itself, where no cloud's firewall can be changed. */
export function hostFirewall(group: EdgeGroup, scene: Scene, closed: readonly Exposure[]): Change[] {
  const nft = nftOf(group, scene, closed)
  if (nft === null) return []
  return [
    {
      what: `firewall of ${nft.host}: let in ${scene.operators.length === 0 ? 'nobody' : 'only your own networks'} from outside`,
      nft,
    },
  ]
}

function nftOf(
  { forOperators, kept }: EdgeGroup,
  scene: Scene,
  closed: readonly Exposure[],
): NftChange | null {
  const assets = new Set(closed.map(({ asset }) => asset))
  const [asset] = assets
  if (asset === undefined || assets.size > 1 || kept.length > 0) return null
  const input = closed
    .map(({ protocol, portFrom, portTo }) => ({
      protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const),
      portFrom: portFrom ?? 0,
      portTo: portTo ?? 65_535,
      allow: forOperators.length > 0 ? scene.operators : [],
    }))
    .filter(({ portFrom, portTo }) => portTo - portFrom < 65_535)
  if (input.length === 0) return null
  return { host: scene.assets.get(asset)?.names[0] ?? asset, input }
}
