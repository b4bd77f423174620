import type { Foothold } from '../../gangs/gang.ts'
import { type Act, SECOND_MS } from '../../schedule.ts'
import { end, isInSight } from './oust.ts'

const STARVED_AFTER_MS = { from: 6 * SECOND_MS, to: 40 * SECOND_MS }
const INIT = {
  pid: 1,
  ppid: 0,
  comm: 'systemd',
  exe: '/usr/lib/systemd/systemd',
  args: ['/sbin/init'],
  cwd: '/',
  uid: 0,
  loginUid: null,
  session: null,
  tty: null,
} as const

/** Packets to where rivals mine go nowhere from now on; the gang spares its own pools. */
export function* blackhole(foothold: Foothold): Act {
  const { host, gang, hands, machine, random } = foothold
  if (!foothold.isRoot) return
  yield* hands.run(['ss', '-Htnp', 'state', 'established'], { replyBytes: 700 })
  const own = new Set([gang.traits.pool, ...(gang.traits.morePools ?? [])].map(({ ip }) => ip))
  const seen = host.miners.filter((miner) => miner.gang !== gang && isInSight(foothold, miner))
  const targets = new Set(seen.map(({ pool }) => pool.ip).filter((ip) => !own.has(ip)))
  for (const ip of targets) {
    foothold.did('network-lock-out')
    yield* hands.run(['ip', 'route', 'add', 'blackhole', `${ip}/32`])
    host.blackholes.add(ip)
    for (const miner of host.miners.filter(({ pool }) => pool.ip === ip)) {
      machine.schedule.at(machine.nowMs + random.between(STARVED_AFTER_MS.from, STARVED_AFTER_MS.to), () => {
        host.starveMiner(miner, gang)
      })
    }
  }
}

/** Stops rivals' services; what runs in them goes with them. */
export function* disableUnits(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  const { host, gang, hands } = foothold
  const rivals = [...host.units].filter(([, owner]) => owner !== gang).map(([name]) => name)
  if (rivals.length === 0) return
  yield* hands.run(['systemctl', 'list-unit-files', '--state=enabled', '--no-pager'], { replyBytes: 1500 })
  for (const name of rivals) {
    foothold.did('persistence-eviction')
    yield* foothold.stopUnit(name)
    end(foothold, INIT, ({ process }) => process.unit === `${name}.service`, 15)
    yield* hands.run(['systemctl', 'disable', `${name}.service`])
    const rm = yield* hands.run(['rm', '-f', `/etc/systemd/system/${name}.service`])
    foothold.remove(`/etc/systemd/system/${name}.service`, rm)
  }
}

/** Takes lines with one of these words out of root's crontab, in place. */
export function* cutCronLines(foothold: Foothold, words: readonly string[]): Act {
  foothold.did('persistence-eviction')
  const place = `/var/spool/cron/crontabs/${foothold.hands.user.name}`
  const args = words.flatMap((word) => ['-e', `/${word.replaceAll('/', String.raw`\/`)}/d`])
  const sed = yield* foothold.hands.run(['sed', '-i', ...args, place])
  if (foothold.host.files.has(place)) foothold.write(place, { what: 'cron', isNew: false }, sed)
  const inPlace = foothold.host.cron.filter((entry) => entry.place === place)
  foothold.wipeCron(
    (line) => inPlace.some((entry) => entry.line === line) && words.some((word) => line.includes(word)),
  )
}

/** Throws out scripts of rivals that bring their miners back. */
export function* removeWatchdogs(foothold: Foothold): Act {
  const { host, gang, hands } = foothold
  if (!foothold.isRoot) return
  const scripts = [...host.files].filter(([path, owner]) => owner !== gang && path.endsWith('.sh'))
  for (const [path] of scripts) {
    foothold.did('persistence-eviction')
    yield* hands.run(['pkill', '-9', '-f', path])
    const rm = yield* hands.run(['rm', '-f', path])
    foothold.remove(path, rm)
  }
}

/** An empty file in the place of a rival’s, locked: nothing can be written there any more. */
export function* standIn(foothold: Foothold, paths: readonly string[]): Act {
  for (const path of paths) {
    foothold.did('vaccination')
    const rm = yield* foothold.hands.run(['rm', '-rf', path])
    foothold.remove(path, rm)
    const touch = yield* foothold.hands.run(['touch', path])
    if (foothold.write(path, { what: 'vaccine', isNew: true }, touch)) yield* foothold.chattr('+i', path)
  }
}
