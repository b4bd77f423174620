import type { Identifier } from './identifier.ts'
import type { Origin } from './origin.ts'
import type { TimeQuality } from './base.ts'

/** Which log a record stands in, in the terms of Sigma's `logsource`; what is not known is absent. */
export interface LogSource {
  readonly product?: string
  readonly category?: string
  readonly service?: string
}

/**
 * One record as its producer wrote it: rules for clouds and sensors name the producer's own fields.
 * It lives as long as the call it is handed to; nobody keeps it.
 */
export interface LogRecord {
  /** Several where it is all of these at once: a line of sshd is one of the system's log as well. */
  readonly logSource: LogSource | readonly LogSource[]
  readonly fields: Readonly<Record<string, unknown>>
  readonly time: number
  readonly timeQuality: TimeQuality
  readonly observer: Identifier
  readonly subjects: readonly Identifier[]
  readonly origin: Origin
}
