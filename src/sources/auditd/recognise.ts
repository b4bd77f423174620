import { headLines } from '../head-lines.ts'
import type { InterpretedClock } from './interpreted.ts'
import { type Header, isFiller, readHeader } from './record.ts'

const MAX_LINES = 64
const ANY_CLOCK: InterpretedClock = { minutesAt: () => 0, isDayFirst: false }

/** Share of the first lines that are audit records which start their line. */
export function recogniseAuditd(head: Uint8Array): number {
  let lines = 0
  let records = 0
  for (const line of headLines(head).slice(0, MAX_LINES)) {
    if (isFiller(line)) continue
    lines++
    if (/^(?:node=\S+ )?type=/u.test(line) && readHeader(line, ANY_CLOCK) !== null) records++
  }
  return lines === 0 ? 0 : records / lines
}

/** The first record's time, where it is written with its zone (epoch seconds). */
export function firstAuditTime(head: Uint8Array): number | null {
  for (const line of headLines(head)) {
    const header: Header | null = readHeader(line, ANY_CLOCK)
    if (header !== null) return header.isInterpreted ? null : header.time
  }
  return null
}
