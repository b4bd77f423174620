import type { ResourceEvent } from '../../event/resource.ts'
import { type Attributes, flagAt, numberAt, objectsAt, textAt, textsAt } from './attributes.ts'
import { gatewayKind } from './describe-vpc.ts'
import type { Draft } from './draft.ts'
import type { Gateway, NetworkAclRule, Peer, Route, RouteTargetKind, SecurityGroupRule } from './model.ts'
import { tagsOf } from './planned-compute.ts'
import { idAt, idsAt, isUnknown, ownId } from './planned-reading.ts'
import { portRange, protocolNumber } from './protocol.ts'

type Reader = (event: ResourceEvent, draft: Draft) => void

/** VPCs and what stands in them, as Terraform has it. */
export const PLANNED_VPC: Readonly<Record<string, Reader>> = {
  aws_vpc: readVpc,
  aws_default_vpc: readVpc,
  aws_vpc_ipv4_cidr_block_association: (event, draft) => addCidr(event, draft, 'cidr_block'),
  aws_vpc_ipv6_cidr_block_association: (event, draft) => addCidr(event, draft, 'ipv6_cidr_block'),
  aws_subnet: readSubnet,
  aws_default_subnet: readSubnet,
  aws_internet_gateway: (event, draft) => addGateway(event, draft, 'internet-gateway'),
  aws_egress_only_internet_gateway: (event, draft) =>
    addGateway(event, draft, 'egress-only-internet-gateway'),
  aws_vpn_gateway: (event, draft) => addGateway(event, draft, 'vpn-gateway'),
  aws_internet_gateway_attachment: (event, draft) => {
    const [gateway, vpc] = [idAt(event, 'internet_gateway_id'), idAt(event, 'vpc_id')]
    if (gateway !== null && vpc !== null) draft.gatewayVpcs.push({ gateway, vpc })
  },
  aws_nat_gateway: (event, draft) => {
    const { attributes: all, resourceId: id } = event
    const address = textAt(all, 'public_ip')
    draft.natGateways.set(id, {
      id,
      vpc: null,
      subnet: idAt(event, 'subnet_id'),
      isPublic: textAt(all, 'connectivity_type') !== 'private',
      isAvailable: true,
      publicAddresses: address === null ? [] : [address],
    })
  },
  aws_route_table: (event, draft) => addTable(event, draft, event.resourceId, false),
  aws_default_route_table: (event, draft) => {
    const id = idAt(event, 'default_route_table_id') ?? event.resourceId
    addTable(event, draft, id, true)
  },
  aws_route: (event, draft) => {
    const table = idAt(event, 'route_table_id')
    const route = routeOf(event, event.attributes, '')
    if (table !== null && route !== null) draft.routes.push({ table, route })
    else
      draft.note(
        event.resourceId,
        `route ${event.resourceId}: its table or destination is not known until apply`,
      )
  },
  aws_route_table_association: (event, draft) => {
    const table = idAt(event, 'route_table_id')
    if (table !== null)
      draft.tableSubnets.push({ table, subnet: idAt(event, 'subnet_id'), gateway: idAt(event, 'gateway_id') })
  },
  aws_main_route_table_association: (event, draft) => {
    const [table, vpc] = [idAt(event, 'route_table_id'), idAt(event, 'vpc_id')]
    if (table !== null && vpc !== null) draft.mainTables.push({ table, vpc })
  },
  aws_network_acl: (event, draft) => addAcl(event, draft, event.resourceId, false),
  aws_default_network_acl: (event, draft) =>
    addAcl(event, draft, idAt(event, 'default_network_acl_id') ?? event.resourceId, true),
  aws_network_acl_rule: (event, draft) => {
    const acl = idAt(event, 'network_acl_id')
    const { attributes: all } = event
    const rule = aclRuleOf(
      all,
      flagAt(all, 'egress') === true ? 'egress' : 'ingress',
      'rule_number',
      'rule_action',
      'protocol',
    )
    if (acl !== null && rule !== null) draft.aclRules.push({ acl, rule })
  },
  aws_network_acl_association: (event, draft) => {
    const [acl, subnet] = [idAt(event, 'network_acl_id'), idAt(event, 'subnet_id')]
    if (acl !== null && subnet !== null) draft.aclSubnets.push({ acl, subnet })
  },
  aws_security_group: (event, draft) => addGroup(event, draft, event.resourceId),
  aws_default_security_group: (event, draft) => {
    const vpc = idAt(event, 'vpc_id')
    addGroup(
      event,
      draft,
      vpc === null || event.resourceId.startsWith('sg-') ? event.resourceId : ownId(vpc, 'default-group'),
    )
    if (vpc !== null && event.resourceId.startsWith('sg-')) draft.defaultGroups.set(vpc, event.resourceId)
  },
  aws_security_group_rule: readRule,
  aws_vpc_security_group_ingress_rule: (event, draft) => readSingleRule(event, draft, 'ingress'),
  aws_vpc_security_group_egress_rule: (event, draft) => readSingleRule(event, draft, 'egress'),
  aws_ec2_managed_prefix_list: (event, draft) => {
    const { attributes: all, resourceId: id } = event
    const isOpen = isUnknown(event, 'entry') && objectsAt(all, 'entry').length === 0
    const cidrs = objectsAt(all, 'entry').flatMap((one) => textAt(one, 'cidr') ?? [])
    draft.prefixLists.set(id, { id, name: textAt(all, 'name'), cidrs: isOpen ? null : cidrs })
  },
  aws_ec2_managed_prefix_list_entry: (event, draft) => {
    const list = idAt(event, 'prefix_list_id')
    const cidr = textAt(event.attributes, 'cidr')
    if (list !== null && cidr !== null) draft.prefixEntries.push({ list, cidr })
  },
  aws_vpc_peering_connection: (event, draft) => {
    const { attributes: all, resourceId: id } = event
    const isActive = textAt(all, 'accept_status') === 'active' || flagAt(all, 'auto_accept') === true
    draft.peerings.set(id, {
      id,
      isActive: isActive || draft.accepted.has(id),
      sides: [
        { vpc: idAt(event, 'vpc_id'), account: null, region: event.region },
        {
          vpc: idAt(event, 'peer_vpc_id'),
          account: textAt(all, 'peer_owner_id'),
          region: textAt(all, 'peer_region'),
        },
      ],
    })
  },
  aws_vpc_peering_connection_accepter: (event, draft) => {
    const id = idAt(event, 'vpc_peering_connection_id')
    if (id === null || flagAt(event.attributes, 'auto_accept') === false) return
    draft.accepted.add(id)
    const known = draft.peerings.get(id)
    if (known !== undefined) known.isActive = true
  },
}

