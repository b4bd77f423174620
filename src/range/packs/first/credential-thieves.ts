import type { Foothold, GangModel } from '../../gangs/gang.ts'
import { killByName, killContainers, killRest } from '../../gangs/steps/evict.ts'
import { pickCronLines, stopUnits } from '../../gangs/steps/lock-out.ts'
import {
  coverTracks,
  dropMiner,
  hideProcess,
  readCredentials,
  removeGuards,
  spread,
} from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { OFFICE_CLIENT } from '../../network/ssh-bytes.ts'
import type { Act } from '../../schedule.ts'
import { MINUTE_MS } from '../../schedule.ts'
import { drawnFingerprint, drawnPool, someOf } from './draw.ts'

const RIVALS = [
  'kinsing',
  'kdevtmpfsi',
  'xmrigDaemon',
  'xmr',
  'minerd',
  'kthreadds',
  'sysrv',
  'zzh',
  'pwnrig',
  'networkmanager',
  'phpguard',
  'tsm',
  'kswapd00',
]
const CONTAINERS = [
  'pocosow',
  'gakeaws',
  'azulu',
  'auto',
  'xmr',
  'mine',
  'monero',
  'slowhttp',
  'bash.shell',
  'entrypoint.sh',
] as const
const CURL_NAMES = ['TNTcurl', 'cd1', 'cdl', 'cur'] as const
const WGET_NAMES = ['TNTwget', 'wd1', 'wdl', 'wge'] as const

/** After TeamTNT: open Docker daemons, then every credential that lies about, and with those to the next host. */
export const credentialThieves: GangModel = {
  name: 'credential-thieves',
  family: 'TeamTNT',
  form({ random, places, skill }) {
    const folder = random.pick([
      '/usr/share/.mini',
      '/var/tmp/.copydie',
      '/usr/bin/.tmp',
      '/tmp/.dockerd',
      '/var/tmp/.bioset',
    ])
    const binary = random.pick(['bioset', 'dockerd', '[kswapd0]', 'kthreadd', 'docker-update', 'moneroocean'])
    const wallet = places.wallet()
    const unit = random.pick(['moneroocean_miner', 'bioset', 'dockersvc', 'systemd-helper', 'crypto'])
    const host = places.name()
    const ip = places.server()
    const args =
      skill === 'low'
        ? (login: string) => ['-o', 'gulf.moneroocean.stream:10128', '-u', login, '-k']
        : (): string[] => [`--config=${folder}/config.json`]
    return {
      traits: {
        wallets: [wallet],
        pool: drawnPool({ random, places, skill }, [10_128, 10_032, 443, 8080]),
        login: (machine) => ({
          login: wallet,
          pass: `${machine.facts.name}:${random.pick(['a@b.example', 'x', '1'])}`,
        }),
        agent: XMRIG_AGENT,
        miner: {
          path: `${folder}/${binary}`,
          comm: binary,
          args,
          cpuShare: random.between(0.7, 0.97),
          knownAs: ['bioset', 'moneroocean', '.mini'],
        },
        sources: [places.source(), places.source()],
        client: OFFICE_CLIENT,
        download: {
          ip,
          name: random.chance(0.6) ? host : null,
          paths: [
            `/sh/${random.pick(['setup', 'init', 'grab', 'mo'])}.sh`,
            `/bin/${binary.replaceAll(/[[\]]/gu, '')}`,
          ],
        },
        control: random.chance(0.6)
          ? {
              ip: places.server(),
              name: null,
              port: random.pick([6667, 8080, 51_050]),
              everyMs: random.integer(4, 20) * MINUTE_MS,
            }
          : null,
        key: {
          fingerprint: drawnFingerprint(random),
          comment: random.pick(['root@localhost', 'hilde@teamtnt.test', 'user@node']),
        },
        waysIn: ['docker-api', 'ssh-key', 'redis', 'ssh-password'],
        spreads: 0.8,
        sells: 0.2,
        returnsAfterMs: random.chance(0.5) ? random.integer(90, 400) * MINUTE_MS : null,
      },
      *occupy(foothold) {
        const order = foothold.random
        const acts: readonly (() => Act)[] = [
          () => removeGuards(foothold),
          () => readCredentials(foothold),
          () => killByName(foothold, someOf(order, RIVALS, 0.7)),
          () => killContainers(foothold, someOf(order, CONTAINERS, 0.8)),
          () => lookForRivals(foothold),
          () => pickCronLines(foothold, ['kinsing', 'kdevtmpfsi', 'curl', 'wget']),
          () => stopUnits(foothold),
        ]
        for (const act of someOf(order, acts, 0.8)) yield* act()
        yield* killRest(foothold)
        if (!(yield* dropMiner(foothold, foothold.gang.traits.download.paths[1] ?? '/x'))) return
        if (order.chance(0.4)) yield* hideProcess(foothold, '/usr/local/lib/systemhealt.so')
        yield* foothold.startMiner()
        if (foothold.isRoot && order.chance(0.7)) yield* foothold.addUnit(unit)
        else
          yield* foothold.addCron(
            '/etc/cron.d/dockersvc',
            `*/15 * * * * root ${folder}/${binary}`,
            15 * MINUTE_MS,
          )
        if (order.chance(0.6)) yield* foothold.addKey('append')
        if (order.chance(0.35)) yield* foothold.hideTool('curl', order.pick(CURL_NAMES))
        if (order.chance(0.35)) yield* foothold.hideTool('wget', order.pick(WGET_NAMES))
        if (skill !== 'low') yield* coverTracks(foothold)
        yield* spread(foothold)
      },
    }
  },
}

/** Who else has connections open. */
function* lookForRivals(foothold: Foothold): Act {
  const line =
    "netstat -anp | grep -E ':3333|:4444|:5555|:7777|:14444' | awk '{print $7}' | cut -d/ -f1 | xargs kill -9"
  foothold.did('process-eviction')
  const last = yield* foothold.hands.pipe(line, [
    ['netstat', '-anp'],
    ['grep', '-E', ':3333|:4444|:5555|:7777|:14444'],
    ['awk', '{print $7}'],
    ['xargs', 'kill', '-9'],
  ])
  foothold.evict(last, (miner) => [3333, 4444, 5555, 7777, 14_444].includes(miner.gang.traits.pool.port))
}
