import { type Fields, textAt } from '../json/fields.ts'
import type { JsonSourceDefinition } from '../json/define-json-source.ts'
import { columnOf, DEFAULT_COLUMNS } from './columns.ts'
import { aggregateOf, flowOf, statusOf } from './flow-row.ts'
import { LOG_SOURCE, SOURCE_ID } from './record.ts'
import { rowOfLine } from './text-form.ts'

const DEFAULT_FORM = { columns: DEFAULT_COLUMNS, separator: ' ' }

/** Records inside JSON: CloudWatch Logs events whose message is a line of the default format, and rows of tables. */
export const FLOW_JSON: Omit<JsonSourceDefinition, 'title' | 'kinds' | 'hint'> = {
  id: SOURCE_ID,
  words: { one: 'flow', many: 'flows' },
  disorderMs: 0,
  prepare: rowIn,
  recogniseRecord: (row) => (isFlowRow(row) ? 1 : 0),
  timeOf: (row) => aggregateOf(row)?.end ?? null,
  normalise({ fields, origin }) {
    const aggregate = aggregateOf(fields)
    const event = aggregate === null || statusOf(fields) !== 'OK' ? null : flowOf(fields, aggregate, origin)
    if (event === null) return null
    return { logSource: LOG_SOURCE, observer: event.observer, subjects: event.subjects, events: [event] }
  },
}

function isFlowRow(row: Fields): boolean {
  return 'srcaddr' in row && 'dstaddr' in row && 'protocol' in row && aggregateOf(row) !== null
}

function rowIn(fields: Fields): Fields {
  const message = textAt(fields, 'message')
  if (message !== null) return rowOfLine(message.trim(), DEFAULT_FORM) ?? fields
  const row: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields))
    row[columnOf(name) ?? name] = value === '-' ? null : value
  return row
}