function readVpc(event: ResourceEvent, draft: Draft): void {
  const { attributes: all, resourceId: id, account, region } = event
  const cidrs = [textAt(all, 'cidr_block'), textAt(all, 'ipv6_cidr_block')].filter((cidr) => cidr !== null)
  draft.vpcs.set(id, { id, account, region, name: tagsOf(all)['Name'] ?? null, cidrs })
  draft.ownOfVpcs.push({
    vpc: id,
    table:
      textAt(all, 'main_route_table_id') ?? textAt(all, 'default_route_table_id') ?? ownId(id, 'main-table'),
    acl: textAt(all, 'default_network_acl_id') ?? ownId(id, 'default-acl'),
    group: textAt(all, 'default_security_group_id') ?? ownId(id, 'default-group'),
    isNew: event.state === 'planned' && !id.startsWith('vpc-'),
  })
}

function readSubnet(event: ResourceEvent, draft: Draft): void {
  const { attributes: all, resourceId: id, account, region } = event
  draft.subnets.set(id, {
    id,
    vpc: idAt(event, 'vpc_id'),
    account: textAt(all, 'owner_id') ?? account,
    region,
    zone: textAt(all, 'availability_zone'),
    name: tagsOf(all)['Name'] ?? null,
    cidrs: [textAt(all, 'cidr_block'), textAt(all, 'ipv6_cidr_block')].filter((cidr) => cidr !== null),
    mapsPublicAddresses:
      flagAt(all, 'map_public_ip_on_launch') === true || event.resourceType === 'aws_default_subnet',
    blockPublicAccess: null,
  })
}

function addCidr(event: ResourceEvent, draft: Draft, name: string): void {
  const vpc = idAt(event, 'vpc_id')
  const cidr = textAt(event.attributes, name)
  if (vpc !== null && cidr !== null) draft.vpcCidrs.push({ vpc, cidr })
}

function addGateway(event: ResourceEvent, draft: Draft, kind: Gateway['kind']): void {
  const { resourceId: id } = event
  draft.gateways.set(id, { id, kind, vpcs: idsAt(event, 'vpc_id') })
}

function addTable(event: ResourceEvent, draft: Draft, id: string, isMain: boolean): void {
  const { attributes: all } = event
  const routes = objectsAt(all, 'route').flatMap((one, i) => routeOf(event, one, `route[${i}].`) ?? [])
  if (routes.length === 0 && isUnknown(event, 'route') && (event.references?.['route']?.length ?? 0) > 0)
    draft.note(id, `routes of ${id} are not known until apply`)
  draft.routeTables.set(id, { id, vpc: idAt(event, 'vpc_id'), isMain, subnets: [], gateways: [], routes })
}

