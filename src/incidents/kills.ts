import type { Event } from '../event/event.ts'
import type { FightAct } from '../event/finding.ts'
import type { Identifier } from '../event/identifier.ts'
import type { ProcessEvent } from '../event/process.ts'

/** Remembered per machine, the newest; and machines. */
const PER_MACHINE = 4000
const MAX_MACHINES = 4096
const MAX_NAME = 128
const ENDING = /^-(?:9|15|2|3|(?:SIG)?(?:KILL|TERM|INT|QUIT))$/u
const BY_NAME = new Set(['pkill', 'killall', 'skill'])

/**
 * Who was killed by name, and in which session. Administrators do it every day: it counts only where what was killed is an
 * occupant's.
 */
export class Kills {
  private readonly acts = new Map<Identifier, FightAct[]>()

  observe(event: Event): void {
    if (event.kind !== 'process' || !event.isSuccess || event.actor.session === null) return
    const name = event.action === 'signal' ? signalled(event) : event.action === 'exec' ? named(event) : null
    if (name !== null) this.keep(event, name.slice(0, MAX_NAME))
  }

  of(identifiers: readonly Identifier[]): FightAct[] {
    return identifiers.flatMap((id) => this.acts.get(id) ?? []).toSorted((a, b) => a.time - b.time)
  }

  private keep(event: ProcessEvent, name: string): void {
    const { actor, time, origin, commandLine } = event
    const act: FightAct = {
      time,
      category: 'process-eviction',
      what: `killed ${name}`,
      targets: [{ type: 'process', value: name }],
      commandLine,
      exe: actor.exe,
      pid: actor.pid,
      ppid: actor.ppid,
      uid: actor.uid,
      session: actor.session,
      evidence: { ...origin, time },
    }
    const known = this.acts.get(event.observer)
    if (known === undefined) {
      if (this.acts.size < MAX_MACHINES) this.acts.set(event.observer, [act])
      return
    }
    known.push(act)
    if (known.length > PER_MACHINE) known.shift()
  }
}

/** `kill -9 2005 NAME`, as an audit trail tells of a signal. */
function signalled({ args }: ProcessEvent): string | null {
  const [, signal = '', , name] = args
  return name !== undefined && ENDING.test(signal) ? name : null
}

/** The last word of `pkill -9 -f NAME`. */
function named({ args }: ProcessEvent): string | null {
  const [program = ''] = args
  if (args.length < 2 || !BY_NAME.has(program.slice(program.lastIndexOf('/') + 1))) return null
  const name = args.at(-1) ?? ''
  return name === '' || name.startsWith('-') ? null : name
}
