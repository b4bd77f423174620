import { type Fields, isFields, numberAt, objectAt, textAt } from '../json/fields.ts'
import { isHappening } from './row.ts'

/** What shells and login records keep reaches back for years; older than this it is from before the log. */
const OLDEST_MS = 3_600_000
const SECOND_MS = 1000
/** Earlier than any Linux. */
const EARLIEST_MS = Date.UTC(1991, 0)
const LATEST_MS = 8.64e15

export function isResult(record: Fields): boolean {
  const isNamed = textAt(record, 'name') !== null && hostIn(record) !== null
  if (!isNamed || loggedAt(record) === null) return false
  if (Array.isArray(record['snapshot']) || isFields(record['diffResults'])) return true
  return isFields(record['columns']) && textAt(record, 'action') !== null
}

/** The name that `--host_identifier` chose, which may be a bare UUID; old versions call it `hostname`. */
export function hostIn(record: Fields): string | null {
  return textAt(record, 'hostIdentifier') ?? textAt(record, 'hostname')
}

/** Epoch ms of the record's events: of one row that says when it happened that time, else when it was logged. */
export function recordTime(record: Fields): number | null {
  return saidTime(record) ?? loggedAt(record)
}

/** The row is of something that was done at a time that it does not say, or that is long past. */
export function isUndated(record: Fields): boolean {
  return isRemembered(objectAt(record, 'columns')) && saidTime(record) === null
}

/** Rows about what happens say when; those of BPF may not, and are logged within the interval of their query. */
function saidTime(record: Fields): number | null {
  const columns = objectAt(record, 'columns')
  const isKept = isRemembered(columns)
  if (!isKept && !isHappening(columns)) return null
  const [said, logged] = [secondsAt(columns, 'time'), loggedAt(record)]
  if (said === null || logged === null || said > logged + SECOND_MS) return null
  return isKept && logged - said > OLDEST_MS ? null : said
}

/** shell_history and last. */
function isRemembered(columns: Fields): boolean {
  return 'history_file' in columns || ('tty' in columns && 'type' in columns)
}

/** `unixTime`, in seconds; where it is missing `calendarTime`: `Tue Sep 30 17:37:30 2014 UTC`. */
function loggedAt(record: Fields): number | null {
  return secondsAt(record, 'unixTime') ?? calendarAt(record)
}

function secondsAt(fields: Fields, name: string): number | null {
  const seconds = numberAt(fields, name)
  if (seconds === null) return null
  const time = seconds * SECOND_MS
  return time >= EARLIEST_MS && time < LATEST_MS ? time : null
}

/** osqueryd writes it in UTC, in old versions without saying so. */
const CALENDAR = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})(?: UTC)?$/u
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function calendarAt(record: Fields): number | null {
  const text = textAt(record, 'calendarTime') ?? ''
  const [, month = '', day = '', clock = '', year = ''] = CALENDAR.exec(text) ?? []
  const number = MONTHS.indexOf(month) + 1
  if (number === 0) return null
  const date = `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`
  const time = Date.parse(`${date}T${clock}Z`)
  return Number.isNaN(time) ? null : time
}
