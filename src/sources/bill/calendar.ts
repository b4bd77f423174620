import { isoTime } from '../iso-time.ts'

const DAY_MS = 86_400_000
const ZERO_DIGIT = 48
const DASH = 45
const Z = 90

/** Epoch ms of a time in a bill (`2026-05-01`, `2026-05-01T00:00:00Z`, `2026-05-01 00:00:00.000`; UTC where it says no zone); NaN for what is none. */
export function timeIn(bytes: Buffer, start: number, end: number): number {
  const length = end - start
  if (length < 10 || bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return Number.NaN
  const year = number(bytes, start, 4)
  const month = number(bytes, start + 5, 2)
  const day = number(bytes, start + 8, 2)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return Number.NaN
  const midnight = daysFromCivil(year, month, day) * DAY_MS
  if (length === 10) return midnight
  // `T00:00:00Z`, as nearly all are; what is longer or has a zone is read slowly.
  if ((length === 20 && bytes[end - 1] === Z) || length === 19 || (length === 17 && bytes[end - 1] === Z)) {
    const hour = number(bytes, start + 11, 2)
    const minute = number(bytes, start + 14, 2)
    const second = length === 17 ? 0 : number(bytes, start + 17, 2)
    if (hour < 24 && minute < 60 && second < 60) return midnight + ((hour * 60 + minute) * 60 + second) * 1000
    return Number.NaN
  }
  const text = bytes
    .toString('latin1', start, Math.min(end, start + 40))
    .trim()
    .replace(' UTC', 'Z')
    .replace(' ', 'T')
  return isoTime(text, 'Z') ?? Number.NaN
}

export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS)
}

function number(bytes: Buffer, from: number, digits: number): number {
  let value = 0
  for (let at = from; at < from + digits; at++) {
    const digit = (bytes[at] ?? 0) - ZERO_DIGIT
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (LENGTHS[month - 1] ?? 0)
}

/** Days since 1970-01-01. https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
