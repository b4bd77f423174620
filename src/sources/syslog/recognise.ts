import { headLines } from './edges.ts'
import { newHeader, readHeader } from './header.ts'
import { wallTime } from './year.ts'

const MAX_LINES = 100

/** Share of the first lines that begin with a time, a host and a program. */
export function recogniseSyslog(head: Uint8Array): number {
  const header = newHeader()
  let lines = 0
  let fitting = 0
  for (const text of headLines(head)) {
    if (text.trim() === '') continue
    if (++lines > MAX_LINES) break
    // Other logs begin with a full date as well: the program is what makes it a syslog line.
    const isRead = readHeader(text, header) === 'ok'
    if (isRead && (header.programEnd > header.programStart || header.stamp.year === 0)) fitting++
  }
  return lines === 0 ? 0 : fitting / Math.min(lines, MAX_LINES)
}

/** Epoch ms of the first line, where it says its year and zone. */
export function firstSyslogTime(head: Uint8Array): number | null {
  const header = newHeader()
  for (const text of headLines(head)) {
    if (readHeader(text, header) !== 'ok') continue
    const { stamp } = header
    if (stamp.year === 0 || Number.isNaN(stamp.zoneMinutes)) return null
    return wallTime(stamp.year, stamp) - stamp.zoneMinutes * 60_000
  }
  return null
}
