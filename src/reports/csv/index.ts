import { csvRow } from '../../text/csv.ts'
import { artefactsOf } from '../artefacts.ts'
import type { Report } from '../report.ts'
import { isCommonplace, shapeOf } from '../shape.ts'

const COLUMNS = ['type', 'value', 'machine', 'first', 'last', 'confidence', 'reason']

/**
 * The artefacts of intruders as a table for block lists and hunting (RFC 4180, UTF-8): one row for each on each
 * machine, without those that any machine has (inner addresses, files of the system). Times are RFC 3339 in UTC, confidence 0 to 1. Values that a spreadsheet would calculate begin with an apostrophe.
 */
export const csv: Report = {
  id: 'csv',
  title: 'what gives the intruders away, as a table for blocking and hunting',
  mediaType: 'text/csv',
  extension: '.csv',
  render: (investigation) =>
    [
      COLUMNS,
      ...artefactsOf(investigation)
        .filter(({ type, value }) => !isCommonplace(shapeOf(type, value)))
        .map((one) => [
          one.type,
          one.value,
          one.incident.asset.id,
          one.first,
          one.last,
          one.confidence,
          one.reason,
        ]),
    ]
      .map(csvRow)
      .join(''),
}
