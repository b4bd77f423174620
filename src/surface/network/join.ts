import type { Built } from './build.ts'
import type { Draft } from './draft.ts'
import { address } from './draft.ts'
import { joinPlanned } from './join-planned.ts'
import type { Network, NetworkInterface, SecurityGroupRule, TargetGroup } from './model.ts'

/** Puts together what came in pieces and in any order. */
export function joined(draft: Draft): Built {
  joinPlanned(draft)
  joinInterfaces(draft)
  joinGroups(draft)
  joinVpcs(draft)
  joinTransit(draft)
  joinBalancers(draft)
  placeAll(draft)
  const network: Network = {
    instances: draft.instances,
    interfaces: draft.interfaces,
    subnets: draft.subnets,
    vpcs: draft.vpcs,
    routeTables: draft.routeTables,
    gateways: draft.gateways,
    natGateways: draft.natGateways,
    networkAcls: draft.networkAcls,
    securityGroups: draft.securityGroups,
    prefixLists: draft.prefixLists,
    peerings: draft.peerings,
    transitAttachments: draft.transitAttachments,
    transitRouteTables: draft.transitRouteTables,
    loadBalancers: draft.loadBalancers,
    targetGroups: draft.targetGroups,
    blockPublicAccess: draft.blockPublicAccess,
  }
  noteMissing(draft)
  return { network, coverage: draft.coverage }
}

function joinInterfaces(draft: Draft): void {
  for (const [id, told] of draft.toldInterfaces) {
    const described = draft.interfaces.get(id)
    if (described === undefined) draft.interfaces.set(id, told)
    else described.instance ??= told.instance
  }
  for (const { group, networkInterface } of draft.groupMembers) {
    const found = draft.interfaces.get(networkInterface)
    if (found !== undefined && !found.groups.includes(group)) found.groups.push(group)
  }
  const ofInstance = new Map<string, string[]>()
  for (const { id, instance } of draft.interfaces.values()) {
    if (instance === null) continue
    const list = ofInstance.get(instance)
    if (list === undefined) ofInstance.set(instance, [id])
    else list.push(id)
  }
  for (const instance of draft.instances.values())
    instance.interfaces = [...new Set([...instance.interfaces, ...(ofInstance.get(instance.id) ?? [])])]
  for (const one of draft.associations) associate(draft, one)
}

function associate(draft: Draft, one: Draft['associations'][number]): void {
  const id = one.networkInterface ?? draft.instances.get(one.instance ?? '')?.interfaces[0]
  const found = draft.interfaces.get(id ?? '')
  if (found === undefined) return
  const at = found.addresses.findIndex(
    (candidate) =>
      candidate.family === 4 && (one.privateAddress === null || candidate.address === one.privateAddress),
  )
  const known = found.addresses[at]
  if (known === undefined || known.publicAddress !== null) return
  found.addresses[at] = address(known.address, one.publicAddress, one.publicAddress === null)
}

function joinGroups(draft: Draft): void {
  const added = new Map<string, SecurityGroupRule[]>()
  for (const { group, rule } of draft.groupRules) {
    const list = added.get(group)
    if (list === undefined) added.set(group, [rule])
    else list.push(rule)
  }
  for (const [id, rules] of added) {
    const group = draft.securityGroups.get(id)
    if (group === undefined) {
      draft.note(id, `rules of security group ${id} are there, the group itself is not`)
      continue
    }
    group.rules = merged(group.rules, rules)
  }
}

/** Rules that were given both within their group and one by one are the same: the latter know their ids. */
function merged(
  within: readonly SecurityGroupRule[],
  single: readonly SecurityGroupRule[],
): SecurityGroupRule[] {
  const known = new Map(within.map((rule) => [ruleKey(rule), rule]))
  for (const rule of single) {
    const key = ruleKey(rule)
    if (rule.id !== null || !known.has(key)) known.set(key, rule)
  }
  return [...known.values()]
}

function ruleKey({ direction, protocol, ports, peer }: SecurityGroupRule): string {
  const who = peer.kind === 'cidr' ? peer.cidr : peer.kind === 'unknown' ? peer.reason : peer.id
  return `${direction}|${protocol}|${ports.from}|${ports.to}|${peer.kind}|${who}`
}

