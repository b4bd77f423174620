import { visible } from '../../text/visible.ts'
import { objectAt, objectsAt, textAt, valueAt } from '../attributes.ts'
import type { SurfaceContext } from '../context.ts'
import type { Exposure } from '../document.ts'
import { exposureOf, type Loss } from '../exposure.ts'
import { proofOf } from '../inventory.ts'
import { given } from '../risk/derive.ts'
import { nodesOf, type Workload, workloadsOf } from './cluster.ts'
import { clusterLoss } from './exposures.ts'

const RUNTIME_SOCKET = /(?:^|\/)(?:docker|containerd|crio|podman)\.sock$/u
const WHOLE_MACHINE = new Set(['/', '/etc', '/root', '/var/lib/kubelet', '/var/run', '/run'])

/** Containers that are no walls: whoever breaks into one has its machine. */
export function kubernetesHygiene(context: SurfaceContext): Exposure[] {
  const workloads = workloadsOf(context.inventory)
  if (workloads.length === 0) return []
  const losses = [clusterLoss(nodesOf(context.inventory), context)]
  return workloads.flatMap((workload) => [
    ...sockets(workload, losses, context),
    ...privileges(workload, losses, context),
  ])
}

function sockets(workload: Workload, losses: readonly Loss[], context: SurfaceContext): Exposure[] {
  const paths = objectsAt(workload.spec, 'volumes').flatMap(
    (volume) => textAt(objectAt(volume, 'hostPath'), 'path') ?? [],
  )
  const socket = paths.find((path) => RUNTIME_SOCKET.test(path))
  const whole = paths.find((path) => WHOLE_MACHINE.has(path))
  const path = socket ?? whole
  if (path === undefined) return []
  return [
    finding('docker-socket-mounted', workload, losses, context, {
      title:
        socket === undefined
          ? `${visible(workload.id)} can read and write its machine’s ${visible(path)}`
          : `${visible(workload.id)} can control the containers of its machine`,
      explanation:
        'Whoever breaks into this container can start others with full rights over the machine, or change its files.',
      fix: 'Take the hostPath volume away; where a tool needs it, keep it out of reach of others and mount it read-only.',
      why: [`it mounts ${visible(path)} of the machine`],
    }),
  ]
}

function privileges(workload: Workload, losses: readonly Loss[], context: SurfaceContext): Exposure[] {
  const privileged = workload.containers.filter(
    (container) => valueAt(objectAt(container, 'securityContext'), 'privileged') === true,
  )
  const isHostPid = valueAt(workload.spec, 'hostPID') === true
  if (privileged.length === 0 && !isHostPid) return []
  const names = privileged.flatMap((container) => textAt(container, 'name') ?? []).map(visible)
  return [
    finding('container-privileged', workload, losses, context, {
      title: `${visible(workload.id)} runs with all rights of its machine`,
      explanation: 'A privileged container is no wall: whoever breaks into it has the machine.',
      fix: 'Take privileged and hostPID away; add the single capabilities it needs.',
      why: [
        ...(names.length === 0 ? [] : [`privileged: ${names.join(', ')}`]),
        ...(isHostPid ? ['hostPID is true'] : []),
      ],
    }),
  ]
}

function finding(
  check: 'docker-socket-mounted' | 'container-privileged',
  workload: Workload,
  losses: readonly Loss[],
  { catalogue }: SurfaceContext,
  words: Pick<Parameters<typeof exposureOf>[0], 'title' | 'explanation' | 'fix' | 'why'>,
): Exposure {
  const entry = catalogue.check(check)
  return exposureOf({
    kind: 'hygiene',
    check,
    asset: visible(workload.id),
    key: [],
    likelihood: given('chance that this lets somebody in within 30 days', entry.value, 'chance'),
    losses,
    // Of the system’s own parts it is expected.
    severity: workload.namespace === 'kube-system' ? 'info' : entry.severity,
    evidence: [proofOf(workload.event)],
    ...words,
  })
}
