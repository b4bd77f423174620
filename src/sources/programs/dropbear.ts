import { readPeer } from './address.ts'
import type { Dialect, Emit } from './dialect.ts'
import { loginEvent, type LoginSaid } from './line-events.ts'
import type { ProgramLine } from './program-line.ts'

/**
 * Reads the verdicts of dropbear, the SSH server of small machines: `Password auth succeeded for 'root' from
 * 192.0.2.1:4002`, `Bad password attempt for 'root' from …`, `Login attempt for nonexistent user from …`.
 */
export function parseDropbearMessage(text: string): Omit<LoginSaid, 'service'> | null {
  const said = saidOf(text)
  if (said === null) return null
  // Names stand left of the peer and may hold anything.
  const from = text.lastIndexOf(' from ')
  const colon = text.lastIndexOf(':')
  if (from < 0 || colon <= from) return null
  const { ip, host } = readPeer(text.slice(from + 6, colon))
  const port = Number(text.slice(colon + 1).trim())
  const srcPort = Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
  const quote = text.indexOf("'")
  const close = text.lastIndexOf("'", from)
  const user = quote < 0 || close <= quote ? null : text.slice(quote + 1, close)
  return {
    ...said,
    user: said.method === 'publickey' ? upToQuote(user) : user,
    srcIp: ip,
    srcHost: host,
    srcPort,
  }
}

function saidOf(text: string): Pick<LoginSaid, 'outcome' | 'method' | 'isUnknownUser'> | null {
  if (text.startsWith('Password auth succeeded for ')) return { outcome: 'success', method: 'password' }
  if (text.startsWith('PAM password auth succeeded for ')) return { outcome: 'success', method: 'password' }
  if (text.startsWith('Pubkey auth succeeded for ')) return { outcome: 'success', method: 'publickey' }
  if (text.startsWith('Bad password attempt for ')) return { outcome: 'failure', method: 'password' }
  if (text.startsWith('Bad PAM password attempt for ')) return { outcome: 'failure', method: 'password' }
  if (text.startsWith('Login attempt for nonexistent user'))
    return { outcome: 'failure', method: null, isUnknownUser: true }
  return null
}

/** `root' with key sha1!! 0a:1b… ` where the key follows the name. */
function upToQuote(user: string | null): string | null {
  const end = user?.indexOf("'") ?? -1
  return user === null || end < 0 ? user : user.slice(0, end)
}

export class DropbearReader implements Dialect {
  take(line: ProgramLine, emit: Emit): boolean {
    const said = parseDropbearMessage(line.message)
    if (said === null) return false
    emit(loginEvent(line, { service: 'dropbear', ...said }))
    return true
  }
}
