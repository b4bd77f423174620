import { headLines } from '../head-lines.ts'
import { newHeader, readHeader } from './header.ts'
import { wallTime } from './year.ts'

/**
 * Share of the first lines that begin with a time, a host and a program. What goes on from the line
 * before (a stack trace in `messages`) says nothing either way.
 */
export function recogniseSyslog(head: Uint8Array): number {
  const header = newHeader()
  let lines = 0
  let fitting = 0
  for (const text of headLines(head)) {
    if (isContinued(text)) continue
    lines++
    // Other logs begin with a full date as well: the program is what makes it a syslog line.
    const isRead = readHeader(text, header) === 'ok'
    if (isRead && (header.programEnd > header.programStart || header.stamp.year === 0)) fitting++
  }
  return lines === 0 ? 0 : fitting / lines
}

function isContinued(text: string): boolean {
  const first = text.charCodeAt(0)
  return Number.isNaN(first) || first === 0x20 || first === 0x09
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
