import { readerLoaded } from '../loaded.ts'
import type { Source } from '../source.ts'
import { SOURCE_ID } from './id.ts'
import { firstSyslogTime, recogniseSyslog } from './recognise.ts'

/** Logs that syslog daemons write as text. */
export const syslog: Source = {
  id: SOURCE_ID,
  title: 'syslog text (auth.log, secure, messages)',
  kinds: ['account', 'alert', 'auth', 'dns', 'file', 'process', 'service', 'session'],
  hint: 'Usually /var/log/auth.log (Debian, Ubuntu) or /var/log/secure (Red Hat, SUSE, Amazon Linux), with their rotations. On hosts that keep a journal only: install rsyslog, or give the journal.',
  recognise: recogniseSyslog,
  firstTime: firstSyslogTime,
  read: readerLoaded(async () => (await import('./read.ts')).readSyslog),
}
