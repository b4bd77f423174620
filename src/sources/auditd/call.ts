import type { Actor } from '../../event/actor.ts'
import type { TimeQuality } from '../../event/base.ts'
import type { Origin } from '../../event/origin.ts'
import type { Fields } from './fields.ts'
import type { PathItem } from './paths.ts'
import type { AuditRecord } from './record.ts'

/** A system call with everything its records say. */
export interface Call {
  readonly name: string
  readonly fields: Fields
  readonly actor: Actor
  readonly isSuccess: boolean
  readonly key: string | null
  readonly cwd: string | null
  readonly items: readonly PathItem[]
  readonly records: readonly AuditRecord[]
  readonly syscall: AuditRecord
  /** What every event of this call has; its proof is `record`. */
  at(record: AuditRecord): Placed
}

export interface Placed {
  readonly time: number
  readonly timeQuality: TimeQuality
  readonly observer: string
  readonly subjects: string[]
  readonly origin: Origin
}

export function placed(record: AuditRecord): Placed {
  return {
    time: record.time,
    timeQuality: record.timeQuality,
    observer: record.lane,
    subjects: [record.lane],
    origin: {
      source: 'auditd',
      file: record.file,
      line: record.line,
      recordId: String(record.serial),
      offset: record.offset,
      raw: record.identity,
    },
  }
}
