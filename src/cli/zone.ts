import { DavylampError } from '../errors.ts'

const OFFSET = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/u

/** A zone the user named: how to show times in it, and how far its clocks are from UTC. */
export interface UserZone {
  /** A name that `Intl` understands (`Europe/Berlin`, `UTC`, `+02:00`). */
  readonly name: string
  /** Minutes east of UTC at a wall-clock time (epoch ms as if that clock showed UTC). */
  minutesAt(wallMs: number): number
}

/** Throws `usage` for a zone that nobody knows. */
export function parseZone(text: string): UserZone {
  const offset = OFFSET.exec(text)
  if (offset !== null) {
    const [, sign, hours, minutes] = offset
    const size = Number(hours) * 60 + Number(minutes ?? 0)
    if (size > 18 * 60) throw new DavylampError('usage', `--timezone ${text}: no zone is that far from UTC`)
    const name = `${sign}${(hours ?? '').padStart(2, '0')}:${minutes ?? '00'}`
    return { name: size === 0 ? 'UTC' : name, minutesAt: () => (sign === '-' ? -size : size) }
  }
  return ianaZone(text)
}

function ianaZone(name: string): UserZone {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch (cause) {
    throw new DavylampError('usage', `--timezone ${name}: no such zone`, {
      hint: 'give an IANA name such as Europe/Berlin, or an offset such as +02:00',
      cause,
    })
  }
  // Offsets change at whole quarters of an hour at the most: one look per quarter is enough for a log of millions of lines.
  const known = new Map<number, number>()
  const at = (epochMs: number): number => {
    const quarter = Math.floor(epochMs / QUARTER_MS)
    let minutes = known.get(quarter)
    if (minutes === undefined) {
      minutes = offsetOf(format, quarter * QUARTER_MS)
      if (known.size > 100_000) known.clear()
      known.set(quarter, minutes)
    }
    return minutes
  }
  return { name, minutesAt: (wallMs) => at(wallMs - at(wallMs) * 60_000) }
}

const QUARTER_MS = 15 * 60_000

function offsetOf(format: Intl.DateTimeFormat, epochMs: number): number {
  if (!Number.isFinite(epochMs)) return 0
  const part = format.formatToParts(epochMs).find((candidate) => candidate.type === 'timeZoneName')
  const match = /GMT([+-])(\d{2}):(\d{2})/u.exec(part?.value ?? '')
  if (match === null) return 0
  const size = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -size : size
}
