import type { Process } from '../evidence/audit-calls.ts'
import type { Shell } from '../login/shell.ts'
import type { Machine, User } from '../machine.ts'
import type { Act } from '../schedule.ts'
import { commandLine, detached, named } from './command-line.ts'
import type { Hands, RunOptions } from './gang.ts'

const REPLY_BYTES = 24

/** Commands given over SSH on a terminal. */
export class SshHands implements Hands {
  readonly shell: Shell
  readonly isInteractive = true

  constructor(shell: Shell) {
    this.shell = shell
  }

  get machine(): Machine {
    return this.shell.machine
  }

  get user(): User {
    return this.shell.user
  }

  *run(args: readonly [string, ...string[]], options: RunOptions = {}): Act<Process> {
    const program = yield* this.shell.run(args, options.replyBytes ?? REPLY_BYTES)
    return named(program, options)
  }

  *pipe(line: string, programs: readonly (readonly [string, ...string[]])[]): Act<Process> {
    let last = yield* this.shell.runLine(line)
    for (const args of programs) {
      last = this.shell.start(args)
      yield this.machine.nowMs + this.shell.visit.random.between(1, 12)
    }
    yield* this.shell.answer(REPLY_BYTES)
    return last
  }

  *builtin(line: string): Act<Process> {
    return yield* this.shell.runLine(line)
  }

  *spawn(args: readonly [string, ...string[]], options: RunOptions = {}): Act<Process> {
    yield* this.shell.enter(`${commandLine(args)} &`)
    const started = this.shell.start(args)
    return detached(this.machine, named(started, options))
  }

  *leave(): Act {
    yield* this.shell.leave()
  }
}
