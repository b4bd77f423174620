import type { Event } from '../../event/event.ts'
import { type Fields, textAt } from '../json/fields.ts'
import { resource } from './resource-row.ts'
import { has, pathAt, type Row } from './row.ts'
import type { Seen } from './seen.ts'

const SCHEDULE = ['minute', 'hour', 'day_of_month', 'month', 'day_of_week']
const USER_TABLE =
  /^\/(?:var\/spool\/cron\/(?:crontabs\/|tabs\/)?|private\/var\/at\/tabs\/|usr\/lib\/cron\/tabs\/)([^/]{1,64})$/u

/** What starts by itself and what opens an account: crontab, systemd_units, authorized_keys. */
export function startRow(row: Row, seen: Seen): Event[] | null {
  const { columns, change } = row
  if (has(columns, 'command', 'minute', 'path')) return change === 'removed' ? [] : job(columns, seen)
  if (has(columns, 'key_file', 'key')) return change === 'removed' ? [] : key(columns, seen)
  return null
}

/** Tables of the system name a user before the command; those of users are called after them. */
function job(columns: Fields, seen: Seen): Event[] {
  const written = textAt(columns, 'command')
  const path = pathAt(columns, 'path')
  if (written === null || path === null) return []
  const owner = USER_TABLE.exec(path)?.[1] ?? null
  const named = owner === null ? /^([a-z_][\w.-]{0,31})\s+(\S.*)$/su.exec(written) : null
  const [user, command] = owner === null ? [named?.[1] ?? 'root', named?.[2] ?? written] : [owner, written]
  const event = textAt(columns, 'event')
  const schedule = event ?? SCHEDULE.map((name) => textAt(columns, name) ?? '*').join(' ')
  return resource('cron-job', `${path} ${schedule} ${written}`, user, seen, {
    path,
    user,
    schedule,
    // A program of the first word's name is no user: the detectors look at the whole as well.
    command: named !== null && isCommandWord(named[1] ?? '') ? written : command,
  })
}

/** Programs that stand first in commands of jobs; `nobody` would call a user so. */
function isCommandWord(word: string): boolean {
  return /^(?:ba|da|z|k)?sh$|^(?:curl|wget|nc|ncat|python\d?|perl|php|ruby|node|echo|cd|test|env|nohup|nice|sudo|timeout|rm|cp|mv|chmod|dig|openssl|base64)$/u.test(
    word,
  )
}

function key(columns: Fields, seen: Seen): Event[] {
  const path = pathAt(columns, 'key_file')
  if (path === null) return []
  const comment = textAt(columns, 'comment')
  const text = textAt(columns, 'key') ?? ''
  const user = textAt(columns, 'username') ?? ownerOf(path)
  return resource('authorized-key', `${path} ${text.slice(-24)}`, user, seen, {
    user,
    path,
    keyType: textAt(columns, 'algorithm'),
    comment,
    options: textAt(columns, 'options'),
  })
}

/** `/home/alice/.ssh/authorized_keys` opens alice's account. */
function ownerOf(path: string): string | null {
  const found = /^\/(?:(root)|(?:home|Users)\/([^/]{1,64}))\/\.ssh\//u.exec(path)
  return found?.[1] ?? found?.[2] ?? null
}
