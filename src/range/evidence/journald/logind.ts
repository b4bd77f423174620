import { FACILITY, type Journal, PRIORITY } from './journal.ts'
import { senderOf } from './known-senders.ts'

const NEW_SESSION = { id: '8d45620c1a4348dbb17410da57c60c66', code: 'session_start' } as const
const REMOVED_SESSION = { id: '3354939424b4456d9802ca8333ed424a', code: 'session_finalize' } as const
const ABOUT_SESSION = /^(?:New session (?<fresh>\w+) of user (?<user>\S+)|Removed session (?<gone>\w+))\.$/u

/** systemd-logind speaks the journal's own protocol, with the session in fields. */
export function tellLogind(journal: Journal, pid: number, message: string): void {
  const { fresh, gone, user } = ABOUT_SESSION.exec(message)?.groups ?? {}
  const session = fresh ?? gone
  const { id, code } = fresh === undefined ? REMOVED_SESSION : NEW_SESSION
  journal.native(senderOf('systemd-logind', pid), {
    PRIORITY: String(PRIORITY.info),
    SYSLOG_FACILITY: String(FACILITY.authpriv),
    SYSLOG_IDENTIFIER: 'systemd-logind',
    CODE_FILE: 'src/login/logind-session.c',
    MESSAGE: message,
    ...(session === undefined ? {} : { MESSAGE_ID: id, CODE_FUNC: code, SESSION_ID: session }),
    ...(user === undefined ? {} : { USER_ID: user }),
  })
}
