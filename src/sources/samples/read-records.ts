import type { Event, EventKind, EventOf } from '../../event/event.ts'
import type { InputReport, Source } from '../source.ts'
import { readTexts, type TextFile } from './read-texts.ts'

/** The events of one kind that a source makes of a text, and the report on it. */
export async function eventsOf<K extends EventKind>(
  source: Source,
  kind: K,
  text: TextFile['text'],
): Promise<{ events: EventOf<K>[]; report: InputReport }> {
  const { events, reports } = await readTexts(source, [{ name: 'a', text, chunkBytes: 700 }])
  const [report] = reports
  if (report === undefined) throw new Error('no report')
  const isOfKind = (event: Event): event is EventOf<K> => event.kind === kind
  return { events: events.filter(isOfKind), report }
}
