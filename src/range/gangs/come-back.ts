import type { Process } from '../evidence/audit-calls.ts'
import { auditKeyOf, type CronEntry, type Host } from '../host/host.ts'
import { cronJob, nextRunMs } from '../login/cron-job.ts'
import { ROOT, type User } from '../machine.ts'
import { fetchOverHttp } from '../network/http.ts'
import { lookUp } from '../network/names.ts'
import type { Random } from '../random.ts'
import { type Act, SECOND_MS } from '../schedule.ts'
import type { Foothold, Gang } from './gang.ts'
import { ScriptHands } from './script-hands.ts'
import { baseName, isCutOff, putToWork } from './start-miner.ts'

/** Writes a crontab line that looks every `everyMs` whether the miner still runs, and starts it if not. */
export function* keepByCron(foothold: Foothold, place: string, line: string, everyMs: number): Act<boolean> {
  const { gang, hands, host } = foothold
  const by = place.startsWith('/var/spool/cron/')
    ? yield* hands.pipe(`(crontab -l 2>/dev/null; echo '${line}') | crontab -`, [
        ['crontab', '-l'],
        ['crontab', '-'],
      ])
    : yield* hands.builtin(`echo '${line}' > ${place}`)
  if (!foothold.write(place, { what: 'cron' }, by)) return false
  const entry: CronEntry = { owner: gang, place, line, isGone: false }
  runAsCron(host, entry, hands.user, foothold.random.fork(`cron-${place}`), everyMs)
  return true
}

/** The line is in a crontab from now on. */
export function runAsCron(host: Host, entry: CronEntry, user: User, random: Random, everyMs: number): void {
  host.cron.push(entry)
  host.machine.schedule.start(runs(host, entry, user, random, everyMs))
}

function* runs(host: Host, entry: CronEntry, user: User, random: Random, everyMs: number): Act {
  const { machine } = host
  for (;;) {
    yield nextRunMs(machine.nowMs, everyMs, random)
    if (entry.isGone) return
    yield* cronJob(machine, commandOf(entry.line), random, {
      user,
      work: (shell) => reviveFrom(host, entry, user, shell, random),
    })
  }
}

/** Without the five fields of time, and without the user's name of a system crontab. */
function commandOf(line: string): string {
  const rest = line.replace(/^(?:@\w+|(?:\S+\s+){5})/u, '').trim()
  return rest.replace(/^root\s+/u, '')
}

/** Chance, each time its line runs, that the script throws out whoever has crept back in. */
const DEFENDS = { low: 0.05, medium: 0.15, high: 0.3 }
const SIGKILL = 9

function* defend(host: Host, gang: Gang, hands: ScriptHands, random: Random): Act {
  const mayKill = (uid: number): boolean => hands.user.uid === ROOT.uid || hands.user.uid === uid
  const rivals = host.miners.filter((miner) => miner.gang !== gang && mayKill(miner.process.uid))
  if (rivals.length === 0 || !random.chance(DEFENDS[gang.skill])) return
  host.occupation.did(gang, 'process-eviction')
  for (const miner of rivals) {
    const pkill = yield* hands.run(['pkill', '-9', '-f', baseName(miner.gang.traits.miner.path)])
    if (miner.life.isOver) continue
    host.machine.calls.killed(pkill, miner.process, SIGKILL)
    host.endMiner(miner, gang, SIGKILL)
  }
}

const FETCHES = /\b(?:curl|wget)\b/u
const HTTP_PORT = 80
/** Stands where a script would: it runs nothing. */
const INERT_SCRIPT = '# Davylamp range: in place of a script. Inert text.\n'.repeat(8)

