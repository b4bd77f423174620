import { auditKeyOf, type Host, type RunningMiner } from '../host/host.ts'
import type { Shell } from '../login/shell.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'
import type { Office } from './administrators.ts'
import { officeShell, think } from './office-shell.ts'

const SIGKILL = 9
/** Not everybody looks at everything. */
const THOROUGH = 0.7

/** Somebody of the house finds the machine busy, and throws out whoever is there: its tenure ends, and nobody holds it. */
export function* cleanUp(host: Host, office: Office, random: Random): Act {
  const { machine } = host
  const shell = yield* officeShell(machine, office, random)
  yield* think(machine, random)
  yield* shell.run(['top', '-b', '-n', '1'], 900)
  yield* think(machine, random)
  const found = [...host.miners]
  for (const { process } of found) yield* shell.run(['ls', '-l', `/proc/${process.pid}/exe`], 80)
  if (found.length > 0) yield* throwOut(host, shell, found, random)
  yield* shell.leave()
}

function* throwOut(host: Host, shell: Shell, found: readonly RunningMiner[], random: Random): Act {
  const { machine } = host
  const isThorough = random.chance(THOROUGH)
  if (isThorough) {
    yield* shell.sudo(['crontab', '-r', '-u', 'root'], 4)
    for (const entry of host.cron) entry.isGone = true
    for (const name of host.units.keys()) {
      yield* shell.sudo(['systemctl', 'disable', '--now', `${name}.service`], 80)
      machine.logins.unit(name, false)
    }
    host.units.clear()
  }
  const kill = yield* shell.sudo(['kill', '-9', ...found.map(({ process }) => `${process.pid}`)], 4)
  for (const miner of found) {
    machine.calls.killed(kill, miner.process, SIGKILL)
    host.endMiner(miner, null, SIGKILL)
  }
  for (const { gang } of found) {
    const { path } = gang.traits.miner
    if (host.immutable.has(path)) yield* shell.sudo(['chattr', '-ia', path], 4)
    host.immutable.delete(path)
    const rm = yield* shell.sudo(['rm', '-f', path], 4)
    const key = auditKeyOf(path)
    if (key !== null) machine.calls.removed(rm, path, key)
    host.files.delete(path)
  }
  if (isThorough) yield* lockDoors(host, shell)
  yield* think(machine, random)
}

function* lockDoors(host: Host, shell: Shell): Act {
  const { machine } = host
  const passwd = yield* shell.sudo(['passwd', '-l', 'root'], 40)
  machine.calls.opened(passwd, '/etc/shadow', 'identity', { mode: '0100640' })
  yield* shell.sudo(['chattr', '-ia', '/root/.ssh/authorized_keys'], 4)
  host.immutable.delete('/root/.ssh/authorized_keys')
  const truncate = yield* shell.sudo(['truncate', '-s', '0', '/root/.ssh/authorized_keys'], 4)
  machine.calls.opened(truncate, '/root/.ssh/authorized_keys', 'ssh_keys', { mode: '0100600' })
  host.keys.clear()
  host.passwordKeeper = null
  host.doors.clear()
}
