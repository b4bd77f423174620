import { exeOf, wordsOf } from './command-words.ts'
import type { Dialect, Emit } from './dialect.ts'
import { digitsEnd } from './endpoint.ts'
import { lineActor, loginEvent, processEvent } from './line-events.ts'
import type { PamReader } from './pam.ts'
import type { ProgramLine } from './program-line.ts'

/** What a line of sudo itself says: `alice : reason ; TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id`. */
export interface SudoMessage {
  /** Who ran sudo. */
  readonly by: string
  /** Why it was refused; empty where it was not. */
  readonly reason: string
  readonly tty: string | null
  readonly cwd: string | null
  /** As whom the command was to run. */
  readonly user: string
  readonly command: string
}

/** Gives null for what runs nothing: warnings, and the rest of a command that went on over several lines. */
export function parseSudoMessage(text: string): SudoMessage | null {
  const colon = text.indexOf(' : ')
  const by = colon < 0 ? '' : text.slice(0, colon).trim()
  if (by === '' || by.includes(' ')) return null
  const start = colon + 3
  // Arguments may hold ` ; COMMAND=` far more easily than what stands before them.
  const at = text.indexOf(' ; COMMAND=', start)
  if (at < 0) return null
  const first = firstField(text, start)
  if (first < 0 || first > at) return null
  return {
    by,
    reason: text.slice(start, Math.max(start, first - 3)),
    tty: field(text, 'TTY=', first, at),
    cwd: field(text, 'PWD=', first, at),
    user: field(text, 'USER=', first, at) ?? 'root',
    command: text.slice(at + 11).trimEnd(),
  }
}

const FIRST_FIELDS = ['TTY=', 'HOST=', 'PWD=', 'CHROOT=', 'USER=']

/** Where the fields begin: right away, or behind a reason. */
function firstField(text: string, start: number): number {
  if (FIRST_FIELDS.some((name) => text.startsWith(name, start))) return start
  const next = text.indexOf(' ; ', start)
  return next < 0 ? -1 : next + 3
}

function field(text: string, name: string, from: number, to: number): string | null {
  // A folder may be called anything: of two fields of one name, the one nearer to the command was written by sudo.
  const at = text.lastIndexOf(` ; ${name}`, to - 1)
  const start = at >= from ? at + 3 : text.startsWith(name, from) ? from : -1
  if (start < 0) return null
  const end = text.indexOf(' ; ', start)
  return text.slice(start + name.length, end < 0 || end > to ? to : end)
}

/** `process` events of what ran, or was refused; `auth` failures where a password was wrong or nobody may ask. */
export class SudoReader implements Dialect {
  readonly #pam: PamReader

  constructor(pam: PamReader) {
    this.#pam = pam
  }

  take(line: ProgramLine, emit: Emit): boolean {
    const message = parseSudoMessage(line.message)
    if (message === null) return false
    const { by, reason, user, command } = message
    const tries = wrongPasswords(reason)
    const failure = (method: string | null) =>
      loginEvent(line, { service: 'sudo', outcome: 'failure', method, user: by })
    if (tries > 0) this.#pam.sum(line, 'sudo', tries, () => failure('password'), emit)
    else if (isNotAllowed(reason)) emit(failure(null))
    else if (reason === '') this.#pam.succeed(line, 'sudo', emit)
    const args = wordsOf(command)
    const exe = exeOf(args)
    emit(
      processEvent(line, {
        actor: lineActor(line, { exe, uid: user === 'root' ? 0 : null, tty: message.tty }),
        args,
        commandLine: command,
        cwd: message.cwd,
        isSuccess: reason === '',
      }),
    )
    return true
  }
}

/** `3 incorrect password attempts` */
function wrongPasswords(reason: string): number {
  const end = digitsEnd(reason, 0)
  return end > 0 && end < 5 && reason.startsWith(' incorrect password attempt', end)
    ? Number(reason.slice(0, end))
    : 0
}

/** `user NOT in sudoers`, `user NOT authorized on host`, `command not allowed`, `no tty present` and the like are not wrong passwords. */
function isNotAllowed(reason: string): boolean {
  return reason.startsWith('user NOT ') || reason.startsWith('command not allowed')
}
