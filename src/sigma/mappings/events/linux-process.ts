import type { Actor } from '../../../event/actor.ts'
import { imageOf } from '../ancestry.ts'
import { type EventMapping, eventMapping } from '../mapping.ts'

/** Accounts by number, as far as they are the same everywhere. */
export function userOf({ uid }: Actor): string | null {
  if (uid === null) return null
  return uid === 0 ? 'root' : String(uid)
}

/** Names as Sysmon for Linux writes them (event 1). */
export const linuxProcessCreation: EventMapping = eventMapping({
  id: 'linux-process-creation',
  title: 'programs started on Linux (audit records)',
  kind: 'process',
  logSources: [{ product: 'linux', category: 'process_creation' }],
  isFor: ({ action }) => action === 'exec',
  fields: {
    Image: ['path of the program', (event) => imageOf(event)],
    CommandLine: ['arguments, joined with blanks', (event) => event.commandLine],
    CurrentDirectory: ['working directory', (event) => event.cwd],
    Computer: ['machine that it ran on', (event) => event.observer],
    ProcessId: ['process id', (event) => event.actor.pid],
    User: ['effective user: root, else the number', (event) => userOf(event.actor)],
    LogonId: ['effective user, as a number', (event) => event.actor.uid],
    TerminalSessionId: ['audit session (ses)', (event) => event.actor.session],
    ParentProcessId: ['process id of the parent', (event) => event.actor.ppid],
    ParentImage: [
      'path of the parent, where its start was seen',
      (event, context) => context.parentOf(event)?.image,
    ],
    ParentCommandLine: [
      'arguments of the parent, where its start was seen',
      (event, context) => context.parentOf(event)?.commandLine,
    ],
  },
})