const TARGETS: readonly (readonly [name: string, kind: RouteTargetKind])[] = [
  ['nat_gateway_id', 'nat-gateway'],
  ['transit_gateway_id', 'transit-gateway'],
  ['vpc_peering_connection_id', 'peering'],
  ['egress_only_gateway_id', 'egress-only-internet-gateway'],
  ['network_interface_id', 'network-interface'],
  ['instance_id', 'instance'],
  ['local_gateway_id', 'local-gateway'],
  ['carrier_gateway_id', 'carrier-gateway'],
  ['core_network_arn', 'core-network'],
  ['vpc_endpoint_id', 'vpc-endpoint'],
]

/** A route of its own, or one within its table: the latter calls its destination otherwise. */
function routeOf(event: ResourceEvent, one: Attributes, path: string): Route | null {
  const cidr =
    textAt(one, 'destination_cidr_block') ??
    textAt(one, 'destination_ipv6_cidr_block') ??
    textAt(one, 'cidr_block') ??
    textAt(one, 'ipv6_cidr_block')
  const within = (name: string): string | null => {
    const known = textAt(one, name)
    return known ?? idsAt({ ...event, attributes: {} }, `${path}${name}`)[0] ?? null
  }
  const list = within('destination_prefix_list_id')
  if (cidr === null && list === null) return null
  const destination =
    cidr === null ? { kind: 'prefix-list' as const, id: list ?? '' } : { kind: 'cidr' as const, cidr }
  const base = { destination, isBlackhole: false, isPropagated: false }
  const gateway = within('gateway_id')
  if (gateway !== null) return { ...base, target: { kind: plannedGateway(gateway), id: gateway } }
  for (const [name, kind] of TARGETS) {
    const id = within(name)
    if (id !== null) return { ...base, target: { kind, id } }
  }
  return { ...base, target: { kind: 'unknown', id: null } }
}

function plannedGateway(id: string): RouteTargetKind {
  if (/(?:^|\.)aws_internet_gateway\./u.test(id)) return 'internet-gateway'
  if (/(?:^|\.)aws_vpn_gateway\./u.test(id)) return 'vpn-gateway'
  return gatewayKind(id)
}

function addAcl(event: ResourceEvent, draft: Draft, id: string, isDefault: boolean): void {
  const { attributes: all } = event
  const rules = (['ingress', 'egress'] as const).flatMap((direction) =>
    objectsAt(all, direction).flatMap(
      (one) => aclRuleOf(one, direction, 'rule_no', 'action', 'protocol') ?? [],
    ),
  )
  draft.networkAcls.set(id, {
    id,
    vpc: idAt(event, 'vpc_id'),
    isDefault,
    subnets: idsAt(event, 'subnet_ids'),
    rules,
  })
}

function aclRuleOf(
  one: Attributes,
  direction: NetworkAclRule['direction'],
  numberName: string,
  actionName: string,
  protocolName: string,
): NetworkAclRule | null {
  const protocol = protocolNumber(textAt(one, protocolName))
  const number = numberAt(one, numberName)
  const cidr = textAt(one, 'cidr_block') ?? textAt(one, 'ipv6_cidr_block')
  if (protocol === null || number === null || cidr === null) return null
  const isIcmp = protocol === 1 || protocol === 58
  return {
    number,
    direction,
    action: textAt(one, actionName)?.toLowerCase() === 'allow' ? 'allow' : 'deny',
    protocol,
    ports: portRange(
      protocol,
      numberAt(one, isIcmp ? 'icmp_type' : 'from_port'),
      numberAt(one, isIcmp ? 'icmp_code' : 'to_port'),
    ),
    cidr,
  }
}

function addGroup(event: ResourceEvent, draft: Draft, id: string): void {
  const { attributes: all, account, region } = event
  draft.securityGroups.set(id, {
    id,
    name: textAt(all, 'name'),
    vpc: idAt(event, 'vpc_id'),
    account: textAt(all, 'owner_id') ?? account,
    region,
    rules: (['ingress', 'egress'] as const).flatMap((direction) =>
      objectsAt(all, direction).flatMap((one, i) =>
        rulesOf(event, one, direction, id, `${direction}[${i}].`),
      ),
    ),
  })
}

