import type { Act } from '../../schedule.ts'
import type { Foothold } from '../gang.ts'

/** All crontabs of all users, so that nothing comes back. */
export function* wipeCrontabs(foothold: Foothold): Act {
  foothold.did('persistence-eviction')
  const { random, hands } = foothold
  if (!foothold.isRoot || random.chance(0.5)) {
    yield* hands.run(['crontab', '-r'])
  } else {
    yield* hands.run(['rm', '-rf', '/var/spool/cron/crontabs/root'])
    yield* hands.run(['sh', '-c', 'rm -rf /etc/cron.d/* /var/spool/cron/*'])
  }
  foothold.wipeCron(null)
}

/** Only lines that look like a rival's. */
export function* pickCronLines(foothold: Foothold, words: readonly string[]): Act {
  foothold.did('persistence-eviction')
  const pattern = words.join('\\|')
  const line = `crontab -l | sed '/${pattern}/d' | crontab -`
  yield* foothold.hands.pipe(line, [
    ['crontab', '-l'],
    ['sed', `/${pattern}/d`],
    ['crontab', '-'],
  ])
  foothold.wipeCron((entry) => words.some((word) => entry.includes(word)))
}

/** Units of rivals are stopped, their files removed. */
export function* stopUnits(foothold: Foothold): Act {
  if (!foothold.isRoot) return
  for (const [name, owner] of foothold.host.units) {
    if (owner === foothold.gang) continue
    foothold.did('persistence-eviction')
    yield* foothold.stopUnit(name)
    const rm = yield* foothold.hands.run(['rm', '-f', `/etc/systemd/system/${name}.service`])
    foothold.remove(`/etc/systemd/system/${name}.service`, rm)
  }
}

/** A tiny immutable file where a rival's binary would go. */
export function* vaccinate(foothold: Foothold, paths: readonly string[]): Act {
  for (const path of paths) {
    foothold.did('vaccination')
    yield* foothold.chattr('-i', path)
    const rm = yield* foothold.hands.run(['rm', '-rf', path])
    foothold.remove(path, rm)
    const shell = yield* foothold.hands.builtin(`echo 1 > ${path}`)
    if (foothold.write(path, { what: 'vaccine', isNew: true }, shell)) yield* foothold.chattr('+i', path)
  }
}

/** Flushes the owner's rules, then drops ports that other pools use. */
export function* dropPoolPorts(foothold: Foothold, ports: readonly number[]): Act {
  foothold.did('network-lock-out')
  yield* foothold.flushFirewall()
  for (const port of ports) yield* foothold.blockPort(port)
}

export function* sinkPools(foothold: Foothold, names: readonly string[]): Act {
  foothold.did('network-lock-out')
  for (const name of names) yield* foothold.sinkName(name)
}
