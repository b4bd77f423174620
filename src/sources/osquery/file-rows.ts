import type { Event } from '../../event/event.ts'
import type { FileEvent } from '../../event/file.ts'
import { textAt } from '../json/fields.ts'
import { actorOf, has, pathAt, type Row } from './row.ts'
import type { Seen } from './seen.ts'

const ACTIONS: Readonly<Record<string, FileEvent['action']>> = {
  CREATED: 'create',
  UPDATED: 'write',
  MOVED_TO: 'create',
  MOVED_FROM: 'delete',
  DELETED: 'delete',
  ATTRIBUTES_MODIFIED: 'chmod',
}

/** file_events and process_file_events: what inotify and the audit system tell. */
export function fileRow({ columns, change }: Row, seen: Seen): Event[] | null {
  if (!has(columns, 'target_path', 'action')) return null
  const action = ACTIONS[textAt(columns, 'action') ?? '']
  const path = pathAt(columns, 'target_path')
  if (action === undefined || path === null || change === 'removed') return []
  return [
    {
      kind: 'file',
      ...seen,
      action,
      // The table gives the owner of the file; who did it is not known.
      actor: actorOf({}),
      path,
      targetPath: null,
      mode: textAt(columns, 'mode'),
      isSuccess: true,
      key: textAt(columns, 'category'),
    },
  ]
}
