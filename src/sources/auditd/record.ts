import type { TimeQuality } from '../../event/base.ts'
import type { MergeableRecord } from '../record-merge.ts'
import { type InterpretedClock, readInterpretedStamp } from './interpreted.ts'

/** One line of an audit trail, its fields not looked at yet. */
export interface AuditRecord extends MergeableRecord {
  /** Epoch ms: the kernel's stamp, millisecond resolution. */
  readonly time: number
  /** The line itself. */
  readonly identity: string
  /** The identifier of the machine that wrote it. */
  readonly lane: string
  readonly timeQuality: TimeQuality
  /** `SYSCALL`, `PATH`, `USER_LOGIN` … */
  readonly type: string
  readonly serial: number
  /** Index into `identity` where the fields begin. */
  readonly fieldsAt: number
  /** Written by `ausearch -i`: nothing is quoted or hex encoded. */
  readonly isInterpreted: boolean
  readonly file: string
  readonly line: number
  readonly offset: number
}

export interface Header {
  readonly type: string
  readonly node: string | null
  readonly time: number
  readonly serial: number
  readonly fieldsAt: number
  readonly isInterpreted: boolean
}

const STAMP = 'msg=audit('
/** A stamp further right belongs to some other kind of line. */
const MAX_STAMP_AT = 512
const MAX_STAMP_LENGTH = 64
/** 2100-01-01: later seconds are not a clock but damage. */
const MAX_SECONDS = 4_102_444_800

/**
 * Reads `[node=N ]type=T msg=audit(seconds.millis:serial): `, also behind a syslog prefix, and the
 * stamp of `ausearch -i`, whose local time `clock` places. Null when the line is something else.
 */
export function readHeader(text: string, clock: InterpretedClock): Header | null {
  const stampAt = text.indexOf(STAMP)
  if (stampAt < 0 || stampAt > MAX_STAMP_AT) return null
  const start = stampAt + STAMP.length
  const end = text.indexOf(')', start)
  if (end < 0 || end - start > MAX_STAMP_LENGTH) return null
  const typeAt = text.lastIndexOf('type=', stampAt)
  if (typeAt < 0) return null
  const type = text.slice(typeAt + 5, stampAt).trimEnd()
  if (type === '' || type.includes(' ')) return null
  const kernel = readKernelStamp(text, start, end)
  const stamp = kernel ?? readInterpretedStamp(text.slice(start, end), clock)
  if (stamp === null) return null
  return {
    type,
    node: typeAt === 0 ? null : nodeBefore(text, typeAt),
    time: stamp.time,
    serial: stamp.serial,
    fieldsAt: skipColon(text, end + 1),
    isInterpreted: kernel === null,
  }
}

interface Stamp {
  readonly time: number
  readonly serial: number
}

function readKernelStamp(text: string, start: number, end: number): Stamp | null {
  const dot = digitsEnd(text, start, end)
  if (dot === start || text.charCodeAt(dot) !== 46 /* . */) return null
  const colon = digitsEnd(text, dot + 1, end)
  if (colon === dot + 1 || text.charCodeAt(colon) !== 58 /* : */) return null
  if (colon + 1 === end || digitsEnd(text, colon + 1, end) !== end) return null
  const seconds = Number(text.slice(start, dot))
  const millis = Number(
    text
      .slice(dot + 1, colon)
      .padEnd(3, '0')
      .slice(0, 3),
  )
  const serial = Number(text.slice(colon + 1, end))
  if (seconds > MAX_SECONDS || !Number.isSafeInteger(serial)) return null
  return { time: seconds * 1000 + millis, serial }
}

function digitsEnd(text: string, from: number, end: number): number {
  let at = from
  while (at < end) {
    const code = text.charCodeAt(at)
    if (code < 48 || code > 57) break
    at++
  }
  return at
}

function nodeBefore(text: string, typeAt: number): string | null {
  const at = text.lastIndexOf('node=', typeAt)
  if (at < 0) return null
  const name = text.slice(at + 5, typeAt).trim()
  return name === '' || name.includes(' ') ? null : name
}

/** `): ` in a log, `) : ` from ausearch -i. */
function skipColon(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 58) break
    at++
  }
  return at
}

/** What `ausearch` puts between records: neither a record nor damage. */
export function isFiller(text: string): boolean {
  return (
    text === '' ||
    text === '----' ||
    text.startsWith('time->') ||
    text.startsWith('<no matches>') ||
    text.trim() === ''
  )
}
