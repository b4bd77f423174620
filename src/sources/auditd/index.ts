import { readerLoaded } from '../loaded.ts'
import type { Source } from '../source.ts'
import { firstAuditTime, recogniseAuditd } from './recognise.ts'

/** Audit trails of the Linux kernel as auditd and ausearch write them. */
export const auditd: Source = {
  id: 'auditd',
  title: 'Linux audit trail (audit.log, ausearch)',
  kinds: ['account', 'auth', 'file', 'process', 'service', 'session', 'socket'],
  hint: 'Usually /var/log/audit/audit.log. Install auditd and add rules for execve, and for writes below /etc, /root/.ssh, /var/spool/cron and /var/log.',
  recognise: recogniseAuditd,
  firstTime: firstAuditTime,
  read: readerLoaded(async () => (await import('./read.ts')).readAuditd),
}
