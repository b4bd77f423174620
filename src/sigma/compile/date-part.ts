import type { DatePart } from '../rule.ts'

/** Year, month, day, hour, minute as written: zones are not converted (Sigma modifiers appendix, "Time Modifiers"). */
const WRITTEN = /^\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?/u
const MAX_TIME_MS = 8.64e15

/** A part of a date in a field: RFC 3339 and its like as written, numbers as Unix time in s, ms, µs or ns (UTC). Null for what is no date. */
export function datePart(value: unknown, part: DatePart): number | null {
  if (typeof value === 'number') return ofTime(value, part)
  if (typeof value !== 'string' || value.length > 64) return null
  const found = WRITTEN.exec(value)
  if (found === null) return /^\d{9,19}(?:\.\d{1,9})?$/u.test(value) ? ofTime(Number(value), part) : null
  const [, year, month, day, hour, minute] = found
  if (part === 'year') return Number(year)
  if (part === 'month') return Number(month)
  if (part === 'day') return Number(day)
  if (part === 'week') return isoWeek(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const clock = part === 'hour' ? hour : minute
  return clock === undefined ? null : Number(clock)
}

function ofTime(value: number, part: DatePart): number | null {
  let ms = value < 1e11 ? value * 1000 : value
  while (ms > 1e14) ms /= 1000
  if (!Number.isFinite(ms) || Math.abs(ms) > MAX_TIME_MS) return null
  const date = new Date(ms)
  if (part === 'minute') return date.getUTCMinutes()
  if (part === 'hour') return date.getUTCHours()
  if (part === 'day') return date.getUTCDate()
  if (part === 'week') return isoWeek(ms)
  return part === 'month' ? date.getUTCMonth() + 1 : date.getUTCFullYear()
}

const DAY_MS = 86_400_000

/** ISO 8601 week: the one that holds the year's first Thursday is week 1. */
function isoWeek(ms: number): number {
  const date = new Date(ms)
  const weekday = (date.getUTCDay() + 6) % 7
  const thursday = new Date(ms + (3 - weekday) * DAY_MS)
  const yearStart = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  return Math.floor((thursday.getTime() - yearStart) / DAY_MS / 7) + 1
}
