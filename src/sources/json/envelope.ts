import { behindGap, CLOSE_ARRAY, COLON, isGap, OPEN_OBJECT, QUOTE } from './json-bytes.ts'

/** Lists of records that producers and their command lines wrap in an object, by the name of the list. */
const ENVELOPES: ReadonlySet<string> = new Set([
  'Events', // aws cloudtrail lookup-events
  'Findings', // aws guardduty get-findings
  'Items',
  'Records', // CloudTrail
  'entries', // Google entries.list
  'events', // aws logs get-log-events, filter-log-events
  'findings',
  'items', // Kubernetes EventList
  'logEvents', // CloudWatch Logs subscription
  'records', // Azure diagnostic settings
  'value', // Azure REST
])
/** Of these even an empty list is an envelope. */
const EVEN_EMPTY: ReadonlySet<string> = new Set(['Findings', 'Records', 'logEvents'])
const MAX_NAME_BYTES = 16

/**
 * Whether the array that opens at `at`, in the object that began at `start`, is a list of records by its name
 * and its first element; null where more has to be seen.
 */
export function isEnvelope(bytes: Buffer, start: number, at: number, isEnd: boolean): boolean | null {
  const name = nameBefore(bytes, start, at)
  if (name === null || !ENVELOPES.has(name)) return false
  let next = at + 1
  while (isGap(bytes[next])) next++
  const first = bytes[next]
  if (first === undefined) return isEnd ? false : null
  return first === OPEN_OBJECT || (first === CLOSE_ARRAY && EVEN_EMPTY.has(name))
}

/** The name of the member whose value begins at `at`. */
function nameBefore(bytes: Buffer, start: number, at: number): string | null {
  const colon = behindGap(bytes, at - 1)
  if (bytes[colon] !== COLON) return null
  const close = behindGap(bytes, colon - 1)
  if (bytes[close] !== QUOTE) return null
  const open = bytes.lastIndexOf(QUOTE, close - 1)
  return open < start || close - open > MAX_NAME_BYTES ? null : bytes.toString('latin1', open + 1, close)
}
