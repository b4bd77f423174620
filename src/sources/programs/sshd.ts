import { RecentMap } from '../../recent-map.ts'
import type { AuthEvent } from '../../event/auth.ts'
import type { SessionEvent } from '../../event/session.ts'
import { NOBODY, type Peer, readPeer } from './address.ts'
import type { ProgramLine } from './program-line.ts'
import { authEvent, authOf, joinHint, sessionEvent } from './sshd-events.ts'
import { type Connection, ConnectionMemory, newConnection } from './sshd-memory.ts'
import type { SshdMessage } from './sshd-message.ts'
import { parseSshdMessage } from './sshd-parse.ts'

export type SshdEvent = AuthEvent | SessionEvent
export type Emit = (event: SshdEvent) => void

/** How long a hinted try waits for its verdict: PAM's delay after a failure, and name servers that do not answer. */
const VERDICT_MS = 30_000
/** After so long in silence a process number may belong to another connection: after an end, and without one. */
const ENDED_MS = 60_000
const IDLE_MS = 15 * 60_000
const MAX_WAITING = 4096
/** Connections: on one host the process numbers of hours, on a hundred those of minutes. */
const MAX_CONNECTIONS = 4096
const MAX_REMEMBERED = 8_000

/** sshd, and what OpenSSH 9.8 and 10 split it into. `sshd(pam_unix)` is how old PAM modules signed. */
export function isSshd(program: string): boolean {
  if (!program.startsWith('sshd')) return false
  return (
    program.length === 4 ||
    program === 'sshd-session' ||
    program === 'sshd-auth' ||
    program.startsWith('(pam_', 4)
  )
}

/**
 * Turns sshd's lines into `auth` and `session` events, each try once, although up to four lines tell of it:
 *
 *     Invalid user admin from 192.0.2.1 port 40022
 *     pam_unix(sshd:auth): authentication failure; … rhost=192.0.2.1
 *     Failed password for invalid user admin from 192.0.2.1 port 40022 ssh2
 *     Connection closed by invalid user admin 192.0.2.1 port 40022 [preauth]
 *
 * - `Failed …` and `Accepted …` are the verdict on a try, and each is an event.
 * - The lines before it (`Invalid user`, `not allowed because`, `ROOT LOGIN REFUSED`, `Failed none`, PAM's)
 *   are hints. Which of them a log holds depends on the configuration, so a hint waits for the
 *   verdict: one that comes within 30 s takes its place; one that comes later was told already. Without a
 *   verdict the hint is the failure. Hints of different kinds belong to one try, two of one kind to
 *   two. Only a module's own complaint is forgotten when the login succeeds after all, because the next
 *   module let it pass (local account first, directory second).
 * - PAM's sum at the end (`PAM 5 more authentication failures`) counts for what no line had told.
 * - The end of a connection is an event (`aborted`, or `failure` for too many tries) where no try was told.
 * - A session is opened by PAM or, on hosts without it, by `Starting session`.
 *
 * Lines of one process on one host belong together. Lines without a process number stand alone.
 */
export class SshdReader {
  readonly #memory = new ConnectionMemory(MAX_CONNECTIONS)
  /** Whoever is logged in is remembered for longer: the session ends when it ends. */
  readonly #sessions = new ConnectionMemory(MAX_REMEMBERED)
  readonly #waiting = new Set<Connection>()
  /** Complaints of PAM modules that wait, by host and peer: another process may give the verdict. */
  readonly #complaints = new Map<string, Connection>()
  /** Endpoints that logged in: after that another process speaks for them. */
  readonly #loggedIn = new RecentMap<true>(MAX_REMEMBERED)
  /** 1 at the ports that any of them had: asked first, because most ends are of others. */
  readonly #portsUsed = new Uint8Array(65_536)
  readonly #hostsWithPam = new RecentMap<true>(MAX_REMEMBERED)

