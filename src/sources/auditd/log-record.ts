import type { LogRecord, LogSource } from '../../event/log-record.ts'
import { placed } from './call.ts'
import { decoded, splitFields } from './fields.ts'
import type { AuditRecord } from './record.ts'
import { syscallName } from './syscalls.ts'

export const AUDIT_RECORDS: LogSource = { product: 'linux', service: 'auditd' }

/** Fields that the kernel and auditd write in hexadecimal where they are not harmless (audit_log_untrustedstring). */
const ENCODED: ReadonlySet<string> = new Set([
  'acct',
  'cmd',
  'comm',
  'cwd',
  'data',
  'dir',
  'exe',
  'file',
  'key',
  'name',
  'new-disk',
  'ocomm',
  'old-disk',
  'path',
  'proctitle',
  'sw',
  'vm',
  'watch',
])

/** One line of the trail as rules name its fields: quotes taken off, hexadecimal texts decoded. */
export function logRecord(record: AuditRecord): LogRecord {
  return { logSource: AUDIT_RECORDS, fields: ruleFields(record), ...placed(record) }
}

function ruleFields(record: AuditRecord): Record<string, unknown> {
  const written = splitFields(record)
  const fields: Record<string, unknown> = { type: record.type }
  for (const [name, value] of written) {
    if (name === 'type' || name === '__proto__') continue
    const isEncoded = ENCODED.has(name) || (record.type === 'EXECVE' && isArgument(name))
    const text = decoded(value, record.isInterpreted || !isEncoded)
    if (text !== null) fields[name] = name === 'proctitle' ? text.replaceAll('\u0000', ' ') : text
  }
  if (record.type === 'SYSCALL') addCall(fields, written)
  return fields
}

/** Rules name calls, by whatever field; without enrichment a record only has their number. */
function addCall(fields: Record<string, unknown>, written: ReadonlyMap<string, string>): void {
  const number = written.get('syscall')
  const name = syscallName(written.get('arch'), number, written.get('a0'), written.get('SYSCALL'))
  const call = fields['SYSCALL'] ?? name
  if (call === null || call === undefined) return
  fields['SYSCALL'] = call
  if (number !== undefined && number !== call) fields['syscall'] = [number, call]
}

/** `a0`, `a1` …, and the pieces `a1[0]` of a long one. */
function isArgument(name: string): boolean {
  return /^a\d{1,6}(?:\[\d{1,6}\])?$/u.test(name)
}
