import type { Gang } from '../cast.ts'
import type { Process } from '../evidence/audit-calls.ts'
import type { Ledger } from '../ledger.ts'
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
import { TcpConnection } from '../network/tcp.ts'
import type { Random } from '../random.ts'
import { type Act, MINUTE_MS, SECOND_MS } from '../schedule.ts'

const DNS_PORT = 53
/** Mean time between Monero blocks. */
const BLOCK_MS = 2 * MINUTE_MS
/** XMRig asks after its pool when that has been silent for so long. */
const KEEP_ALIVE_MS = MINUTE_MS
/** The pool starts easy and settles on a share every minute and a half or so. */
const FIRST_DIFFICULTY = 20_000
const SETTLED_DIFFICULTY = 75_000
const SHARES_UNTIL_SETTLED = 4
const REJECTED_SHARE = 0.015
const REPLY_BRINGS_JOB = 0.12
const FIRST_HEIGHT = 3_671_200
const DISORDER = 0.012

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
 * A miner's life: looks its pool up, logs in, and hands in shares for as long as the scene lasts.
 * Shares come as a Poisson process of rate hash rate / difficulty, as they do for a real one.
 */
export function* mine(machine: Machine, ledger: Ledger, gang: Gang, miner: Process, random: Random): Act {
  yield machine.nowMs + random.between(80, 300)
  machine.calls.connected(miner, machine.facts.resolver, DNS_PORT, false)
  yield lookUp(machine, gang.pool.name, gang.pool.ip, machine.nowMs, random)
  machine.calls.connected(miner, gang.pool.ip, gang.pool.port, true)
  const tcp = new TcpConnection(
    machine.tap,
    {
      local: { ip: machine.facts.address, port: machine.nextPort() },
      remote: gang.pool,
      opener: 'local',
      rttMs: random.between(70, 130),
      disorder: DISORDER,
    },
    random,
  )
  yield tcp.open(machine.nowMs)
  const dialogue = yield* logIn(machine, tcp, gang.wallet, random)
  // RandomX first fills its dataset.
  yield machine.nowMs + random.between(6, 11) * SECOND_MS
  for (;;) {
    const shareMs = machine.nowMs + random.exponential((dialogue.difficulty / gang.hashrate) * SECOND_MS)
    yield* listenUntil(shareMs, machine, tcp, dialogue, random)
    yield* handIn(machine, ledger, tcp, dialogue, random)
  }
}

function* logIn(machine: Machine, tcp: TcpConnection, wallet: string, random: Random): Act<Dialogue> {
  const id = 1
  const seedHash = random.hex(64)
  const chain = { height: FIRST_HEIGHT, seedHash, previousBlock: random.hex(64), timeMs: machine.nowMs }
  const job = newJob(chain, FIRST_DIFFICULTY, random)
  const rpcId = random.hex(16)
  yield tcp.send('local', loginLine(id, wallet), machine.nowMs)
  yield machine.nowMs + random.between(2, 30)
  yield tcp.send('remote', loginReply(id, rpcId, job), machine.nowMs)
  return {
    rpcId,
    seedHash,
    nextId: id + 1,
    job,
    height: FIRST_HEIGHT,
    difficulty: FIRST_DIFFICULTY,
    heardMs: machine.nowMs,
    blockMs: machine.nowMs + random.exponential(BLOCK_MS),
  }
}

/** New jobs as blocks are found elsewhere, and signs of life when there are none. */
function* listenUntil(
  untilMs: number,
  machine: Machine,
  tcp: TcpConnection,
  dialogue: Dialogue,
  random: Random,
): Act {
  for (;;) {
    const keepAliveMs = dialogue.heardMs + KEEP_ALIVE_MS
    const nextMs = Math.min(dialogue.blockMs, keepAliveMs)
    if (nextMs >= untilMs) break
    yield nextMs
    if (dialogue.blockMs <= keepAliveMs) {
      yield tcp.send('remote', jobLine(nextBlock(machine, dialogue, random)), machine.nowMs)
    } else {
      const id = dialogue.nextId++
      yield tcp.send('local', keepAliveLine(id, dialogue.rpcId), machine.nowMs)
      yield tcp.send('remote', statusReply(id, 'KEEPALIVED'), machine.nowMs + random.between(0.5, 5))
    }
    dialogue.heardMs = machine.nowMs
  }
  yield untilMs
}

function* handIn(
  machine: Machine,
  ledger: Ledger,
  tcp: TcpConnection,
  dialogue: Dialogue,
  random: Random,
): Act {
  const id = dialogue.nextId++
  const { difficulty } = dialogue.job
  yield tcp.send('local', submitLine(id, dialogue.rpcId, dialogue.job, random), machine.nowMs)
  ledger.shares.submitted += 1
  const isRejected = random.chance(REJECTED_SHARE)
  const reply = isRejected ? rejection(id) : statusReply(id, 'OK')
  const repliedMs = machine.nowMs + random.between(1, 14)
  const isSettling =
    dialogue.difficulty === FIRST_DIFFICULTY && ledger.shares.submitted >= SHARES_UNTIL_SETTLED
  if (isSettling) dialogue.difficulty = SETTLED_DIFFICULTY
  if (isSettling || random.chance(REPLY_BRINGS_JOB)) {
    yield tcp.sendPair('remote', reply, jobLine(nextBlock(machine, dialogue, random)), repliedMs)
  } else {
    yield tcp.send('remote', reply, repliedMs)
  }
  dialogue.heardMs = machine.nowMs
  if (isRejected) {
    ledger.shares.rejected += 1
  } else {
    ledger.shares.accepted += 1
    ledger.shares.expectedHashes += difficulty
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
