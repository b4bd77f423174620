import type { Exposure } from '../../surface/document.ts'
import type { SystemdChange } from '../change.ts'
import type { Control, MeasureDraft, Scene } from '../control.ts'
import { NO_OVERHEAD } from '../overhead.ts'
import { nameOf, onExposures, withCheck } from './scene.ts'

const SHARE_OF_LOOPBACK = 0.97
const SHARE_OF_PASSWORD = 0.85
const SHARE_OF_UNUSED = 0.98

/** How a product is told to listen on the machine itself alone; the unit as Debian and Ubuntu call it. */
interface Product {
  readonly door: string
  readonly title: string
  readonly processes: readonly string[]
  readonly unit: string
  /** `ExecStart` is emptied first: systemd adds to lists. */
  readonly execStart: string
  readonly how: string
}

const PRODUCTS: readonly Product[] = [
  {
    door: 'redis',
    title: 'Redis',
    processes: ['redis-server'],
    unit: 'redis-server.service',
    execStart:
      '/usr/bin/redis-server /etc/redis/redis.conf --bind 127.0.0.1 -::1 --protected-mode yes --supervised systemd --daemonize no',
    how: 'bind 127.0.0.1 -::1 in redis.conf',
  },
  {
    door: 'docker-api',
    title: 'Docker',
    processes: ['dockerd', 'docker'],
    unit: 'docker.service',
    execStart: '/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock',
    how: 'no tcp:// host in /etc/docker/daemon.json or the unit; people use ssh:// contexts',
  },
  {
    door: 'memcached',
    title: 'memcached',
    processes: ['memcached'],
    unit: 'memcached.service',
    execStart: '/usr/bin/memcached -l 127.0.0.1 -u memcache -m 64 -p 11211',
    how: '-l 127.0.0.1 in memcached.conf',
  },
  {
    door: 'jupyter',
    title: 'Jupyter',
    processes: ['jupyter-lab', 'jupyter-notebook', 'jupyter-server', 'jupyter'],
    unit: 'jupyter.service',
    execStart: '/usr/local/bin/jupyter lab --ip=127.0.0.1 --no-browser',
    how: '--ip=127.0.0.1, and a tunnel (ssh -L) for people',
  },
]

function seenOn(scene: Scene, product: Product): Exposure[] {
  return scene.exposures.filter(
    ({ kind, door, doors, listeners, cutEdge }) =>
      kind === 'network' &&
      cutEdge?.type.startsWith('kubernetes-') !== true &&
      door === product.door &&
      (doors[0]?.certainty === 'seen' ||
        listeners.some((one) => product.processes.includes(one.process ?? ''))),
  )
}

/** What only the machine itself needs listens on the machine itself. */
export const bindLoopback: Control = {
  id: 'bind-loopback',
  title: 'Services that listen on the machine itself only',
  what: 'Redis, Docker and the like were made to be talked to from inside. Bound to 127.0.0.1 they cannot be reached from outside, whatever the firewalls say.',
  layer: 'reach',
  share: SHARE_OF_LOOPBACK,
  shareBasis: {
    kind: 'judgement',
    why: 'what does not listen outside cannot be taken from there; 3 % stay for programs on the machine that pass requests on',
  },
  overhead: { ...NO_OVERHEAD, friction: 1, downtimeSeconds: 5 },
  overheadBasis: { kind: 'judgement', why: 'a restart of the service; clients on other machines lose it' },
  needs: [
    'no other machine uses the service',
    'the drop-in replaces ExecStart: compare it with systemctl cat',
  ],
  measures: (scene) =>
    PRODUCTS.flatMap((product) => {
      const hosts = Map.groupBy(seenOn(scene, product), ({ asset }) => asset)
      return [...hosts].map(([asset, exposures]): MeasureDraft => {
        const host = nameOf(scene, asset)
        const systemd: SystemdChange = {
          host,
          unit: product.unit,
          action: 'drop-in',
          section: 'Service',
          settings: [
            ['ExecStart', ''],
            ['ExecStart', product.execStart],
          ],
        }
        return {
          target: `${asset} ${product.door}`,
          targets: [asset],
          title: `${host}: ${product.title} listens on the machine itself only`,
          effects: onExposures(exposures, SHARE_OF_LOOPBACK),
          carriers: [asset],
          changes: [{ what: `${product.title} on ${host}: ${product.how}`, systemd }],
          closes: exposures.map(({ id }) => id),
        }
      })
    }),
}

