import type { Process } from '../evidence/audit-calls.ts'
import type { Machine } from '../machine.ts'
import {
  type Job,
  jobLine,
  keepAliveLine,
  loginLine,
  loginReply,
  newJob,
  rejection,
  statusReply,
  submitLine,
} from '../network/cryptonote.ts'
import { lookUp } from '../network/names.ts'
import { PoolLine } from '../network/pool-line.ts'
import { TcpConnection } from '../network/tcp.ts'
import type { Random } from '../random.ts'
import { type Act, MINUTE_MS, SECOND_MS } from '../schedule.ts'

const DNS_PORT = 53
/** Mean time between Monero blocks. */
const BLOCK_MS = 2 * MINUTE_MS
/** XMRig asks after its pool when that has been silent for so long. */
const KEEP_ALIVE_MS = MINUTE_MS
const SHARES_UNTIL_SETTLED = 4
const REJECTED_SHARE = 0.015
const REPLY_BRINGS_JOB = 0.12
const FIRST_HEIGHT = 3_671_200
const DISORDER = 0.012

/** What a miner works for, and how hard. */
export interface MiningPlan {
  /** `name` null: by address alone. */
  readonly pool: {
    readonly name: string | null
    readonly ip: string
    readonly port: number
    readonly isTls: boolean
  }
  readonly login: string
  readonly pass: string
  readonly agent: string
  /** H/s at this moment. */
  hashrate(): number
  /** The pool starts easy and settles on a share every minute and a half or so. */
  readonly difficulty: { readonly first: number; readonly settled: number }
}

/** Shares of one tenure. */
export interface Haul {
  submitted: number
  accepted: number
  rejected: number
  expectedHashes: number
}

/** A miner at work. Whoever ends it sets `isOver` and closes `line`. */
export interface MinerLife {
  isOver: boolean
  line: PoolLine | null
}

/** What one mining dialogue has come to. */
interface Dialogue {
  readonly rpcId: string
  readonly seedHash: string
  nextId: number
  job: Job
  height: number
  difficulty: number
  heardMs: number
  blockMs: number
}

/**
 * A miner's life: looks its pool up, logs in, and hands in shares until it is over.
 * Shares come as a Poisson process of rate hash rate / difficulty, as they do for a real one.
 */
export function* mine(
  machine: Machine,
  plan: MiningPlan,
  haul: Haul,
  miner: Process,
  random: Random,
  life: MinerLife = { isOver: false, line: null },
): Act {
  const { pool } = plan
  yield machine.nowMs + random.between(80, 300)
  if (pool.name !== null) {
    machine.calls.connected(miner, machine.facts.resolver, DNS_PORT, false)
    yield lookUp(machine, pool.name, pool.ip, machine.nowMs, random)
  }
  if (life.isOver) return
  machine.calls.connected(miner, pool.ip, pool.port, true)
  const tcp = new TcpConnection(
    machine.tap,
    {
      local: { ip: machine.facts.address, port: machine.nextPort() },
      remote: pool,
      opener: 'local',
      rttMs: random.between(70, 130),
      disorder: DISORDER,
    },
    random,
  )
  const line = new PoolLine(tcp, pool.isTls ? (pool.name ?? pool.ip) : null, random)
  yield tcp.open(machine.nowMs)
  life.line = line
  yield* line.greet(machine)
  if (life.isOver) return
  const dialogue = yield* logIn(machine, line, plan, random)
  // RandomX first fills its dataset.
  yield machine.nowMs + random.between(6, 11) * SECOND_MS
  while (!line.isClosed) {
    const shareMs = machine.nowMs + random.exponential((dialogue.difficulty / plan.hashrate()) * SECOND_MS)
    yield* listenUntil(shareMs, machine, line, dialogue, random)
    if (!line.isClosed) yield* handIn(machine, { plan, haul, life }, line, dialogue, random)
  }
}

function* logIn(machine: Machine, line: PoolLine, plan: MiningPlan, random: Random): Act<Dialogue> {
  const id = 1
  const seedHash = random.hex(64)
  const chain = { height: FIRST_HEIGHT, seedHash, previousBlock: random.hex(64), timeMs: machine.nowMs }
  const job = newJob(chain, plan.difficulty.first, random)
  const rpcId = random.hex(16)
  yield line.send('local', loginLine(id, plan), machine.nowMs)
  yield machine.nowMs + random.between(2, 30)
  yield line.send('remote', loginReply(id, rpcId, job), machine.nowMs)
  return {
    rpcId,
    seedHash,
    nextId: id + 1,
    job,
    height: FIRST_HEIGHT,
    difficulty: plan.difficulty.first,
    heardMs: machine.nowMs,
    blockMs: machine.nowMs + random.exponential(BLOCK_MS),
  }
}

/** New jobs as blocks are found elsewhere, and signs of life when there are none. */
function* listenUntil(
  untilMs: number,
  machine: Machine,
  line: PoolLine,
  dialogue: Dialogue,
  random: Random,
): Act {
  for (;;) {
    const keepAliveMs = dialogue.heardMs + KEEP_ALIVE_MS
    const nextMs = Math.min(dialogue.blockMs, keepAliveMs)
    if (nextMs >= untilMs) break
    yield nextMs
    if (line.isClosed) return
    if (dialogue.blockMs <= keepAliveMs) {
      yield line.send('remote', jobLine(nextBlock(machine, dialogue, random)), machine.nowMs)
    } else {
      const id = dialogue.nextId++
      yield line.send('local', keepAliveLine(id, dialogue.rpcId), machine.nowMs)
      yield line.send('remote', statusReply(id, 'KEEPALIVED'), machine.nowMs + random.between(0.5, 5))
    }
    dialogue.heardMs = machine.nowMs
  }
  yield untilMs
}

function* handIn(
  machine: Machine,
  { plan, haul, life }: { plan: MiningPlan; haul: Haul; life: MinerLife },
  line: PoolLine,
  dialogue: Dialogue,
  random: Random,
): Act {
  const id = dialogue.nextId++
  const { difficulty } = dialogue.job
  haul.submitted += 1
  yield line.send('local', submitLine(id, dialogue.rpcId, dialogue.job, random), machine.nowMs)
  if (life.isOver) return
  const isRejected = random.chance(REJECTED_SHARE)
  const reply = isRejected ? rejection(id) : statusReply(id, 'OK')
  const repliedMs = machine.nowMs + random.between(1, 14)
  const { first, settled } = plan.difficulty
  const isSettling = dialogue.difficulty === first && haul.submitted >= SHARES_UNTIL_SETTLED
  if (isSettling) dialogue.difficulty = settled
  if (isSettling || random.chance(REPLY_BRINGS_JOB)) {
    yield line.sendPair('remote', reply, jobLine(nextBlock(machine, dialogue, random)), repliedMs)
  } else {
    yield line.send('remote', reply, repliedMs)
  }
  dialogue.heardMs = machine.nowMs
  if (isRejected) {
    haul.rejected += 1
  } else {
    haul.accepted += 1
    haul.expectedHashes += difficulty
  }
}

function nextBlock(machine: Machine, dialogue: Dialogue, random: Random): Job {
  dialogue.height += 1
  dialogue.blockMs = machine.nowMs + random.exponential(BLOCK_MS)
  const { height, seedHash } = dialogue
  const chain = { height, seedHash, previousBlock: random.hex(64), timeMs: machine.nowMs }
  dialogue.job = newJob(chain, dialogue.difficulty, random)
  return dialogue.job
}
