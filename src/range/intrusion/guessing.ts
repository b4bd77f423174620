import type { Ledger } from '../ledger.ts'
import { type Account, MAX_TRIES, SshVisit } from '../login/ssh-visit.ts'
import { type Machine, ROOT } from '../machine.ts'
import { GUESSING_CLIENT, type SshSoftware } from '../network/ssh-bytes.ts'
import type { Random } from '../random.ts'
import { type Act, MINUTE_MS, SECOND_MS } from '../schedule.ts'

const SCOUT_PAUSE_MS = 13 * MINUTE_MS
const BREAKER_PAUSE_MS = { from: 8 * SECOND_MS, to: 38 * SECOND_MS }

export interface Guesser {
  readonly ip: string
  readonly rttMs: number
  readonly software?: SshSoftware
}

/** Names that guessers try besides root; web-1 has none of them. */
const UNKNOWN_NAMES = [
  'admin',
  'ubuntu',
  'oracle',
  'postgres',
  'test',
  'git',
  'ftpuser',
  'hadoop',
  'user1',
  'pi',
  'jenkins',
  'minecraft',
] as const

/** A few tries every few minutes from one of many addresses. */
export function* guessSlowly(
  machine: Machine,
  ledger: Ledger,
  ip: string,
  random: Random,
  untilMs: number,
): Act {
  const rttMs = random.between(60, 240)
  while (machine.nowMs < untilMs) {
    const account = random.chance(0.4) ? ROOT : { name: random.pick(UNKNOWN_NAMES), uid: null }
    yield* visitInVain(machine, ledger, { ip, rttMs }, account, random.integer(1, 3), random)
    yield machine.nowMs + 20 * SECOND_MS + random.exponential(SCOUT_PAUSE_MS)
  }
}

/** One address, root alone, visit after visit until `tries` have failed. */
export function* guessHard(
  machine: Machine,
  ledger: Ledger,
  from: Guesser,
  tries: number,
  random: Random,
): Act {
  while (ledger.triesFrom(from.ip) < tries) {
    const left = tries - ledger.triesFrom(from.ip)
    yield* visitInVain(machine, ledger, from, ROOT, Math.min(MAX_TRIES, left), random)
    yield machine.nowMs + random.between(BREAKER_PAUSE_MS.from, BREAKER_PAUSE_MS.to)
  }
}

function* visitInVain(
  machine: Machine,
  ledger: Ledger,
  from: Guesser,
  account: Account,
  tries: number,
  random: Random,
): Act {
  const visit = new SshVisit(machine, { software: GUESSING_CLIENT, ...from }, random)
  yield* visit.connect()
  visit.announce(account)
  for (let i = 0; i < tries; i++) {
    yield* visit.failPassword(account)
    ledger.failedTry(from.ip, machine.nowMs)
    yield machine.nowMs + random.between(30, 400)
  }
  if (tries === MAX_TRIES) yield* visit.throwOut(account)
  else yield* visit.giveUp(account, random.chance(0.4))
}
