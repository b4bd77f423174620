import type { Emit, Dialect } from './dialect.ts'
import { loginEvent } from './line-events.ts'
import type { PamReader } from './pam.ts'
import type { ProgramLine } from './program-line.ts'
import { RecentMap } from '../../recent-map.ts'

interface SuMessage {
  readonly isSuccess: boolean
  /** The account asked for. */
  readonly user: string
}

/**
 * Reads the verdicts of su in the words of shadow (`Successful su for root by alice`, `+ /dev/pts/0 alice:root`),
 * util-linux (`(to root) alice on pts/0`, `FAILED SU (to root) alice on pts/0`) and BSD (`BAD SU alice to root on …`).
 */
export function parseSuMessage(text: string): SuMessage | null {
  if (text.startsWith('Successful su for ')) return said(true, text, 18, ' by ')
  if (text.startsWith('FAILED su for ')) return said(false, text, 14, ' by ')
  if (text.startsWith('(to ')) return said(true, text, 4, ') ')
  if (text.startsWith('FAILED SU (to ')) return said(false, text, 14, ') ')
  if (text.startsWith('BAD SU ')) return said(false, text, text.indexOf(' to ') + 4, ' on ')
  const isSuccess = text.startsWith('+ ')
  if (!isSuccess && !text.startsWith('- ')) return null
  const names = text.slice(text.indexOf(' ', 2) + 1)
  const colon = names.lastIndexOf(':')
  return colon < 1 ? null : { isSuccess, user: names.slice(colon + 1) }
}

function said(isSuccess: boolean, text: string, start: number, stop: string): SuMessage | null {
  const end = text.indexOf(stop, start)
  return start < 4 || end <= start ? null : { isSuccess, user: text.slice(start, end) }
}

/** shadow's su tells each verdict twice, within an instant. */
const ECHO_MS = 2000
const MAX_REMEMBERED = 1024

export class SuReader implements Dialect {
  readonly #pam: PamReader
  readonly #told = new RecentMap<number>(MAX_REMEMBERED)

  constructor(pam: PamReader) {
    this.#pam = pam
  }

  take(line: ProgramLine, emit: Emit): boolean {
    const message = parseSuMessage(line.message)
    if (message === null) return false
    const { isSuccess, user } = message
    const sign = line.message.charCodeAt(0)
    const isShort = sign === 43 || sign === 45
    const key = `${line.observer} ${line.pid ?? '-'} ${user} ${isSuccess}`
    const before = this.#told.get(key)
    if (isShort && before !== undefined && line.time - before <= ECHO_MS) return true
    if (!isShort) this.#told.set(key, line.time)
    const outcome = isSuccess ? 'success' : 'failure'
    const event = loginEvent(line, { service: 'su', outcome, method: 'password', user })
    if (isSuccess) {
      this.#pam.succeed(line, 'su', emit)
      emit(event)
    } else this.#pam.sum(line, 'su', 1, () => event, emit)
    return true
  }
}
