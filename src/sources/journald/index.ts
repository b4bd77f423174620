import { readerLoaded } from '../loaded.ts'
import type { Source } from '../source.ts'
import { SOURCE_ID } from './id.ts'
import { firstJournalTime, recogniseJournald } from './recognise.ts'

/** The systemd journal as journalctl writes it out. */
export const journald: Source = {
  id: SOURCE_ID,
  title: 'systemd journal (journalctl -o json, json-pretty, json-seq, json-sse, export)',
  kinds: ['account', 'alert', 'auth', 'dns', 'file', 'process', 'service', 'session'],
  hint: 'journalctl -o json > journal.json; with Storage=persistent in /etc/systemd/journald.conf it outlives a restart.',
  recognise: recogniseJournald,
  firstTime: firstJournalTime,
  read: readerLoaded(async () => (await import('./read.ts')).readJournald),
}