/** The line of a dropper brings its script anew, and what the script needs. False: it could not. */
function* fetchAnew(host: Host, gang: Gang, hands: ScriptHands, random: Random): Act<boolean> {
  const { ip, name, paths } = gang.traits.download
  const path = paths[0] ?? '/'
  if (!host.mayUse('curl', gang)) return false
  const url = `http://${name ?? ip}${path}`
  const curl = yield* hands.run([host.tools.curl, '-fsSL', url])
  if (name !== null) yield lookUp(host.machine, name, ip, host.machine.nowMs, random)
  host.machine.calls.connected(curl, ip, HTTP_PORT, true)
  yield* fetchOverHttp(host.machine, { host: name ?? ip, ip, path }, INERT_SCRIPT, random)
  return true
}

function* reviveFrom(host: Host, entry: CronEntry, user: User, shell: Process, random: Random): Act {
  const gang = entry.owner
  const hands = new ScriptHands(host.machine, user, shell, random)
  const { path } = gang.traits.miner
  if (FETCHES.test(entry.line) && (yield* fetchAnew(host, gang, hands, random))) {
    if (!host.files.has(path) && !host.immutable.has(path)) putBack(host, gang, shell)
  }
  if (host.files.get(path) === gang) yield* defend(host, gang, hands, random)
  if (isPointless(host, gang)) return
  const { miner } = gang.traits
  const { login, pass } = gang.traits.login(host.machine, random.fork('login'))
  const process = yield* hands.spawn([miner.path, ...miner.args(login, pass)], { comm: miner.comm })
  if (!isPointless(host, gang)) putToWork({ gang, host, random }, process, { login, pass })
}

function putBack(host: Host, gang: Gang, by: Process): void {
  const { path } = gang.traits.miner
  const key = auditKeyOf(path)
  if (key !== null) host.machine.calls.opened(by, path, key, { isNew: true })
  host.files.set(path, gang)
  host.ledger.touched(path, 'miner', 'created', host.machine.nowMs)
}

/** It runs, or there is nothing to run, or nowhere to mine. */
function isPointless(host: Host, gang: Gang): boolean {
  const isAtWork = host.miners.some((miner) => miner.gang === gang)
  return isAtWork || host.files.get(gang.traits.miner.path) !== gang || isCutOff(host, gang)
}

const RESTART_MS = { from: 10 * SECOND_MS, to: 40 * SECOND_MS }

/** A systemd unit with Restart=always: while it is there, a killed miner is back within a minute. */
export function* keepByUnit(foothold: Foothold, name: string): Act<boolean> {
  const { gang, hands, host, random } = foothold
  if (!foothold.isRoot) return false
  const path = `/etc/systemd/system/${name}.service`
  const shell = yield* hands.builtin(`cat > ${path}`)
  if (!foothold.write(path, { what: 'unit' }, shell)) return false
  yield* hands.run(['systemctl', 'daemon-reload'])
  yield* hands.run(['systemctl', 'enable', '--now', `${name}.service`])
  host.machine.logins.unit(name, true)
  host.units.set(name, gang)
  host.machine.schedule.start(restarts(host, name, gang, random.fork(`unit-${name}`)))
  return true
}

function* restarts(host: Host, name: string, gang: Gang, random: Random): Act {
  const { machine } = host
  for (;;) {
    yield machine.nowMs + random.between(RESTART_MS.from, RESTART_MS.to)
    if (host.units.get(name) !== gang) return
    if (isPointless(host, gang)) continue
    machine.logins.unit(name, false)
    const { miner } = gang.traits
    const { login, pass } = gang.traits.login(machine, random.fork('login'))
    const process: Process = {
      pid: machine.nextPid(),
      ppid: 1,
      comm: miner.comm,
      exe: miner.path,
      args: [miner.path, ...miner.args(login, pass)],
      cwd: '/',
      uid: ROOT.uid,
      loginUid: null,
      session: null,
      tty: null,
      unit: `${name}.service`,
    }
    machine.calls.executed(process)
    machine.logins.unit(name, true)
    putToWork({ gang, host, random }, process, { login, pass })
  }
}
