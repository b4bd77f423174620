import type { Event } from '../../event/event.ts'
import { identifier } from '../../event/identifier.ts'
import { defineJsonSource, type JsonMeaning, type JsonRecord } from '../json/define-json-source.ts'
import { type Fields, objectAt, textAt } from '../json/fields.ts'
import { fileRow } from './file-rows.ts'
import { peopleRow } from './people-rows.ts'
import { processRow } from './process-rows.ts'
import type { Row } from './row.ts'
import { rowsOf } from './rows.ts'
import type { Seen } from './seen.ts'
import { socketRow } from './socket-rows.ts'
import { startRow } from './start-rows.ts'
import { hostIn, isResult, isUndated, recordTime } from './time.ts'

const LOG_SOURCE = { product: 'osquery', service: 'results' }
/** Events wait for their query: an hour is the longest that schedules usually leave between two. */
const DISORDER_MS = 3_600_000

/**
 * Answers to scheduled queries, as osqueryd logs them: a line for each row that came or went, a line for each query
 * with what came and went, and snapshots. What its status log says is left out.
 * https://osquery.readthedocs.io/en/stable/deployment/logging/
 */
export const osquery = defineJsonSource({
  id: 'osquery',
  title: 'Answers to scheduled queries of osqueryd (events, batches, snapshots)',
  kinds: ['account', 'file', 'process', 'resource', 'session', 'socket'],
  hint: '/var/log/osquery/osqueryd.results.log and osqueryd.snapshots.log; scheduled queries on process_events, processes, listening_ports, socket_events, crontab, authorized_keys, users, shell_history, last, file_events (select *).',
  words: { one: 'answer', many: 'answers' },
  disorderMs: DISORDER_MS,
  recogniseRecord: (record) => (isResult(record) ? 1 : 0),
  timeOf: recordTime,
  timeQualityOf: (record) => (isUndated(record) ? 'unknown' : 'exact'),
  normalise,
})

const TABLES: readonly ((row: Row, seen: Seen) => Event[] | null)[] = [
  fileRow,
  startRow,
  socketRow,
  processRow,
  peopleRow,
]

function normalise({ fields, time, timeQuality, origin }: JsonRecord): JsonMeaning {
  const observer = identifier('host', hostOf(fields))
  const subjects = [observer]
  const seen: Seen = { time, timeQuality, observer, subjects, origin }
  return {
    logSource: LOG_SOURCE,
    observer,
    subjects,
    events: rowsOf(fields).flatMap((row) => eventsOf(row, seen)),
  }
}

/** By the columns: what a query is called is its writer's affair. */
function eventsOf(row: Row, seen: Seen): Event[] {
  for (const table of TABLES) {
    const events = table(row, seen)
    if (events !== null) return events
  }
  return []
}

/** A decoration with the name is better than a bare UUID. */
function hostOf(fields: Fields): string {
  const decorations = objectAt(fields, 'decorations')
  return (
    textAt(decorations, 'hostname') ?? textAt(decorations, 'computer_name') ?? hostIn(fields) ?? 'osquery'
  )
}
