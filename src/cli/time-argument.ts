import { DavylampError } from '../errors.ts'

const SPAN = /^(\d+(?:\.\d+)?)\s*(s|m|h|d|w)$/u
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** `2026-05-12T03:00Z`, `2026-05-12`, or a span before `now` such as `7d`. Epoch ms; throws `usage`. */
export function parseTimeArgument(option: string, text: string, now: number): number {
  const span = SPAN.exec(text)
  if (span !== null) return now - Number(span[1]) * (UNIT_MS[span[2] ?? ''] ?? 0)
  // A date without a time zone means UTC, as everywhere in this tool.
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/iu.test(text) || /^\d{4}-\d{2}-\d{2}$/u.test(text)
  const time = Date.parse(hasZone ? text : `${text}Z`)
  if (!/^\d{4}-\d{2}-\d{2}/u.test(text) || Number.isNaN(time)) {
    throw new DavylampError('usage', `${option} ${text}: not a time`, {
      hint: 'give 2026-05-12, 2026-05-12T03:00Z, or a span before now such as 7d or 12h',
    })
  }
  return time
}

/** `60s`, `10m`, `2h`. Milliseconds; throws `usage`. */
export function parseSpan(option: string, text: string): number {
  const span = SPAN.exec(text)
  const ms = span === null ? Number.NaN : Number(span[1]) * (UNIT_MS[span[2] ?? ''] ?? 0)
  if (!(ms > 0) || ms > MAX_TIMER_MS)
    throw new DavylampError('usage', `${option} ${text}: not a time span`, {
      hint: 'give 60s, 10m or 2h; at most 24d',
    })
  return ms
}

/** Longer than this no timer of Node waits. */
const MAX_TIMER_MS = 2 ** 31 - 1
