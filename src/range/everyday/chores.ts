import type { Machine } from '../machine.ts'
import { fetchOverHttp } from '../network/http.ts'
import { lookUp } from '../network/names.ts'
import type { Random } from '../random.ts'
import { type Act, SECOND_MS } from '../schedule.ts'

const MIRROR = { host: 'deb.debian.org', ip: '198.18.7.4' }

/** A systemd timer's unit that runs for a moment. */
export function* unitRuns(machine: Machine, unit: string, random: Random): Act {
  machine.logins.unit(unit, true)
  yield machine.nowMs + random.between(0.3, 3) * SECOND_MS
  machine.logins.unit(unit, false)
}

/** apt-daily: is there anything new? There is not. */
export function* aptLooks(machine: Machine, random: Random): Act {
  machine.logins.unit('apt-daily', true)
  for (const path of [
    '/debian/dists/bookworm/InRelease',
    '/debian-security/dists/bookworm-security/InRelease',
  ]) {
    yield lookUp(machine, MIRROR.host, MIRROR.ip, machine.nowMs, random)
    yield* fetchOverHttp(machine, { ...MIRROR, path, agent: 'Debian APT-HTTP/1.3 (2.6.1)' }, null, random)
  }
  yield machine.nowMs + random.between(1, 6) * SECOND_MS
  machine.logins.unit('apt-daily', false)
}
