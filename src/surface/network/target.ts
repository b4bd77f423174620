import type { Family, Instance, Network, NetworkInterface } from './model.ts'
import type { Blocker, Link } from './verdict.ts'

/** One address of an interface that somebody may want to reach. */
export interface TargetAddress {
  readonly networkInterface: NetworkInterface
  readonly instance: Instance | null
  /** Instance id, else the interface's. */
  readonly asset: string
  /** Its own address; null = not known until apply. */
  readonly address: string | null
  readonly family: Family
  readonly publicAddress: string | null
  readonly hasUnknownPublicAddress: boolean
}

/** What services keep for their own use: nobody's program listens there. */
const SERVICE_TYPES: ReadonlySet<string> = new Set([
  'nat_gateway',
  'network_load_balancer',
  'load_balancer',
  'gateway_load_balancer',
  'gateway_load_balancer_endpoint',
  'vpc_endpoint',
  'transit_gateway',
  'api_gateway_managed',
  'global_accelerator_managed',
  'iot_rules_managed',
  'quicksight',
  'lambda',
])

export function isService({ type, description }: NetworkInterface): boolean {
  return SERVICE_TYPES.has(type) || description?.startsWith('ELB ') === true
}

export function addressesOf(network: Network, one: NetworkInterface): TargetAddress[] {
  const instance = network.instances.get(one.instance ?? '') ?? null
  return one.addresses.map(({ address, family, publicAddress, hasUnknownPublicAddress }) => ({
    networkInterface: one,
    instance,
    asset: one.instance ?? one.id,
    address,
    family,
    publicAddress,
    hasUnknownPublicAddress,
  }))
}

/** Why an instance takes no traffic; null where it does. */
export function stateBlocker(instance: Instance | null): Blocker | null {
  if (instance === null) return null
  const { state, id } = instance
  if (state === 'running' || state === 'pending' || state === 'unknown') return null
  return { kind: 'instance-state', id, detail: `${id} is ${state}` }
}

export const UNKNOWN_ADDRESS = '(known after apply)'
export const NO_ADDRESS = '(none)'

/** The end of every chain. */
export function endLinks({ networkInterface, instance }: TargetAddress): Link[] {
  const links: Link[] = [{ kind: 'network-interface', id: networkInterface.id, detail: 'network interface' }]
  if (instance !== null)
    links.push({ kind: 'instance', id: instance.id, detail: instance.names[0] ?? 'instance' })
  return links
}
