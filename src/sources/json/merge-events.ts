import type { Event } from '../../event/event.ts'
import { RecentMap } from '../../recent-map.ts'
import { type MergeableRecord, mergeRecords, type RecordStream } from '../record-merge.ts'
import type { Batch, InputReport } from '../source.ts'

/** A record of which only its events are left. */
export interface EventRecord extends MergeableRecord {
  readonly raw: string
  readonly events: readonly Event[]
  /** Its producer calls it by this and no other so: also twice in one input it is a copy. */
  readonly hasOwnId: boolean
  readonly report: InputReport
}

const REMEMBERED_IDS = 16_000

/** Events of all inputs in order of time, those of copies once. */
export async function* mergeEvents(
  streams: readonly RecordStream<EventRecord>[],
  disorderMs: number,
): AsyncIterable<Batch> {
  const seen = new RecentMap<number>(REMEMBERED_IDS)
  for await (const { records, watermark } of mergeRecords(streams, { disorderMs })) {
    const events: Event[] = []
    for (const record of records) {
      if (record.hasOwnId) {
        if (seen.get(record.identity) === record.time) {
          record.report.duplicates++
          continue
        }
        seen.set(record.identity, record.time)
      }
      for (const event of record.events) events.push(event)
    }
    yield { events, watermark }
  }
}