/** A block with several peers: each is a rule of its own. */
function rulesOf(
  event: ResourceEvent,
  one: Attributes,
  direction: SecurityGroupRule['direction'],
  group: string,
  path: string,
): SecurityGroupRule[] {
  const protocol = protocolNumber(textAt(one, 'protocol'))
  if (protocol === null) return []
  const ports = portRange(protocol, numberAt(one, 'from_port'), numberAt(one, 'to_port'))
  const promised = { ...event, attributes: {} }
  const peers: Peer[] = [
    ...[...textsAt(one, 'cidr_blocks'), ...textsAt(one, 'ipv6_cidr_blocks')].map((cidr): Peer => ({
      kind: 'cidr',
      cidr,
    })),
    ...[...textsAt(one, 'prefix_list_ids'), ...idsAt(promised, `${path}prefix_list_ids`)].map((id): Peer => ({
      kind: 'prefix-list',
      id,
    })),
    ...[...textsAt(one, 'security_groups'), ...idsAt(promised, `${path}security_groups`)].map(groupPeer),
    ...(flagAt(one, 'self') === true ? [groupPeer(group)] : []),
    ...['cidr_blocks', 'ipv6_cidr_blocks']
      .filter((name) => isUnknown(event, `${path}${name}`))
      .map((name) => unknownPeer(event, `${path}${name}`)),
  ]
  return peers.map((peer) => ({
    id: null,
    direction,
    protocol,
    ports,
    peer,
    description: textAt(one, 'description'),
  }))
}

/** `123456789012/sg-…` is a group of another account. */
function groupPeer(text: string): Peer {
  const slash = /^(\d{12})\/(sg-[0-9a-f]+)$/u.exec(text)
  return { kind: 'group', id: slash?.[2] ?? text, account: slash?.[1] ?? null, vpc: null }
}

function unknownPeer({ resourceId }: ResourceEvent, path: string): Peer {
  return { kind: 'unknown', reason: `${path} of ${resourceId}, not known until apply` }
}

/** `aws_security_group_rule`: one resource, several peers. */
function readRule(event: ResourceEvent, draft: Draft): void {
  const { attributes: all } = event
  const group = idAt(event, 'security_group_id')
  const protocol = protocolNumber(textAt(all, 'protocol'))
  if (group === null || protocol === null)
    return draft.note(event.resourceId, `${event.resourceId}: its security group is not known until apply`)
  const direction = textAt(all, 'type') === 'egress' ? 'egress' : 'ingress'
  const ports = portRange(protocol, numberAt(all, 'from_port'), numberAt(all, 'to_port'))
  const peers: Peer[] = [
    ...[...textsAt(all, 'cidr_blocks'), ...textsAt(all, 'ipv6_cidr_blocks')].map((cidr): Peer => ({
      kind: 'cidr',
      cidr,
    })),
    ...idsAt(event, 'prefix_list_ids').map((id): Peer => ({ kind: 'prefix-list', id })),
    ...idsAt(event, 'source_security_group_id').map(groupPeer),
    ...(flagAt(all, 'self') === true ? [groupPeer(group)] : []),
    ...['cidr_blocks', 'ipv6_cidr_blocks']
      .filter((name) => isUnknown(event, name))
      .map((name) => unknownPeer(event, name)),
  ]
  for (const peer of peers)
    draft.groupRules.push({
      group,
      rule: { id: null, direction, protocol, ports, peer, description: textAt(all, 'description') },
    })
}

function readSingleRule(event: ResourceEvent, draft: Draft, direction: SecurityGroupRule['direction']): void {
  const { attributes: all } = event
  const group = idAt(event, 'security_group_id')
  const protocol = protocolNumber(textAt(all, 'ip_protocol'))
  if (group === null || protocol === null)
    return draft.note(event.resourceId, `${event.resourceId}: its security group is not known until apply`)
  const cidr = textAt(all, 'cidr_ipv4') ?? textAt(all, 'cidr_ipv6')
  const list = idAt(event, 'prefix_list_id')
  const other = idAt(event, 'referenced_security_group_id')
  const peer: Peer =
    cidr !== null
      ? { kind: 'cidr', cidr }
      : list !== null
        ? { kind: 'prefix-list', id: list }
        : other !== null
          ? groupPeer(other)
          : unknownPeer(event, 'cidr_ipv4')
  const id =
    textAt(all, 'security_group_rule_id') ?? (event.resourceId.startsWith('sgr-') ? event.resourceId : null)
  const ports = portRange(protocol, numberAt(all, 'from_port'), numberAt(all, 'to_port'))
  draft.groupRules.push({
    group,
    rule: { id, direction, protocol, ports, peer, description: textAt(all, 'description') },
  })
}
