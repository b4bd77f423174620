import type { Exposure } from '../../surface/document.ts'
import type { Json, KubernetesChange } from '../change.ts'
import type { Control, MeasureDraft, Scene } from '../control.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { cidrOf } from './narrowed-rule.ts'
import { nameOf, onExposures } from './scene.ts'

const SHARE_OF_INSIDE = 0.97
const SHARE_OF_KUBELET = 0.9

/** `namespace/name` of a Service, where the surface says that a Service is what lets strangers in. */
function serviceOf({ cutEdge }: Exposure): { namespace: string; name: string } | null {
  if (cutEdge?.type !== 'kubernetes-service') return null
  const [namespace, name, ...more] = cutEdge.id.split('/')
  return namespace === undefined || name === undefined || more.length > 0 ? null : { namespace, name }
}

/** Services of a cluster that strangers need not reach. */
export const serviceInside: Control = {
  id: 'service-inside',
  title: 'Services of the cluster for your own networks only',
  what: 'A Service of type LoadBalancer or NodePort is open to the internet. It can be closed to all but your own addresses, or be reached from inside the cluster alone.',
  layer: 'reach',
  share: SHARE_OF_INSIDE,
  shareBasis: { kind: 'judgement', why: 'as for any port that is closed' },
  overhead: { ...NO_OVERHEAD, friction: 1 },
  overheadBasis: {
    kind: 'judgement',
    why: 'who used it from outside has to come through the VPN or kubectl port-forward',
  },
  needs: ['nobody outside uses it'],
  measures: (scene) =>
    scene.exposures.flatMap((exposure): MeasureDraft[] => {
      const service = serviceOf(exposure)
      if (exposure.kind !== 'network' || service === null) return []
      return [
        {
          target: `${service.namespace}/${service.name} ${exposure.portFrom}`,
          targets: [exposure.asset],
          title: `${service.namespace}/${service.name}: not from the internet`,
          effects: onExposures([exposure], SHARE_OF_INSIDE),
          carriers: [],
          changes: [
            {
              what: `Service ${service.namespace}/${service.name}: for ${scene.operators.length === 0 ? 'the cluster' : 'your own networks'} only`,
              kubernetes: servicePatch(service, scene),
            },
          ],
          closes: [exposure.id],
        },
      ]
    }),
}

function servicePatch(
  { namespace, name }: { namespace: string; name: string },
  { operators }: Scene,
): KubernetesChange {
  const networks = operators.map(cidrOf)
  const spec: { [key: string]: Json } =
    networks.length === 0 ? { type: 'ClusterIP' } : { loadBalancerSourceRanges: networks }
  const before: { [key: string]: Json } =
    networks.length === 0 ? { type: 'LoadBalancer' } : { loadBalancerSourceRanges: null }
  return {
    action: 'patch',
    apiVersion: 'v1',
    kind: 'Service',
    namespace,
    name,
    body: { spec },
    revert: { spec: before },
  }
}

/** The agent of every node: not without a certificate. */
export const kubeletAuth: Control = {
  id: 'kubelet-auth',
  title: 'Kubelets that ask who is there',
  what: 'The kubelet runs the containers of a node. Where it takes orders from anybody, one request starts a miner on it. It can be told to ask for a certificate and to close its open port for reading.',
  layer: 'authentication',
  share: SHARE_OF_KUBELET,
  shareBasis: { kind: 'judgement', why: 'anonymous orders are how TeamTNT and Kinsing used kubelets' },
  overhead: { ...NO_OVERHEAD, friction: 0.5, downtimeSeconds: 5 },
  overheadBasis: { kind: 'judgement', why: 'a restart of the kubelet; pods go on running' },
  needs: ['monitoring that reads port 10255 is moved to 10250 with a token'],
  measures: (scene) =>
    scene.exposures
      .filter(
        ({ kind, door, portFrom }) =>
          kind === 'network' && (door === 'kubelet' || portFrom === 10_250 || portFrom === 10_255),
      )
      .map((exposure): MeasureDraft => {
        const host = nameOf(scene, exposure.asset)
        return {
          target: `${exposure.asset} ${exposure.portFrom}`,
          targets: [exposure.asset],
          title: `${host}: the kubelet asks who is there`,
          effects: onExposures([exposure], SHARE_OF_KUBELET),
          carriers: [exposure.asset],
          changes: [
            {
              what: `kubelet of ${host}: authentication.anonymous.enabled false, authorization.mode Webhook, readOnlyPort 0`,
              systemd: {
                host,
                unit: 'kubelet.service',
                action: 'drop-in',
                section: 'Service',
                settings: [
                  [
                    'Environment',
                    'KUBELET_EXTRA_ARGS="--anonymous-auth=false --authorization-mode=Webhook --read-only-port=0"',
                  ],
                ],
              },
            },
          ],
          closes: [],
        }
      }),
}
