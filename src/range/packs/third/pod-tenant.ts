import type { Foothold, GangModel } from '../../gangs/gang.ts'
import { OFFICE_CLIENT } from '../../network/ssh-bytes.ts'
import { type Act, HOUR_MS, MINUTE_MS } from '../../schedule.ts'
import { removeContainers, runContainer } from './containers.ts'
import { drawnKey, LOWER, ownRelay } from './draw.ts'
import { later } from './jobs.ts'
import { killAll, killSeen } from './oust.ts'
import { becomeRoot, bring } from './settle.ts'
import { cutCronLines } from './shut-out.ts'

const AGENT = 'XMRig/6.20.0 (Linux x86_64) libuv/1.45.0 gcc/12.2.1'

/** Comes back for whoever moved in meanwhile. */
function* secondLook(foothold: Foothold): Act {
  yield* removeContainers(foothold, 'cri-containerd')
  if (foothold.random.chance(0.6)) yield* killSeen(foothold)
}

/** After the tenants of open clusters: a daemon set with a harmless name, a few cores below its limit, and other sets deleted first. */
export const podTenant: GangModel = {
  name: 'pod-tenant',
  family: null,
  form({ random, places, skill }) {
    const set = random.pick([
      'proxy-api',
      'api-proxy',
      'kube-controller',
      'node-exporter2',
      'k8s-device-plugin',
    ])
    const process = skill === 'low' ? 'xmrig' : random.pick(['pause', 'kube-proxy', 'coredns', 'node'])
    const wallet = random.chance(0.4) ? 'cluster' : places.wallet()
    const clearsPods = random.chance(0.8)
    return {
      traits: {
        wallets: [wallet],
        pool: ownRelay(places, random, {
          ports: [443, 10_300, 8443],
          isTls: skill !== 'low',
          isNamed: skill !== 'medium',
        }),
        login: (machine) => ({ login: wallet, pass: `${set}-${machine.facts.name}` }),
        agent: AGENT,
        miner: {
          path: `/usr/bin/${process}`,
          comm: process,
          args: () => [],
          cpuShare: { low: 0.7, medium: 0.45, high: 0.25 }[skill] * random.between(0.85, 1.1),
          knownAs: ['proxy-api', 'pause'],
        },
        sources: [places.source()],
        client: OFFICE_CLIENT,
        download: { ip: places.server(), name: places.name(), paths: ['/load.sh', '/ds.yaml'] },
        control: null,
        key: random.chance(0.3) ? drawnKey(random, 'k8s@node') : null,
        waysIn: random.chance(0.5)
          ? ['docker-api', 'web-exploit', 'ssh-password']
          : ['web-exploit', 'docker-api', 'ssh-password'],
        spreads: 0,
        sells: 0.05,
        returnsAfterMs: random.chance(0.4) ? random.integer(100, 300) * MINUTE_MS : null,
      },
      *occupy(arrived) {
        const foothold = yield* becomeRoot(arrived, 0.5)
        const order = foothold.random
        const { hands } = foothold
        yield* hands.run(['kubectl', 'get', 'pods', '-A', '-o', 'wide'], { replyBytes: 1800 })
        if (clearsPods) {
          for (const rival of ['proxy-api', 'api-proxy', 'kube-controller', 'c3pool'].filter(
            (one) => one !== set,
          ))
            if (order.chance(0.6))
              yield* hands.run(['kubectl', 'delete', 'ds', rival, '-n', 'kube-system'], { replyBytes: 60 })
          yield* removeContainers(foothold, 'cri-containerd')
        }
        if (order.chance(0.35)) yield* removeContainers(foothold, 'docker')
        if (order.chance(0.4)) yield* killSeen(foothold)
        else if (order.chance(0.6))
          yield* killAll(foothold, ['xmrig', 'java', 'docker-cache', 'perfcc'], true)
        if (order.chance(0.3)) yield* cutCronLines(foothold, ['curl', 'wget'])
        const manifest = `/tmp/${random.text(5, LOWER)}.yaml`
        if (!(yield* bring(foothold, '/ds.yaml', manifest, { what: 'manifest' }))) return
        if (!foothold.isRoot) {
          // Without the kubelet's rights there is still the process itself.
          const { path } = foothold.gang.traits.miner
          if (yield* bring(foothold, `/${process}`, path, { what: 'miner' })) yield* foothold.startMiner()
          return
        }
        yield* runContainer(foothold, 'cri-containerd', set, set)
        if (order.chance(0.5))
          yield* later(foothold, order.between(0.3, 3) * HOUR_MS, 'sh /tmp/load.sh', secondLook)
        if (order.chance(0.3)) yield* foothold.addKey('append')
      },
    }
  },
}
