import type { Event } from '../event/event.ts'
import type { LogRecord, LogSource } from '../event/log-record.ts'
import type { RuleMatchEvent } from '../event/rule-match.ts'
import type { Input } from '../inputs/input.ts'
import type { FlowModel } from '../wire/behaviour/model.ts'

/** What one input turned out to be and how reading it went. The source fills it in while it reads. */
export interface InputReport {
  readonly file: string
  /** In words for the user: `capture`, `sshd`, `auditd` … */
  format: string
  /** Bytes read so far, decompressed. */
  bytes: number
  /** Lines, packets or records read; `bad` of them made no sense and were left out; `unused` were fine but say nothing to this product yet. */
  records: number
  bad: number
  unused: number
  /** Records left out because another input had given the same ones. */
  duplicates: number
  /** Records whose time went back further than the source's tolerance. */
  late: number
  /** Epoch ms of the first and last record, where known. */
  from: number | null
  to: number | null
  /** What had to be decided and why: `year 2026: from the file's date`, `zone UTC: assumed`. One line each, each once. */
  decisions: string[]
  /** What was wrong, in words for the user, each kind once, with a count where it repeats. At most 20. */
  problems: string[]
}

/** A zone that log times are written in. */
export interface Zone {
  /** Minutes east of UTC at a wall-clock time, given as epoch ms as if that clock showed UTC. */
  minutesAt(wallMs: number): number
  /** In words for the user: `as --timezone says` … */
  readonly why: string
}

/** What a source is told and what it tells back while it reads. */
export interface SourceEnv {
  /** The reference "now" (epoch ms): evidence cannot be younger. */
  readonly now: number
  /** Zone of a file's times that are written without one; `null` = nobody said. */
  zoneOf(file: string): Zone | null
  /**
   * Time ranges (epoch ms) of inputs whose times carry their year, to place those that do not.
   * Empty where there are none.
   */
  readonly datedRanges: readonly { file: string; from: number; to: number | null }[]
  /**
   * Rules on a record in its producer's own fields: what held, to be given with the record's events. Sources
   * of structured logs ask this once for every record that counts; it never throws.
   */
  matchesOf(record: LogRecord): readonly RuleMatchEvent[]
  /**
   * Whether a rule looks at records of this log source. Sources whose records take work to make ask it once
   * and make none where it is false.
   */
  isAsked(logSource: LogSource): boolean
  /** For captures: the model that flows are asked about whose payload nobody can read. Absent: nobody asks. */
  readonly flowModel?: FlowModel | undefined
  /** The report of an input. */
  reportOf(input: Input): InputReport
}

/**
 * Events of one source over all its inputs. `watermark` (epoch ms) is the source's promise that no
 * later batch holds an event before it, save what it counted as late; `Infinity` with the last one.
 * A batch need not be sorted, and may be empty to move the watermark on.
 */
export interface Batch {
  readonly events: readonly Event[]
  readonly watermark: number
}

/**
 * A kind of evidence. Reading has two steps inside: *split* (bytes → records with origin and time)
 * and *normalise* (record → events); inputs of one source are merged by time between the two, so
 * the order, number and cut of files does not change what comes out.
 *
 * Obligations: no crash, hang or unbounded memory on any bytes; a bad record is left out, counted
 * and named in the report; nothing is resolved, looked up or contacted.
 */
export interface Source {
  readonly id: string
  /** For the user: what it reads, in a few words. */
  readonly title: string
  /** Event kinds it can give. */
  readonly kinds: readonly Event['kind'][]
  /** Where such evidence is usually found and how to switch it on: for the docs and for coverage hints. */
  readonly hint: string
  /**
   * How surely the head is this format, 0 (no) to 1. Looks at content only, never at the name. `tail` gives the last bytes
   * where they can be had cheaply, for formats that say at their end what they hold.
   */
  recognise(head: Uint8Array, tail?: () => Uint8Array | null): number
  /** Epoch ms of the first record, if the head tells with its year and zone; else null. */
  firstTime(head: Uint8Array): number | null
  read(inputs: readonly Input[], env: SourceEnv): AsyncIterable<Batch>
}