  /** Events of lines already taken come out no earlier than this (epoch ms). */
  get heldFrom(): number {
    let earliest = Infinity
    for (const { hint } of this.#waiting)
      if (hint !== null && hint.event.time < earliest) earliest = hint.event.time
    return earliest
  }

  /** Takes one line; false if it says nothing about tries, connections that came to nothing, or sessions. */
  take(line: ProgramLine, emit: Emit): boolean {
    const message = parseSshdMessage(line.message)
    if (message === null) return false
    const peer = message.address === '' ? NOBODY : readPeer(message.address)
    if (message.sign === 'dropped') {
      emit(authEvent(line, message, peer, 'aborted'))
      return true
    }
    const connection = this.#connectionOf(line, message, peer)
    const isUsed = this.#apply(connection, line, message, emit)
    if (line.pid === null && message.pid === null) this.#flush(connection, emit)
    return isUsed
  }

  /** No line before `time` will come any more: hints that waited long enough become failures. */
  settle(time: number, emit: Emit): void {
    for (const connection of this.#waiting) {
      const { hint } = connection
      if (hint === null || hint.event.time + VERDICT_MS < time) this.#flushEarly(connection, emit)
    }
  }

  #connectionOf(line: ProgramLine, message: SshdMessage, peer: Peer): Connection {
    const pid = message.pid ?? line.pid
    const known =
      pid === null ? null : (this.#memory.find(line.observer, pid) ?? this.#sessions.find(line.observer, pid))
    const isKnown = known !== null && !isAnother(known, line.time, message, peer)
    const connection = isKnown ? known : newConnection(line.observer, line.time)
    if (!isKnown && pid !== null) this.#memory.keep(line.observer, pid, connection)
    connection.lastTime = Math.max(connection.lastTime, line.time)
    if (peer.ip !== null) connection.ip = peer.ip
    if (peer.host !== null) connection.srcHost = peer.host
    if (message.port !== null) connection.port = message.port
    return connection
  }

  #apply(connection: Connection, line: ProgramLine, message: SshdMessage, emit: Emit): boolean {
    switch (message.what) {
      case 'failed':
        if (message.method === 'none') this.#hint(connection, line, message, emit)
        else this.#fail(connection, line, message, emit)
        return true
      case 'hint':
        this.#hint(connection, line, message, emit)
        return true
      case 'end':
        return this.#end(connection, line, message, emit)
      case 'accepted':
        this.#accept(connection, line, message, emit)
        return true
      case 'more':
        this.#more(connection, line, message, emit)
        return true
      case 'unknown-user':
        connection.isUserUnknown = true
        return true
      case 'start':
        return false
      default:
        return this.#session(connection, line, message, emit)
    }
  }

