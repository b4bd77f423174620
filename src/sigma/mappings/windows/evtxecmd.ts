import { isRecord } from '../../parse/selection.ts'
import { flattenWindowsEvent } from '../../record/windows-event.ts'
import type { RecordView } from '../../rule.ts'

/** Whether a document is a Windows event as EvtxECmd writes it (`--json`). */
export function isEvtxECmd(document: RecordView): boolean {
  return typeof document['Payload'] === 'string' && 'EventId' in document && 'Channel' in document
}

const SYSTEM: Readonly<Record<string, string>> = {
  EventId: 'EventID',
  Channel: 'Channel',
  Provider: 'Provider_Name',
  Computer: 'Computer',
  EventRecordId: 'EventRecordID',
  TimeCreated: 'TimeCreated_SystemTime',
  Level: 'Level',
  UserId: 'Security_UserID',
}

/** EvtxECmd keeps EventData as JSON in a text. */
export function flattenEvtxECmd(document: RecordView): Record<string, unknown> {
  const flat: Record<string, unknown> = { ...flattenWindowsEvent({ Event: payloadOf(document['Payload']) }) }
  for (const [name, field] of Object.entries(SYSTEM)) {
    if (document[name] !== undefined) flat[field] = document[name]
  }
  return flat
}

function payloadOf(text: unknown): RecordView {
  try {
    const payload: unknown = typeof text === 'string' ? JSON.parse(text) : null
    return isRecord(payload) ? payload : {}
  } catch {
    return {}
  }
}
