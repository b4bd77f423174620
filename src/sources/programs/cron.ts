import { exeOf, wordsOf } from './command-words.ts'
import type { Dialect, Emit } from './dialect.ts'
import { fileEvent, lineActor, processEvent } from './line-events.ts'
import type { ProgramLine } from './program-line.ts'

export interface CronMessage {
  readonly user: string
  /** `CMD`, `RELOAD`, `REPLACE`, `DELETE`, `LIST` … */
  readonly what: string
  readonly text: string
}

/** `(root) CMD (run-parts /etc/cron.hourly)`, `(*system*) RELOAD (/etc/crontab)`, `(alice) REPLACE (alice)`. */
export function parseCronMessage(text: string): CronMessage | null {
  const close = text.startsWith('(') ? text.indexOf(') ') : -1
  const open = close < 0 ? -1 : text.indexOf(' (', close + 2)
  if (open < 0) return null
  const end = text.endsWith(')') ? text.length - 1 : text.length
  return { user: text.slice(1, close), what: text.slice(close + 2, open), text: text.slice(open + 2, end) }
}

/** Where crontab keeps the table of a user; Red Hat leaves out `crontabs/`. */
const TABLES = '/var/spool/cron/crontabs/'

/**
 * What cron starts as `process` events (each runs in `/bin/sh -c`, unless the table says otherwise), and tables
 * that were written or removed as `file` events.
 */
export class CronReader implements Dialect {
  take(line: ProgramLine, emit: Emit): boolean {
    const message = parseCronMessage(line.message)
    if (message === null) return false
    const { user, what, text } = message
    switch (what) {
      case 'CMD':
        return start(line, user, text, emit)
      case 'RELOAD':
        // A user's table was written by crontab, which says so itself.
        if (!text.startsWith('/etc/')) return false
        emit(fileEvent(line, { action: 'write', actor: lineActor(line), path: text }))
        return true
      case 'REPLACE':
      case 'DELETE': {
        const action = what === 'DELETE' ? 'delete' : 'write'
        emit(
          fileEvent(line, { action, actor: lineActor(line, { name: 'crontab' }), path: `${TABLES}${text}` }),
        )
        return true
      }
      default:
        return false
    }
  }
}

function start(line: ProgramLine, user: string, text: string, emit: Emit): boolean {
  const command = text.trim()
  if (command === '') return false
  const args = wordsOf(`/bin/sh -c ${command}`)
  const actor = lineActor(line, { exe: exeOf(args), name: 'sh', uid: user === 'root' ? 0 : null })
  emit(processEvent(line, { actor, args, commandLine: args.join(' '), cwd: null, isSuccess: true }))
  return true
}
