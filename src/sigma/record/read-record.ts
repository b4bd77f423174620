import type { LogSource } from '../../event/log-record.ts'
import { Event } from '../../event/event.ts'
import type { ViewContext } from '../mappings/mapping.ts'
import { viewsOf } from '../mappings/event-views.ts'
import { readWindowsRecord } from '../mappings/windows/read-windows.ts'
import type { RecordView } from '../rule.ts'

/** A record with the fields that rules name, and the log sources it belongs to; null where its shape does not say. */
export interface ReadRecord {
  readonly view: RecordView
  readonly logSources: readonly LogSource[] | null
}

const CLOUDTRAIL: readonly LogSource[] = [{ product: 'aws', service: 'cloudtrail' }]
const KUBERNETES: readonly LogSource[] = [
  { product: 'kubernetes', category: 'application', service: 'audit' },
]
const NO_ANCESTRY: ViewContext = { parentOf: () => null }

/** The records in a document: itself, the elements of a list, or those of CloudTrail's `{Records: […]}`. What is no object is left out. */
export function recordsIn(document: unknown): readonly RecordView[] {
  if (Array.isArray(document)) return document.filter((one) => isObject(one))
  if (!isObject(document)) return []
  const records = document['Records']
  const isEnvelope = Array.isArray(records) && Object.keys(document).length === 1
  return isEnvelope ? records.filter((one) => isObject(one)) : [document]
}

/**
 * Reads a record by its shape: Windows events are flattened, our own events are shown as rules see
 * them (as several things, some of them), all others keep their producer's fields.
 */
export function readRecord(document: RecordView): readonly ReadRecord[] {
  const windows = readWindowsRecord(document)
  if (windows !== null) return [{ view: windows.record, logSources: windows.logSources }]
  if (
    typeof document['eventSource'] === 'string' &&
    typeof document['eventName'] === 'string' &&
    'awsRegion' in document
  )
    return [{ view: document, logSources: CLOUDTRAIL }]
  if (document['kind'] === 'Event' && String(document['apiVersion']).startsWith('audit.k8s.io/'))
    return [{ view: document, logSources: KUBERNETES }]
  const event = ownEvent(document)
  const views = event === null ? [] : viewsOf(event, NO_ANCESTRY)
  if (views.length > 0) return views.map(({ record, logSources }) => ({ view: record, logSources }))
  return [{ view: document, logSources: null }]
}

/** An event as `davylamp events` prints it: its times are RFC 3339 there. */
function ownEvent(document: RecordView): Event | null {
  if (typeof document['kind'] !== 'string' || !('timeQuality' in document) || !('origin' in document))
    return null
  const start = 'start' in document ? { start: timeOf(document['start']) } : {}
  const read = Event.safeParse({ ...document, time: timeOf(document['time']), ...start })
  return read.success ? read.data : null
}

function timeOf(value: unknown): unknown {
  return typeof value === 'string' ? Date.parse(value) : value
}

function isObject(value: unknown): value is RecordView {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
