import type { AuthEvent } from '../../event/auth.ts'
import type { SessionEvent } from '../../event/session.ts'
import type { Peer } from './address.ts'
import { eventBase, originOf, type ProgramLine } from './program-line.ts'
import type { Connection } from './sshd-memory.ts'
import type { SshdMessage } from './sshd-message.ts'

export function authEvent(
  line: ProgramLine,
  message: SshdMessage,
  { ip, host }: Peer,
  outcome: AuthEvent['outcome'],
): AuthEvent {
  // Written out: most events of a log are made here, and spreading one object into another takes its time.
  return {
    kind: 'auth',
    time: line.time,
    timeQuality: line.timeQuality,
    observer: line.observer,
    subjects: line.subjects,
    origin: originOf(line),
    outcome,
    method: message.method,
    user: message.user,
    isUnknownUser: message.isUnknownUser,
    srcIp: ip,
    srcHost: host,
    srcPort: message.port,
    service: 'sshd',
    pid: message.pid ?? line.pid,
    session: null,
    keyFingerprint: message.keyFingerprint,
    count: line.count,
  }
}

/** With what earlier lines of the connection told of its peer. */
export function authOf(
  connection: Connection,
  line: ProgramLine,
  message: SshdMessage,
  outcome: AuthEvent['outcome'],
): AuthEvent {
  const event = authEvent(line, message, { ip: connection.ip, host: connection.srcHost }, outcome)
  event.srcPort ??= connection.port
  // `invalid user` is also what sshd calls an account that may not log in.
  if (connection.isUserDenied) event.isUnknownUser = false
  else if (connection.isUserUnknown && outcome === 'failure') event.isUnknownUser = true
  return event
}

/** One try, told twice: the first, which nobody has seen yet, keeps its time and place and learns what the second knows. */
export function joinHint(first: AuthEvent, second: AuthEvent): void {
  first.method ??= second.method
  first.user ??= second.user
  first.isUnknownUser ||= second.isUnknownUser
  first.srcIp ??= second.srcIp
  first.srcHost ??= second.srcHost
  first.srcPort ??= second.srcPort
  first.count = Math.max(first.count, second.count)
}

export function sessionEvent(
  line: ProgramLine,
  user: string | null,
  srcIp: string | null,
  action: SessionEvent['action'],
): SessionEvent {
  return {
    kind: 'session',
    ...eventBase(line),
    action,
    user,
    service: 'sshd',
    srcIp,
    pid: line.pid,
    session: null,
  }
}
