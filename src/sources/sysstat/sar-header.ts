/** The first line of what sar prints: `Linux 6.1.0 (web-1) 	05/12/2026 	_x86_64_	(2 CPU)`. */
export interface SarHeader {
  readonly host: string
  /** Midnight of its day, epoch ms as if its clock showed UTC. */
  readonly day: number
  readonly cores: number | null
  /** The day could also be read with day and month changed over. */
  readonly isAmbiguous: boolean
}

const HEADER =
  /^(?:Linux|AIX|SunOS|Darwin) \S{1,100} \(([^()\s]{1,253})\)\s+([\d./-]{6,10})(?:\s|$)(?:.*\((\d{1,4}) CPU\))?/u

export function readHeader(line: string): SarHeader | null {
  if (line.length > 600) return null
  const match = HEADER.exec(line)
  if (match === null) return null
  const [, host = '', date = '', cores] = match
  const day = dayOf(date)
  if (day === null) return null
  return { host, cores: cores === undefined ? null : Number(cores), ...day }
}

/** `2026-05-12`, `05/12/2026`, `05/12/26`, `12.05.2026`: by locale of who called sar; with slashes the month is first unless it cannot be one. */
function dayOf(date: string): { day: number; isAmbiguous: boolean } | null {
  const parts = date.split(/[./-]/u).map(Number)
  const [a = 0, b = 0, c = 0] = parts
  if (parts.length !== 3 || parts.some((part) => !Number.isInteger(part))) return null
  if (/^\d{4}-/u.test(date)) return placed(a, b, c, false)
  const year = c < 100 ? 2000 + c : c
  if (date.includes('.')) return placed(year, b, a, false)
  return a > 12 ? placed(year, b, a, false) : placed(year, a, b, b <= 12 && a !== b)
}

function placed(
  year: number,
  month: number,
  day: number,
  isAmbiguous: boolean,
): { day: number; isAmbiguous: boolean } | null {
  const time = Date.UTC(year, month - 1, day)
  const isDate =
    month >= 1 && month <= 12 && new Date(time).getUTCDate() === day && year > 1990 && year < 2200
  return isDate ? { day: time, isAmbiguous } : null
}
