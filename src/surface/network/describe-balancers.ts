import type { ResourceEvent } from '../../event/resource.ts'
import { type Attributes, numberAt, objectAt, objectsAt, textAt, textsAt } from './attributes.ts'
import type { Draft, Mutable } from './draft.ts'
import type { Listener, LoadBalancer, Target, TargetGroup } from './model.ts'

type Reader = (event: ResourceEvent, draft: Draft) => void

/** Load balancers of both generations, as `aws elbv2 describe-*` and `aws elb describe-*` give them. */
export const BALANCERS: Readonly<Record<string, Reader>> = {
  aws_lb: readBalancer,
  aws_elb: readClassic,
  aws_lb_listener: ({ attributes: all, resourceId: id }, draft) => {
    const balancer = textAt(all, 'LoadBalancerArn')
    if (balancer === null) return
    draft.listeners.push({
      balancer,
      listener: {
        id,
        protocol: listenerProtocol(textAt(all, 'Protocol')),
        port: numberAt(all, 'Port') ?? 0,
        targetGroups: groupsOf(all, 'DefaultActions'),
      },
    })
  },
  aws_lb_listener_rule: ({ attributes: all, resourceId: id }, draft) => {
    // `…:listener-rule/app/name/hash/listener/rule` belongs to `…:listener/app/name/hash/listener`.
    const listener = id.replace(':listener-rule/', ':listener/').replace(/\/[^/]*$/u, '')
    for (const group of groupsOf(all, 'Actions')) draft.listenerGroups.push({ listener, group })
  },
  aws_lb_target_group: ({ attributes: all, resourceId: id }, draft) => {
    const kind = textAt(all, 'TargetType')
    draft.targetGroups.set(id, {
      id,
      name: textAt(all, 'TargetGroupName'),
      vpc: textAt(all, 'VpcId'),
      protocol: listenerProtocol(textAt(all, 'Protocol')),
      hasTransport: isTransport(textAt(all, 'Protocol')),
      port: numberAt(all, 'Port'),
      preservesClientAddress: null,
      targetKind: kind === 'ip' || kind === 'lambda' ? kind : kind === 'alb' ? 'load-balancer' : 'instance',
      targets: null,
    })
  },
  aws_lb_target_group_attachment: ({ attributes: all }, draft) => {
    const group = textAt(all, 'TargetGroupArn')
    const target = objectAt(all, 'Target')
    const id = textAt(target, 'Id')
    if (group === null || id === null) return
    draft.targets.push({
      group,
      target: {
        kind: targetKind(id),
        id,
        port: numberAt(target, 'Port'),
        health: textAt(objectAt(all, 'TargetHealth'), 'State'),
      },
    })
  },
  aws_lb_attribute: ({ attributes: all }, draft) => {
    addAttribute(draft, textAt(all, 'ResourceArn'), all)
  },
  aws_lb_target_group_attributes: ({ attributes: all, resourceId }, draft) => {
    for (const one of objectsAt(all, 'Attributes')) addAttribute(draft, resourceId, one)
  },
}

function addAttribute(draft: Draft, group: string | null, all: Attributes): void {
  const key = textAt(all, 'Key')
  const value = textAt(all, 'Value')
  if (group !== null && key !== null && value !== null) draft.targetAttributes.push({ group, key, value })
}

export function targetKind(id: string): Target['kind'] {
  if (id.startsWith('i-')) return 'instance'
  if (id.includes(':loadbalancer/')) return 'load-balancer'
  return id.startsWith('arn:') ? 'lambda' : 'ip'
}

export function listenerProtocol(text: string | null): Listener['protocol'] {
  const upper = text?.toUpperCase() ?? ''
  if (upper === 'UDP' || upper === 'QUIC') return 'udp'
  return upper === 'TCP_UDP' || upper === 'TCP_QUIC' ? 'tcp-udp' : 'tcp'
}

/** What a network load balancer speaks, not HTTP. */
export function isTransport(text: string | null): boolean {
  return /^(?:TCP|TLS|UDP|QUIC)/u.test(text?.toUpperCase() ?? '')
}

