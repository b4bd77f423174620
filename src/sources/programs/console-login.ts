import { readPeer } from './address.ts'
import type { Dialect, Emit } from './dialect.ts'
import { digitsEnd } from './endpoint.ts'
import { loginEvent } from './line-events.ts'
import type { PamReader } from './pam.ts'
import type { ProgramLine } from './program-line.ts'

interface LoginMessage {
  readonly isSuccess: boolean
  readonly user: string | null
  /** Host it came from, as written; empty for the machine's own console. */
  readonly peer: string
  /** Which try of this process it was. */
  readonly tries: number
}

/**
 * Reads login(1): `LOGIN ON tty1 BY alice FROM host`, `ROOT LOGIN ON tty1`, `FAILED LOGIN 2 FROM tty1 FOR alice, …`
 * (util-linux), `FAILED LOGIN (2) on '/dev/tty1' from 'host' FOR 'alice', …` (shadow).
 */
export function parseLoginMessage(text: string): LoginMessage | null {
  if (text.startsWith('ROOT LOGIN '))
    return { isSuccess: true, user: 'root', peer: peerOf(text, 11), tries: 0 }
  if (text.startsWith('LOGIN ON ')) {
    const by = text.indexOf(' BY ')
    return by < 0
      ? null
      : { isSuccess: true, user: wordAt(text, by + 4), peer: peerOf(text, by + 4), tries: 0 }
  }
  return text.startsWith('FAILED LOGIN ') ? readFailed(text) : null
}

function readFailed(text: string): LoginMessage | null {
  const digits = text.charCodeAt(13) === 40 ? 14 : 13
  const end = digitsEnd(text, digits)
  const named = text.indexOf(' FOR ')
  if (end === digits || end - digits > 4 || named < 0) return null
  const comma = text.lastIndexOf(', ')
  const user = unquoted(text.slice(named + 5, comma > named ? comma : text.length))
  const from = text.indexOf(" from '", end)
  const peer = from < 0 || from > named ? '' : unquoted(wordAt(text, from + 6))
  return { isSuccess: false, user: user === '' ? null : user, peer, tries: Number(text.slice(digits, end)) }
}

function peerOf(text: string, start: number): string {
  const from = text.indexOf(' FROM ', start)
  return from < 0 ? '' : wordAt(text, from + 6)
}

function wordAt(text: string, start: number): string {
  const space = text.indexOf(' ', start)
  return text.slice(start, space < 0 ? text.length : space)
}

function unquoted(text: string): string {
  return text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1) : text
}

export class ConsoleLoginReader implements Dialect {
  readonly #pam: PamReader

  constructor(pam: PamReader) {
    this.#pam = pam
  }

  take(line: ProgramLine, emit: Emit): boolean {
    const message = parseLoginMessage(line.message)
    if (message === null) return false
    const { user, isSuccess } = message
    const { ip, host } = readPeer(message.peer)
    const outcome = isSuccess ? 'success' : 'failure'
    const event = loginEvent(line, {
      service: 'login',
      outcome,
      method: 'password',
      user,
      srcIp: ip,
      srcHost: host,
    })
    if (isSuccess) {
      this.#pam.succeed(line, 'login', emit)
      emit(event)
    } else this.#pam.sum(line, 'login', Math.max(1, message.tries), () => event, emit)
    return true
  }
}
