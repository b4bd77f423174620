const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH_BY_NAME = new Map(MONTHS.map((name, index) => [name, index]))
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const MINUTE_MS = 60_000

/** Length of `04/Jan/2020:07:25:02 +0000`. */
export const CLF_TIME_LENGTH = 26

/** Reads the time of the common log format at `at`, with its zone: epoch ms, NaN where there is none that can be. */
export function readClfTime(text: string, at: number): number {
  const isShaped =
    text.charCodeAt(at + 2) === 47 &&
    text.charCodeAt(at + 6) === 47 &&
    text.charCodeAt(at + 11) === 58 &&
    text.charCodeAt(at + 14) === 58 &&
    text.charCodeAt(at + 17) === 58 &&
    text.charCodeAt(at + 20) === 32
  if (!isShaped) return Number.NaN
  const month = MONTH_BY_NAME.get(text.slice(at + 3, at + 6).toLowerCase())
  const day = number(text, at, 2)
  const year = number(text, at + 7, 4)
  const hours = number(text, at + 12, 2)
  const minutes = number(text, at + 15, 2)
  const seconds = number(text, at + 18, 2)
  const isPossible =
    month !== undefined && day >= 1 && day <= (DAYS[month] ?? 0) && hours < 24 && minutes < 60 && seconds < 61
  return isPossible
    ? Date.UTC(year, month, day, hours, minutes, seconds) - zoneMinutes(text, at + 21) * MINUTE_MS
    : Number.NaN
}

/** Minutes east of UTC of `+0130`. */
function zoneMinutes(text: string, at: number): number {
  const sign = text.charCodeAt(at)
  if (sign !== 43 && sign !== 45) return Number.NaN
  const hours = number(text, at + 1, 2)
  const minutes = number(text, at + 3, 2)
  return hours < 24 && minutes < 60 ? (sign === 45 ? -1 : 1) * (hours * 60 + minutes) : Number.NaN
}

/** NaN where one of them is no digit; then no comparison with it holds. */
function number(text: string, start: number, length: number): number {
  let value = 0
  for (let at = start; at < start + length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
