/** The years RFC 3339 can write: 0000-01-01 to 9999-12-31, epoch ms. */
const MIN_MS = -62_167_219_200_000
const MAX_MS = 253_402_300_799_999

/**
 * RFC 3339 in UTC with microseconds, from epoch milliseconds as a float: `2026-05-12T03:14:07.123456Z`.
 * Rounds to the nearest microsecond; what lies outside the years 0000–9999 (or is no number) becomes the nearest end
 * (1970 for NaN), so that any float gives a valid time.
 */
export function formatTime(epochMs: number): string {
  if (Number.isNaN(epochMs)) return formatTime(0)
  const bounded = Math.min(MAX_MS + 0.999, Math.max(MIN_MS, epochMs))
  let wholeMs = Math.floor(bounded)
  // The fraction is exact in a double; rounding it may reach the next millisecond.
  let micros = Math.round((bounded - wholeMs) * 1000)
  if (micros === 1000) {
    wholeMs += 1
    micros = 0
  }
  if (wholeMs > MAX_MS) {
    wholeMs = MAX_MS
    micros = 999
  }
  return `${new Date(wholeMs).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`
}

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/

/** Epoch milliseconds as a float (microseconds kept) of an RFC 3339 time; NaN for anything else. */
export function parseTime(text: string): number {
  const match = RFC3339.exec(text)
  if (!match) return Number.NaN
  const [, seconds = '', fraction = '', zone = 'Z'] = match
  const micros = Math.round(Number(`0.${fraction || '0'}`) * 1e6)
  return Date.parse(seconds + zone) + micros / 1000
}
