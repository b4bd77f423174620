import { isRecord } from '../../parse/selection.ts'
import type { RecordView } from '../../rule.ts'

/** Whether a document is a Windows event as winlogbeat ships it. */
export function isWinlogbeat(document: RecordView): boolean {
  const winlog = document['winlog']
  return isRecord(winlog) ? 'event_id' in winlog || 'channel' in winlog : 'winlog.event_id' in document
}

const SYSTEM: Readonly<Record<string, string>> = {
  event_id: 'EventID',
  channel: 'Channel',
  provider_name: 'Provider_Name',
  provider_guid: 'Provider_Guid',
  computer_name: 'Computer',
  record_id: 'EventRecordID',
  task: 'Task',
  opcode: 'Opcode',
  version: 'Version',
  keywords: 'Keywords',
}

/** Elastic: winlogbeat, "Exported fields", winlog.*; nested or with dots in the keys. */
export function flattenWinlogbeat(document: RecordView): Record<string, unknown> {
  const winlog = isRecord(document['winlog']) ? document['winlog'] : dotted(document, 'winlog.')
  const flat: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(SYSTEM)) {
    if (winlog[name] !== undefined) flat[field] = winlog[name]
  }
  if (document['@timestamp'] !== undefined) flat['TimeCreated_SystemTime'] = document['@timestamp']
  for (const part of ['user_data', 'event_data']) {
    const data = isRecord(winlog[part]) ? winlog[part] : dotted(winlog, `${part}.`)
    for (const [name, value] of Object.entries(data)) if (name !== '__proto__') flat[name] = value
  }
  return flat
}

function dotted(document: RecordView, prefix: string): RecordView {
  return Object.fromEntries(
    Object.entries(document)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  )
}
