import { isIP } from 'node:net'
import type { Event } from '../../event/event.ts'
import { textAt } from '../json/fields.ts'
import { resource } from './resource-row.ts'
import { actorOf, has, idAt, type Row } from './row.ts'
import type { Seen } from './seen.ts'

/** Of utmp: a user's session, and one that ended. */
const [OPENED, ENDED] = ['7', '8']

/** Who there is and who came in: users, last, logged_in_users. */
export function peopleRow(row: Row, seen: Seen): Event[] | null {
  const { columns } = row
  if (has(columns, 'username', 'shell', 'directory')) return user(row, seen)
  if (has(columns, 'host', 'type') && (has(columns, 'username', 'tty') || has(columns, 'user')))
    return session(row, seen)
  return null
}

/**
 * An account that is new is told as made. Answers that are logged row by row do not tell a new account from one
 * that changed.
 */
function user({ columns, change, isNew }: Row, seen: Seen): Event[] {
  const name = textAt(columns, 'username')
  if (name === null || change === 'removed') return []
  const shell = textAt(columns, 'shell')
  const known = resource('user', name, name, seen, {
    name,
    uid: idAt(columns, 'uid'),
    gid: idAt(columns, 'gid'),
    home: textAt(columns, 'directory'),
    shell,
    mayLogIn: !/(?:nologin|false|sync|halt|shutdown)$/u.test(shell ?? ''),
  })
  if (!isNew) return known
  return [
    { kind: 'account', ...seen, action: 'add-user', actor: actorOf({}), user: name, isSuccess: true },
    ...known,
  ]
}

function session({ columns, change }: Row, seen: Seen): Event[] {
  const type = textAt(columns, 'type')
  const name = textAt(columns, 'user') ?? textAt(columns, 'username')
  const isSession = type === 'user' || type === OPENED || type === ENDED
  if (!isSession || name === null) return []
  const host = textAt(columns, 'host')
  return [
    {
      kind: 'session',
      ...seen,
      action: change === 'removed' || type === ENDED ? 'close' : 'open',
      user: name,
      service: 'login',
      srcIp: host !== null && isIP(host) !== 0 ? host : null,
      pid: idAt(columns, 'pid'),
      session: null,
    },
  ]
}
