import type { Process } from '../evidence/audit-calls.ts'
import type { Machine } from '../machine.ts'
import type { RunOptions } from './gang.ts'

/** Arguments as one would type them. */
export function commandLine(args: readonly string[]): string {
  return args
    .map((arg) => (/^[\w@%+=:,./~-]+$/u.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ')
}

export function named(process: Process, { exe, comm }: RunOptions): Process {
  return { ...process, exe: exe ?? process.exe, comm: comm ?? process.comm }
}

/** In the background: a child of init, without a terminal. */
export function detached(machine: Machine, process: Process): Process {
  return { ...process, pid: machine.nextPid(), ppid: 1, cwd: '/', tty: null }
}
