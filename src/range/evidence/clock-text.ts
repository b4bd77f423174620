const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** `May  2 03:04:05`, UTC: RFC 3164 §4.1.2, which knows no year. */
export function syslogTime(timeMs: number): string {
  const date = new Date(timeMs)
  return `${monthName(date)} ${String(date.getUTCDate()).padStart(2, ' ')} ${date.toISOString().slice(11, 19)}`
}

/** `02/May/2026:03:04:05 +0000`: the Common Log Format's `%t`. */
export function accessLogTime(timeMs: number): string {
  const date = new Date(timeMs)
  const iso = date.toISOString()
  return `${iso.slice(8, 10)}/${monthName(date)}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
}

/** `2026-05-02T03:04:05Z`. */
export function secondTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`
}

/** `20260502T0304Z`, as S3 object names carry it. */
export function objectTime(timeMs: number): string {
  const iso = new Date(timeMs).toISOString()
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}T${iso.slice(11, 13)}${iso.slice(14, 16)}Z`
}

/** `2026/05/02`, as S3 keys are laid out. */
export function dayPath(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '/')
}

function monthName(date: Date): string {
  return MONTHS[date.getUTCMonth()] ?? MONTHS[0]
}