/** Target groups that actions send traffic on to; a weight of 0 gets none. */
function groupsOf(all: Attributes, name: string): string[] {
  const groups = objectsAt(all, name).flatMap((action) => {
    const several = objectsAt(objectAt(action, 'ForwardConfig'), 'TargetGroups')
    const weighed = several
      .filter((one) => several.length === 1 || numberAt(one, 'Weight') !== 0)
      .flatMap((one) => textAt(one, 'TargetGroupArn') ?? [])
    return weighed.length > 0 ? weighed : (textAt(action, 'TargetGroupArn') ?? [])
  })
  return [...new Set(groups)]
}

function readBalancer(
  { attributes: all, resourceId: id, account, region }: ResourceEvent,
  draft: Draft,
): void {
  const zones = objectsAt(all, 'AvailabilityZones')
  const nodes = zones.flatMap((zone) => objectsAt(zone, 'LoadBalancerAddresses'))
  const kind = textAt(all, 'Type')
  const groups = textsAt(all, 'SecurityGroups')
  const balancer: Mutable<LoadBalancer> = {
    id,
    name: textAt(all, 'LoadBalancerName'),
    kind: kind === 'network' || kind === 'gateway' ? kind : 'application',
    dnsName: textAt(all, 'DNSName'),
    isInternetFacing: textAt(all, 'Scheme') === 'internet-facing',
    isActive: isUp(textAt(objectAt(all, 'State'), 'Code')),
    hasIpv6: textAt(all, 'IpAddressType')?.startsWith('dualstack') === true,
    vpc: textAt(all, 'VpcId'),
    account,
    region,
    subnets: zones.flatMap((zone) => textAt(zone, 'SubnetId') ?? []),
    groups: groups.length === 0 && kind === 'network' ? null : groups,
    publicAddresses: nodes.flatMap((node) => textAt(node, 'IpAddress') ?? []),
    privateAddresses: nodes.flatMap((node) => textAt(node, 'PrivateIPv4Address') ?? []),
    listeners: null,
  }
  draft.loadBalancers.set(id, balancer)
}

function isUp(state: string | null): boolean {
  return state === null || state === 'active' || state === 'active_impaired' || state === 'provisioning'
}

/** A classic one, its targets as a target group of its own per listener. */
function readClassic(
  { attributes: all, resourceId: id, account, region }: ResourceEvent,
  draft: Draft,
): void {
  const descriptions = objectsAt(all, 'ListenerDescriptions').map((one) => objectAt(one, 'Listener'))
  const instances = objectsAt(all, 'Instances').flatMap((one) => textAt(one, 'InstanceId') ?? [])
  const vpc = textAt(all, 'VPCId')
  const listeners = descriptions.flatMap((one): Listener[] => {
    const port = numberAt(one, 'LoadBalancerPort')
    const group = addClassicGroup(draft, id, vpc, numberAt(one, 'InstancePort'), instances)
    return port === null ? [] : [{ id: `${id}/${port}`, protocol: 'tcp', port, targetGroups: [group.id] }]
  })
  draft.loadBalancers.set(id, {
    id,
    name: textAt(all, 'LoadBalancerName'),
    kind: 'classic',
    dnsName: textAt(all, 'DNSName'),
    isInternetFacing: textAt(all, 'Scheme') !== 'internal',
    isActive: true,
    hasIpv6: false,
    vpc,
    account,
    region,
    subnets: textsAt(all, 'Subnets'),
    groups: textsAt(all, 'SecurityGroups'),
    publicAddresses: [],
    privateAddresses: [],
    listeners,
  })
}

export function addClassicGroup(
  draft: Draft,
  balancer: string,
  vpc: string | null,
  port: number | null,
  instances: readonly string[],
): TargetGroup {
  const group = {
    id: `${balancer}/instances:${port ?? 0}`,
    name: null,
    vpc,
    protocol: 'tcp' as const,
    hasTransport: false,
    port,
    preservesClientAddress: false,
    targetKind: 'instance' as const,
    targets: instances.map((id) => ({ kind: 'instance' as const, id, port, health: null })),
  }
  draft.targetGroups.set(group.id, group)
  return group
}
