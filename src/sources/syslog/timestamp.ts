/** A time as a log line writes it. Mutable, and used again for every line. */
export interface Timestamp {
  /** 0 = the line does not say. */
  year: number
  /** 1–12 */
  month: number
  /** 1–31, possible in that month (of a leap year where the year is not said). */
  day: number
  /** Since midnight, microseconds kept. */
  msOfDay: number
  /** East of UTC; NaN = the line does not say. */
  zoneMinutes: number
}

export function newTimestamp(): Timestamp {
  return { year: 0, month: 0, day: 0, msOfDay: 0, zoneMinutes: Number.NaN }
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Reads the time at `start`:
 *
 * - RFC 3164: `Nov  2 15:40:14`, also with one blank, a fraction, or the year before or behind the day
 * - RFC 3339: `2023-11-14T00:20:42.738197+01:00`, also with a blank for the T, or without zone
 *
 * Gives the index behind it, -1 where there is no such time, -2 where there is one that cannot be.
 */
export function readTimestamp(text: string, start: number, stamp: Timestamp): number {
  stamp.zoneMinutes = Number.NaN
  stamp.year = 0
  const first = text.charCodeAt(start)
  if (first < 48 || first > 57) return readClassic(text, start, stamp)
  const year = digits(text, start, 4)
  if (year < 0) return -1
  stamp.year = year
  const separator = text.charCodeAt(start + 4)
  if (separator === 45) return readIso(text, start, stamp)
  return separator === 32 ? readClassic(text, start + 5, stamp) : -1
}

function readClassic(text: string, start: number, stamp: Timestamp): number {
  const month = monthAt(text, start)
  if (month === 0 || text.charCodeAt(start + 3) !== 32) return -1
  let at = start + 4
  if (text.charCodeAt(at) === 32) at++
  let day = digit(text, at++)
  if (day < 0) return -1
  const unit = digit(text, at)
  if (unit >= 0) {
    day = day * 10 + unit
    at++
  }
  if (text.charCodeAt(at) !== 32) return -1
  at++
  if (text.charCodeAt(at + 4) === 32) {
    const year = digits(text, at, 4)
    if (year < 0) return -1
    stamp.year = year
    at += 5
  }
  stamp.month = month
  stamp.day = day
  const end = readClock(text, at, stamp)
  return end < 0 ? end : check(stamp, end)
}

function readIso(text: string, start: number, stamp: Timestamp): number {
  const month = digits(text, start + 5, 2)
  const day = digits(text, start + 8, 2)
  const separator = text.charCodeAt(start + 10)
  const isDate = month >= 0 && day >= 0 && text.charCodeAt(start + 7) === 45
  if (!isDate || (separator !== 84 && separator !== 32 && separator !== 116)) return -1
  stamp.month = month
  stamp.day = day
  const end = readClock(text, start + 11, stamp)
  if (end < 0) return end
  const zoned = readZone(text, end, stamp)
  return zoned < 0 ? zoned : check(stamp, zoned)
}

/** `hh:mm:ss`, perhaps with `.` or `,` and a fraction. A leap second counts into the next minute. */
function readClock(text: string, at: number, stamp: Timestamp): number {
  const hours = digits(text, at, 2)
  const minutes = digits(text, at + 3, 2)
  const seconds = digits(text, at + 6, 2)
  const isClock = text.charCodeAt(at + 2) === 58 && text.charCodeAt(at + 5) === 58
  if (!isClock || hours < 0 || minutes < 0 || seconds < 0) return -1
  stamp.msOfDay = ((hours * 60 + minutes) * 60 + seconds) * 1000
  if (hours > 23 || minutes > 59 || seconds > 60) return -2
  const end = at + 8
  const separator = text.charCodeAt(end)
  return (separator === 46 || separator === 44) && digit(text, end + 1) >= 0
    ? readFraction(text, end + 1, stamp)
    : end
}

function readFraction(text: string, start: number, stamp: Timestamp): number {
  let micros = 0
  let at = start
  for (let unit = 100_000; ; at++) {
    const value = digit(text, at)
    if (value < 0) break
    micros += value * Math.floor(unit)
    unit /= 10
  }
  stamp.msOfDay += micros / 1000
  return at
}

function readZone(text: string, at: number, stamp: Timestamp): number {
  const sign = text.charCodeAt(at)
  if (sign === 90 || sign === 122) {
    stamp.zoneMinutes = 0
    return at + 1
  }
  if (sign !== 43 && sign !== 45) return at
  const hours = digits(text, at + 1, 2)
  const colon = text.charCodeAt(at + 3) === 58 ? 1 : 0
  const minutes = digits(text, at + 3 + colon, 2)
  if (hours < 0 || minutes < 0) return -1
  if (hours > 23 || minutes > 59) return -2
  stamp.zoneMinutes = (sign === 45 ? -1 : 1) * (hours * 60 + minutes)
  return at + 5 + colon
}

function check({ month, day, year }: Timestamp, end: number): number {
  const days = DAYS[month - 1]
  if (days === undefined || day < 1 || day > days) return -2
  return month === 2 && day === 29 && year !== 0 && !isLeapYear(year) ? -2 : end
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48
  return value >= 0 && value <= 9 ? value : -1
}

function digits(text: string, start: number, count: number): number {
  let value = 0
  for (let at = start; at < start + count; at++) {
    const next = digit(text, at)
    if (next < 0) return -1
    value = value * 10 + next
  }
  return value
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MONTH_BY_LETTERS = new Map(MONTHS.map((name, index) => [letters(name, 0), index + 1]))

function monthAt(text: string, at: number): number {
  return MONTH_BY_LETTERS.get(letters(text, at)) ?? 0
}

/** Three ASCII letters as one number, whatever their case. */
function letters(text: string, at: number): number {
  const first = text.charCodeAt(at) | 32
  const second = text.charCodeAt(at + 1) | 32
  const third = text.charCodeAt(at + 2) | 32
  return first < 128 && second < 128 && third < 128 ? (first << 14) | (second << 7) | third : 0
}
