import type { GangModel } from '../../gangs/gang.ts'
import { killByCpu, killByName, killRest } from '../../gangs/steps/evict.ts'
import { pickCronLines, stopUnits } from '../../gangs/steps/lock-out.ts'
import { coverTracks, dropMiner, lookAround } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { GUESSING_CLIENT } from '../../network/ssh-bytes.ts'
import { MINUTE_MS } from '../../schedule.ts'
import { drawnFingerprint, drawnPool, someOf } from './draw.ts'

const HIDEOUTS = ['/var/tmp', '/dev/shm', '/tmp', '/var/lib', '/opt', '/usr/local/share'] as const
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const RIVALS = [
  'xmrig',
  'kinsing',
  'kdevtmpfsi',
  'c3pool',
  'moneroocean',
  'linuxsys',
  'sysrv',
  'dbused',
  'zzh',
  'kswapd00',
]

/** After RedTail: few words, proxies of its own instead of pools, names that mean nothing, and a cleaner for those before it. */
export const quietTenants: GangModel = {
  name: 'quiet-tenants',
  family: 'RedTail',
  form({ random, places, skill }) {
    const name = skill === 'low' ? '.redtail' : `.${random.text(random.integer(6, 12), LETTERS)}`
    const folder = random.pick(HIDEOUTS)
    const wallet = random.pick(['x', 'worker', 'user', random.text(8, LETTERS)])
    const ip = places.server()
    const cronMs = random.pick([30, 60, 120]) * MINUTE_MS
    const comm =
      skill === 'high'
        ? random.pick(['kworker/u8:2', 'dbus-daemon', 'systemd-udevd', 'agetty'])
        : name.slice(0, 15)
    return {
      traits: {
        wallets: [wallet],
        pool: drawnPool({ random, places, skill: 'high' }, [2137, 443, 8443, 3333]),
        login: () => ({ login: wallet, pass: 'x' }),
        agent: XMRIG_AGENT,
        miner: {
          path: `${folder}/${name}`,
          comm,
          args: () => [],
          cpuShare: skill === 'high' ? random.between(0.45, 0.7) : random.between(0.75, 0.95),
          knownAs: ['redtail'],
        },
        sources: [places.source(), places.source(), places.source()],
        client: { ...GUESSING_CLIENT, banner: 'SSH-2.0-libssh2_1.11.0' },
        download: { ip, name: null, paths: ['/clean.sh', '/setup.sh', '/x86_64'] },
        control: null,
        key: { fingerprint: drawnFingerprint(random), comment: 'rsa-key-20230629' },
        waysIn: random.chance(0.5) ? ['ssh-password', 'web-exploit'] : ['web-exploit', 'ssh-password'],
        spreads: 0.1,
        sells: 0.3,
        returnsAfterMs: random.chance(0.3) ? random.integer(100, 600) * MINUTE_MS : null,
      },
      *occupy(foothold) {
        const order = foothold.random
        const place = foothold.isRoot
          ? '/var/spool/cron/crontabs/root'
          : `/var/spool/cron/crontabs/${foothold.hands.user.name}`
        if (order.chance(0.6)) yield* lookAround(foothold)
        if (order.chance(0.7)) {
          yield* foothold.chattr('-ia', '/root/.ssh/authorized_keys')
          yield* foothold.addKey('overwrite')
          yield* foothold.chattr('+ai', '/root/.ssh/authorized_keys')
        }
        yield* foothold.fetch('/clean.sh', '/tmp/clean.sh', { what: 'script' })
        yield* pickCronLines(foothold, ['kdevtmpfsi', 'kinsing', 'xmrig', 'curl', 'wget', '/tmp', '/dev/shm'])
        yield* stopUnits(foothold)
        yield* killByName(foothold, someOf(order, RIVALS, 0.7))
        if (order.chance(0.75)) yield* killByCpu(foothold, order.integer(25, 50))
        yield* killRest(foothold)
        if (!(yield* dropMiner(foothold, '/x86_64'))) return
        yield* foothold.startMiner()
        yield* foothold.addCron(place, `@reboot ${folder}/${name}`, cronMs)
        yield* foothold.hands.run(['rm', '-rf', '/tmp/clean.sh', '/tmp/setup.sh'])
        if (skill !== 'low') yield* coverTracks(foothold)
        if (skill === 'high' && foothold.host.doors.has('ssh-password') && order.chance(0.4))
          yield* foothold.changePassword()
      },
      *lookAfter(foothold) {
        yield* foothold.hands.run(['uptime'])
        if (foothold.random.chance(0.5)) yield* killByCpu(foothold, 40)
        if (foothold.host.miners.every((miner) => miner.gang !== foothold.gang)) yield* foothold.startMiner()
      },
    }
  },
}
