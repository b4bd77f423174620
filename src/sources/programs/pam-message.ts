import { digitsEnd } from './endpoint.ts'

/**
 * What one line of a PAM module says on behalf of a service.
 *
 * - `failure`: one try that went wrong, in the eyes of this module; others may let it pass.
 * - `more`: the sum at the end, `count` tries beyond the first.
 * - `success`: this module let the try pass.
 * - `unknown-user`: no account of that name; the try itself is told by another line.
 * - `locked`: too many failures, so the account is closed for a while.
 */
export interface PamMessage {
  readonly what:
    | 'failure'
    | 'more'
    | 'success'
    | 'unknown-user'
    | 'denied'
    | 'locked'
    | 'open'
    | 'close'
    | 'password-changed'
  readonly module: string
  readonly service: string
  readonly user: string | null
  /** `rhost=` as written; empty where the line names none. */
  readonly peer: string
  readonly tty: string | null
  readonly count: number
}

/**
 * Reads `pam_unix(sudo:auth): …` or, as old modules signed, `…` of the program `su(pam_unix)`. Null for
 * what says nothing about tries, sessions and passwords. Time is linear in the length of the text.
 */
export function parsePamMessage(text: string, program: string): PamMessage | null {
  if (text.startsWith('pam_')) {
    const open = text.indexOf('(')
    const close = open < 0 ? -1 : text.indexOf('): ', open)
    if (close < 0) return null
    const colon = text.indexOf(':', open)
    const service = text.slice(open + 1, colon < close ? colon : close)
    return readSaid(text, close + 3, text.slice(0, open), service)
  }
  const old = program.indexOf('(pam_')
  if (old > 0) return readSaid(text, 0, program.slice(old + 1, -1), program.slice(0, old))
  return text.startsWith('PAM ') ? readSaid(text, 4, 'pam_unix', program) : null
}

function readSaid(text: string, start: number, module: string, service: string): PamMessage | null {
  const said = (what: PamMessage['what'], more: Partial<PamMessage> = {}): PamMessage => ({
    what,
    module,
    service,
    user: null,
    peer: '',
    tty: null,
    count: 1,
    ...more,
  })
  switch (text.charCodeAt(start)) {
    case 97: // a
      if (text.startsWith('authentication failure; ', start)) return said('failure', whoOf(text, start))
      if (text.startsWith('authentication success; ', start)) return said('success', whoOf(text, start))
      return null
    case 99: // c
      return text.startsWith('check pass; user unknown', start) ? said('unknown-user') : null
    case 67: // C
      return text.startsWith('Consecutive login failures for user ', start)
        ? said('locked', { user: wordAt(text, start + 36) })
        : null
    case 112: // p
      if (!text.startsWith('password changed for ', start)) return null
      return said('password-changed', { user: text.slice(start + 21).trim() || null })
    case 115: // s
      return readSession(text, start, said)
    case 117: // u
      return text.startsWith('user ', start) && text.includes(' tally ', start)
        ? readTally(text, start, said)
        : null
    default:
      return readMore(text, start, said)
  }
}

type Said = (what: PamMessage['what'], more?: Partial<PamMessage>) => PamMessage

/** `session opened for user NAME(uid=0) by (uid=0)`, `session closed for user NAME`. */
function readSession(text: string, start: number, said: Said): PamMessage | null {
  const isOpen = text.startsWith('session opened for user ', start)
  if (!isOpen && !text.startsWith('session closed for user ', start)) return null
  const name = start + 24
  const by = isOpen ? text.lastIndexOf(' by ') : -1
  const end = by >= name ? by : text.length
  const uid = text.lastIndexOf('(uid=', end)
  const user = text.slice(name, uid > name ? uid : end).trim()
  return said(isOpen ? 'open' : 'close', { user: user === '' ? null : user })
}

/** `user NAME (1000) tally 6, deny 5` of pam_tally2: the try was turned away. */
function readTally(text: string, start: number, said: Said): PamMessage | null {
  const end = text.lastIndexOf(' tally ')
  const open = text.lastIndexOf(' (', end)
  const from = start + 5
  const name = text.slice(from, open > from ? open : end).trim()
  return name === '' ? null : said('denied', { user: name })
}

/** `2 more authentication failures; logname= … rhost=PEER  user=NAME`. */
function readMore(text: string, start: number, said: Said): PamMessage | null {
  const end = digitsEnd(text, start)
  if (end === start || end - start > 6 || !text.startsWith(' more authentication failure', end)) return null
  return said('more', { ...whoOf(text, end), count: Number(text.slice(start, end)) })
}

/** `logname= uid=0 euid=0 tty=ssh ruser= rhost=PEER  user=NAME`; the name comes last and may hold anything. */
function whoOf(text: string, start: number): Pick<PamMessage, 'user' | 'peer' | 'tty'> {
  const at = text.indexOf(' rhost=', start)
  const terminal = text.indexOf(' tty=', start)
  const tty = terminal < 0 ? '' : wordAt(text, terminal + 5)
  if (at < 0) return { user: null, peer: '', tty: tty || null }
  const peer = wordAt(text, at + 7)
  const named = text.indexOf(' user=', at + 7 + peer.length)
  const user = named < 0 ? '' : text.slice(named + 6).trim()
  return { user: user === '' ? null : user, peer, tty: tty || null }
}

function wordAt(text: string, start: number): string {
  const space = text.indexOf(' ', start)
  return text.slice(start, space < 0 ? text.length : space)
}
