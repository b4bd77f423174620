import type { Process } from '../../evidence/audit-calls.ts'
import type { Foothold } from '../../gangs/gang.ts'
import type { RunningMiner } from '../../host/host.ts'
import type { Act } from '../../schedule.ts'
import { isInImage } from './containers.ts'

type Program = readonly [string, ...string[]]

export const PRELOAD = '/etc/ld.so.preload'
const SIGTERM = 15
const SIGKILL = 9

/** Whether tools of this host show it: not while a library of its owner stands before all others. */
export function isInSight({ host }: Foothold, miner: RunningMiner): boolean {
  return host.files.get(PRELOAD) !== miner.gang
}

/** Ends miners of others that may be seen and killed from here. */
export function end(
  foothold: Foothold,
  by: Process,
  matches: (miner: RunningMiner) => boolean,
  signal: number = SIGKILL,
): number {
  const { host, gang, hands, machine } = foothold
  const mayKill = ({ process }: RunningMiner): boolean => foothold.isRoot || process.uid === hands.user.uid
  const hit = host.miners.filter(
    (miner) => miner.gang !== gang && mayKill(miner) && isInSight(foothold, miner) && matches(miner),
  )
  for (const miner of hit) {
    machine.calls.killed(by, miner.process, signal)
    host.endMiner(miner, gang, signal)
  }
  return hit.length
}

/** `killall -q NAME …`, politely or not: by what the process is called, nothing else. */
export function* killAll(foothold: Foothold, names: readonly string[], isPolite: boolean): Act {
  if (names.length === 0) return
  foothold.did('process-eviction')
  const killall = yield* foothold.hands.run(['killall', '-q', ...(isPolite ? [] : ['-9']), ...names])
  const isNamed = ({ process }: RunningMiner): boolean => names.includes(process.comm)
  end(foothold, killall, isNamed, isPolite ? SIGTERM : SIGKILL)
}

/** One `pgrep` with all names in it; whatever it finds is killed by number. */
export function* killByPattern(foothold: Foothold, names: readonly string[]): Act {
  if (names.length === 0) return
  const pattern = names.join('|')
  const isKnown = ({ process }: RunningMiner): boolean =>
    names.some((name) => process.args.some((arg) => arg.includes(name)))
  yield* killListed(foothold, `pgrep -f '${pattern}' | xargs -r kill -9`, [['pgrep', '-f', pattern]], isKnown)
}

/** Whoever has a connection to one of these ports, but for the gang's own. */
export function* killByPort(foothold: Foothold, ports: readonly number[]): Act {
  const filter = ports.map((port) => `dport = :${port}`).join(' or ')
  const line = `ss -Htnp state established '( ${filter} )' | grep -oP 'pid=\\K[0-9]+' | sort -u | xargs -r kill -9`
  const looks: Program[] = [
    ['ss', '-Htnp', 'state', 'established', `( ${filter} )`],
    ['grep', '-oP', String.raw`pid=\K[0-9]+`],
    ['sort', '-u'],
  ]
  yield* killListed(
    foothold,
    line,
    looks,
    ({ pool, life }) => life.line !== null && ports.includes(pool.port),
  )
}

/** Whatever was started from a folder that anybody may write to. */
export function* killByFolder(foothold: Foothold, folders: readonly string[]): Act {
  for (const folder of folders) {
    const look: Program = ['find', '/proc', '-maxdepth', '2', '-name', 'exe', '-lname', `${folder}/*`]
    const line = `find /proc -maxdepth 2 -name exe -lname '${folder}/*' 2>/dev/null | cut -d/ -f3 | xargs -r kill -9`
    const isBelow = ({ process }: RunningMiner): boolean => process.exe.startsWith(`${folder}/`)
    yield* killListed(foothold, line, [look, ['cut', '-d/', '-f3']], isBelow)
  }
}

/** Whatever takes more than `percent` of one core. */
export function* killBusy(foothold: Foothold, percent: number): Act {
  const { hardware } = foothold.host
  const awk = `NR>7 && $9>${percent} {print $1}`
  const line = `top -b -n1 | awk '${awk}' | xargs -r kill -9`
  // What it gets, which is less than it asks for where several ask for more than there is.
  const isBusy = (miner: RunningMiner): boolean =>
    (foothold.host.hashrateOf(miner) / hardware.fullHashrate) * hardware.cores * 100 > percent
  yield* killListed(
    foothold,
    line,
    [
      ['top', '-b', '-n1'],
      ['awk', awk],
    ],
    isBusy,
  )
}

/** A pipeline whose last program is `kill` with the numbers that the ones before it found, if any. */
function* killListed(
  foothold: Foothold,
  line: string,
  looks: readonly Program[],
  matches: (miner: RunningMiner) => boolean,
): Act {
  foothold.did('process-eviction')
  const { host, gang, hands } = foothold
  const found = host.miners.filter(
    (miner) => miner.gang !== gang && isInSight(foothold, miner) && matches(miner),
  )
  const kill: Program[] =
    found.length === 0 ? [] : [['kill', '-9', ...found.map(({ process }) => `${process.pid}`)]]
  const last = yield* hands.pipe(line, [...looks, ['xargs', '-r', 'kill', '-9'], ...kill])
  end(foothold, last, (miner) => found.includes(miner))
}

/** Looks who takes the machine, and ends those one by one, as a person does. */
export function* killSeen(foothold: Foothold): Act {
  const { hands, host, gang } = foothold
  yield* hands.run(['top', '-b', '-n', '1'], { replyBytes: 1200 })
  const seen = host.miners.filter((miner) => miner.gang !== gang && isInSight(foothold, miner))
  for (const miner of seen) {
    foothold.did('process-eviction')
    yield* foothold.pause()
    const kill = yield* hands.run(['kill', '-9', `${miner.process.pid}`])
    end(foothold, kill, (one) => one === miner)
  }
}

/** Looks up what each of the others was started from, and removes it: what is killed afterwards stays dead. */
export function* removeBinaries(foothold: Foothold): Act {
  const { hands, host, gang } = foothold
  const seen = host.miners.filter((miner) => miner.gang !== gang && isInSight(foothold, miner))
  for (const miner of seen) {
    const { process } = miner
    foothold.did('process-eviction')
    yield* hands.run(['readlink', '-f', `/proc/${process.pid}/exe`], { replyBytes: 40 })
    if (!foothold.isRoot && process.uid !== hands.user.uid) continue
    const rm = yield* hands.run(['rm', '-f', process.exe])
    if (!isInImage(host, miner)) foothold.remove(process.exe, rm)
  }
}

/** Empties the list of libraries that go before all others: what hid itself so is in sight again. */
export function* unhide(foothold: Foothold): Act {
  const { host, gang, hands } = foothold
  if (!foothold.isRoot || host.files.get(PRELOAD) === gang) return
  yield* foothold.chattr('-ia', PRELOAD)
  const rm = yield* hands.run(['rm', '-f', PRELOAD])
  foothold.remove(PRELOAD, rm)
}
