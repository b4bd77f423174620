import type { GangModel } from '../../gangs/gang.ts'
import { removeGuards, tuneForMining } from '../../gangs/steps/settle-in.ts'
import { OFFICE_CLIENT } from '../../network/ssh-bytes.ts'
import { MINUTE_MS, SECOND_MS } from '../../schedule.ts'
import { removeContainers } from './containers.ts'
import { drawn, drawnKey, LOWER, publicPool } from './draw.ts'
import { byLoop, byTimer, type Work } from './jobs.ts'
import { killAll, killBusy, killByFolder, removeBinaries, unhide } from './oust.ts'
import { bringMiner, startIfIdle } from './settle.ts'
import { cutCronLines, disableUnits, removeWatchdogs, standIn } from './shut-out.ts'

const AGENT = 'XMRig/6.19.3 (Linux x86_64) libuv/1.42.0 gcc/10.2.1'
const RIVALS = [
  'xmrig',
  'kdevtmpfsi',
  'kinsing',
  'redis2',
  'kthrotlds',
  'dbused',
  'watchbog',
  'uplugplay',
  'perfcc',
  'java',
  'zzh',
  'Opera',
]
const STAND_INS = [
  '/tmp/kdevtmpfsi',
  '/tmp/java',
  '/var/tmp/xmrig',
  '/tmp/redis2',
  '/dev/shm/java',
  '/usr/sbin/uplugplay',
  '/var/tmp/.cfg',
]
const POOL_NAMES = [
  'pool.supportxmr.com',
  'xmr.2miners.com',
  'gulf.moneroocean.stream',
  'auto.c3pool.org',
  'xmr-us-east1.nanopool.org',
]

/** After Migo: comes through Redis; a timer sweeps again and again, so whoever comes later is thrown out within minutes. */
export const timerKeeper: GangModel = {
  name: 'timer-keeper',
  family: 'Migo',
  form({ random, places, skill }) {
    const unit = random.pick(['system-kernel', 'system-udevd', 'systemd-gcd', 'redis-kernel'])
    const path = `/tmp/.${random.pick(['migo', 'xxtx', random.text(5, LOWER)])}/.${random.pick(['worker', 'w', 'kernel'])}`
    const comm =
      skill === 'low'
        ? path.slice(path.lastIndexOf('/') + 1)
        : random.pick(['kswapd1', 'khungtaskd', 'udevd'])
    const wallet = places.wallet()
    const pool = publicPool(places, random, skill !== 'low')
    const everyMs = random.pick([60, 120, 300, 600]) * SECOND_MS
    const sweeps = { low: 0.35, medium: 0.6, high: 0.85 }[skill]
    const threshold = random.integer(60, 180)
    const sweep: Work = function* (foothold) {
      const { host, gang, random: order } = foothold
      const isShared = host.miners.some((miner) => miner.gang !== gang)
      // Its list is run at every turn; evidence grows with each, so a turn with nobody there mostly only looks.
      if (isShared ? order.chance(sweeps) : order.chance(0.04)) {
        if (order.chance(0.3)) yield* removeWatchdogs(foothold)
        if (order.chance(0.3)) yield* removeBinaries(foothold)
        if (order.chance(0.3)) yield* cutCronLines(foothold, ['curl', 'wget', '/tmp'])
        yield* killAll(foothold, RIVALS, false)
        if (order.chance(0.7)) yield* killBusy(foothold, threshold)
      }
      yield* startIfIdle(foothold)
    }
    return {
      traits: {
        wallets: [wallet],
        pool,
        login: (machine) => ({ login: wallet, pass: machine.facts.name }),
        agent: AGENT,
        miner: {
          path,
          comm,
          args: () => [],
          cpuShare: { low: 0.9, medium: 0.7, high: 0.55 }[skill] * random.between(0.88, 1.06),
          knownAs: ['.migo', '.worker'],
        },
        sources: [places.source(), places.source()],
        client: OFFICE_CLIENT,
        download: {
          ip: places.server(),
          name: random.chance(0.6) ? places.name() : null,
          paths: ['/qRUHn3', '/xmrig.tar.gz'],
        },
        control: null,
        key: random.chance(0.3) ? drawnKey(random, 'redis@server') : null,
        waysIn: random.chance(0.7) ? ['redis', 'ssh-password'] : ['redis', 'web-exploit', 'ssh-password'],
        spreads: 0.2,
        sells: 0,
        returnsAfterMs: random.chance(0.4) ? random.integer(100, 400) * MINUTE_MS : null,
      },
      *occupy(foothold) {
        const order = foothold.random
        yield* removeGuards(foothold)
        if (order.chance(0.6)) yield* unhide(foothold)
        if (order.chance(0.6)) yield* removeContainers(foothold, 'docker')
        yield* killAll(foothold, RIVALS, false)
        if (order.chance(0.7)) yield* killByFolder(foothold, ['/tmp', '/dev/shm'])
        if (order.chance(0.6)) yield* killBusy(foothold, threshold)
        if (order.chance(0.5)) yield* disableUnits(foothold)
        if (order.chance(0.5)) yield* cutCronLines(foothold, ['curl', 'wget', '/var/tmp'])
        yield* standIn(foothold, drawn(order, STAND_INS, 0.4))
        if (!(yield* bringMiner(foothold, '/xmrig.tar.gz'))) return
        yield* tuneForMining(foothold)
        for (const name of drawn(order, POOL_NAMES, 0.5)) {
          if (name === pool.name || !foothold.isRoot) continue
          yield* foothold.sinkName(name)
          foothold.did('network-lock-out')
        }
        if (order.chance(0.5))
          yield* foothold.hideTool(order.pick(['curl', 'wget']), `${order.text(2, LOWER)}dl`)
        yield* foothold.startMiner()
        if (!(yield* byTimer(foothold, unit, everyMs, sweep))) {
          const guard = `${path}.sh`
          if (foothold.write(guard, { what: 'script' }))
            yield* byLoop(foothold, guard, () => 2 * MINUTE_MS, sweep)
        }
        if (foothold.host.doors.has('redis') && order.chance(0.5)) yield* foothold.closeDoor('redis')
        if (order.chance(0.3)) yield* foothold.addKey('append')
      },
    }
  },
}
