import type { ResourceEvent } from '../../event/resource.ts'
import { type Attributes, flagAt, numberAt, objectAt, objectsAt, textAt, timeAt } from './attributes.ts'
import { address, type Draft, type Mutable } from './draft.ts'
import type { Instance, InstanceState, InterfaceAddress, NetworkInterface } from './model.ts'

type Reader = (event: ResourceEvent, draft: Draft) => void

/** Instances, interfaces and addresses as `aws ec2 describe-*` gives them. */
export const COMPUTE: Readonly<Record<string, Reader>> = {
  aws_instance: readInstance,
  aws_network_interface: (event, draft) => {
    const { attributes: all } = event
    const found = readInterface(event.resourceId, all, event)
    found.instance = textAt(objectAt(all, 'Attachment'), 'InstanceId')
    draft.interfaces.set(event.resourceId, found)
  },
  aws_eip: ({ attributes: all }, draft) => {
    draft.associations.push({
      publicAddress: textAt(all, 'PublicIp'),
      networkInterface: textAt(all, 'NetworkInterfaceId'),
      instance: textAt(all, 'InstanceId'),
      privateAddress: textAt(all, 'PrivateIpAddress'),
    })
  },
}

const STATES: readonly InstanceState[] = [
  'pending',
  'running',
  'shutting-down',
  'terminated',
  'stopping',
  'stopped',
]

export function stateOf(text: string | null): InstanceState {
  return STATES.find((state) => state === text) ?? 'unknown'
}

function readInstance(event: ResourceEvent, draft: Draft): void {
  const { attributes: all, resourceId: id } = event
  const tags = tagsOf(all)
  const names = [tags['Name'] ?? null, textAt(all, 'PrivateDnsName'), textAt(all, 'PublicDnsName')]
  const options = objectAt(all, 'MetadataOptions')
  const tokens = textAt(options, 'HttpTokens')
  const endpoint = textAt(options, 'HttpEndpoint')
  const told = objectsAt(all, 'NetworkInterfaces').flatMap((one): Mutable<NetworkInterface>[] => {
    const eni = textAt(one, 'NetworkInterfaceId')
    return eni === null ? [] : [{ ...readInterface(eni, one, event), instance: id }]
  })
  if (told.length === 0 && textAt(all, 'PrivateIpAddress') !== null) told.push(onlyInterface(event))
  for (const one of told) draft.toldInterfaces.set(one.id, one)
  const profile = objectAt(all, 'IamInstanceProfile')
  const instance: Mutable<Instance> = {
    id,
    names: names.filter((name) => name !== null),
    account: event.account,
    region: event.region,
    zone: textAt(objectAt(all, 'Placement'), 'AvailabilityZone'),
    type: textAt(all, 'InstanceType'),
    launchedAt: timeAt(all, 'LaunchTime'),
    image: textAt(all, 'ImageId'),
    keyName: textAt(all, 'KeyName'),
    instanceProfile: textAt(profile, 'Arn') ?? textAt(profile, 'Name'),
    metadata: {
      httpTokens: tokens === 'required' || tokens === 'optional' ? tokens : null,
      hopLimit: numberAt(options, 'HttpPutResponseHopLimit'),
      endpoint: endpoint === 'enabled' || endpoint === 'disabled' ? endpoint : null,
    },
    state: stateOf(textAt(objectAt(all, 'State'), 'Name')),
    lifecycle: textAt(all, 'InstanceLifecycle'),
    platform: textAt(all, 'PlatformDetails') ?? textAt(all, 'Platform'),
    vpc: textAt(all, 'VpcId'),
    subnet: textAt(all, 'SubnetId'),
    tags,
    interfaces: told.map((one) => one.id),
    isPlanned: false,
  }
  draft.instances.set(id, instance)
}

/** Of an answer that tells of no interfaces: what the instance says of its first one. */
function onlyInterface(event: ResourceEvent): Mutable<NetworkInterface> {
  const { attributes: all, resourceId: id } = event
  const bare = readInterface(`${id}/eth0`, all, event)
  const v6 = textAt(all, 'Ipv6Address')
  bare.instance = id
  bare.groups = groupsOf(all, 'SecurityGroups')
  bare.addresses = [address(textAt(all, 'PrivateIpAddress'), textAt(all, 'PublicIpAddress'))]
  if (v6 !== null) bare.addresses.push(address(v6, null))
  return bare
}

function groupsOf(all: Attributes, name: string): string[] {
  return objectsAt(all, name).flatMap((group) => textAt(group, 'GroupId') ?? [])
}

function readInterface(id: string, all: Attributes, event: ResourceEvent): Mutable<NetworkInterface> {
  return {
    id,
    vpc: textAt(all, 'VpcId'),
    subnet: textAt(all, 'SubnetId'),
    account: event.account,
    region: event.region,
    groups: groupsOf(all, 'Groups'),
    addresses: addressesOf(all),
    instance: null,
    type: textAt(all, 'InterfaceType') ?? 'interface',
    description: textAt(all, 'Description'),
    checksSourceAndDestination: flagAt(all, 'SourceDestCheck') ?? true,
  }
}

function publicOf(one: Attributes): string | null {
  return textAt(objectAt(one, 'Association'), 'PublicIp')
}

function addressesOf(all: Attributes): InterfaceAddress[] {
  const primary = textAt(all, 'PrivateIpAddress')
  const found = objectsAt(all, 'PrivateIpAddresses').map((one) =>
    address(
      textAt(one, 'PrivateIpAddress'),
      publicOf(one) ?? (textAt(one, 'PrivateIpAddress') === primary ? publicOf(all) : null),
    ),
  )
  if (found.length === 0 && primary !== null) found.push(address(primary, publicOf(all)))
  for (const one of objectsAt(all, 'Ipv6Addresses')) {
    const text = textAt(one, 'Ipv6Address')
    if (text !== null) found.push(address(text, null))
  }
  return found
}

export function tagsOf(all: Attributes): Readonly<Record<string, string>> {
  const tags: Record<string, string> = Object.create(null)
  for (const tag of [...objectsAt(all, 'Tags'), ...objectsAt(all, 'TagSet')]) {
    const key = textAt(tag, 'Key')
    if (key !== null) tags[key] = textAt(tag, 'Value') ?? ''
  }
  return tags
}
