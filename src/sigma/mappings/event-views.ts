import type { Event, EventKind } from '../../event/event.ts'
import type { LogSource } from '../../event/log-record.ts'
import type { RecordView } from '../rule.ts'
import { EVENT_MAPPINGS } from './index.ts'
import type { EventMapping, ViewContext } from './mapping.ts'

/** An event as rules of some log sources see it. */
export interface EventView {
  readonly mapping: EventMapping
  readonly logSources: readonly LogSource[]
  readonly record: RecordView
}

const BY_KIND: ReadonlyMap<EventKind, readonly EventMapping[]> = Map.groupBy(
  EVENT_MAPPINGS,
  ({ kind }) => kind,
)
const NONE: readonly EventMapping[] = []

/** Mappings that an event of this kind may have a view in. */
export function mappingsOf(kind: EventKind): readonly EventMapping[] {
  return BY_KIND.get(kind) ?? NONE
}

/** Everything an event is to rules; empty for kinds that no rule looks at. */
export function viewsOf(event: Event, context: ViewContext): EventView[] {
  const views: EventView[] = []
  for (const mapping of mappingsOf(event.kind)) {
    const record = mapping.viewOf(event, context)
    if (record !== null) views.push({ mapping, logSources: mapping.logSources, record })
  }
  return views
}
