import type { Gang } from '../gangs/gang.ts'
import { SshHands } from '../gangs/ssh-hands.ts'
import type { Host } from '../host/host.ts'
import { Shell } from '../login/shell.ts'
import { SshVisit } from '../login/ssh-visit.ts'
import { ROOT } from '../machine.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'
import type { Attempt } from './enter.ts'

const RTT_MS = { from: 40, to: 220 }

/** With the key that the gang left here before. */
export function* throughKey(attempt: Attempt): Act<boolean> {
  const { key } = attempt.gang.traits
  if (key === null) return false
  const rttMs = attempt.random.between(RTT_MS.from, RTT_MS.to)
  yield* byKey(attempt, key.fingerprint, rttMs)
  return true
}

export function* byKey(attempt: Attempt, fingerprint: string, rttMs: number): Act {
  const { host, gang, random, srcIp } = attempt
  const visit = new SshVisit(host.machine, { ip: srcIp, rttMs, software: gang.traits.client }, random)
  yield* visit.connect()
  yield* visit.passKey(ROOT, fingerprint)
  attempt.admitted({ kind: 'ssh-key', srcIp, srcPort: visit.port, user: ROOT.name })
  yield* attempt.inside(new SshHands(yield* Shell.open(visit, ROOT)))
}

/** With a key that this host does not know. */
export function* keyInVain(host: Host, gang: Gang, srcIp: string, random: Random): Act {
  const rttMs = random.between(0.4, 1)
  const visit = new SshVisit(host.machine, { ip: srcIp, rttMs, software: gang.traits.client }, random)
  yield* visit.connect()
  yield* visit.giveUp(ROOT, false)
}
