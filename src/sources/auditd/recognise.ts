import type { InterpretedClock } from './interpreted.ts'
import { type Header, isFiller, readHeader } from './record.ts'

const MAX_LINES = 64
const ANY_CLOCK: InterpretedClock = { minutesAt: () => 0, isDayFirst: false }

/** The head as text; bytes that make no sense become U+FFFD. */
export function headOf(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('utf8')
}

/** Share of the first lines that are audit records which start their line. */
export function recogniseAuditd(head: Uint8Array): number {
  let lines = 0
  let records = 0
  for (const line of firstLines(head)) {
    if (isFiller(line)) continue
    lines++
    if (/^(?:node=\S+ )?type=/u.test(line) && readHeader(line, ANY_CLOCK) !== null) records++
  }
  return lines === 0 ? 0 : records / lines
}

/** The first record's time, where it is written with its zone (epoch seconds). */
export function firstAuditTime(head: Uint8Array): number | null {
  for (const line of firstLines(head)) {
    const header: Header | null = readHeader(line, ANY_CLOCK)
    if (header !== null) return header.isInterpreted ? null : header.time
  }
  return null
}

function firstLines(head: Uint8Array): string[] {
  const lines = headOf(head).split(/\r?\n/u, MAX_LINES + 1)
  // The last one may have been cut by the end of the head.
  return lines.length > 1 ? lines.slice(0, -1) : lines
}
