import type { ResourceEvent } from '../../event/resource.ts'
import { visible } from '../../text/visible.ts'
import { ASSUMED_TYPE } from '../assets.ts'
import { numberAt, objectAt, objectsAt, textAt, textsAt, valueAt } from '../attributes.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure } from '../document.ts'
import { type Candidate, candidatesByPort, matchOf } from '../doors/candidates.ts'
import { exposureOf, type Loss } from '../exposure.ts'
import { proofOf } from '../inventory.ts'
import { networkLikelihood } from '../risk/likelihood.ts'
import { given, product, stated, sum } from '../risk/derive.ts'
import {
  CLUSTER,
  type ClusterNode,
  nodesOf,
  selected,
  textMap,
  type Workload,
  workloadsOf,
} from './cluster.ts'
import { anonymousRights } from './rbac.ts'

/** Ways into a cluster: services, ingresses and ports of nodes that are open, and rights of strangers. */
export function kubernetesExposures(context: SurfaceContext): Exposure[] {
  const { inventory } = context
  if (!inventory.all.some(({ provider }) => provider === 'kubernetes')) return []
  const workloads = workloadsOf(inventory)
  const nodes = nodesOf(inventory)
  const losses = [clusterLoss(nodes, context)]
  return [
    ...inventory
      .of('Service')
      .flatMap((service) => serviceExposures(service, workloads, nodes, losses, context)),
    ...inventory.of('Ingress').map((ingress) => ingressExposure(ingress, losses, context)),
    ...workloads.flatMap((workload) => hostPortExposures(workload, nodes, losses, context)),
    ...anonymousRights(losses, context),
  ]
}

/** What the machines of the cluster cost a day. */
export function clusterLoss(
  nodes: readonly ClusterNode[],
  { intel, catalogue }: Pick<SurfaceContext, 'intel' | 'catalogue'>,
): Loss {
  const byType = new Map<string, number>()
  for (const { instanceType } of nodes) {
    const type = instanceType !== null && intel.priceOf(instanceType) !== null ? instanceType : ASSUMED_TYPE
    byType.set(type, (byType.get(type) ?? 0) + 1)
  }
  if (nodes.length === 0) byType.set(ASSUMED_TYPE, 1)
  const parts = [...byType].map(([type, count]) => {
    const price = intel.priceOf(type)
    return product(`${count} × ${type} an hour`, 'usdPerHour', [
      stated('machines', count, 'count', nodes.length === 0 ? 'no nodes were read: at least one' : null),
      stated(
        type,
        price?.usdPerHour ?? 0,
        'usdPerHour',
        price === null ? 'no price known' : `on demand, ${price.region}, ${price.date}`,
      ),
    ])
  })
  const derivation = product(
    'what the machines of the cluster cost a day in the hands of a miner',
    'usdPerDay',
    [
      sum('all machines an hour', 'usdPerHour', parts),
      stated('hours a day', 24, 'count'),
      given('share of them that miners take', catalogue.factor('machine-share'), 'factor'),
    ],
  )
  return {
    sink: { id: `cluster:${CLUSTER}`, title: 'the machines of the cluster', usdPerDay: derivation.value },
    derivation,
  }
}

interface Way {
  readonly event: ResourceEvent
  readonly asset: string
  readonly title: string
  readonly explanation: string
  readonly fix: string
  readonly address: string | null
  readonly port: number
  readonly protocol: string
  readonly sources: readonly string[]
  readonly images: readonly string[]
  readonly why: readonly string[]
  readonly links: Exposure['chain']
  /** Nobody said that strangers reach the address. */
  readonly isUnsure: boolean
}

