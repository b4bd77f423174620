import type { GangModel } from '../../gangs/gang.ts'
import { killByCpu, killByName, killRest } from '../../gangs/steps/evict.ts'
import { wipeCrontabs } from '../../gangs/steps/lock-out.ts'
import { coverTracks, dropMiner, lookAround, spread } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { GUESSING_CLIENT } from '../../network/ssh-bytes.ts'
import { MINUTE_MS } from '../../schedule.ts'
import { drawnFingerprint, drawnPool } from './draw.ts'

/** After Outlaw's worm: guesses at SSH, takes the account with a key of its own, changes the password, and stays with old methods. */
export const lockrWorm: GangModel = {
  name: 'lockr-worm',
  family: 'Outlaw',
  form({ random, places, skill }) {
    const folder = random.pick([
      '/tmp/.X25-unix',
      '/var/tmp/.systemcache',
      '/root/.configrc5',
      '/tmp/.ssh-unix',
      '/dev/shm/.rsync',
    ])
    const binary = random.pick(['kswapd00', 'kswapd0', 'tsm', 'cron', 'init0'])
    const path = `${folder}/${random.pick(['a', 'b', 'dir2'])}/${binary}`
    const wallet = places.wallet()
    const ports = [80, 443, 3333, 5555, 14444] as const
    const cronMs = random.pick([5, 15, 30, 60]) * MINUTE_MS
    const comment = random.pick(['mdrfckr', 'rsa-key-20190326', 'root@localhost'])
    return {
      traits: {
        wallets: [wallet],
        pool: drawnPool({ random, places, skill }, ports),
        login: () => ({ login: wallet, pass: random.pick(['x', 'proxy']) }),
        agent: XMRIG_AGENT,
        miner: {
          path,
          comm: binary,
          args: () => [],
          cpuShare: skill === 'high' ? 0.75 : 0.95,
          knownAs: ['kswapd00', 'tsm', '.configrc'],
        },
        sources: [places.source(), places.source(), places.source()],
        client: {
          ...GUESSING_CLIENT,
          banner: random.pick(['SSH-2.0-Go', 'SSH-2.0-libssh_0.9.6', 'SSH-2.0-libssh2_1.4.3']),
        },
        download: {
          ip: places.server(),
          name: null,
          paths: [`/${random.pick(['dota3', 'rp', 'x'])}.tar.gz`],
        },
        control: null,
        key: { fingerprint: drawnFingerprint(random), comment },
        waysIn: ['ssh-key', 'ssh-password'],
        spreads: skill === 'low' ? 0.3 : 0.6,
        sells: 0.1,
        returnsAfterMs: null,
      },
      *occupy(foothold) {
        const { hands, gang } = foothold
        const order = foothold.random
        yield* foothold.chattr('-ia', '/root/.ssh/authorized_keys')
        yield* foothold.addKey('overwrite')
        yield* foothold.chattr('+ai', '/root/.ssh/authorized_keys')
        yield* foothold.pause()
        if (order.chance(0.8)) yield* foothold.changePassword()
        yield* hands.run(['rm', '-rf', '/tmp/secure.sh', '/tmp/auth.sh'])
        yield* killByName(foothold, [
          'secure.sh',
          'auth.sh',
          'sleep',
          ...RIVALS.filter(() => order.chance(0.7)),
        ])
        yield* lookAround(foothold)
        if (order.chance(0.6)) yield* killByCpu(foothold, order.integer(30, 80))
        if (order.chance(0.7)) yield* wipeCrontabs(foothold)
        yield* killRest(foothold)
        if (!(yield* dropMiner(foothold, gang.traits.download.paths[0] ?? '/x'))) return
        yield* foothold.addCron(
          '/var/spool/cron/crontabs/root',
          `*/${cronMs / MINUTE_MS} * * * * ${path} >/dev/null 2>&1`,
          cronMs,
        )
        yield* foothold.startMiner()
        if (order.chance(0.5)) yield* coverTracks(foothold)
        yield* spread(foothold)
      },
    }
  },
}

const RIVALS = [
  'xmrig',
  'kinsing',
  'kdevtmpfsi',
  'minerd',
  'cryptonight',
  'xmr-stak',
  'kthrotlds',
  'sysrv',
  'watchbog',
  '.rsyslogd',
]
