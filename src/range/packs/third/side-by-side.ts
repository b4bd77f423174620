import type { Foothold, GangModel } from '../../gangs/gang.ts'
import { lookAround, readCredentials } from '../../gangs/steps/settle-in.ts'
import { GUESSING_CLIENT } from '../../network/ssh-bytes.ts'
import { type Act, HOUR_MS, MINUTE_MS } from '../../schedule.ts'
import { drawnKey, ownRelay, publicPool } from './draw.ts'
import { later } from './jobs.ts'
import { killBusy, killSeen } from './oust.ts'
import { bring, bringMiner, memoryRunsShort } from './settle.ts'

const AGENT = 'XMRig/6.18.1 (Linux x86_64) libuv/1.44.2 gcc/11.3.0'

/** It wants the machine alone after all. */
function* settled(foothold: Foothold): Act {
  if (foothold.random.chance(0.5)) yield* killBusy(foothold, foothold.random.integer(30, 120))
  else yield* killSeen(foothold)
}

/** After Prometei: one module of many mines, gently and beside whoever is there; hours later it may want the machine alone. */
export const sideBySide: GangModel = {
  name: 'side-by-side',
  family: 'Prometei',
  form({ random, places, skill }) {
    const unit = random.pick(['uplugplay', 'usbguardd', 'cardreaderd', 'plugplay'])
    const module = random.pick(['searchindexer', 'netwalker', 'rdpcidx', 'smcard', 'updatecheckerd'])
    const folder = random.pick(['/usr/sbin', '/usr/share/misc', '/var/lib/plug', '/etc/plug'])
    const wallet = places.wallet()
    const ip = places.server()
    const wantsAll = random.chance(0.7)
    return {
      traits: {
        wallets: [wallet],
        pool:
          skill === 'low'
            ? publicPool(places, random, false)
            : ownRelay(places, random, {
                ports: [80, 3333, 443, 180],
                isTls: skill === 'high',
                isNamed: random.chance(0.5),
              }),
        login: (machine) => ({ login: random.chance(0.5) ? 'id' : wallet, pass: machine.facts.name }),
        agent: AGENT,
        miner: {
          path: `${folder}/${module}`,
          comm: module.slice(0, 15),
          args: () => [],
          cpuShare: skill === 'low' ? random.between(0.45, 0.7) : random.between(0.15, 0.35),
          knownAs: ['uplugplay', 'searchindexer'],
        },
        sources: [places.source(), places.source(), places.source()],
        client: GUESSING_CLIENT,
        download: { ip, name: null, paths: ['/k.php', `/${module}`, `/${unit}`] },
        control: {
          ip: places.server(),
          name: random.chance(0.6) ? places.name() : null,
          port: random.pick([80, 443, 8080]),
          everyMs: random.integer(6, 25) * MINUTE_MS,
        },
        key: drawnKey(random, 'root@ubuntu'),
        waysIn: random.chance(0.6)
          ? ['ssh-password', 'web-exploit', 'redis']
          : ['web-exploit', 'ssh-password', 'docker-api'],
        spreads: 0.5,
        sells: 0.35,
        returnsAfterMs: random.chance(0.3) ? random.integer(120, 500) * MINUTE_MS : null,
      },
      *occupy(foothold) {
        const order = foothold.random
        yield* lookAround(foothold)
        if (!(yield* bring(foothold, `/${unit}`, `/usr/sbin/${unit}`, { what: 'bot' }))) return
        yield* foothold.changeMode(`/usr/sbin/${unit}`, 0o777)
        yield* foothold.pause('long')
        if (!(yield* bringMiner(foothold, `/${module}`))) return
        if (!(yield* foothold.addUnit(unit)))
          yield* foothold.addCron(
            `/var/spool/cron/crontabs/${foothold.hands.user.name}`,
            `@hourly ${folder}/${module}`,
            HOUR_MS,
          )
        if (order.chance(0.4)) yield* readCredentials(foothold)
        if (order.chance(0.5)) yield* foothold.addKey('append')
        if (wantsAll) yield* later(foothold, order.between(0.2, 3) * HOUR_MS, `/usr/sbin/${unit} -t`, settled)
        for (const kind of ['web-exploit', 'redis', 'docker-api'] as const)
          if (skill !== 'low' && foothold.host.doors.has(kind) && order.chance(0.6))
            yield* foothold.closeDoor(kind)
        yield foothold.machine.nowMs + MINUTE_MS
        memoryRunsShort(foothold)
      },
    }
  },
}
