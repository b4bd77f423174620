import type { GangModel } from '../../gangs/gang.ts'
import { killByCpu, killByName, killByPool, killRest } from '../../gangs/steps/evict.ts'
import { dropPoolPorts, stopUnits, vaccinate, wipeCrontabs } from '../../gangs/steps/lock-out.ts'
import { coverTracks, dropMiner, removeGuards, spread, tuneForMining } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { OFFICE_CLIENT } from '../../network/ssh-bytes.ts'
import { MINUTE_MS } from '../../schedule.ts'
import { drawnFingerprint, drawnPool, someOf, varied } from './draw.ts'

const VACCINES = [
  '/tmp/kdevtmpfsi',
  '/tmp/redis2',
  '/usr/lib/systemd/systemd-update-daily',
  '/var/tmp/kinsing',
  '/tmp/dbused',
  '/var/tmp/.copydie',
] as const
const RIVALS = [
  'kdevtmpfsi',
  'kinsing',
  'sysguard',
  'networkservice',
  'ddgs',
  'qW3xT',
  '2t3ik',
  'wnTKYg',
  'sourplum',
  'minerd',
  'kworkerds',
  'crypto',
  'dbused',
  'bioset',
  'xmrig',
  'tsm',
  'watchbog',
  'sysupdate',
  'kswapd00',
]
const POOLS = [
  'xmr.crypto-pool.fr:3333',
  'pool.t00ls.ru',
  'monerohash.com',
  'mine.moneropool.com',
  'supportxmr',
  'c3pool',
  'nanopool',
  'moneroocean',
  '2miners',
]

/** After Watchdog: Redis and Docker, other people's scripts, decoys where rivals would go, and doors shut behind it. */
export const scriptReusers: GangModel = {
  name: 'script-reusers',
  family: 'Watchdog',
  form({ random, places, skill }) {
    const binary = varied(random, random.pick(['zzh', 'phpguard', 'networkmanager', 'svcworkmanager']))
    const path = `/etc/${binary}`
    const guard = `/etc/${varied(random, random.pick(['newsvc.sh', 'newinit.sh', 'phpupdate', 'svcguard']))}`
    const wallet = places.wallet()
    const download = {
      ip: places.server(),
      name: random.chance(0.7) ? places.name() : null,
      paths: [`/${random.pick(['b2f628', 'cf67356', 's3f815'])}/${guard.slice(5)}`, `/${binary}`],
    }
    const cronMs = random.pick([20, 30, 40]) * MINUTE_MS
    return {
      traits: {
        wallets: [wallet],
        pool: drawnPool({ random, places, skill }, [80, 443, 8080, 13_333]),
        login: (machine) => ({ login: `${wallet}.${machine.facts.address.replaceAll('.', '_')}`, pass: 'x' }),
        agent: XMRIG_AGENT,
        miner: {
          path,
          comm: binary.slice(0, 15),
          args: () => [],
          cpuShare: random.between(0.75, 0.95),
          knownAs: ['zzh', 'phpguard', 'newinit'],
        },
        sources: [places.source(), places.source()],
        client: OFFICE_CLIENT,
        download,
        control: null,
        key: random.chance(0.7) ? { fingerprint: drawnFingerprint(random), comment: 'root@localhost' } : null,
        waysIn: random.chance(0.5)
          ? ['redis', 'docker-api', 'web-exploit']
          : ['docker-api', 'redis', 'ssh-password'],
        spreads: 0.6,
        sells: 0.05,
        returnsAfterMs: random.chance(0.5) ? random.integer(120, 500) * MINUTE_MS : null,
      },
      *occupy(foothold) {
        const order = foothold.random
        yield* removeGuards(foothold)
        if (order.chance(0.6)) yield* foothold.hideTool('curl', order.pick(['cur', 'cd1', 'url']))
        if (order.chance(0.6)) yield* foothold.hideTool('wget', order.pick(['wge', 'wd1', 'get']))
        yield* killByPool(foothold, someOf(order, POOLS, 0.7))
        yield* killByName(foothold, someOf(order, RIVALS, 0.85))
        if (order.chance(0.6)) yield* killByCpu(foothold, order.integer(35, 60))
        yield* vaccinate(foothold, someOf(order, VACCINES, 0.5))
        if (order.chance(0.6)) yield* wipeCrontabs(foothold)
        yield* stopUnits(foothold)
        if (order.chance(0.5))
          yield* dropPoolPorts(
            foothold,
            [3333, 5555, 7777, 9999].filter((port) => port !== foothold.gang.traits.pool.port),
          )
        yield* killRest(foothold)
        if (!(yield* dropMiner(foothold, `/${binary}`))) return
        yield* foothold.fetch(download.paths[0] ?? '/x', guard, { what: 'script' })
        yield* tuneForMining(foothold)
        yield* foothold.startMiner()
        if (order.chance(0.7)) yield* foothold.chattr('+ia', path)
        const place = foothold.isRoot
          ? '/var/spool/cron/crontabs/root'
          : `/var/spool/cron/crontabs/${foothold.hands.user.name}`
        yield* foothold.addCron(place, `*/${cronMs / MINUTE_MS} * * * * sh ${guard} >/dev/null 2>&1`, cronMs)
        if (order.chance(0.6)) yield* foothold.addKey(order.chance(0.5) ? 'overwrite' : 'append')
        if (order.chance(0.7))
          for (const kind of ['redis', 'docker-api'] as const)
            if (foothold.host.doors.has(kind)) yield* foothold.closeDoor(kind)
        yield* coverTracks(foothold)
        yield* spread(foothold)
      },
    }
  },
}
