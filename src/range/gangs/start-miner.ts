import type { Process } from '../evidence/audit-calls.ts'
import type { Host, RunningMiner } from '../host/host.ts'
import { type Haul, mine, type MinerLife, type MiningPlan } from '../intrusion/mining.ts'
import type { Random } from '../random.ts'
import { type Act, HOUR_MS, SECOND_MS } from '../schedule.ts'
import type { Foothold, Gang, PoolTraits } from './gang.ts'

/** Seconds of a share at full pace that pools aim at. */
const SECONDS_PER_SHARE = { first: 25, settled: 95 }

/** Runs the gang's binary by the hands it has here; null where it lies no more. */
export function* startMiner(foothold: Foothold): Act<RunningMiner | null> {
  const { gang, hands, host, random } = foothold
  const { miner } = gang.traits
  if (host.files.get(miner.path) !== gang) return null
  if (isCutOff(host, gang)) yield* reconnect(foothold)
  if (isCutOff(host, gang)) return null
  const { login, pass } = gang.traits.login(host.machine, random.fork('login'))
  const process = yield* hands.spawn([miner.path, ...miner.args(login, pass)], { comm: baseName(miner.path) })
  return putToWork({ gang, host, random }, { ...process, comm: miner.comm }, { login, pass })
}

const NOTICES_WHY = 0.7

/** Finds out why the pool does not answer, and undoes it. */
function* reconnect(foothold: Foothold): Act {
  const { gang, host, random } = foothold
  if (!foothold.isRoot || !random.chance(NOTICES_WHY)) return
  const { name, port } = poolOf(host, gang)
  if (host.blockedPorts.has(port)) yield* foothold.flushFirewall()
  if (name === null || !host.sunkNames.has(name)) return
  const sed = yield* foothold.hands.run(['sed', '-i', `/${name}/d`, '/etc/hosts'])
  if (foothold.write('/etc/hosts', { what: 'hosts', isNew: false }, sed)) host.sunkNames.delete(name)
}

/** From here on the process mines. */
export function putToWork(
  { gang, host, random }: { gang: Gang; host: Host; random: Random },
  process: Process,
  { login, pass }: { login: string; pass: string },
): RunningMiner {
  const { traits } = gang
  const pool = poolOf(host, gang)
  const life: MinerLife = { isOver: false, line: null }
  const haul: Haul = { submitted: 0, accepted: 0, rejected: 0, expectedHashes: 0 }
  const miner: RunningMiner = {
    gang,
    process,
    login,
    pool,
    startedMs: host.machine.nowMs,
    names: [
      process.comm,
      traits.miner.path,
      ...traits.miner.knownAs,
      ...(pool.name === null ? [] : [pool.name]),
    ],
    cpuShare: traits.miner.cpuShare,
    life,
    haul,
    work: { hashMs: 0, sinceMs: host.machine.nowMs },
  }
  host.beginMiner(miner)
  const pace = host.hardware.fullHashrate * traits.miner.cpuShare
  const plan: MiningPlan = {
    pool,
    login,
    pass,
    agent: traits.agent,
    hashrate: () => host.hashrateOf(miner),
    difficulty: {
      first: Math.max(1000, Math.round((pace * SECONDS_PER_SHARE.first) / 1000) * 1000),
      settled: Math.max(1000, Math.round((pace * SECONDS_PER_SHARE.settled) / 1000) * 1000),
    },
  }
  const own = random.fork(`mining-${process.pid}`)
  host.machine.schedule.start(keepMining(host, plan, { haul, process, life }, own))
  return miner
}

/** Pools restart, and networks drop a connection now and then. */
const CONNECTION_MS = 20 * HOUR_MS
/** XMRig's pause between two tries. */
const RETRY_MS = 5 * SECOND_MS

function* keepMining(
  host: Host,
  plan: MiningPlan,
  { haul, process, life }: { haul: Haul; process: Process; life: MinerLife },
  random: Random,
): Act {
  const { machine } = host
  while (!life.isOver) {
    const brokenMs = machine.nowMs + random.exponential(CONNECTION_MS)
    const lineBefore = life.line
    machine.schedule.at(brokenMs, () => {
      if (life.line !== lineBefore && brokenMs === machine.nowMs) life.line?.reset('remote', brokenMs)
    })
    yield* mine(machine, plan, haul, process, random.fork(`${machine.nowMs}`), life)
    yield machine.nowMs + RETRY_MS * random.between(1, 1.5)
  }
}

/** Where the gang mines from this host: hosts take turns, and a pool out of reach is passed over for the next. */
export function poolOf(host: Host, { traits }: Gang): PoolTraits {
  const pools = [traits.pool, ...(traits.morePools ?? [])]
  const first = Number(host.machine.facts.address.split('.').at(-1)) % pools.length
  const inTurn = [...pools.slice(first), ...pools.slice(0, first)]
  return inTurn.find((pool) => !isOutOfReach(host, pool)) ?? traits.pool
}

/** No pool of the gang's is in reach from here: nothing to mine for. */
export function isCutOff(host: Host, gang: Gang): boolean {
  return isOutOfReach(host, poolOf(host, gang))
}

function isOutOfReach(host: Host, { name, ip, port }: PoolTraits): boolean {
  return host.blockedPorts.has(port) || host.blackholes.has(ip) || (name !== null && host.sunkNames.has(name))
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
