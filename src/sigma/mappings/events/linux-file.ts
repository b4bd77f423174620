import { type EventMapping, eventMapping } from '../mapping.ts'
import { userOf } from './linux-process.ts'

const CREATES: ReadonlySet<string> = new Set(['create', 'write', 'rename', 'link', 'truncate'])

/** Names as Sysmon for Linux writes them (event 11): a file was created or written over. */
export const linuxFileEvent: EventMapping = eventMapping({
  id: 'linux-file-event',
  title: 'files created or written on Linux (audit records)',
  kind: 'file',
  logSources: [{ product: 'linux', category: 'file_event' }],
  isFor: ({ action }) => CREATES.has(action),
  fields: {
    TargetFilename: [
      'path of the file; the new one of a rename or link',
      (event) => event.targetPath ?? event.path,
    ],
    Image: ['path of the program', (event) => event.actor.exe],
    Computer: ['machine that it happened on', (event) => event.observer],
    ProcessId: ['process id', (event) => event.actor.pid],
    User: ['effective user: root, else the number', (event) => userOf(event.actor)],
  },
})

/** Sysmon events 23 and 26. */
export const linuxFileDelete: EventMapping = eventMapping({
  id: 'linux-file-delete',
  title: 'files removed on Linux (audit records)',
  kind: 'file',
  logSources: [{ product: 'linux', category: 'file_delete' }],
  isFor: ({ action }) => action === 'delete',
  fields: {
    TargetFilename: ['path of the file', (event) => event.path],
    Image: ['path of the program', (event) => event.actor.exe],
    Computer: ['machine that it happened on', (event) => event.observer],
    ProcessId: ['process id', (event) => event.actor.pid],
    User: ['effective user: root, else the number', (event) => userOf(event.actor)],
  },
})
