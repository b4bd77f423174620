import type { Event } from '../../event/event.ts'
import type { ProcessEvent } from '../../event/process.ts'
import type { SocketEvent } from '../../event/socket.ts'
import type { DetectorContext } from '../detector.ts'
import { defineHostDetector, type HostState, type Sighting } from '../model/host/host-detector.ts'
import { keeperOf } from '../model/host/maintenance.ts'
import { baseName } from '../model/host/places.ts'
import { type Command, commandsOf } from '../model/host/shell.ts'
import { disguiseOf } from './disguise.ts'
import { readMiningArguments } from './mining-arguments.ts'

type See = (sighting: Sighting) => void

interface Memory {
  /** Processes that were started as miners and whose pool the command line does not tell. */
  miners: { pid: number; sighting: Sighting }[]
}

const MAX_MINERS = 64

/**
 * A miner by how it was started: pool, wallet, algorithm and the options only miners have. A name alone is
 * never enough: people delete, search for and kill what is called xmrig.
 */
export const minerProcess = defineHostDetector<Memory>({
  id: 'miner-process',
  title: 'Programs started as miners',
  attack: ['T1496.001', 'T1036.004', 'T1027'],
  kinds: ['process', 'file', 'socket'],
  remember: () => ({ miners: [] }),
  look,
  mergeMemory(into, from) {
    into.miners = [...into.miners, ...from.miners].slice(-MAX_MINERS)
  },
})

function look(state: HostState & Memory, event: Event, see: See, context: DetectorContext): void {
  if (event.kind === 'socket') lookAtConnection(state, event, see, context)
  else if (event.kind === 'file') {
    const isBoost = event.action !== 'read' && event.isSuccess && BOOST_FILE.test(event.path)
    if (isBoost && keeperOf(state.lineage, event.actor, event.time) === null) see(boost(event.path))
  } else if (event.kind === 'process' && event.action === 'exec') lookAtStart(state, event, see, context)
  else if (event.kind === 'process' && event.action === 'running') lookAtRunning(state, event, see, context)
}

function lookAtStart(
  state: HostState & Memory,
  event: ProcessEvent,
  see: See,
  context: DetectorContext,
): void {
  const disguise = disguiseOf(event)
  for (const command of commandsOf(event)) {
    const sighting = miningSighting(command, event, context)
    if (sighting !== null) {
      see(disguise === null ? sighting : { ...sighting, attack: [...sighting.attack, 'T1036.004'] })
      remember(state, event, sighting)
    } else if (isBoost(command) && keeperOf(state.lineage, event.actor, event.time) === null)
      see(boost(command.words.join(' ')))
  }
  if (disguise !== null && event.isSuccess) see(disguised(disguise, event))
}

/** Found at work: what it pretends to be is told by `disguised-process`. */
function lookAtRunning(
  state: HostState & Memory,
  event: ProcessEvent,
  see: See,
  context: DetectorContext,
): void {
  for (const command of commandsOf(event)) {
    const sighting = miningSighting(command, event, context)
    if (sighting === null) continue
    const since = event.running?.startedAt ?? event.time
    see({ ...sighting, title: sighting.title.replace(' was started as a miner', ' runs as a miner'), since })
    remember(state, event, sighting)
  }
}

function miningSighting(command: Command, event: ProcessEvent, context: DetectorContext): Sighting | null {
  const reading = readMiningArguments(command, (host) => context.intel.poolByHost(host))
  if (reading === null) return null
  const { pool, wallet, confidence } = reading
  const program = command.words[0] ?? event.actor.exe ?? command.program
  const where = pool === null ? '' : ` to ${pool}`
  const severity = !event.isSuccess ? 'medium' : pool !== null && wallet !== null ? 'critical' : 'high'
  return {
    what: 'miner-process',
    title: event.isSuccess
      ? `${baseName(program)} was started as a miner${where}`
      : `A miner was to be started${where}, but did not start`,
    severity,
    confidence,
    stage: event.isSuccess ? 'mining' : 'foothold',
    attack: reading.isEncoded ? ['T1496.001', 'T1027'] : ['T1496.001'],
    path: program.startsWith('/') ? program : (event.paths[0] ?? null),
    remote: pool,
    fold: `${program} ${pool ?? ''}`,
    isRepeating: true,
  }
}

function remember(state: Memory, event: ProcessEvent, sighting: Sighting): void {
  const { pid } = event.actor
  if (pid === null || sighting.remote !== null || sighting.stage !== 'mining') return
  state.miners = state.miners.filter((miner) => miner.pid !== pid)
  state.miners.push({ pid, sighting })
  if (state.miners.length > MAX_MINERS) state.miners.shift()
}

/** A known pool's own address and port; and where a miner without a pool in its command line connects. */
function lookAtConnection(state: Memory, event: SocketEvent, see: See, context: DetectorContext): void {
  if (event.action !== 'connect' || !event.isSuccess || event.ip === null || event.port === null) return
  const remote = event.ip.includes(':') ? `[${event.ip}]:${event.port}` : `${event.ip}:${event.port}`
  const miner = state.miners.findLast((miner) => miner.pid === event.actor.pid)
  if (miner !== undefined && event.port !== 53)
    see({
      ...miner.sighting,
      remote,
      fold: miner.sighting.fold ?? remote,
      confidence: Math.min(0.95, miner.sighting.confidence + 0.05),
    })
  const pool = context.intel.poolByAddress(event.ip, event.port)
  if (pool === null) return
  const isSure = pool.confidence === 'confirmed'
  see({
    what: 'pool-connection',
    title: `${baseName(event.actor.exe ?? 'A program')} connected to ${remote}, ${pool.name === null ? 'which a list names as a mining pool' : `known as the mining pool ${pool.name}`}`,
    severity: isSure ? 'high' : 'low',
    confidence: isSure ? 0.65 : 0.35,
    stage: isSure ? 'mining' : 'context',
    attack: ['T1496.001'],
    path: event.actor.exe,
    remote,
    fold: `${event.actor.exe ?? ''} ${remote}`,
    isRepeating: true,
  })
}

function disguised(name: string, event: ProcessEvent): Sighting {
  const program = event.paths[0] ?? event.actor.exe
  return {
    what: 'kernel-disguise',
    title: `A program calls itself ${name} as if it were part of the kernel`,
    severity: 'high',
    confidence: 0.75,
    stage: 'evasion',
    attack: ['T1036.004'],
    path: program,
    remote: null,
    fold: program ?? name,
    isRepeating: true,
  }
}

const BOOST_FILE = /^\/sys\/module\/msr\/parameters\/allow_writes$/u

/** What RandomX miners set to be a few per cent faster; databases and DPDK set huge pages too. */
function isBoost({ program, words }: Command): boolean {
  const text = words.join(' ')
  if (program === 'modprobe' || program === 'insmod') return /\bmsr\b/u.test(text)
  if (program === 'wrmsr') return /0x(?:c0011020|c0011021|c0011022|c001102b|1a4)\b/iu.test(text)
  return program === 'sysctl' && /\b(?:vm\.nr_hugepages|kernel\.nmi_watchdog)\s{0,4}=/u.test(text)
}

function boost(what: string): Sighting {
  return {
    what: 'miner-boost',
    title: `The processor was tuned the way miners do: ${what.slice(0, 120)}`,
    severity: 'low',
    confidence: /msr/u.test(what) ? 0.4 : 0.25,
    stage: 'context',
    attack: ['T1496.001'],
    path: null,
    remote: null,
    fold: what,
    isRepeating: true,
  }
}
