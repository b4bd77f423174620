import type { RecordView } from '../rule.ts'

/**
 * Where producers write when a record happened, the first that is there counts: Windows (as evtx tools and
 * Winlogbeat write it), CloudTrail, Kubernetes, Elastic, Zeek, Splunk, the journal, GuardDuty, VPC flow logs,
 * Azure, GCP, osquery, our own events.
 */
const PLACES: readonly (readonly string[])[] = [
  ['Event', 'System', 'TimeCreated', '#attributes', 'SystemTime'],
  ['Event', 'System', 'TimeCreated', '@SystemTime'],
  ['Event', 'System', 'TimeCreated', 'SystemTime'],
  ['eventTime'],
  ['requestReceivedTimestamp'],
  ['stageTimestamp'],
  ['@timestamp'],
  ['time'],
  ['timestamp'],
  ['ts'],
  ['_time'],
  ['TimeCreated'],
  ['TimeCreated_SystemTime'],
  ['SystemTime'],
  ['UtcTime'],
  ['__REALTIME_TIMESTAMP'],
  ['_SOURCE_REALTIME_TIMESTAMP'],
  ['service', 'eventLastSeen'],
  ['query_timestamp'],
  ['eventTimestamp'],
  ['createdDateTime'],
  ['receiveTimestamp'],
  ['published'],
  ['unixTime'],
  ['start'],
]

/** Epoch ms of a record as its producer wrote it; null where it says nothing that can be read. */
export function recordTime(record: RecordView): number | null {
  for (const place of PLACES) {
    const value = at(record, place)
    if (value === undefined || value === null) continue
    const time =
      typeof value === 'number' ? epochMs(value) : typeof value === 'string' ? textTime(value) : null
    if (time !== null) return time
  }
  return null
}

function at(record: RecordView, place: readonly string[]): unknown {
  let value: unknown = record
  for (const key of place) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Object.entries(value).find(([name]) => name === key)?.[1]
  }
  return value
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size: times lie between 1973 and 5138. */
function epochMs(value: number): number | null {
  if (!(value >= 1e8)) return null
  if (value < 1e11) return value * 1000
  if (value < 1e14) return value
  if (value < 1e17) return value / 1000
  return value < 1e20 ? value / 1e6 : null
}

const NUMBER = /^\d{9,20}(?:\.\d{1,9})?$/u
/** RFC 3339, also with a blank for the `T`, an offset without colon, or no zone, which is UTC. */
const STAMP =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?\d* ?(Z|UTC|[+-]\d{2}:?\d{2})?$/iu

function textTime(text: string): number | null {
  if (NUMBER.test(text)) return epochMs(Number(text))
  const [, date, clock, fraction = '', zone = 'Z'] = STAMP.exec(text) ?? []
  if (date === undefined || clock === undefined) return null
  const offset = /^[+-]/u.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z'
  const whole = Date.parse(`${date}T${clock}${offset}`)
  return Number.isNaN(whole) ? null : whole + Number(`0.${fraction === '' ? '0' : fraction}`) * 1000
}
