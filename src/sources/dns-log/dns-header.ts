import type { DialectId } from '../programs/program-names.ts'

/** What stands before the message in a name server's own log file. */
export interface DnsHeader {
  readonly dialect: Extract<DialectId, 'unbound' | 'named'>
  /** Epoch ms, or what the clock on the wall showed where `isLocal`. */
  readonly time: number
  readonly isLocal: boolean
  readonly pid: number | null
  readonly messageStart: number
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAY_MONTH_YEAR = /^(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d)\.(\d{3}) /u
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})(Z?) /u
const NAMED = /^(?:[a-z-]{2,24}: )?(?:[a-z0-9]{4,8}(?: \d{1,2})?: )?client /u
const UNBOUND = /^\[(\d{9,11})\] unbound\[(\d{1,10}):[0-9a-f]{1,4}\] /u

/**
 * Reads the heads of the files that unbound (`[1699999999] unbound[1234:0] info: …`) and BIND
 * (`14-Nov-2023 00:20:42.738 queries: info: client …`, also with ISO 8601 times) write themselves. Null for
 * anything else, as BIND's other categories.
 */
export function readDnsHeader(text: string): DnsHeader | null {
  return text.startsWith('[') ? readUnbound(text) : readNamed(text)
}

function readUnbound(text: string): DnsHeader | null {
  const match = UNBOUND.exec(text)
  if (match === null) return null
  const [head, seconds = '', pid = ''] = match
  return {
    dialect: 'unbound',
    time: Number(seconds) * 1000,
    isLocal: false,
    pid: Number(pid),
    messageStart: head.length,
  }
}

function readNamed(text: string): DnsHeader | null {
  const clock = readClock(text)
  if (clock === null || !NAMED.test(text.slice(clock.end, clock.end + 64))) return null
  const { time, isLocal, end } = clock
  return { dialect: 'named', time, isLocal, pid: null, messageStart: end }
}

/** The time that a line of BIND begins with, whatever it is about. */
export function readClock(text: string): { time: number; isLocal: boolean; end: number } | null {
  const classic = DAY_MONTH_YEAR.exec(text)
  if (classic !== null) {
    const [head, day, month = '', year, ...clock] = classic
    const time = wallTime(Number(year), MONTHS.indexOf(month.toLowerCase()), Number(day), clock)
    return time === null ? null : { time, isLocal: true, end: head.length }
  }
  const iso = ISO.exec(text)
  if (iso === null) return null
  const [head, year, month, day, ...clock] = iso
  const time = wallTime(Number(year), Number(month) - 1, Number(day), clock)
  return time === null ? null : { time, isLocal: iso[8] === '', end: head.length }
}

/** Epoch ms as if the clock showed UTC; null for what no calendar and no clock has. */
function wallTime(year: number, month: number, day: number, clock: readonly string[]): number | null {
  const [hours = 0, minutes = 0, seconds = 0, ms = 0] = clock.slice(0, 4).map(Number)
  const time = Date.UTC(year, month, day, hours, minutes, seconds, ms)
  const date = new Date(time)
  const isPossible = month >= 0 && date.getUTCMonth() === month && date.getUTCDate() === day
  return isPossible && hours < 24 && minutes < 60 && seconds < 61 ? time : null
}