function wayExposure(way: Way, losses: readonly Loss[], context: SurfaceContext): Exposure {
  const { catalogue } = context
  const seen: Candidate[] = way.images
    .flatMap((image) => catalogue.byImage(image))
    .map((door) => ({ door, port: way.port, isSeen: true, weight: 1 }))
  const candidates = seen.length > 0 ? seen : candidatesByPort(way.port, way.protocol, catalogue)
  const likelihood = networkLikelihood(
    {
      portFrom: way.port,
      portTo: way.port,
      sources: way.sources,
      isInternet: true,
      listening: way.images.length > 0 ? true : 'unknown',
      candidates: [candidates],
      host: null,
      imageAgeDays: null,
      wasUsed: false,
      isBehindBalancer: false,
      isReachUnsure: way.isUnsure,
    },
    catalogue,
  )
  const [main] = candidates
  return exposureOf({
    kind: 'network',
    check: 'open-port',
    title: way.title,
    explanation:
      main === undefined || main.door.id === 'other'
        ? way.explanation
        : `${way.explanation} ${main.door.title}: ${main.door.what}.`,
    fix: way.fix,
    asset: way.asset,
    key: [way.address ?? '', way.protocol, way.port],
    likelihood,
    losses,
    why: [
      ...way.why,
      ...(way.images.length === 0 ? [] : [`behind it: ${way.images.slice(0, 3).map(visible).join(', ')}`]),
    ],
    evidence: [proofOf(way.event)],
    way: {
      address: way.address,
      protocol: way.protocol,
      portFrom: way.port,
      portTo: way.port,
      sources: way.sources.map((cidr) => ({ cidr })),
      chain: way.links,
      cutEdge: {
        type: `kubernetes-${way.event.resourceType.toLowerCase()}`,
        id: visible(way.event.resourceId),
        ruleId: null,
        terraformAddress: null,
        account: null,
        region: null,
        protocol: way.protocol,
        portFrom: way.port,
        portTo: way.port,
        source: way.sources[0] ?? null,
        isOnly: true,
        says: way.why[0] ?? '',
      },
      door: main?.door.id ?? null,
      doors: candidates.map(matchOf).slice(0, 20),
      listening: way.images.length > 0 ? true : 'unknown',
      software: seen.map(({ door }) => door.title),
    },
  })
}

const INTERNAL =
  /(?:aws-load-balancer-(?:internal|scheme)|azure-load-balancer-internal|load-balancer-type|networking\.gke\.io\/load-balancer-type)$/u

/** Clouds make a load balancer public unless an annotation says otherwise. */
function isInternal({ attributes }: ResourceEvent): boolean {
  const annotations = textMap(valueAt(objectAt(attributes, 'metadata'), 'annotations'))
  return Object.entries(annotations).some(
    ([key, value]) => INTERNAL.test(key) && /^(?:true|internal|0\.0\.0\.0\/0)$/iu.test(value),
  )
}

function serviceExposures(
  service: ResourceEvent,
  workloads: readonly Workload[],
  nodes: readonly ClusterNode[],
  losses: readonly Loss[],
  context: SurfaceContext,
): Exposure[] {
  const spec = objectAt(service.attributes, 'spec')
  const type = textAt(spec, 'type') ?? 'ClusterIP'
  const external = textsAt(spec, 'externalIPs')
  const behind = selected(service, workloads)
  const images = behind.flatMap((workload) => workload.images)
  const name = visible(service.resourceId)
  const found: Exposure[] = []
  for (const one of objectsAt(spec, 'ports')) {
    const port = numberAt(one, 'port')
    const nodePort = numberAt(one, 'nodePort')
    const protocol = (textAt(one, 'protocol') ?? 'TCP').toLowerCase()
    const links = (says: string): Exposure['chain'] => [
      { type: 'internet', id: 'internet', name: null, says: 'anybody on the internet' },
      { type: 'service', id: name, name: null, says },
      ...behind.slice(0, 5).map((workload) => ({
        type: 'workload',
        id: visible(workload.id),
        name: null,
        says: workload.images.slice(0, 3).map(visible).join(', '),
      })),
    ]
    const isOpen = (type === 'LoadBalancer' && !isInternal(service)) || external.length > 0
    if (isOpen && port !== null) {
      const ranges = textsAt(spec, 'loadBalancerSourceRanges')
      const address = objectsAt(objectAt(objectAt(service.attributes, 'status'), 'loadBalancer'), 'ingress')
        .flatMap((entry) => textAt(entry, 'ip', 'hostname') ?? [])
        .concat(external)[0]
      found.push(
        wayExposure(
          {
            event: service,
            asset: `Service ${name}`,
            title: `the service ${name} is open to ${ranges.length === 0 ? 'the internet' : ranges.slice(0, 2).join(', ')} on port ${port}/${protocol}`,
            explanation: 'A service of type LoadBalancer gets a public address from the cloud.',
            fix: 'If only your own networks need it, list them in loadBalancerSourceRanges or make the load balancer internal; else put a login in front.',
            address: address === undefined ? null : visible(address),
            port,
            protocol,
            sources: ranges.length === 0 ? ['0.0.0.0/0'] : ranges,
            images,
            why: [
              `its type is ${type}${external.length > 0 ? ' with externalIPs' : ''}, and nothing says that it is internal`,
            ],
            links: links('a service with a public address'),
            isUnsure: false,
          },
          losses,
          context,
        ),
      )
    }
    if (nodePort !== null && (type === 'NodePort' || type === 'LoadBalancer')) {
      const addresses = nodes.flatMap((node) => node.externalAddresses)
      if (nodes.length > 0 && addresses.length === 0) continue
      found.push(
        wayExposure(
          {
            event: service,
            asset: `Service ${name}`,
            title: `the service ${name} is open on port ${nodePort}/${protocol} of every machine of the cluster`,
            explanation:
              'A NodePort opens the port on every machine of the cluster; the firewall of the cloud decides who reaches it.',
            fix: 'Use a ClusterIP service behind an ingress, or let the firewall of the machines refuse ports 30000–32767 from outside.',
            address: addresses[0] === undefined ? null : visible(addresses[0]),
            port: nodePort,
            protocol,
            sources: ['0.0.0.0/0'],
            images,
            why: [
              `nodePort ${nodePort}`,
              addresses.length === 0
                ? 'the nodes were not read: whether they have public addresses is not known'
                : 'nodes have public addresses',
            ],
            links: links('a port on every machine'),
            isUnsure: true,
          },
          losses,
          context,
        ),
      )
    }
  }
  return found
}