function joinVpcs(draft: Draft): void {
  for (const { vpc, cidr } of draft.vpcCidrs) draft.vpcs.get(vpc)?.cidrs.push(cidr)
  for (const { gateway, vpc } of draft.gatewayVpcs) draft.gateways.get(gateway)?.vpcs.push(vpc)
  for (const { table, subnet, gateway } of draft.tableSubnets) {
    const found = draft.routeTables.get(table)
    if (subnet !== null) found?.subnets.push(subnet)
    if (gateway !== null) found?.gateways.push(gateway)
  }
  for (const { table, vpc } of draft.mainTables) {
    for (const one of draft.routeTables.values()) if (one.vpc === vpc && one.isMain) one.isMain = false
    const found = draft.routeTables.get(table)
    if (found !== undefined) found.isMain = true
  }
  for (const { table, route } of draft.routes) draft.routeTables.get(table)?.routes.push(route)
  for (const { acl, rule } of draft.aclRules) draft.networkAcls.get(acl)?.rules.push(rule)
  for (const { acl, subnet } of draft.aclSubnets) draft.networkAcls.get(acl)?.subnets.push(subnet)
  for (const { list, cidr } of draft.prefixEntries) {
    const found = draft.prefixLists.get(list)
    if (found === undefined) draft.prefixLists.set(list, { id: list, name: null, cidrs: [cidr] })
    else found.cidrs = [...(found.cidrs ?? []), cidr]
  }
}

function joinTransit(draft: Draft): void {
  for (const { table, route } of draft.transitRoutes) {
    const found = draft.transitRouteTables.get(table)
    if (found === undefined)
      draft.transitRouteTables.set(table, { id: table, gateway: null, routes: [route], propagations: [] })
    else found.routes = [...(found.routes ?? []), route]
  }
  for (const { table, attachment } of draft.transitTables) {
    const found = draft.transitAttachments.get(attachment)
    if (found !== undefined) found.routeTable = table
  }
  for (const { table, attachment } of draft.transitPropagations) {
    const found = draft.transitRouteTables.get(table)
    if (found === undefined)
      draft.transitRouteTables.set(table, {
        id: table,
        gateway: null,
        routes: null,
        propagations: [attachment],
      })
    else found.propagations.push(attachment)
  }
}

function joinBalancers(draft: Draft): void {
  for (const { balancer, listener } of draft.listeners) {
    const found = draft.loadBalancers.get(balancer)
    if (found !== undefined) found.listeners = [...(found.listeners ?? []), listener]
  }
  joinListenerRules(draft)
  const groups = [...draft.targetGroups.values()]
  for (const { group, target } of draft.targets) {
    const found = groupNamed(draft, groups, group)
    if (found !== undefined)
      found.targets = [...(found.targets ?? []), { ...target, port: target.port ?? found.port }]
    else draft.note(group, `a target of a target group that is not there: ${target.id}`)
  }
  for (const { group, key, value } of draft.targetAttributes) {
    const found = groupNamed(draft, groups, group)
    if (found !== undefined && key === 'preserve_client_ip.enabled')
      found.preservesClientAddress = value === 'true'
  }
  addNodes(draft)
}

/** Rules of a listener send traffic on to more target groups than its default. */
function joinListenerRules(draft: Draft): void {
  const added = new Map<string, Set<string>>()
  for (const { listener, group } of draft.listenerGroups) {
    const known = added.get(listener)
    if (known === undefined) added.set(listener, new Set([group]))
    else known.add(group)
  }
  if (added.size === 0) return
  for (const balancer of draft.loadBalancers.values())
    balancer.listeners =
      balancer.listeners?.map((one) => ({
        ...one,
        targetGroups: [...new Set([...one.targetGroups, ...(added.get(one.id) ?? [])])],
      })) ?? null
}

type MutableGroup = Draft['targetGroups'] extends Map<string, infer G> ? G : TargetGroup

/** By its ARN; or, where the answer does not say whose it is, by its name and hash in the name of the file. */
function groupNamed(draft: Draft, groups: readonly MutableGroup[], name: string): MutableGroup | undefined {
  const found = draft.targetGroups.get(name)
  if (found !== undefined || name.startsWith('arn:')) return found
  const matching = groups.filter((group) => {
    const hash = group.id.split('/').at(-1) ?? ''
    return hash.length >= 16 && name.includes(hash)
  })
  if (matching.length > 0) return matching[0]
  const named = groups.filter((group) => group.name !== null && name.includes(group.name))
  return named.toSorted((a, b) => (b.name?.length ?? 0) - (a.name?.length ?? 0))[0]
}

