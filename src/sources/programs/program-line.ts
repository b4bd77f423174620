import type { Identifier } from '../../event/identifier.ts'
import type { Origin } from '../../event/origin.ts'
import type { AuthEvent } from '../../event/auth.ts'

/**
 * One message of a program, whatever carried it (a syslog line, a journal entry). The shape is flat
 * because there are millions of them.
 */
export interface ProgramLine {
  /** Epoch ms. */
  readonly time: number
  readonly timeQuality: AuthEvent['timeQuality']
  readonly observer: Identifier
  /** The machine that wrote it, by every name the record gives. */
  readonly subjects: Identifier[]
  /** As it signs: `sshd`, `CRON`, `su(pam_unix)`. */
  readonly program: string
  readonly pid: number | null
  /** Without the header that names time, host and program. */
  readonly message: string
  /** How often the record says that it happened: 1, or more where the log folds repeats. */
  readonly count: number
  readonly source: string
  readonly file: string
  /** One-based; null where the record has an id instead. */
  readonly line: number | null
  readonly recordId: string | null
  /** Bytes into the decompressed input. */
  readonly offset: number
  /** The text as it stood there. */
  readonly raw: string
}

/** What every event made from a line has. */
export function eventBase(
  line: ProgramLine,
): Pick<AuthEvent, 'time' | 'timeQuality' | 'observer' | 'subjects' | 'origin'> {
  return {
    time: line.time,
    timeQuality: line.timeQuality,
    observer: line.observer,
    subjects: line.subjects,
    origin: originOf(line),
  }
}

export function originOf({ source, file, line, recordId, offset, raw }: ProgramLine): Origin {
  if (recordId !== null)
    return line === null
      ? { source, file, recordId, offset, raw }
      : { source, file, line, recordId, offset, raw }
  return line === null ? { source, file, offset, raw } : { source, file, line, offset, raw }
}
