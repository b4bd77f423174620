import { defineJsonSource } from '../json/define-json-source.ts'
import { type Fields, textAt, timeAt } from '../json/fields.ts'
import { areColumns, fromColumns } from './columns.ts'
import { isDigest, normaliseCall } from './normalise.ts'

/**
 * Deliveries collect a few minutes of several regions and services, and what a service reports late: calls
 * in one file are commonly some minutes from their place, seldom half an hour.
 */
const DISORDER_MS = 1_800_000

/** Calls to the control plane of an AWS account. */
export const cloudtrail = defineJsonSource({
  id: 'cloudtrail',
  title:
    'AWS CloudTrail (S3 deliveries, CloudWatch Logs, EventBridge, lookup-events, Athena and Lake exports)',
  kinds: ['cloud-api'],
  hint: 'aws s3 sync s3://BUCKET/AWSLogs/ACCOUNT/CloudTrail/ cloudtrail/, or aws cloudtrail lookup-events > events.json for the last 90 days. A trail for all regions shows calls in regions that nobody uses.',
  words: { one: 'call', many: 'calls' },
  disorderMs: DISORDER_MS,
  prepare: fromColumns,
  isTable: areColumns,
  recogniseRecord,
  timeOf,
  identityOf: (record) => textAt(record, 'sharedEventID') ?? textAt(record, 'eventID'),
  normalise: normaliseCall,
})

function recogniseRecord(record: Fields): number {
  if (isDigest(record)) return 1
  const { eventVersion, eventSource, eventName, eventTime } = record
  const isCall =
    typeof eventSource === 'string' && typeof eventName === 'string' && typeof eventTime === 'string'
  const isInsight = record['eventCategory'] === 'Insight' && typeof eventTime === 'string'
  if (!isCall && !isInsight) return 0
  return (
    (typeof eventVersion === 'string' ? 0.5 : 0.3) + (typeof record['awsRegion'] === 'string' ? 0.5 : 0.2)
  )
}

function timeOf(record: Fields): number | null {
  return timeAt(record, isDigest(record) ? 'digestEndTime' : 'eventTime')
}
