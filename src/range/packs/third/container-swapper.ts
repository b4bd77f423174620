import type { GangModel } from '../../gangs/gang.ts'
import { readCredentials } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { OFFICE_CLIENT } from '../../network/ssh-bytes.ts'
import { MINUTE_MS } from '../../schedule.ts'
import { removeContainers, restartDocker, runContainer } from './containers.ts'
import { drawnKey, LOWER, ownRelay, publicPool } from './draw.ts'
import { killByPort, killSeen } from './oust.ts'
import { bring, memoryRunsShort } from './settle.ts'
import { disableUnits } from './shut-out.ts'

/** After Commando Cat: one container for another; what runs on the host itself it hardly sees, and new images stay out. */
export const containerSwapper: GangModel = {
  name: 'container-swapper',
  family: 'Commando Cat',
  form({ random, places, skill }) {
    const name = random.pick([
      'docker-cache',
      'dockercache',
      'gsc',
      'web-cache',
      `srv-${random.text(4, LOWER)}`,
    ])
    const binary = random.pick(['docker-cache', 'xmrig', 'containerd', 'node'])
    const wallet = places.wallet()
    const image = `${random.pick(['cmd.test/chattr', 'localhost/cache', 'library/alpine-ssl'])}:latest`
    const looksAtHost = { low: 0.85, medium: 0.6, high: 0.4 }[skill]
    return {
      traits: {
        wallets: [wallet],
        pool:
          skill === 'high'
            ? ownRelay(places, random, { ports: [443, 10_443], isTls: true, isNamed: true })
            : publicPool(places, random, skill === 'medium' && random.chance(0.5)),
        login: (machine) => ({ login: wallet, pass: `${machine.facts.name}-${random.text(3, LOWER)}` }),
        agent: XMRIG_AGENT,
        miner: {
          path: `/usr/local/bin/${binary}`,
          comm: binary,
          args: (login) => (skill === 'low' ? ['-u', login, '-k', '--cpu-max-threads-hint=75'] : []),
          cpuShare: skill === 'high' ? random.between(0.3, 0.5) : random.between(0.5, 0.75),
          knownAs: ['docker-cache', 'gsc'],
        },
        sources: [places.source(), places.source()],
        client: OFFICE_CLIENT,
        download: {
          ip: places.server(),
          name: random.chance(0.4) ? places.name() : null,
          paths: ['/gsc.sh', '/i.tar'],
        },
        control: null,
        key: random.chance(0.6) ? drawnKey(random, 'sysadmin@localhost') : null,
        waysIn: random.chance(0.7) ? ['docker-api', 'ssh-password'] : ['docker-api', 'redis', 'ssh-password'],
        spreads: 0.2,
        sells: 0.2,
        returnsAfterMs: random.chance(0.5) ? random.integer(90, 360) * MINUTE_MS : null,
      },
      *occupy(foothold) {
        const order = foothold.random
        yield* foothold.hands.run(['docker', 'ps'], { replyBytes: 420 })
        if (order.chance(0.6)) yield* readCredentials(foothold)
        if (order.chance(0.85)) yield* removeContainers(foothold, 'docker')
        if (order.chance(looksAtHost)) yield* killSeen(foothold)
        else if (order.chance(0.4)) yield* killByPort(foothold, [3333, 2222, 10_128, 13_333, 443])
        if (order.chance(0.4)) yield* disableUnits(foothold)
        if (order.chance(0.25)) yield* restartDocker(foothold)
        const archive = `/tmp/${random.text(6, LOWER)}.tar`
        if (!(yield* bring(foothold, '/i.tar', archive, { what: 'image' }))) return
        yield* foothold.hands.run(['docker', 'load', '-q', '-i', archive])
        const rm = yield* foothold.hands.run(['rm', '-f', archive])
        foothold.remove(archive, rm)
        if (foothold.isRoot) yield* runContainer(foothold, 'docker', image, name)
        if (order.chance(0.5)) {
          yield* foothold.sinkName('registry-1.docker.io', '0.0.0.0')
          foothold.did('network-lock-out')
        }
        if (order.chance(0.5)) yield* foothold.addKey('append')
        memoryRunsShort(foothold)
      },
    }
  },
}
