import { SshHands } from '../gangs/ssh-hands.ts'
import { guessHard } from '../intrusion/guessing.ts'
import { Shell } from '../login/shell.ts'
import { SshVisit } from '../login/ssh-visit.ts'
import { ROOT } from '../machine.ts'
import type { Act } from '../schedule.ts'
import type { Attempt } from './enter.ts'

const TRIES = { low: { from: 60, to: 260 }, medium: { from: 25, to: 120 }, high: { from: 7, to: 40 } }
const RTT_MS = { from: 40, to: 220 }

/** Guesses at root's password; the right one is among the guesses only while the owner's weak one still holds. */
export function* throughPassword(attempt: Attempt): Act<boolean> {
  const { host, gang, random, srcIp } = attempt
  const { machine, ledger } = host
  const from = { ip: srcIp, rttMs: random.between(RTT_MS.from, RTT_MS.to), software: gang.traits.client }
  const { from: few, to: many } = TRIES[gang.skill]
  yield* guessHard(machine, ledger, from, ledger.triesFrom(srcIp) + random.integer(few, many), random)
  const knowsIt = host.passwordKeeper === gang
  if (!host.doors.has('ssh-password') || (host.passwordKeeper !== null && !knowsIt)) return false
  const visit = new SshVisit(machine, from, random)
  yield* visit.connect()
  yield* visit.passPassword(ROOT)
  const tries = ledger.triesFrom(srcIp)
  attempt.admitted({ kind: 'ssh-password', srcIp, srcPort: visit.port, user: ROOT.name, tries })
  yield* attempt.inside(new SshHands(yield* Shell.open(visit, ROOT)))
  return true
}
