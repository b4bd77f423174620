import type { Process } from '../evidence/audit-calls.ts'
import { executableOf } from '../login/executable.ts'
import type { Machine, User } from '../machine.ts'
import type { Random } from '../random.ts'
import type { Act } from '../schedule.ts'
import { detached, named } from './command-line.ts'
import type { Hands, RunOptions } from './gang.ts'

/** A script without a terminal: below an exploited service, in a container, in a cron job. */
export class ScriptHands implements Hands {
  readonly machine: Machine
  readonly user: User
  readonly isInteractive = false
  readonly #shell: Process
  readonly #random: Random

  /** `shell` runs the script; it has been executed already. */
  constructor(machine: Machine, user: User, shell: Process, random: Random) {
    this.machine = machine
    this.user = user
    this.#shell = shell
    this.#random = random
  }

  *run(args: readonly [string, ...string[]], options: RunOptions = {}): Act<Process> {
    const program = this.#start(args)
    yield this.machine.nowMs + this.#random.between(4, 60)
    return named(program, options)
  }

  *pipe(_line: string, programs: readonly (readonly [string, ...string[]])[]): Act<Process> {
    let last = this.#shell
    for (const args of programs) {
      last = this.#start(args)
      yield this.machine.nowMs + this.#random.between(1, 9)
    }
    return last
  }

  *builtin(_line: string): Act<Process> {
    yield this.machine.nowMs + this.#random.between(0.2, 2)
    return this.#shell
  }

  *spawn(args: readonly [string, ...string[]], options: RunOptions = {}): Act<Process> {
    const started = this.#start(args)
    yield this.machine.nowMs + this.#random.between(1, 5)
    return detached(this.machine, named(started, options))
  }

  *leave(): Act {
    yield this.machine.nowMs
  }

  #start(args: readonly [string, ...string[]]): Process {
    const exe = executableOf(args[0])
    const comm = exe.slice(exe.lastIndexOf('/') + 1)
    const program = { ...this.#shell, pid: this.machine.nextPid(), ppid: this.#shell.pid, comm, exe, args }
    this.machine.calls.executed(program)
    return program
  }
}
