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
  private readonly containers = new Map<Identifier, EndedContainers>()
  private readonly told = new Set<Identifier>()

  observe(event: Event): void {
    if (event.kind !== 'process' || !event.isSuccess) return
    if (event.action === 'exec') this.seeRuntime(event)
    const { pid, session } = event.actor
    if (event.action === 'signal') {
      if (this.told.size < MAX_MACHINES) this.told.add(event.observer)
      const names = signalled(event)
      if (names.length === 0 || pid === null || pid <= 1) return
      // What a container's runtime does it was told to do by others.
      if (this.containers.get(event.observer)?.ended(pid, names) !== true) this.keep(event, names)
    } else if (event.action === 'exec' && session !== null) {
      const name = named(event)
      if (name !== null) this.keep(event, [name])
    }
  }

  /** Whether the machine's trail tells of signals, and so of whoever is killed. */
  areTold(identifiers: readonly Identifier[]): boolean {
    return identifiers.some((id) => this.told.has(id))
  }

  /** Names and numbers of the processes of containers that were ended, by the first digits of their ids. */
  containersOf(identifiers: readonly Identifier[]): ReadonlyMap<string, readonly string[]> {
    const all = new Map<string, readonly string[]>()
    for (const id of identifiers)
      for (const [container, names] of this.containers.get(id)?.processes ?? [])
        all.set(container, [...(all.get(container) ?? []), ...names])
    return all
  }

  private seeRuntime(event: ProcessEvent): void {
    const { pid } = event.actor
    if (pid === null) return
    const container = containerKilledBy(event)
    const known = this.containers.get(event.observer)
    if (container === null) known?.other(pid)
    else if (known !== undefined) known.runtime(pid, container)
    else if (this.containers.size < MAX_MACHINES) {
      const ended = new EndedContainers()
      ended.runtime(pid, container)
      this.containers.set(event.observer, ended)
    }
  }

  of(identifiers: readonly Identifier[]): FightAct[] {
    return identifiers.flatMap((id) => this.acts.get(id) ?? []).toSorted((a, b) => a.time - b.time)
  }

  private keep(event: ProcessEvent, names: readonly string[]): void {
    const { actor, time, origin, commandLine } = event
    const act: FightAct = {
      time,
      category: 'process-eviction',
      what: `killed ${(names[0] ?? '').slice(0, MAX_NAME)}`,
      targets: names.map((name) => ({ type: 'process', value: name.slice(0, MAX_NAME) })),
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

/** Digits of a container's id that name it to people. */
export const SHORT_ID = 12
const MAX_CONTAINERS = 1024
/** Names and numbers of what ran in one. */
const MAX_INSIDE = 512

/** Containers that a runtime was told to end, and what ran in them. */
class EndedContainers {
  readonly processes = new Map<string, string[]>()
  readonly #byRuntime = new Map<number, string>()

  /** A runtime's process that is to end a container. */
  runtime(pid: number, container: string): void {
    this.#byRuntime.set(pid, container)
    if (this.#byRuntime.size > MAX_CONTAINERS)
      this.#byRuntime.delete(this.#byRuntime.keys().next().value ?? 0)
  }

  /** Another program that has the number now. */
  other(pid: number): void {
    this.#byRuntime.delete(pid)
  }

  /** A process that one of these has ended; gives false where it is none of these. */
  ended(runtime: number, names: readonly string[]): boolean {
    const container = this.#byRuntime.get(runtime)
    if (container === undefined) return false
    const inside = this.processes.get(container) ?? []
    this.processes.set(container, inside)
    if (inside.length < MAX_INSIDE) inside.push(...names.map((name) => name.slice(0, MAX_NAME)))
    if (this.processes.size > MAX_CONTAINERS) this.processes.delete(this.processes.keys().next().value ?? '')
    return true
  }
}

/** `runc … kill [--all] ID SIGNAL` (runc-kill(8)): the first digits of that id. */
function containerKilledBy({ args }: ProcessEvent): string | null {
  const [program = ''] = args
  if (!/(?:^|\/)(?:runc|crun|docker-runc)$/u.test(program)) return null
  const verb = args.indexOf('kill')
  const id = verb < 0 ? undefined : args.slice(verb + 1).find((word) => /^[0-9a-f]{12,64}$/u.test(word))
  return id === undefined ? null : id.slice(0, SHORT_ID)
}

/** `kill -9 2005 NAME`, as an audit trail tells of a signal: name and number of what was killed. */
function signalled({ args }: ProcessEvent): string[] {
  const [, signal = '', pid = '', name] = args
  return name !== undefined && ENDING.test(signal) ? [name, ...(pid === '' ? [] : [pid])] : []
}

/** The last word of `pkill -9 -f NAME`. */
function named({ args }: ProcessEvent): string | null {
  const [program = ''] = args
  if (args.length < 2 || !BY_NAME.has(program.slice(program.lastIndexOf('/') + 1))) return null
  const name = args.at(-1) ?? ''
  return name === '' || name.startsWith('-') ? null : name
}