  #accept(connection: Connection, line: ProgramLine, message: SshdMessage, emit: Emit): void {
    const isModuleOnly = connection.hint?.signs.every((sign) => sign.startsWith('pam_')) === true
    if (isModuleOnly) this.#forget(connection)
    else this.#flush(connection, emit)
    connection.isAccepted = true
    if (line.pid !== null) this.#sessions.keep(line.observer, line.pid, connection)
    this.#loggedIn.set(endpointKey(connection), true)
    this.#portsUsed[connection.port ?? 0] = 1
    emit(authOf(connection, line, message, 'success'))
  }

  #fail(connection: Connection, line: ProgramLine, message: SshdMessage, emit: Emit): void {
    const { hint } = connection
    if (message.method === 'keyboard-interactive') this.#forgetComplaint(connection)
    if (hint !== null && line.time - hint.event.time > VERDICT_MS) this.#flushEarly(connection, emit)
    else if (hint !== null) {
      this.#forget(connection)
      const rest = hint.event.count - line.count
      if (rest > 0) this.#tell(connection, { ...hint.event, count: rest }, emit)
    }
    const event = authOf(connection, line, message, 'failure')
    const { early } = connection
    if (early !== null && (early.user === null || early.user === message.user)) {
      connection.early = null
      event.count -= early.count
    }
    connection.failedUser = message.user
    if (event.count > 0) this.#tell(connection, event, emit)
  }

  #hint(connection: Connection, line: ProgramLine, message: SshdMessage, emit: Emit): void {
    const sign = message.sign === '' ? 'none' : message.sign
    if (sign === 'not-allowed') connection.isUserDenied = true
    const isAboutName = sign === 'invalid-user' || sign === 'not-allowed'
    // Comes before the first verdict; behind it only where the order of one second was lost.
    if (isAboutName && connection.failures > 0 && connection.failedUser === message.user) return
    if (sign === 'pam-error') this.#forgetComplaint(connection)
    const event = authOf(connection, line, message, 'failure')
    const earlier = connection.hint
    const isSameTry =
      earlier !== null && !earlier.signs.includes(sign) && line.time - earlier.event.time <= VERDICT_MS
    if (isSameTry) {
      joinHint(earlier.event, event)
      earlier.signs.push(sign)
    } else {
      this.#flush(connection, emit)
      connection.hint = { event, signs: [sign] }
    }
    this.#waiting.add(connection)
    if (sign.startsWith('pam_')) {
      connection.complaint = peerKey(connection)
      this.#complaints.set(connection.complaint, connection)
    }
    if (this.#waiting.size > MAX_WAITING)
      for (const oldest of this.#waiting) return this.#flushEarly(oldest, emit)
  }

  #more(connection: Connection, line: ProgramLine, message: SshdMessage, emit: Emit): void {
    this.#flush(connection, emit)
    const told = connection.failures
    const count = told === 0 ? message.count : message.count + 1 - told
    if (count > 0) this.#tell(connection, { ...authOf(connection, line, message, 'failure'), count }, emit)
  }

  #end(connection: Connection, line: ProgramLine, message: SshdMessage, emit: Emit): boolean {
    if (connection.isAccepted) return false
    if (this.#portsUsed[connection.port ?? 0] === 1 && this.#loggedIn.has(endpointKey(connection)))
      return false
    const hasTry = connection.hint !== null || connection.failures > 0
    const isNamed = connection.ip !== null || connection.srcHost !== null
    if (!hasTry && !connection.isEnded && (!isNamed || (message.sign === 'disconnect' && !message.isPreauth)))
      return false
    this.#flush(connection, emit)
    if (!hasTry && !connection.isEnded) {
      const event = authOf(connection, line, message, message.isFailure ? 'failure' : 'aborted')
      if (message.isFailure) this.#tell(connection, event, emit)
      else emit(event)
    }
    connection.isEnded = true
    return true
  }

  #session(connection: Connection, line: ProgramLine, message: SshdMessage, emit: Emit): boolean {
    const isPam = message.what === 'pam-open' || message.what === 'pam-close'
    const isKnown = this.#hostsWithPam.has(connection.host)
    if (isPam && !isKnown) this.#hostsWithPam.set(connection.host, true)
    else if (!isPam && isKnown) return true
    const action = message.what === 'pam-open' || message.what === 'shell-open' ? 'open' : 'close'
    emit(sessionEvent(line, message.user, connection.ip, action))
    return true
  }

  #tell(connection: Connection, event: AuthEvent, emit: Emit): void {
    connection.failures += event.count
    emit(event)
  }

  /** The verdict takes the hint's place. */
  #forget(connection: Connection): void {
    if (connection.hint === null) return
    connection.hint = null
    this.#waiting.delete(connection)
    const { complaint } = connection
    if (complaint === null) return
    connection.complaint = null
    if (this.#complaints.get(complaint) === connection) this.#complaints.delete(complaint)
  }

  /** Keyboard-interactive logins ask PAM in a process of their own: its complaint is of the same try. */
  #forgetComplaint(connection: Connection): void {
    const other = this.#complaints.get(peerKey(connection))
    if (other !== undefined && other !== connection) this.#forget(other)
  }

  /** No verdict can come: the hint is the failure. */
  #flush(connection: Connection, emit: Emit): void {
    const { hint } = connection
    this.#forget(connection)
    if (hint !== null) this.#tell(connection, hint.event, emit)
  }

  /** The verdict may still come, but is not waited for. */
  #flushEarly(connection: Connection, emit: Emit): void {
    if (connection.hint !== null)
      connection.early = { user: connection.hint.event.user, count: connection.hint.event.count }
    this.#flush(connection, emit)
  }
}

/** Whether a line of the same process is of another connection: process numbers come round. */
function isAnother(known: Connection, time: number, { what, port }: SshdMessage, { ip }: Peer): boolean {
  if (what === 'start') return true
  if (ip !== null && known.ip !== null && ip !== known.ip) return true
  if (port !== null && known.port !== null && port !== known.port) return true
  const isTry = what === 'failed' || what === 'hint' || what === 'accepted'
  if (known.isAccepted) return isTry
  const silence = time - known.lastTime
  return known.isEnded ? isTry || silence > ENDED_MS : silence > IDLE_MS
}

function endpointKey({ host, ip, port }: Connection): string {
  return `${host} ${ip} ${port}`
}

function peerKey({ host, ip, srcHost }: Connection): string {
  return `${host} ${ip ?? srcHost}`
}
