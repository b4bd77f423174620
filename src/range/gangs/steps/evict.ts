import type { RunningMiner } from '../../host/host.ts'
import type { Act } from '../../schedule.ts'
import type { Foothold } from '../gang.ts'

/** `pkill -9 -f NAME` for each name, in a row. */
export function* killByName(foothold: Foothold, names: readonly string[]): Act {
  foothold.did('process-eviction')
  for (const name of names) {
    const pkill = yield* foothold.hands.run(['pkill', '-9', '-f', name], { replyBytes: 4 })
    foothold.evict(pkill, (miner) => isKnownAs(miner, name))
  }
}

/** `ps | grep POOL | awk | xargs kill -9` for each name of a pool: what a miner's arguments tell. */
export function* killByPool(foothold: Foothold, pools: readonly string[]): Act {
  foothold.did('process-eviction')
  for (const pool of pools) {
    const line = `ps auxf|grep -v grep|grep "${pool}"|awk '{print $2}'|xargs kill -9`
    const hit = foothold.host.miners.filter((miner) => miner.gang !== foothold.gang && showsPool(miner, pool))
    const kill = hit.map((miner) => miner.process.pid.toString())
    const programs: [string, ...string[]][] = [
      ['ps', 'auxf'],
      ['grep', '-v', 'grep'],
      ['grep', pool],
      ['awk', '{print $2}'],
      ['xargs', 'kill', '-9'],
    ]
    if (kill.length > 0) programs.push(['kill', '-9', ...kill])
    const last = yield* foothold.hands.pipe(line, programs)
    foothold.evict(last, (miner) => showsPool(miner, pool))
  }
}

/** Whatever takes more than `percent` of a CPU, but for oneself. */
export function* killByCpu(foothold: Foothold, percent: number): Act {
  foothold.did('process-eviction')
  const own = foothold.gang.traits.miner.comm
  const line = `ps axf -o "pid %cpu" | awk '{if($2>=${percent}.0) print $1}' | while read p; do grep -q ${own} /proc/$p/cmdline || kill -9 $p; done`
  const programs: [string, ...string[]][] = [
    ['ps', 'axf', '-o', 'pid %cpu'],
    ['awk', `{if($2>=${percent}.0) print $1}`],
  ]
  const isBusy = (miner: RunningMiner): boolean =>
    miner.cpuShare * foothold.host.hardware.cores * 100 >= percent
  for (const miner of foothold.host.miners) {
    if (miner.gang !== foothold.gang && isBusy(miner))
      programs.push(['grep', '-q', own, `/proc/${miner.process.pid}/cmdline`])
  }
  const last = yield* foothold.hands.pipe(line, programs)
  foothold.evict(last, isBusy)
}

function isKnownAs(miner: RunningMiner, name: string): boolean {
  return [...miner.names, ...miner.process.args].some((known) => known.includes(name))
}

function showsPool(miner: RunningMiner, pool: string): boolean {
  return miner.process.args.some((arg) => arg.includes(pool))
}

/** Containers whose images or names mean mining. */
export function* killContainers(foothold: Foothold, words: readonly string[]): Act {
  foothold.did('process-eviction')
  for (const word of words) {
    const line = `docker ps | grep "${word}" | awk '{print $1}' | xargs -I % docker kill %`
    yield* foothold.hands.pipe(line, [
      ['docker', 'ps'],
      ['grep', word],
      ['awk', '{print $1}'],
      ['xargs', '-I', '%', 'docker', 'kill', '%'],
    ])
  }
}

const LOOKS_TWICE = { low: 0.4, medium: 0.75, high: 0.9 }

/** Whoever still takes the CPU after all lists: seen in `top`, killed by number. */
export function* killRest(foothold: Foothold): Act {
  const { gang, hands, host, random } = foothold
  const rest = host.miners.filter((miner) => miner.gang !== gang)
  if (rest.length === 0 || !random.chance(LOOKS_TWICE[gang.skill])) return
  foothold.did('process-eviction')
  yield* hands.pipe('ps aux --sort=-%cpu | head -n 10', [
    ['ps', 'aux', '--sort=-%cpu'],
    ['head', '-n', '10'],
  ])
  yield* foothold.pause()
  for (const miner of rest) {
    const kill = yield* hands.run(['kill', '-9', `${miner.process.pid}`])
    foothold.evict(kill, (one) => one === miner)
  }
}
