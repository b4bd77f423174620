import type { GangModel } from '../../gangs/gang.ts'
import { coverTracks, lookAround, tuneForMining } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { GUESSING_CLIENT } from '../../network/ssh-bytes.ts'
import { type Act, MINUTE_MS } from '../../schedule.ts'
import { removeContainers } from './containers.ts'
import { drawn, drawnKey, ownRelay, publicPool } from './draw.ts'
import { later, type Work } from './jobs.ts'
import { killAll, killByFolder, killByPort, killSeen, removeBinaries, unhide } from './oust.ts'
import { becomeRoot, bringMiner, memoryRunsShort, startIfIdle } from './settle.ts'
import { blackhole, cutCronLines, disableUnits, removeWatchdogs } from './shut-out.ts'

const NAMES = [
  'systemd-timesyncd',
  'networkd-dispat',
  'sysupdate',
  'kpsmouseds',
  'ksoftirqds',
  'acpi_thermal',
] as const
const RIVALS = [
  'xmrig',
  'kworkerds',
  'kthrotlds',
  'kerberods',
  'watchbog',
  'sysguard',
  'ddgs',
  'khugepageds',
  'minerd',
  'java.lock',
]

/** After Pacha: sweeps the machine and shuts the others' pools off, and lets its own miner begin long after. */
export const lateStarter: GangModel = {
  name: 'late-starter',
  family: 'Pacha',
  form({ random, places, skill }) {
    const name = random.pick(NAMES)
    const folder = random.pick([
      '/usr/lib/systemd',
      '/usr/sbin',
      '/var/lib/misc',
      '/opt/.cache',
      '/lib/systemd',
    ])
    const wallet = places.wallet()
    const ip = places.server()
    const isSealed = skill === 'high' || random.chance(0.25)
    const waitMs = (random.chance(0.35) ? random.between(1, 4) : random.between(20, 210)) * MINUTE_MS
    const begin: Work = function* (foothold) {
      const { host, gang, random: order } = foothold
      if (host.miners.some((miner) => miner.gang !== gang) && order.chance(0.6)) yield* killSeen(foothold)
      const isKept = order.chance(0.6) && (yield* foothold.addUnit(name))
      if (!isKept) yield* startIfIdle(foothold)
      memoryRunsShort(foothold)
    }
    return {
      traits: {
        wallets: [wallet],
        pool:
          skill === 'low' || random.chance(0.4)
            ? publicPool(places, random, isSealed)
            : ownRelay(places, random, {
                ports: [443, 8443, 5443],
                isTls: isSealed,
                isNamed: random.chance(0.6),
              }),
        login: (machine) => ({
          login: skill === 'low' ? wallet : `${wallet}+${machine.facts.name}`,
          pass: 'x',
        }),
        agent: XMRIG_AGENT,
        miner: {
          path: `${folder}/${name}`,
          comm: name.slice(0, 15),
          args: (login) =>
            skill === 'low' ? ['-u', login, '--donate-level=1', '-B'] : ['-c', '/var/tmp/.cfg'],
          cpuShare: skill === 'high' ? random.between(0.3, 0.55) : random.between(0.65, 0.95),
          knownAs: ['kpsmouseds', 'ksoftirqds', 'sysupdate'],
        },
        sources: [places.source(), places.source()],
        client: GUESSING_CLIENT,
        download: { ip, name: random.chance(0.5) ? places.name() : null, paths: ['/fast.sh', `/${name}`] },
        control: null,
        key: random.chance(0.6) ? drawnKey(random, random.pick(['root@host', 'admin@vps'])) : null,
        waysIn: random.chance(0.5)
          ? ['web-exploit', 'ssh-password', 'redis']
          : ['ssh-password', 'redis', 'web-exploit'],
        spreads: 0.25,
        sells: 0.15,
        returnsAfterMs: random.chance(0.4) ? random.integer(180, 420) * MINUTE_MS : null,
      },
      *occupy(arrived) {
        const foothold = yield* becomeRoot(arrived, 0.5)
        const order = foothold.random
        yield* lookAround(foothold)
        const acts: readonly (() => Act)[] = [
          () => unhide(foothold),
          () => cutCronLines(foothold, ['wget', 'curl', '/tmp']),
          () => disableUnits(foothold),
          () => removeWatchdogs(foothold),
          () => removeContainers(foothold, 'docker'),
        ]
        for (const act of drawn(order, acts, 0.7)) yield* act()
        if (order.chance(0.85)) yield* blackhole(foothold)
        yield* killAll(foothold, drawn(order, RIVALS, 0.8), false)
        if (order.chance(0.6))
          yield* killByFolder(foothold, drawn(order, ['/tmp', '/var/tmp', '/dev/shm'], 0.8))
        if (order.chance(0.6))
          yield* killByPort(foothold, drawn(order, [3333, 5555, 7777, 10_128, 13_333, 14_444], 0.8))
        if (order.chance(0.5)) yield* removeBinaries(foothold)
        if (order.chance(0.85)) yield* killSeen(foothold)
        if (!(yield* bringMiner(foothold, `/${name}`))) return
        yield* tuneForMining(foothold)
        yield* later(foothold, waitMs, `${folder}/${name} -c /var/tmp/.cfg`, begin)
        if (order.chance(0.6)) yield* foothold.addKey('append')
        if (skill !== 'low') yield* coverTracks(foothold)
      },
    }
  },
}
