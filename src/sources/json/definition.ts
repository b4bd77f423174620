import type { TimeQuality } from '../../event/base.ts'
import type { Event } from '../../event/event.ts'
import type { Identifier } from '../../event/identifier.ts'
import type { LogRecord } from '../../event/log-record.ts'
import type { Origin } from '../../event/origin.ts'
import type { Fields } from './fields.ts'
import { unwrap } from './unwrap.ts'

/** A record with what every event made of it carries. It lives as long as the call it is handed to. */
export interface JsonRecord {
  readonly fields: Fields
  readonly time: number
  readonly timeQuality: TimeQuality
  readonly origin: Origin
}

/** What a record says. Its events have the record's time. */
export interface JsonMeaning {
  readonly logSource: LogRecord['logSource']
  readonly observer: Identifier
  readonly subjects: Identifier[]
  readonly events: readonly Event[]
}

/** A source of structured logs: how to know its records and what they say. Everything else is done here. */
export interface JsonSourceDefinition {
  readonly id: string
  /** See Source. */
  readonly title: string
  readonly kinds: readonly Event['kind'][]
  readonly hint: string
  /** What one record of it is called in reports, and several: `call`, `calls`. */
  readonly words: { readonly one: string; readonly many: string }
  /** How far (ms) the times of one input may step back and still be put in order. */
  readonly disorderMs: number
  /**
   * The record in the shape that its producer logs it, where it was exported in another (columns of a
   * table, another spelling of names): what rules and everything below get. Gives back what it need not change.
   */
  prepare?(fields: Fields): Fields
  /** Whether a table of text with these columns holds its records, a row each. Absent = there are no such tables. */
  isTable?(columns: readonly string[]): boolean
  /** How surely a record is this source's, 0 to 1. */
  recogniseRecord(fields: Fields): number
  /** Epoch ms of the record's events; null = it has none, and counts as bad. */
  timeOf(fields: Fields): number | null
  /** Where times are not exact. */
  timeQualityOf?(fields: Fields): TimeQuality
  /** What its producer calls this record and no other: records given twice count once. Null or absent = its text. */
  identityOf?(fields: Fields): string | null
  /** Null = a sound record that says nothing here: counted as unused. `decide` tells the user why, once per input. */
  normalise(record: JsonRecord, decide: (why: string) => void): JsonMeaning | null
}

/** A record as its wrapping held it, ready to be asked. */
export function prepare(unwrapped: Fields, definition: JsonSourceDefinition): Fields {
  return definition.prepare === undefined ? unwrapped : definition.prepare(unwrapped)
}

/** A record as it stood in the evidence, ready to be asked. */
export function prepared(record: Fields, definition: JsonSourceDefinition): Fields {
  return prepare(unwrap(record), definition)
}
