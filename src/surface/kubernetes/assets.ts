import type { Intel } from '../../intel/intel.ts'
import { visible } from '../../text/visible.ts'
import { emptyAsset } from '../assets.ts'
import type { SurfaceAsset } from '../document.ts'
import { type Inventory, proofOf } from '../inventory.ts'
import { CLUSTER, nodesOf, workloadsOf } from './cluster.ts'

/** The cluster, its machines, and what runs or is published in it. */
export function kubernetesAssets(inventory: Inventory, intel: Pick<Intel, 'priceOf'>): SurfaceAsset[] {
  if (!inventory.all.some(({ provider }) => provider === 'kubernetes')) return []
  const nodes = nodesOf(inventory).map(({ name, externalAddresses, instanceType }): SurfaceAsset => {
    const price = instanceType === null ? null : intel.priceOf(instanceType)
    return {
      ...emptyAsset(`Node ${visible(name)}`, 'node', 'kubernetes'),
      names: [visible(name)],
      addresses: externalAddresses.map(visible),
      state: 'running',
      instanceType: instanceType === null ? null : visible(instanceType),
      price:
        price === null
          ? null
          : { usdPerHour: price.usdPerHour, basis: `on demand, Linux, ${price.region}, ${price.date}` },
    }
  })
  const published = inventory.of('Service', 'Ingress').map((event): SurfaceAsset => ({
    ...emptyAsset(
      `${event.resourceType} ${visible(event.resourceId)}`,
      event.resourceType.toLowerCase(),
      'kubernetes',
    ),
    names: [visible(event.resourceId)],
    evidence: [proofOf(event)],
  }))
  const workloads = workloadsOf(inventory).map(({ id, event }): SurfaceAsset => ({
    ...emptyAsset(visible(id), 'workload', 'kubernetes'),
    names: [visible(event.resourceId)],
    evidence: [proofOf(event)],
  }))
  return [emptyAsset(CLUSTER, 'cluster', 'kubernetes'), ...nodes, ...published, ...workloads]
}
