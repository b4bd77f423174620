import type { ResourceEvent } from '../../event/resource.ts'
import { flagAt, numberAt, objectsAt, textAt } from './attributes.ts'
import { addClassicGroup, isTransport, listenerProtocol, targetKind } from './describe-balancers.ts'
import type { Draft } from './draft.ts'
import type { Listener } from './model.ts'
import { idAt, idsAt } from './planned-reading.ts'

type Reader = (event: ResourceEvent, draft: Draft) => void

/** Load balancers as Terraform has them. */
export const PLANNED_BALANCERS: Readonly<Record<string, Reader>> = {
  aws_lb: readBalancer,
  aws_alb: readBalancer,
  aws_lb_listener: readListener,
  aws_alb_listener: readListener,
  aws_lb_listener_rule: readListenerRule,
  aws_alb_listener_rule: readListenerRule,
  aws_lb_target_group: readTargetGroup,
  aws_alb_target_group: readTargetGroup,
  aws_lb_target_group_attachment: readTarget,
  aws_alb_target_group_attachment: readTarget,
  aws_elb: readClassic,
  aws_elb_attachment: (event, draft) => {
    const balancer = idAt(event, 'elb')
    const instance = idAt(event, 'instance')
    if (balancer !== null && instance !== null) draft.classicTargets.push({ balancer, instances: [instance] })
  },
}

function readBalancer(event: ResourceEvent, draft: Draft): void {
  const { attributes: all, resourceId: id, account, region } = event
  const kind = textAt(all, 'load_balancer_type')
  const groups = idsAt(event, 'security_groups')
  const mapped = objectsAt(all, 'subnet_mapping').flatMap((one) => textAt(one, 'subnet_id') ?? [])
  draft.loadBalancers.set(id, {
    id,
    name: textAt(all, 'name'),
    kind: kind === 'network' || kind === 'gateway' ? kind : 'application',
    dnsName: textAt(all, 'dns_name'),
    isInternetFacing: flagAt(all, 'internal') !== true,
    isActive: true,
    hasIpv6: textAt(all, 'ip_address_type')?.startsWith('dualstack') === true,
    vpc: idAt(event, 'vpc_id'),
    account,
    region,
    subnets: [...new Set([...idsAt(event, 'subnets'), ...mapped, ...mappedSubnets(event)])],
    groups: groups.length === 0 && kind === 'network' ? null : groups,
    publicAddresses: [],
    privateAddresses: [],
    listeners: [],
  })
}

function mappedSubnets(event: ResourceEvent): string[] {
  const paths = Object.keys(event.references ?? {}).filter((path) =>
    /^subnet_mapping(?:\[\d+\]\.subnet_id)?$/u.test(path),
  )
  return paths.flatMap((path) => idsAt({ ...event, attributes: {} }, path))
}

function readListener(event: ResourceEvent, draft: Draft): void {
  const { attributes: all, resourceId: id } = event
  const balancer = idAt(event, 'load_balancer_arn')
  if (balancer === null) return
  const listener: Listener = {
    id,
    protocol: listenerProtocol(textAt(all, 'protocol')),
    port: numberAt(all, 'port') ?? 0,
    targetGroups: actionGroups(event, 'default_action'),
  }
  draft.listeners.push({ balancer, listener })
}

function readListenerRule(event: ResourceEvent, draft: Draft): void {
  const listener = idAt(event, 'listener_arn')
  if (listener !== null)
    for (const group of actionGroups(event, 'action')) draft.listenerGroups.push({ listener, group })
}

function actionGroups(event: ResourceEvent, name: string): string[] {
  const actions = objectsAt(event.attributes, name)
  const known = actions.flatMap((one) => [
    textAt(one, 'target_group_arn'),
    ...objectsAt(one, 'forward').flatMap((forward) =>
      objectsAt(forward, 'target_group').map((group) => textAt(group, 'arn')),
    ),
  ])
  const promised = Object.entries(event.references ?? {})
    .filter(
      ([path]) => path.startsWith(name) && /(?:target_group_arn|\.arn|^(?:default_)?action)$/u.test(path),
    )
    .flatMap(([, references]) => references.map(({ resourceId }) => resourceId))
  return [...new Set([...known.filter((one) => one !== null), ...promised])]
}

function readTargetGroup(event: ResourceEvent, draft: Draft): void {
  const { attributes: all, resourceId: id } = event
  const kind = textAt(all, 'target_type')
  const preserves = flagAt(all, 'preserve_client_ip')
  draft.targetGroups.set(id, {
    id,
    name: textAt(all, 'name'),
    vpc: idAt(event, 'vpc_id'),
    protocol: listenerProtocol(textAt(all, 'protocol')),
    hasTransport: isTransport(textAt(all, 'protocol')),
    port: numberAt(all, 'port'),
    preservesClientAddress: preserves,
    targetKind: kind === 'ip' || kind === 'lambda' ? kind : kind === 'alb' ? 'load-balancer' : 'instance',
    targets: null,
  })
}

function readTarget(event: ResourceEvent, draft: Draft): void {
  const group = idAt(event, 'target_group_arn')
  const id = idAt(event, 'target_id')
  if (group === null || id === null) return
  const kind = draft.instances.has(id) || /(?:^|\.)aws_instance\./u.test(id) ? 'instance' : targetKind(id)
  draft.targets.push({ group, target: { kind, id, port: numberAt(event.attributes, 'port'), health: null } })
}

function readClassic(event: ResourceEvent, draft: Draft): void {
  const { attributes: all, resourceId: id, account, region } = event
  const instances = idsAt(event, 'instances')
  const listeners = objectsAt(all, 'listener').flatMap((one): Listener[] => {
    const port = numberAt(one, 'lb_port')
    const group = addClassicGroup(draft, id, null, numberAt(one, 'instance_port'), instances)
    return port === null ? [] : [{ id: `${id}/${port}`, protocol: 'tcp', port, targetGroups: [group.id] }]
  })
  draft.loadBalancers.set(id, {
    id,
    name: textAt(all, 'name'),
    kind: 'classic',
    dnsName: textAt(all, 'dns_name'),
    isInternetFacing: flagAt(all, 'internal') !== true,
    isActive: true,
    hasIpv6: false,
    vpc: null,
    account,
    region,
    subnets: idsAt(event, 'subnets'),
    groups: idsAt(event, 'security_groups'),
    publicAddresses: [],
    privateAddresses: [],
    listeners,
  })
}
