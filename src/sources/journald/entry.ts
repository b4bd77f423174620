/** What is needed of one journal entry, from any of the formats. */
export interface JournalEntry {
  /** Epoch ms, microseconds kept. */
  readonly time: number
  readonly cursor: string | null
  readonly host: string | null
  readonly machineId: string | null
  /** `SYSLOG_IDENTIFIER`, else the name of the executable. */
  readonly program: string
  readonly pid: number | null
  readonly message: string
}

const MAX_NAME_CHARS = 512

/** A field may be text, bytes (where they are not printable), several of these, or null (too long to show). */
type Fields = Readonly<Record<string, unknown>>

export const WANTED_FIELDS: ReadonlySet<string> = new Set([
  '__REALTIME_TIMESTAMP',
  '__CURSOR',
  '_HOSTNAME',
  '_MACHINE_ID',
  'SYSLOG_IDENTIFIER',
  '_COMM',
  'SYSLOG_PID',
  '_PID',
  'MESSAGE',
])

/** Reads one JSON object (`journalctl -o json`, systemd.journal-fields(7)); null where it is none, or names no time. */
export function parseEntry(json: string): JournalEntry | null {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return null
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? entryOf({ ...value }) : null
}

export function entryOf(fields: Fields): JournalEntry | null {
  const time = realtimeOf(textOf(fields['__REALTIME_TIMESTAMP']))
  if (time === null) return null
  return {
    time,
    cursor: nameOf(fields['__CURSOR']),
    host: nameOf(fields['_HOSTNAME']),
    machineId: nameOf(fields['_MACHINE_ID']),
    program: textOf(fields['SYSLOG_IDENTIFIER']) ?? textOf(fields['_COMM']) ?? '',
    pid: pidOf(textOf(fields['SYSLOG_PID']) ?? textOf(fields['_PID'])),
    message: textOf(fields['MESSAGE']) ?? '',
  }
}

/** Microseconds since the epoch → ms; null for what is no such number. */
export function realtimeOf(text: string | null): number | null {
  return text !== null && /^\d{1,16}$/u.test(text) && Number.isSafeInteger(Number(text))
    ? Number(text) / 1000
    : null
}

/** Of several values the first, which may itself be bytes; arrays nested deeper are nobody's. */
function textOf(value: unknown): string | null {
  const isSeveral = Array.isArray(value) && typeof value[0] !== 'number'
  return valueOf(isSeveral ? value[0] : value)
}

function valueOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  if (typeof value === 'number') return String(value)
  return Array.isArray(value) && typeof value[0] === 'number' ? bytesOf(value) : null
}

/** No name is that long: what claims to be one is not believed. */
function nameOf(value: unknown): string | null {
  const text = textOf(value)
  return text !== null && text.length <= MAX_NAME_CHARS ? text : null
}

function bytesOf(values: readonly unknown[]): string {
  return Buffer.from(values.map((value) => (typeof value === 'number' ? value & 255 : 63))).toString('utf8')
}

function pidOf(text: string | null): number | null {
  return text !== null && /^\d{1,10}$/u.test(text) ? Number(text) : null
}
