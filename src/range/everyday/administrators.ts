import { Shell } from '../login/shell.ts'
import { SshVisit } from '../login/ssh-visit.ts'
import { DEPLOY, JONAS, type Machine, MIRA } from '../machine.ts'
import { OFFICE_CLIENT } from '../network/ssh-bytes.ts'
import type { Random } from '../random.ts'
import { type Act, HOUR_MS, SECOND_MS } from '../schedule.ts'

const OFFICE_RTT_MS = 18
const RUNNER = { ip: '10.0.9.12', rttMs: 0.7 }

/** Where those who belong here come from, and with which keys (SHA-256 fingerprints). */
export interface Office {
  readonly officeIp: string
  readonly miraKey: string
  readonly deployKey: string
}

/** Mira has a key and looks around; `commands` differ from visit to visit. */
export function* miraVisits(machine: Machine, office: Office, random: Random, isWatching: boolean): Act {
  const visitor = { ip: office.officeIp, software: OFFICE_CLIENT, rttMs: OFFICE_RTT_MS }
  const visit = new SshVisit(machine, visitor, random)
  yield* visit.connect()
  yield* visit.passKey(MIRA, office.miraKey)
  const shell = yield* Shell.open(visit, MIRA)
  yield* think(machine, random)
  yield* shell.run(['uptime'], 70)
  yield* think(machine, random)
  if (isWatching) {
    yield* shell.run(['top', '-b', '-n', '1'], 900)
  } else {
    yield* shell.sudo(['systemctl', 'reload', 'nginx'], 4)
    yield* think(machine, random)
    yield* shell.run(['tail', '-n', '20', '/var/log/nginx/access.log'], 700)
  }
  yield* think(machine, random)
  yield* shell.leave()
}

/** Jonas uses a password and mistypes it first; then he puts a backup job in place. */
export function* jonasVisits(machine: Machine, office: Office, random: Random): Act {
  const visitor = { ip: office.officeIp, software: OFFICE_CLIENT, rttMs: OFFICE_RTT_MS }
  const visit = new SshVisit(machine, visitor, random)
  yield* visit.connect()
  for (let i = 0; i < 2; i++) {
    yield machine.nowMs + random.between(2, 5) * SECOND_MS
    yield* visit.failPassword(JONAS)
  }
  yield machine.nowMs + random.between(5, 9) * SECOND_MS
  yield* visit.passPassword(JONAS)
  const shell = yield* Shell.open(visit, JONAS)
  yield* think(machine, random)
  yield* shell.run(['df', '-h'], 400)
  yield* think(machine, random)
  const install = yield* shell.sudo(['install', '-m', '644', 'backup.cron', '/etc/cron.d/backup'], 4)
  machine.calls.opened(install, '/etc/cron.d/backup', 'cron', { isNew: true })
  yield* think(machine, random)
  yield* shell.leave()
}

/** A pipeline rolls out by key from the private network, again and again. */
export function* runnerDeploys(machine: Machine, office: Office, random: Random, perHour: number): Act {
  for (;;) {
    yield machine.nowMs + random.exponential(HOUR_MS / perHour)
    machine.schedule.start(deploy(machine, office, random.fork(`deploy-${machine.nowMs}`)))
  }
}

function* deploy(machine: Machine, office: Office, random: Random): Act {
  const visit = new SshVisit(machine, { ...RUNNER, software: OFFICE_CLIENT }, random)
  yield* visit.connect()
  yield* visit.passKey(DEPLOY, office.deployKey)
  const shell = yield* Shell.open(visit, DEPLOY)
  yield* shell.run(['rsync', '-a', '/srv/release/', '/var/www/app/'], 60)
  yield* shell.sudo(['systemctl', 'reload', 'nginx'], 4)
  yield* shell.leave()
}

function* think(machine: Machine, random: Random): Act {
  yield machine.nowMs + random.between(2, 14) * SECOND_MS
}
