import type { ResourceEvent } from '../../event/resource.ts'
import {
  type Attributes,
  flagAt,
  isObject,
  numberAt,
  objectsAt,
  textAt,
  textsAt,
  timeAt,
} from './attributes.ts'
import { stateOf } from './describe-compute.ts'
import { address, type Draft, type Mutable } from './draft.ts'
import type { Instance, InterfaceAddress, NetworkInterface } from './model.ts'
import { idAt, idsAt, isUnknown } from './planned-reading.ts'

type Reader = (event: ResourceEvent, draft: Draft) => void

/** Instances, interfaces and addresses as Terraform has them. */
export const PLANNED_COMPUTE: Readonly<Record<string, Reader>> = {
  aws_instance: readInstance,
  aws_spot_instance_request: readInstance,
  aws_network_interface: readInterface,
  aws_network_interface_attachment: (event, draft) => {
    const instance = idAt(event, 'instance_id')
    const networkInterface = idAt(event, 'network_interface_id')
    if (instance !== null && networkInterface !== null) draft.attachments.push({ instance, networkInterface })
  },
  aws_network_interface_sg_attachment: (event, draft) => {
    const group = idAt(event, 'security_group_id')
    const networkInterface = idAt(event, 'network_interface_id')
    if (group !== null && networkInterface !== null) draft.groupMembers.push({ group, networkInterface })
  },
  aws_eip: readAddress,
  aws_eip_association: readAddress,
}

function readInstance(event: ResourceEvent, draft: Draft): void {
  const { attributes: all, resourceId: id } = event
  const options = objectsAt(all, 'metadata_options')[0] ?? {}
  const tokens = textAt(options, 'http_tokens')
  const endpoint = textAt(options, 'http_endpoint')
  const tags = tagsOf(all)
  const attached = objectsAt(all, 'network_interface').flatMap(
    (one) => textAt(one, 'network_interface_id') ?? [],
  )
  for (const networkInterface of [...attached, ...idsAt(event, 'network_interface.network_interface_id')])
    draft.attachments.push({ instance: id, networkInterface })
  for (const path of Object.keys(event.references ?? {}))
    if (/^network_interface\[\d+\]\.network_interface_id$/u.test(path))
      for (const networkInterface of idsAt(event, path))
        draft.attachments.push({ instance: id, networkInterface })
  const isPlanned = event.state === 'planned'
  const state = textAt(all, 'instance_state')
  const instance: Mutable<Instance> = {
    id,
    names: [tags['Name'] ?? null, textAt(all, 'private_dns'), textAt(all, 'public_dns')].filter(
      (name) => name !== null,
    ),
    account: event.account,
    region: event.region,
    zone: textAt(all, 'availability_zone'),
    type: textAt(all, 'instance_type'),
    launchedAt: timeAt(all, 'launch_time'),
    image: textAt(all, 'ami'),
    keyName: textAt(all, 'key_name'),
    instanceProfile: idAt(event, 'iam_instance_profile'),
    metadata: {
      httpTokens: tokens === 'required' || tokens === 'optional' ? tokens : null,
      hopLimit: numberAt(options, 'http_put_response_hop_limit'),
      endpoint: endpoint === 'enabled' || endpoint === 'disabled' ? endpoint : null,
    },
    // What is to be made will run.
    state: state === null ? 'running' : stateOf(state),
    lifecycle: event.resourceType === 'aws_spot_instance_request' ? 'spot' : null,
    platform: null,
    vpc: null,
    subnet: idAt(event, 'subnet_id'),
    tags,
    interfaces: [],
    isPlanned,
  }
  draft.instances.set(id, instance)
  const wantsPublic = flagAt(all, 'associate_public_ip_address')
  draft.bareInstances.set(id, {
    groups: idsAt(event, 'vpc_security_group_ids'),
    hasUnknownGroups: isUnknown(event, 'vpc_security_group_ids'),
    networkInterface: textAt(all, 'primary_network_interface_id') ?? `${id} (primary interface)`,
    privateAddress: textAt(all, 'private_ip'),
    moreAddresses: textsAt(all, 'secondary_private_ips'),
    v6Addresses: textsAt(all, 'ipv6_addresses'),
    publicAddress: textAt(all, 'public_ip'),
    wantsPublic,
    // A plan that was cut down by hand may not say that the address comes with it; of what runs already it would be there.
    isPublicUnknown:
      isUnknown(event, 'public_ip') ||
      isUnknown(event, 'associate_public_ip_address') ||
      (event.state === 'planned' && wantsPublic === true),
    checksSourceAndDestination: flagAt(all, 'source_dest_check') ?? true,
  })
}

function readInterface(event: ResourceEvent, draft: Draft): void {
  const { attributes: all, resourceId: id } = event
  const addresses: InterfaceAddress[] = textsAt(all, 'private_ips').map((one) => address(one, null))
  if (addresses.length === 0) addresses.push(address(textAt(all, 'private_ip'), null))
  for (const one of textsAt(all, 'ipv6_addresses')) addresses.push(address(one, null))
  const found: Mutable<NetworkInterface> = {
    id,
    vpc: null,
    subnet: idAt(event, 'subnet_id'),
    account: event.account,
    region: event.region,
    groups: idsAt(event, 'security_groups'),
    addresses,
    instance: null,
    type: textAt(all, 'interface_type') ?? 'interface',
    description: textAt(all, 'description'),
    checksSourceAndDestination: flagAt(all, 'source_dest_check') ?? true,
  }
  draft.interfaces.set(id, found)
  for (const one of objectsAt(all, 'attachment')) {
    const instance = textAt(one, 'instance')
    if (instance !== null && instance !== '') draft.attachments.push({ instance, networkInterface: id })
  }
}

function readAddress(event: ResourceEvent, draft: Draft): void {
  const { attributes: all } = event
  const instance = idAt(event, event.resourceType === 'aws_eip' ? 'instance' : 'instance_id')
  const networkInterface = idAt(
    event,
    event.resourceType === 'aws_eip' ? 'network_interface' : 'network_interface_id',
  )
  if (instance === null && networkInterface === null) return
  draft.associations.push({
    publicAddress: textAt(all, 'public_ip'),
    networkInterface,
    instance: networkInterface === null ? instance : null,
    privateAddress: textAt(all, 'associate_with_private_ip') ?? textAt(all, 'private_ip_address'),
  })
}

export function tagsOf(all: Attributes): Readonly<Record<string, string>> {
  const tags: Record<string, string> = Object.create(null)
  for (const source of [all['tags_all'], all['tags']])
    if (isObject(source))
      for (const key of Object.keys(source)) if (typeof source[key] === 'string') tags[key] = source[key]
  return tags
}
