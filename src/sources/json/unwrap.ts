import { type Fields, isFields, parseFields } from './fields.ts'

/** Wrappings in wrappings: an EventBridge event in an SNS message in a log line. */
const MAX_LAYERS = 4

/**
 * The record inside what carried it: CloudWatch Logs events, EventBridge, SNS, `aws cloudtrail
 * lookup-events`, Elasticsearch hits, container logs (Docker, CRI through Fluent Bit). A record that is
 * not wrapped comes back as it is.
 */
export function unwrap(record: Fields): Fields {
  let fields = record
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const inner = innerOf(fields)
    if (inner === null) break
    fields = inner
  }
  return fields
}

function innerOf(fields: Fields): Fields | null {
  const { detail, message, log, _source: source, CloudTrailEvent: event, Message: notification } = fields
  if (isFields(detail) && typeof fields['detail-type'] === 'string') return detail
  if (isJson(message) && isLogEvent(fields)) return parseFields(message)
  if (isJson(event)) return parseFields(event)
  if (isFields(source) && typeof fields['_index'] === 'string') return source
  if (isJson(notification) && fields['Type'] === 'Notification') return parseFields(notification)
  return isJson(log) ? parseFields(log) : null
}

/** An event of CloudWatch Logs: its time is a number, in ms. */
function isLogEvent(fields: Fields): boolean {
  return typeof fields['timestamp'] === 'number'
}

function isJson(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('{')
}