/** The interfaces that load balancers made for themselves are where their addresses are. */
function addNodes(draft: Draft): void {
  const balancers = new Map<string, { publicAddresses: string[]; privateAddresses: string[] }>()
  for (const balancer of draft.loadBalancers.values()) {
    balancers.set(nodeName(balancer.id), balancer)
    if (balancer.name !== null) balancers.set(balancer.name, balancer)
  }
  for (const node of draft.interfaces.values()) {
    const name = /^ELB (.+)$/u.exec(node.description ?? '')?.[1]
    const balancer = balancers.get(name ?? '')
    if (balancer === undefined) continue
    for (const { address: own, publicAddress } of node.addresses) {
      if (own !== null && !balancer.privateAddresses.includes(own)) balancer.privateAddresses.push(own)
      if (publicAddress !== null && !balancer.publicAddresses.includes(publicAddress))
        balancer.publicAddresses.push(publicAddress)
    }
  }
}

/** `net/name/hash` of `arn:…:loadbalancer/net/name/hash`: so its interfaces are described. */
function nodeName(arn: string): string {
  return arn.slice(arn.indexOf(':loadbalancer/') + ':loadbalancer/'.length)
}

/** What does not say its account and region has those of its VPC, and a VPC those of what stands in it. */
function placeAll(draft: Draft): void {
  const inVpc = [
    ...draft.subnets.values(),
    ...draft.interfaces.values(),
    ...draft.securityGroups.values(),
    ...draft.instances.values(),
    ...draft.loadBalancers.values(),
  ]
  for (const one of [
    ...draft.interfaces.values(),
    ...draft.instances.values(),
    ...draft.natGateways.values(),
  ])
    one.vpc ??= draft.subnets.get(one.subnet ?? '')?.vpc ?? null
  for (const one of inVpc) {
    const vpc = draft.vpcs.get(one.vpc ?? '')
    if (vpc === undefined) continue
    vpc.region ??= one.region
    vpc.account ??= one.account
  }
  for (const one of inVpc) {
    const vpc = draft.vpcs.get(one.vpc ?? '')
    if (vpc === undefined) continue
    one.region ??= vpc.region
    one.account ??= vpc.account
  }
}

/** What is named but not there. */
function noteMissing(draft: Draft): void {
  const told = new Set<string>()
  const note = (about: string, text: string, one: NetworkInterface): void => {
    if (told.has(about)) return
    told.add(about)
    draft.note(about, text, one.account, one.region)
  }
  for (const one of draft.interfaces.values()) {
    if (one.subnet !== null && !draft.subnets.has(one.subnet))
      note(one.subnet, `subnet ${one.subnet} is named but not described (describe-subnets)`, one)
    for (const group of one.groups)
      if (!draft.securityGroups.has(group))
        note(group, `security group ${group} is named but not described (describe-security-groups)`, one)
    if (one.instance !== null && !draft.instances.has(one.instance))
      note(
        one.instance,
        `machine ${one.instance} is named but not described: its type, and what it could cost, is not known (describe-instances)`,
        one,
      )
  }
  const isListed = draft.listings.has('Reservations') || draft.listings.has('NetworkInterfaces')
  if (draft.securityGroups.size > 0 && draft.interfaces.size + draft.instances.size === 0 && !isListed)
    draft.note(
      'aws_instance',
      'no machines and no network cards were listed: whether anybody reaches one is not known (describe-instances, describe-network-interfaces)',
    )
  if (draft.interfaces.size > 0 && draft.routeTables.size === 0)
    draft.note('aws_route_table', 'no route tables are there (describe-route-tables)')
  if (draft.interfaces.size > 0 && draft.networkAcls.size === 0)
    draft.note('aws_network_acl', 'no network ACLs are there (describe-network-acls)')
  if (draft.interfaces.size > 0 && draft.loadBalancers.size === 0 && !draft.listings.has('LoadBalancers'))
    draft.note(
      'aws_lb',
      'no load balancers were listed: ways through them are not known (elbv2 describe-load-balancers)',
    )
  if (
    draft.interfaces.size > 0 &&
    ![...draft.loadBalancers.values()].some((one) => one.kind === 'classic') &&
    !draft.listings.has('LoadBalancerDescriptions')
  )
    draft.note(
      'aws_elb',
      'no classic load balancers were listed: ways through them are not known (elb describe-load-balancers)',
    )
  for (const balancer of draft.loadBalancers.values())
    if (balancer.listeners === null)
      draft.note(
        balancer.id,
        `its listeners are not there (describe-listeners)`,
        balancer.account,
        balancer.region,
      )
  for (const list of draft.prefixLists.values())
    if (list.cidrs === null)
      draft.note(list.id, 'its entries are not there (get-managed-prefix-list-entries)')
}
