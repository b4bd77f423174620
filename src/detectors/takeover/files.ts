import type { FileEvent } from '../../event/file.ts'
import { isShell } from '../model/host/shell.ts'
import { baseName } from '../model/host/places.ts'
import { removalsOf } from './persistence.ts'
import { PLANTED_KEY, type Settling } from './settling.ts'
import { type Sign, target } from './sign.ts'
import { renamed } from './tools.ts'

const KEY_FILE = /(?:^|\/)authorized_keys2?$/u
const CRON_PLACE = /^\/(?:var\/spool\/cron|etc\/(?:crontab$|cron\.))/u
const UNIT = /\/systemd\/(?:system|user)\/[^/]{1,128}\.(?:service|timer)$/u

/** What a change of a file shows of a fight; removals only where few would do them. */
export function fileSigns(event: FileEvent): Sign[] {
  const { action, path, targetPath, actor } = event
  const program = baseName(actor.exe ?? '')
  if (action === 'delete') {
    if (program === 'crontab' && CRON_PLACE.test(path))
      return [
        {
          category: 'persistence-eviction',
          verb: 'removed all scheduled jobs',
          targets: [target('path', path)],
          isPlain: false,
        },
      ]
    return removalsOf([path]).filter((sign) => !sign.isPlain)
  }
  if (action === 'rename' && targetPath !== null && program === 'mv') return renamed(path, targetPath)
  // `>` in a shell.
  if (action === 'truncate' && isShell(program)) {
    const one = { category: 'persistence-eviction', targets: [target('path', path)], isPlain: false } as const
    if (KEY_FILE.test(path)) return [{ ...one, verb: 'overwrote SSH keys' }]
    if (CRON_PLACE.test(path)) return [{ ...one, verb: 'emptied scheduled jobs', isPlain: true }]
  }
  return []
}

/** Something was put where it makes its owner stay. Owners do that, too. */
export function settlingOfFile({ action, path, targetPath }: FileEvent): Settling | null {
  const written = action === 'rename' ? (targetPath ?? '') : path
  if (!/^(?:create|write|truncate|rename)$/u.test(action)) return null
  if (KEY_FILE.test(written)) return { what: PLANTED_KEY, isTelling: false }
  if (CRON_PLACE.test(written) && !/\/tmp\.\w+$/u.test(written))
    return { what: 'planted a scheduled job', isTelling: false }
  return UNIT.test(written) ? { what: 'planted a service', isTelling: false } : null
}
