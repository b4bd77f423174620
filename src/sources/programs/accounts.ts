import type { AccountEvent } from '../../event/account.ts'
import type { Dialect, Emit } from './dialect.ts'
import { accountEvent } from './line-events.ts'
import type { ProgramLine } from './program-line.ts'

export interface AccountChange {
  readonly action: AccountEvent['action']
  readonly user: string | null
  readonly isSuccess?: boolean
}

/**
 * Reads what the programs of shadow say (useradd, usermod, userdel, groupadd, groupdel, gpasswd, passwd, chpasswd,
 * chage, chsh, chfn). One change often makes three lines, one for each file: the one that names the
 * outcome counts.
 */
export function parseAccountMessage(text: string): AccountChange | null {
  switch (text.charCodeAt(0)) {
    case 110: // n
      if (text.startsWith('new user: name=')) return change('add-user', listed(text, 15))
      if (text.startsWith('new group: name=')) return change('add-group', listed(text, 16))
      return null
    case 97: // a
      // Of group and shadow group, one.
      return text.startsWith("add '") && text.includes("' to group '")
        ? change('modify-user', quoted(text, 5))
        : null
    case 99: // c
      return readChange(text)
    case 100: // d
      if (text.startsWith("delete user '")) return change('delete-user', quoted(text, 13))
      if (text.startsWith("delete '") && text.includes("' from group '"))
        return change('modify-user', quoted(text, 8))
      return null
    case 102: // f
      if (text.startsWith("failed adding user '"))
        return { ...change('add-user', quoted(text, 20)), isSuccess: false }
      if (text.startsWith("failed to add user '"))
        return { ...change('add-user', quoted(text, 20)), isSuccess: false }
      return null
    case 103: // g
      if (!text.startsWith("group '") || !text.endsWith("' removed")) return null
      return change('delete-group', quoted(text, 7))
    case 108: // l
      return text.startsWith("lock user '") ? change('lock', quoted(text, 11)) : null
    case 112: // p
      return text.startsWith("password for '") && text.includes("' changed by '")
        ? change('change-password', quoted(text, 14))
        : null
    case 114: // r
      return text.startsWith("removed group '") ? change('delete-group', quoted(text, 15)) : null
    case 117: // u
      if (text.startsWith("unlock user '")) return change('unlock', quoted(text, 13))
      // gpasswd: `user alice added by root to group sudo`
      if (text.startsWith('user ') && / (?:added|removed) by /u.test(text))
        return change('modify-user', wordAt(text, 5))
      return null
    default:
      return null
  }
}

function readChange(text: string): AccountChange | null {
  if (text.startsWith("change user name '")) return change('modify-user', quoted(text, 18))
  if (text.startsWith("change user '")) {
    const user = quoted(text, 13)
    return change(text.endsWith("' password") ? 'change-password' : 'modify-user', user)
  }
  if (text.startsWith("changed user '")) return change('modify-user', quoted(text, 14))
  if (text.startsWith('changed password expiry for ')) return change('modify-user', wordAt(text, 28))
  if (text.startsWith("change expiry of user '")) return change('modify-user', quoted(text, 23))
  return null
}

function change(action: AccountEvent['action'], user: string): AccountChange {
  return { action, user: user === '' ? null : user }
}

/** The name up to the closing quote. */
function quoted(text: string, start: number): string {
  const end = text.indexOf("'", start)
  return text.slice(start, end < 0 ? text.length : end)
}

function wordAt(text: string, start: number): string {
  const end = text.indexOf(' ', start)
  return text.slice(start, end < 0 ? text.length : end)
}

/** `alice, UID=1001, …` */
function listed(text: string, start: number): string {
  const end = text.indexOf(',', start)
  return text.slice(start, end < 0 ? text.length : end)
}

export class AccountReader implements Dialect {
  take(line: ProgramLine, emit: Emit): boolean {
    const found = parseAccountMessage(line.message.trim())
    if (found === null) return false
    emit(accountEvent(line, found))
    return true
  }
}