function ingressExposure(ingress: ResourceEvent, losses: readonly Loss[], context: SurfaceContext): Exposure {
  const spec = objectAt(ingress.attributes, 'spec')
  const hosts = objectsAt(spec, 'rules').flatMap((rule) => textAt(rule, 'host') ?? [])
  const isTls = objectsAt(spec, 'tls').length > 0
  const name = visible(ingress.resourceId)
  return wayExposure(
    {
      event: ingress,
      asset: `Ingress ${name}`,
      title: `the ingress ${name} publishes ${hosts.length === 0 ? 'a service' : hosts.slice(0, 2).map(visible).join(', ')} on the web`,
      explanation: 'An ingress leads web requests from outside to services of the cluster.',
      fix: `Put a login in front of what is not for everybody${isTls ? '' : ', and give it a certificate (tls)'}.`,
      address: hosts[0] === undefined ? null : visible(hosts[0]),
      port: isTls ? 443 : 80,
      protocol: 'tcp',
      sources: ['0.0.0.0/0'],
      images: [],
      why: [`its rules name ${hosts.length === 0 ? 'no host: it answers to every name' : 'these hosts'}`],
      links: [
        { type: 'internet', id: 'internet', name: null, says: 'anybody on the internet' },
        { type: 'ingress', id: name, name: null, says: 'leads web requests to services' },
      ],
      isUnsure: true,
    },
    losses,
    context,
  )
}

function hostPortExposures(
  workload: Workload,
  nodes: readonly ClusterNode[],
  losses: readonly Loss[],
  context: SurfaceContext,
): Exposure[] {
  const addresses = nodes.flatMap((node) => node.externalAddresses)
  if (nodes.length > 0 && addresses.length === 0) return []
  const isHostNetwork = valueAt(workload.spec, 'hostNetwork') === true
  const id = visible(workload.id)
  return workload.containers.flatMap((container) =>
    objectsAt(container, 'ports').flatMap((one) => {
      const port = numberAt(one, 'hostPort') ?? (isHostNetwork ? numberAt(one, 'containerPort') : null)
      if (port === null || port === 0) return []
      const protocol = (textAt(one, 'protocol') ?? 'TCP').toLowerCase()
      return [
        wayExposure(
          {
            event: workload.event,
            asset: id,
            title: `${id} opens port ${port}/${protocol} of the machines it runs on`,
            explanation: 'A port of the machine itself is open beside all rules of the cluster’s network.',
            fix: 'Use a service instead of hostPort and hostNetwork.',
            address: addresses[0] === undefined ? null : visible(addresses[0]),
            port,
            protocol,
            sources: ['0.0.0.0/0'],
            images: textAt(container, 'image') === null ? [] : [textAt(container, 'image') ?? ''],
            why: [isHostNetwork ? 'hostNetwork is true' : `hostPort ${port}`],
            links: [{ type: 'workload', id, name: null, says: 'opens a port of its machine' }],
            isUnsure: true,
          },
          losses,
          context,
        ),
      ]
    }),
  )
}
