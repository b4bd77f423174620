import { defineJsonSource } from '../json/define-json-source.ts'
import { type Fields, textAt, timeAt } from '../json/fields.ts'
import { normaliseActivity } from './normalise.ts'

/** Exported every few minutes, by the time they were taken in. */
const DISORDER_MS = 1_800_000

/**
 * Calls to Azure Resource Manager: the activity log as diagnostic settings export it (storage account, event hub).
 * https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema
 * What `az monitor activity-log list` prints is of another schema and is not read.
 */
export const azureActivity = defineJsonSource({
  id: 'azure-activity',
  title: 'Azure activity log (exports of diagnostic settings)',
  kinds: ['cloud-api'],
  hint: 'A diagnostic setting of the subscription that exports the category Administrative to a storage account; then the blobs of insights-activity-logs (PT1H.json).',
  words: { one: 'call', many: 'calls' },
  disorderMs: DISORDER_MS,
  recogniseRecord,
  timeOf: (record) => timeAt(record, 'time'),
  normalise: normaliseActivity,
})

const CATEGORIES: ReadonlySet<string> = new Set([
  'Administrative',
  'Alert',
  'Autoscale',
  'Policy',
  'Recommendation',
  'ResourceHealth',
  'Security',
  'ServiceHealth',
])

function recogniseRecord(record: Fields): number {
  const resource = textAt(record, 'resourceId')?.toLowerCase() ?? ''
  const isAzure = resource.startsWith('/subscriptions/') || resource.startsWith('/tenants/')
  if (!isAzure || textAt(record, 'operationName') === null || timeAt(record, 'time') === null) return 0
  return CATEGORIES.has(textAt(record, 'category') ?? '') ? 1 : 0.3
}
