/** Seconds per unit. A month is 1/12 of a year, a year 365.2425 days, as pySigma has it. */
const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  M: 2_629_746,
  y: 31_556_952,
}

const TIMESPAN = /^([0-9]{1,9})([smhdwMy])$/u

/** `90m` in milliseconds; null for what is no timespan, or none longer than nothing. */
export function timespanMs(text: string): number | null {
  const [, count, unit] = TIMESPAN.exec(text) ?? []
  const seconds = Number(count) * (SECONDS[unit ?? ''] ?? Number.NaN)
  return seconds > 0 ? seconds * 1000 : null
}
