import { type Fields, isFields, listAt, objectAt, textAt } from '../json/fields.ts'

/**
 * The detail of an EventBridge event of the DNS Firewall in the shape of a query log's record. What is
 * no such event comes back as it is.
 */
export function fromFirewallEvent(fields: Fields): Fields {
  if (typeof fields['query-name'] !== 'string' || typeof fields['firewall-rule-action'] !== 'string')
    return fields
  const record: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) record[name.replaceAll('-', '_')] = value
  record['query_timestamp'] = fields['last-observed-at']
  if (typeof fields['src-addr'] === 'string') record['srcaddr'] = fields['src-addr']
  if (typeof fields['src-port'] === 'string') record['srcport'] = fields['src-port']
  const instance = instanceIn(fields)
  if (instance !== null) record['srcids'] = { instance }
  return record
}

function instanceIn(fields: Fields): string | null {
  for (const resource of listAt(fields, 'resources')) {
    const id = isFields(resource) ? textAt(objectAt(resource, 'instance-details'), 'id') : null
    if (id !== null) return id
  }
  return null
}
