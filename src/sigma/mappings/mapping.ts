import type { Event, EventKind, EventOf } from '../../event/event.ts'
import type { LogSource } from '../../event/log-record.ts'
import type { ProcessEvent } from '../../event/process.ts'
import type { RecordView } from '../rule.ts'

/**
 * What records of a log source hold, in the words of rules. It is data: the reference page, the checker
 * of rules and the engine all read the same table.
 */
export interface Mapping {
  /** `linux-process-creation`: names the table in problems and in the reference page. */
  readonly id: string
  readonly title: string
  /** What a record is, each in full: a rule must ask for one of them. */
  readonly logSources: readonly LogSource[]
  /** Field → what it holds, in a few words. A record may lack any of them. */
  readonly fields: Readonly<Record<string, string>>
  /** `listed`: there are no other fields. `nested`: below these stands what the producer likes. `open`: any others as well. */
  readonly extent: 'listed' | 'nested' | 'open'
  /** What rules call a field → where it stands in the record; with several, any of them. */
  readonly renames?: Readonly<Record<string, readonly string[]>>
}

/** What a view may need besides the event itself. */
export interface ViewContext {
  /** The program that started the event's process, where it was seen to start. */
  parentOf(event: ProcessEvent): ParentProcess | null
}

export interface ParentProcess {
  readonly image: string | null
  readonly commandLine: string
}

/** A mapping of our events. */
export interface EventMapping extends Mapping {
  readonly kind: EventKind
  /** The event as rules see it; null where it is none of these. Values are the event's own, nothing is copied. */
  viewOf(event: Event, context: ViewContext): RecordView | null
}

export type FieldReader<E> = (event: E, context: ViewContext) => unknown

interface Definition<K extends EventKind> extends Omit<Mapping, 'fields' | 'extent'> {
  readonly kind: K
  readonly isFor: (event: EventOf<K>) => boolean
  readonly fields: Readonly<Record<string, readonly [docs: string, read: FieldReader<EventOf<K>>]>>
}

/** A mapping from its table. What is null or empty in the event is absent in the view. */
export function eventMapping<K extends EventKind>(definition: Definition<K>): EventMapping {
  const { kind, fields, isFor } = definition
  const readers = Object.entries(fields).map(([field, [, read]]) => ({ field, read }))
  const isOfKind = (event: Event): event is EventOf<K> & Event => event.kind === kind
  return {
    ...definition,
    fields: Object.fromEntries(Object.entries(fields).map(([field, [docs]]) => [field, docs])),
    extent: 'listed',
    viewOf(event, context) {
      if (!isOfKind(event) || !isFor(event)) return null
      const view: Record<string, unknown> = {}
      for (const { field, read } of readers) {
        const value = read(event, context)
        if (value !== null && value !== undefined) view[field] = value
      }
      return view
    },
  }
}
