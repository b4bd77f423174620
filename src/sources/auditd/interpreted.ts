/** How to place the local times that `ausearch -i` writes. */
export interface InterpretedClock {
  /** Minutes east of UTC at a wall-clock time, given as epoch ms as if that clock showed UTC. */
  minutesAt(wallMs: number): number
  /** Dates with slashes are day/month (most of the world) rather than month/day (C and US locales). */
  readonly isDayFirst: boolean
}

const STAMP = /^(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4}) (\d{1,2}):(\d{2}):(\d{2})\.(\d{1,3}):(\d{1,15})$/u

/** Reads `05/12/2024 03:14:07.123:4567` and what other locales make of it; null when it is no such stamp. */
export function readInterpretedStamp(
  text: string,
  clock: InterpretedClock,
): { time: number; serial: number } | null {
  const match = STAMP.exec(text)
  if (match === null) return null
  const [, first = '', separator, second = '', third = '', hour, minute, seconds, millis = ''] = match
  const date = dateOf(first, separator, second, third, clock)
  if (date === null) return null
  const time = Date.UTC(
    date.year,
    date.month - 1,
    date.day,
    Number(hour),
    Number(minute),
    Number(seconds),
    Number(millis.padEnd(3, '0')),
  )
  return { time: time - clock.minutesAt(time) * 60_000, serial: Number(match[9]) }
}

interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

function dateOf(
  first: string,
  separator: string | undefined,
  second: string,
  third: string,
  clock: InterpretedClock,
): CalendarDate | null {
  if (first.length > 2) return valid(Number(first), Number(second), Number(third))
  const year = third.length > 2 ? Number(third) : 2000 + Number(third)
  const isDayFirst = separator !== '/' || clock.isDayFirst || Number(first) > 12
  return isDayFirst ? valid(year, Number(second), Number(first)) : valid(year, Number(first), Number(second))
}

function valid(year: number, month: number, day: number): CalendarDate | null {
  if (year < 1970 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 31) return null
  return { year, month, day }
}

const SLASHED = /msg=audit\((\d{1,2})\/(\d{1,2})\/\d/gu

/** Whether the text shows a date with slashes whose first number can only be a day. */
export function showsDayFirst(text: string): boolean {
  for (const match of text.matchAll(SLASHED)) if (Number(match[1]) > 12) return true
  return false
}
