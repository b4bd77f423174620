import { defineJsonSource } from '../json/define-json-source.ts'
import { type Fields, isFields, textAt, timeAt } from '../json/fields.ts'
import { normaliseAudit } from './normalise.ts'

/** Cloud Logging takes entries late and exports them by the time it got them. */
const DISORDER_MS = 1_800_000

/**
 * Calls to the APIs of Google Cloud: Cloud Audit Logs, as `gcloud logging read`, sinks and the API give them.
 * https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog
 */
export const gcpAudit = defineJsonSource({
  id: 'gcp-audit',
  title: 'Google Cloud audit logs (gcloud logging read, sinks)',
  kinds: ['cloud-api'],
  hint: "gcloud logging read 'logName:cloudaudit.googleapis.com' --format=json --freshness=30d > audit.json; Data Access logs have to be switched on for each service.",
  words: { one: 'call', many: 'calls' },
  disorderMs: DISORDER_MS,
  recogniseRecord,
  timeOf: (entry) => timeAt(entry, 'timestamp') ?? timeAt(entry, 'receiveTimestamp'),
  identityOf: (entry) => textAt(entry, 'insertId'),
  normalise: normaliseAudit,
})

function recogniseRecord(entry: Fields): number {
  const payload = entry['protoPayload']
  if (!isFields(payload) || typeof payload['methodName'] !== 'string') return 0
  const isAudit = textAt(entry, 'logName')?.includes('cloudaudit.googleapis.com') === true
  return isAudit || typeof payload['serviceName'] === 'string' ? 1 : 0.5
}
