import type { Foothold, GangModel } from '../../gangs/gang.ts'
import { coverTracks, hideProcess } from '../../gangs/steps/settle-in.ts'
import { XMRIG_AGENT } from '../../network/cryptonote.ts'
import { GUESSING_CLIENT } from '../../network/ssh-bytes.ts'
import { type Act, HOUR_MS, MINUTE_MS } from '../../schedule.ts'
import { drawn, drawnKey, LOWER, ownRelay } from './draw.ts'
import { byCron, byLoop, type Work } from './jobs.ts'
import { killAll, killSeen, unhide } from './oust.ts'
import { becomeRoot, bringMiner, memoryRunsShort, startIfIdle } from './settle.ts'

/** Names that the host's own programs bear. */
const NAMES = [
  'systemd-logind',
  'dbus-daemon',
  'rsyslogd',
  'agetty',
  'polkitd',
  'irqbalance',
  'chronyd',
] as const
const RIVALS = [
  'xmrig',
  'kdevtmpfsi',
  'kinsing',
  'kswapd0',
  'dbused',
  'sysrv',
  'bioset',
  'redtail',
  'java',
  'zzh',
]
const SIGTERM = 15

/** After perfctl: bears a name of the system's, mines through a relay in TLS, and sleeps whenever it might be looked at. */
export const daySleeper: GangModel = {
  name: 'day-sleeper',
  family: 'perfctl',
  form({ random, places, skill }) {
    const name = skill === 'low' ? 'perfcc' : random.pick(NAMES)
    const folder = random.pick([
      `/tmp/.${random.text(4, LOWER)}.1`,
      '/root/.config/cron',
      '/var/lib/.udev',
      '/usr/lib/.x',
    ])
    const wallet = places.wallet()
    const guard = `${folder}/${random.text(6, LOWER)}.sh`
    const isHidden = skill === 'high'
    return {
      traits: {
        wallets: [wallet],
        pool: ownRelay(places, random, {
          ports: [443, 9001, 63_582],
          isTls: skill !== 'low',
          isNamed: random.chance(0.3),
        }),
        login: () => ({ login: wallet, pass: 'x' }),
        agent: XMRIG_AGENT,
        miner: {
          path: `${folder}/${name}`,
          comm: name.slice(0, 15),
          args: () => [],
          cpuShare: { low: 0.9, medium: 0.6, high: 0.4 }[skill] * random.between(0.85, 1.05),
          knownAs: ['perfctl', 'perfcc'],
        },
        sources: [places.source(), places.source()],
        client: GUESSING_CLIENT,
        download: { ip: places.server(), name: null, paths: ['/avatar.php', '/checklist.php'] },
        control: null,
        key: random.chance(0.4) ? drawnKey(random, 'root') : null,
        waysIn: random.chance(0.6)
          ? ['web-exploit', 'docker-api', 'ssh-password']
          : ['ssh-password', 'web-exploit'],
        spreads: 0.1,
        sells: 0.4,
        returnsAfterMs: random.chance(0.3) ? random.integer(200, 600) * MINUTE_MS : null,
      },
      *occupy(arrived) {
        const foothold = yield* becomeRoot(arrived, 0.7)
        const order = foothold.random
        if (order.chance(0.5)) yield* unhide(foothold)
        yield* killAll(foothold, drawn(order, RIVALS, 0.8), order.chance(0.4))
        if (order.chance(0.75)) yield* killSeen(foothold)
        if (!(yield* bringMiner(foothold, '/avatar.php'))) return
        if (isHidden) yield* hideProcess(foothold, '/lib/libgcwrap.so')
        yield* foothold.startMiner()
        const shell = yield* foothold.hands.builtin(`echo '${folder}/${name} &' >> /root/.profile`)
        if (foothold.isRoot) foothold.write('/root/.profile', { what: 'profile', isNew: false }, shell)
        yield* keepWatch(foothold, guard)
        if (order.chance(0.5)) yield* foothold.addKey('append')
        if (skill !== 'low') yield* coverTracks(foothold)
      },
    }
  },
}

/** Goes to work again; half the time not before the others have gone. */
function* wake(woken: Foothold): Act {
  const rivals = woken.host.miners.filter(({ gang }) => gang !== woken.gang)
  if (rivals.length > 0 && woken.random.chance(0.5)) yield* killSeen(woken)
  yield* startIfIdle(woken)
  if (woken.random.chance(0.3)) memoryRunsShort(woken)
}

/** Wakes and sleeps by turns; each time it wakes it looks who else is there. */
function* keepWatch(foothold: Foothold, guard: string): Act {
  const order = foothold.random
  let isAwake = true
  const turn: Work = function* (turning) {
    isAwake = !isAwake
    if (isAwake) yield* wake(turning)
    else yield* fallAsleep(turning)
  }
  if (!foothold.write(guard, { what: 'script' })) return
  const napMs = (): number => (isAwake ? order.between(35, 190) : order.between(6, 75)) * MINUTE_MS
  yield* byLoop(foothold, guard, napMs, turn)
  const place = foothold.isRoot
    ? '/etc/cron.d/perfclean'
    : `/var/spool/cron/crontabs/${foothold.hands.user.name}`
  const line = `11 * * * * ${foothold.isRoot ? 'root ' : ''}${guard}`
  yield* byCron(foothold, { place, line, everyMs: HOUR_MS }, function* (found) {
    if (isAwake) yield* startIfIdle(found)
  })
}

function* fallAsleep(foothold: Foothold): Act {
  const { host, gang, hands, machine } = foothold
  for (const miner of host.miners.filter((one) => one.gang === gang)) {
    const kill = yield* hands.run(['kill', `${miner.process.pid}`])
    machine.calls.killed(kill, miner.process, SIGTERM)
    host.endMiner(miner, gang, SIGTERM)
  }
}
