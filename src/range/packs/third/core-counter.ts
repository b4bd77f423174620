import type { Foothold, GangModel, PoolTraits } from '../../gangs/gang.ts'
import { coverTracks, spread } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { GUESSING_CLIENT } from '../../network/ssh-bytes.ts'
import { type Act, MINUTE_MS } from '../../schedule.ts'
import { removeContainers } from './containers.ts'
import { drawn, drawnKey, LOWER, ownRelay, publicPool } from './draw.ts'
import { byLoop, later } from './jobs.ts'
import { killAll, killBusy, killByPattern, killSeen, removeBinaries } from './oust.ts'
import { bring, bringMiner, memoryRunsShort, startIfIdle } from './settle.ts'
import { blackhole, removeWatchdogs } from './shut-out.ts'

const RIVALS = [
  'xmrig',
  'kswapd0',
  'dbused',
  'tsm',
  'cnrig',
  'kdevtmpfsi',
  'redtail',
  'docker-cache',
  'java',
  'perfcc',
  'netwalker',
  'rcu_bj',
]
const ENOUGH_CORES = 4

/** Throws the others out, and what brings them back. */
function* oust(foothold: Foothold): Act {
  const order = foothold.random
  if (order.chance(0.7)) yield* removeWatchdogs(foothold)
  if (order.chance(0.4)) yield* removeBinaries(foothold)
  if (order.chance(0.6)) yield* removeContainers(foothold, 'docker')
  if (order.chance(0.3)) yield* blackhole(foothold)
  yield* killByPattern(foothold, drawn(order, RIVALS, 0.7))
  if (order.chance(0.6)) yield* killAll(foothold, drawn(order, RIVALS, 0.7), false)
  if (order.chance(0.5)) yield* killBusy(foothold, order.integer(70, 150))
  if (order.chance(0.6)) yield* killSeen(foothold)
}

/** Each round of its script. */
function* watch(foothold: Foothold): Act {
  yield* startIfIdle(foothold)
  if (foothold.random.chance(0.02)) yield* oust(foothold)
}

/** After Diicot: guesses its way in, takes the account for itself, counts cores, and mines with several wallets at several pools. */
export const coreCounter: GangModel = {
  name: 'core-counter',
  family: 'Diicot',
  form({ random, places, skill }) {
    const folder = random.pick([
      '/var/tmp/.ladyg0g0/.pr1nc35',
      '/var/tmp/Documents',
      '/dev/shm/.magic',
      '/tmp/.tmp-x',
    ])
    const binary = random.pick(['Opera', 'cutie', 'retea', '.diicot', 'chrome', 'Update'])
    const wallets = Array.from({ length: random.integer(2, 3) }, () => places.wallet())
    const drawPool = (): PoolTraits =>
      skill === 'low' || random.chance(0.5)
        ? publicPool(places, random, skill === 'high' || random.chance(0.3))
        : ownRelay(places, random, {
            ports: [80, 4141, 443, 9873],
            isTls: skill === 'high',
            isNamed: random.chance(0.7),
          })
    const pools = Array.from({ length: random.integer(2, 3) }, drawPool)
    const guard = `${folder}/.update.sh`
    const sharesFirst = random.chance(0.5)
    return {
      traits: {
        wallets,
        pool: pools[0] ?? drawPool(),
        morePools: pools.slice(1),
        login: (machine) => {
          const host = Number(machine.facts.address.split('.').at(-1))
          const wallet = wallets[host % wallets.length] ?? ''
          return { login: `${wallet}.${machine.facts.name}`, pass: 'x' }
        },
        agent: XMRIG_AGENT,
        miner: {
          path: `${folder}/${binary}`,
          comm: binary.slice(0, 15),
          args: (login) => (skill === 'low' ? ['-u', login, '--threads', '8', '-B'] : []),
          cpuShare: { low: 0.95, medium: 0.75, high: 0.5 }[skill] * random.between(0.85, 1.04),
          knownAs: ['.diicot', 'retea', 'Opera'],
        },
        sources: [places.source(), places.source(), places.source()],
        client: { ...GUESSING_CLIENT, banner: 'SSH-2.0-Go' },
        download: {
          ip: places.server(),
          name: random.chance(0.5) ? places.name() : null,
          paths: ['/.x/payload', `/${binary}`],
        },
        control: null,
        key: drawnKey(random, random.pick(['ElPatrono1337', 'root@mexals'])),
        waysIn: ['ssh-key', 'ssh-password'],
        spreads: 0.6,
        sells: 0.25,
        returnsAfterMs: random.chance(0.5) ? random.integer(60, 400) * MINUTE_MS : null,
      },
      *occupy(foothold) {
        const order = foothold.random
        const { hands, host } = foothold
        yield* hands.run(['nproc', '--all'], { replyBytes: 3 })
        yield* hands.run(['cat', '/etc/os-release'], { replyBytes: 300 })
        if (order.chance(0.7)) yield* foothold.changePassword()
        yield* foothold.chattr('-ia', '/root/.ssh/authorized_keys')
        if (yield* foothold.addKey(order.chance(0.7) ? 'overwrite' : 'append'))
          yield* foothold.chattr('+ia', '/root/.ssh/authorized_keys')
        if (host.hardware.cores < ENOUGH_CORES && order.chance(0.4)) {
          // Too small to mine on; good enough to guess from.
          yield* bring(foothold, '/.x/aliases', `${folder}/aliases`, { what: 'scanner' })
          yield* spread(foothold)
          return
        }
        if (!sharesFirst) yield* oust(foothold)
        if (!(yield* bringMiner(foothold, `/${binary}`))) return
        yield* foothold.startMiner()
        memoryRunsShort(foothold)
        if (sharesFirst)
          yield* later(foothold, order.between(1, 45) * MINUTE_MS, `${folder}/${random.text(5, LOWER)}`, oust)
        if (yield* bring(foothold, '/.x/.update', guard, { what: 'script' }))
          yield* byLoop(foothold, guard, () => order.between(1, 6) * MINUTE_MS, watch)
        if (order.chance(0.6))
          yield* foothold.addCron(
            '/var/spool/cron/crontabs/root',
            `@monthly ${folder}/${binary} >/dev/null 2>&1`,
            order.pick([5, 30, 60]) * MINUTE_MS,
          )
        if (skill !== 'low') yield* coverTracks(foothold)
        yield* spread(foothold)
      },
      *lookAfter(foothold) {
        yield* foothold.hands.run(['w'], { replyBytes: 200 })
        if (foothold.random.chance(0.5)) yield* killSeen(foothold)
        yield* startIfIdle(foothold)
      },
    }
  },
}
