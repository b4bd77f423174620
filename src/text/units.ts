const MINUTE_S = 60
const HOUR_S = 60 * MINUTE_S
const DAY_S = 24 * HOUR_S

/** Two significant digits below ten, none after the point from there: 1.2, 9.9, 12, 388. */
function short(value: number): string {
  const rounded = Math.abs(value) < 9.95 ? Math.round(value * 10) / 10 : Math.round(value)
  return String(rounded)
}

function scaled(value: number, step: number, units: readonly string[], zero: string): string {
  let size = Math.abs(value)
  let unit = 0
  while (size >= step && unit < units.length - 1) {
    size /= step
    unit += 1
  }
  // 999.6 kB would round to "1000 kB": one unit up instead.
  if (size >= step - 0.5 && unit > 0 && unit < units.length - 1) {
    size /= step
    unit += 1
  }
  const sign = value < 0 ? '-' : ''
  const text = unit === 0 ? String(Math.round(size)) : short(size)
  return `${sign}${text} ${units[unit] ?? zero}`.trimEnd()
}

/** Decimal units as disk makers and `ls --si` use them: `388 MB`, `1.4 GB`, `512 B`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'unknown size'
  return scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'], 'B')
}

/** Whole numbers with separators up to 99,999, above that rounded: `4,112`, `101 k`, `2.9 M`. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return 'unknown'
  return Math.abs(count) < 100_000 ? formatNumber(count) : scaled(count, 1000, ['', 'k', 'M', 'G', 'T'], '')
}

/** A whole number with separators, never rounded further: `118,204`. */
export function formatNumber(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** `12 s`, `4 min`, `1 h 52 min`, `3 d 4 h`. Seconds in, two units out at most. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown time'
  const s = Math.abs(seconds)
  if (s < 1 && s > 0) return '< 1 s'
  if (Math.round(s) < MINUTE_S) return `${Math.round(s)} s`
  if (s < 10 * MINUTE_S) return twoUnits(Math.round(s), MINUTE_S, 'min', 1, 's')
  const minutes = Math.round(s / MINUTE_S) * MINUTE_S
  if (minutes < HOUR_S) return `${minutes / MINUTE_S} min`
  if (minutes < 2 * DAY_S) return twoUnits(minutes, HOUR_S, 'h', MINUTE_S, 'min')
  return twoUnits(Math.round(s / HOUR_S) * HOUR_S, DAY_S, 'd', HOUR_S, 'h')
}

function twoUnits(seconds: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % big) / small)
  return `${Math.floor(seconds / big)} ${bigName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`
}

/** Hashes per second: `870 H/s`, `1.2 kH/s`, `14 MH/s`. */
export function formatHashrate(hashesPerSecond: number): string {
  if (!Number.isFinite(hashesPerSecond)) return 'unknown hash rate'
  return scaled(hashesPerSecond, 1000, ['H/s', 'kH/s', 'MH/s', 'GH/s', 'TH/s', 'PH/s', 'EH/s'], 'H/s')
}

/** US dollars: cents below 100 (`$0.39`, `$1.94`), whole dollars from there (`$118`, `$12,400`). */
export function formatUsd(usd: number): string {
  if (!Number.isFinite(usd)) return 'unknown amount'
  const size = Math.abs(usd)
  const sign = usd < 0 ? '-' : ''
  if (size > 0 && size < 0.005) return `${sign}< $0.01`.replace('-< ', '-')
  return sign + (size < 99.995 ? `$${size.toFixed(2)}` : `$${formatNumber(size)}`)
}

/** `1.8×`, `12×`. */
export function formatTimes(factor: number): string {
  return Number.isFinite(factor) ? `${short(factor)}×` : 'unknown'
}

/** A share from 0 to 1 as `87 %`. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : 'unknown'
}
