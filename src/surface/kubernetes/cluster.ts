import type { ResourceEvent } from '../../event/resource.ts'
import { type Attributes, isAttributes, objectAt, objectsAt, textAt, valueAt } from '../attributes.ts'
import type { Inventory } from '../inventory.ts'

/** A template of pods: what runs, with which rights. */
export interface Workload {
  /** `Deployment web/shop`. */
  readonly id: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly spec: Attributes
  readonly containers: readonly Attributes[]
  readonly images: readonly string[]
  readonly event: ResourceEvent
}

const TEMPLATED = [
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
]
/** Labels and names that controllers make: their owner is looked at instead. */
const MAX_WORKLOADS = 100_000

/** Everything that makes pods, and pods that nobody made. */
export function workloadsOf(inventory: Inventory): Workload[] {
  const found: Workload[] = []
  for (const event of inventory.of('Pod', ...TEMPLATED)) {
    if (event.provider !== 'kubernetes' || found.length >= MAX_WORKLOADS) continue
    const metadata = objectAt(event.attributes, 'metadata')
    if (objectsAt(metadata, 'ownerReferences').length > 0) continue
    const outer = objectAt(event.attributes, 'spec')
    const job = event.resourceType === 'CronJob' ? objectAt(objectAt(outer, 'jobTemplate'), 'spec') : outer
    const template = event.resourceType === 'Pod' ? event.attributes : objectAt(job, 'template')
    const spec = objectAt(template, 'spec')
    const containers = [...objectsAt(spec, 'containers'), ...objectsAt(spec, 'initContainers')]
    found.push({
      id: `${event.resourceType} ${event.resourceId}`,
      namespace: textAt(metadata, 'namespace') ?? 'default',
      labels: textMap(valueAt(objectAt(template, 'metadata'), 'labels')),
      spec,
      containers,
      images: containers.flatMap((container) => textAt(container, 'image') ?? []),
      event,
    })
  }
  return found
}

export function textMap(value: unknown): Record<string, string> {
  if (!isAttributes(value)) return {}
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** The workloads that a service sends to: whose labels hold all of its selector. */
export function selected(service: ResourceEvent, workloads: readonly Workload[]): Workload[] {
  const selector = Object.entries(textMap(valueAt(objectAt(service.attributes, 'spec'), 'selector')))
  const namespace = textAt(objectAt(service.attributes, 'metadata'), 'namespace') ?? 'default'
  if (selector.length === 0) return []
  return workloads.filter(
    (workload) =>
      workload.namespace === namespace && selector.every(([key, value]) => workload.labels[key] === value),
  )
}

export interface ClusterNode {
  readonly name: string
  readonly externalAddresses: readonly string[]
  readonly instanceType: string | null
}

export function nodesOf(inventory: Inventory): ClusterNode[] {
  return inventory.of('Node').map(({ resourceId, attributes }) => {
    const labels = textMap(valueAt(objectAt(attributes, 'metadata'), 'labels'))
    return {
      name: resourceId,
      externalAddresses: objectsAt(objectAt(attributes, 'status'), 'addresses').flatMap((one) =>
        textAt(one, 'type') === 'ExternalIP' ? (textAt(one, 'address') ?? []) : [],
      ),
      instanceType:
        labels['node.kubernetes.io/instance-type'] ?? labels['beta.kubernetes.io/instance-type'] ?? null,
    }
  })
}

export const CLUSTER = 'kubernetes'
