import type { Input } from '../../inputs/input.ts'
import type { RecordStream } from '../record-merge.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import { type JsonSourceDefinition, prepare } from './definition.ts'
import type { Fields } from './fields.ts'
import { headRecords } from './head.ts'
import { type EventRecord, mergeEvents } from './merge-events.ts'
import { isNewestFirst } from './input-order.ts'
import { readInput } from './read-input.ts'
import { headTable, type Table } from './table.ts'

export type { JsonMeaning, JsonRecord, JsonSourceDefinition } from './definition.ts'

/**
 * A source out of its definition: inputs are split into records (JSON lines, documents, arrays, envelopes;
 * see JsonSplitter; tables where the definition knows some), unwrapped, normalised at once (nothing parsed
 * is kept), matched with the rules, and merged by time, copies once.
 */
export function defineJsonSource(definition: JsonSourceDefinition): Source {
  const { id, title, kinds, hint, disorderMs } = definition
  return {
    id,
    title,
    kinds: [...kinds, 'rule-match'],
    hint,
    recognise: (head) => recogniseRecords(head, definition),
    firstTime: (head) => startOf(head, definition).firstTime,
    read: (inputs, env): AsyncIterable<Batch> =>
      mergeEvents(
        inputs.map((input) => jsonStream(input, env, definition)),
        disorderMs,
      ),
  }
}

/** How surely a head holds records of this definition, 0 to 1: their mean. */
export function recogniseRecords(head: Uint8Array, definition: JsonSourceDefinition): number {
  const records = recordsIn(head, tableIn(head, definition), definition)
  let sum = 0
  for (const record of records) sum += definition.recogniseRecord(record)
  return records.length === 0 ? 0 : sum / records.length
}

/** One input of such records, for a source that also reads other forms and merges all of them. */
export function jsonStream(
  input: Input,
  env: SourceEnv,
  definition: JsonSourceDefinition,
): RecordStream<EventRecord> {
  const report = env.reportOf(input)
  report.format = definition.id
  const { firstTime, isTurned, table } = startOf(input.head, definition)
  const records = () => readInput({ input, report, env, definition, isTurned, table })
  return { input, report, firstTime, records }
}

interface Start {
  /** Epoch ms; null = unknown. */
  readonly firstTime: number | null
  readonly isTurned: boolean
  readonly table: Table | null
}

function startOf(head: Uint8Array, definition: JsonSourceDefinition): Start {
  const table = tableIn(head, definition)
  const times: number[] = []
  for (const record of recordsIn(head, table, definition)) {
    const time = definition.timeOf(record)
    if (time !== null) times.push(time)
  }
  const isTurned = isNewestFirst(times)
  return { firstTime: times.length === 0 || isTurned ? null : Math.min(...times), isTurned, table }
}

function tableIn(head: Uint8Array, definition: JsonSourceDefinition): Table | null {
  if (definition.isTable === undefined || headRecords(head).length > 0) return null
  const table = headTable(head)
  return table !== null && definition.isTable(table.columns) ? table : null
}

function recordsIn(head: Uint8Array, table: Table | null, definition: JsonSourceDefinition): Fields[] {
  return (table?.rows ?? headRecords(head)).map((record) => prepare(record, definition))
}
