import { Shell } from '../login/shell.ts'
import { SshVisit } from '../login/ssh-visit.ts'
import { type Machine, MIRA } from '../machine.ts'
import { OFFICE_CLIENT } from '../network/ssh-bytes.ts'
import type { Random } from '../random.ts'
import { type Act, SECOND_MS } from '../schedule.ts'
import type { Office } from './administrators.ts'

const OFFICE_RTT_MS = 18

/** Mira at a prompt of the machine, coming from the office by key. */
export function* officeShell(machine: Machine, office: Office, random: Random): Act<Shell> {
  const visit = new SshVisit(
    machine,
    { ip: office.officeIp, software: OFFICE_CLIENT, rttMs: OFFICE_RTT_MS },
    random,
  )
  yield* visit.connect()
  yield* visit.passKey(MIRA, office.miraKey)
  return yield* Shell.open(visit, MIRA)
}

/** A hand reads, thinks and types. */
export function* think(machine: Machine, random: Random): Act {
  yield machine.nowMs + random.between(2, 25) * SECOND_MS
}
