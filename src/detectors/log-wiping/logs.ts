/**
 * `record`: who came in and when, which only an intruder has reason to clear; `auth`: the same in lines;
 * `system`: the machine's own, failed logins that fill disks among them; `other`: anything else below /var/log.
 */
export type LogKind = 'record' | 'auth' | 'system' | 'other'

const RECORD = /^(?:wtmp|utmp|lastlog|wtmp\.db|lastlog2\.db)$/u
const AUTH = /^(?:secure|auth\.log|sudo(?:\.log)?)$/u
const SYSTEM =
  /^(?:syslog|messages|kern\.log|daemon\.log|user\.log|cron(?:\.log)?|btmp|faillog|tallylog|maillog|mail\.log|boot\.log|dmesg|debug)$/u
/** `.1`, `-20260512`, `.gz`: rotated away; clearing those is how disks are kept free. */
const ROTATED = /(?:\.\d{1,3}|-\d{8}(?:-\d{1,10})?)?(?:\.(?:gz|xz|zst|bz2|old))?$/u

/** What kind of log a path is; null for anything that is no log. `/var/log/*` and the folder itself count as all of them. */
export function logKind(path: string): LogKind | null {
  if (/^\/var\/log(?:\/\*?)?$/u.test(path)) return 'record'
  if (/^(?:\/var)?\/run\/utmp$/u.test(path)) return 'record'
  if (!path.startsWith('/var/log/')) return null
  if (/^\/var\/log\/audit(?:\/(?:audit\.log)?\*?)?$/u.test(path)) return 'auth'
  if (/^\/var\/log\/journal(?:\/\*?|\/[0-9a-f]{32}(?:\/(?:system|user-\d+)\.journal)?)?$/u.test(path))
    return 'system'
  const name = path.slice(9).replace(/\*$/u, '')
  if (RECORD.test(name)) return 'record'
  if (AUTH.test(name)) return 'auth'
  if (SYSTEM.test(name)) return 'system'
  return name.replace(ROTATED, '') === '' ? null : 'other'
}

/** The memory of a shell or of a client that remembers commands. */
export function isHistory(path: string): boolean {
  return /(?:^|[/~])\.(?:bash|zsh|sh|ash|ksh|fish|python|mysql|psql|rediscli|lesshst|viminfo)_?history$/u.test(
    path,
  )
}