const WITHOUT_PASSWORD: ReadonlySet<string> = new Set([
  'redis',
  'mongodb',
  'elasticsearch',
  'memcached',
  'couchdb',
  'cassandra',
  'clickhouse',
  'etcd',
  'zookeeper',
  'kafka',
  'docker-api',
  'kubelet',
  'jupyter',
  'ray',
  'spark',
  'flink',
  'hadoop-yarn',
  'nomad',
  'consul',
  'mlflow',
  'ollama',
  'selenium',
  'portainer',
  'supervisor',
])

/** For what has to be reached: not without saying who one is. */
export const requireAuth: Control = {
  id: 'require-auth',
  title: 'Services that ask who is there',
  what: 'Many services take orders from whoever reaches them until somebody sets a password or a certificate. Where the port has to stay open, this is what keeps strangers out.',
  layer: 'authentication',
  share: SHARE_OF_PASSWORD,
  shareBasis: {
    kind: 'judgement',
    why: 'keeps out all who come without; 15 % stay for guessing and for holes before the login',
  },
  overhead: { ...NO_OVERHEAD, friction: 2, downtimeSeconds: 5 },
  overheadBasis: {
    kind: 'judgement',
    why: 'every client has to be given the password or certificate; a restart',
  },
  needs: ['every client can be given the password'],
  measures: (scene) =>
    scene.exposures
      .filter(
        ({ kind, door, doors }) =>
          kind === 'network' && doors[0]?.certainty === 'seen' && WITHOUT_PASSWORD.has(door ?? ''),
      )
      .map((exposure): MeasureDraft => ({
        target: `${exposure.asset} ${exposure.door} ${exposure.portFrom}`,
        targets: [exposure.asset],
        title: `${nameOf(scene, exposure.asset)}: ${exposure.doors[0]?.title} asks who is there`,
        effects: onExposures([exposure], SHARE_OF_PASSWORD),
        carriers: [exposure.asset],
        changes: [{ what: exposure.fix }],
        closes: [],
      })),
}

/** What nobody uses need not run. */
export const stopUnused: Control = {
  id: 'stop-unused-service',
  title: 'Stop services that nobody used',
  what: 'A service that nobody talked to in all the time the evidence covers is only good for strangers.',
  layer: 'reach',
  share: SHARE_OF_UNUSED,
  shareBasis: { kind: 'judgement', why: 'what does not run cannot be taken' },
  overhead: { ...NO_OVERHEAD, friction: 1 },
  overheadBasis: { kind: 'judgement', why: 'nobody used it as far as the evidence goes' },
  needs: ['nobody answers "mine"'],
  measures: (scene) =>
    withCheck(scene, 'service-unused').map((exposure): MeasureDraft => {
      const host = nameOf(scene, exposure.asset)
      const ways = (scene.byAsset.get(exposure.asset) ?? []).filter(
        (one) =>
          one.kind === 'network' && one.portFrom === exposure.portFrom && one.portTo === exposure.portTo,
      )
      const unit = exposure.resources.find((one) => one.endsWith('.service') || one.endsWith('.socket'))
      return {
        target: exposure.id,
        targets: [exposure.asset],
        title: `${host}: stop ${unit ?? `what listens on ${exposure.portFrom}`}`,
        effects: onExposures([exposure, ...ways], SHARE_OF_UNUSED),
        carriers: [],
        changes: [
          {
            what: exposure.fix,
            ...(unit === undefined ? {} : { systemd: { host, unit, action: 'stop' as const } }),
          },
        ],
        closes: [exposure.id, ...ways.map(({ id }) => id)],
      }
    }),
}
