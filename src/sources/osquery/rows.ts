import { countAt, type Fields, isFields, listAt, objectAt, textAt } from '../json/fields.ts'
import type { Row } from './row.ts'

/** A snapshot of a large table has thousands; beyond these it is no longer read. */
const MAX_ROWS = 20_000

/** The rows of one line of the log, whatever its form. */
export function rowsOf(fields: Fields): Row[] {
  const { columns } = fields
  const isLater = (countAt(fields, 'counter') ?? 0) > 0
  if (isFields(columns)) {
    const action = textAt(fields, 'action')
    const change = action === 'removed' || action === 'added' ? action : 'seen'
    return [{ columns, change, isNew: change === 'added' && isLater }]
  }
  const snapshot = rowsAt(fields, 'snapshot')
  if (snapshot.length > 0) return snapshot.map((row) => ({ columns: row, change: 'seen', isNew: false }))
  return differences(objectAt(fields, 'diffResults'), isLater)
}

/** What changes goes and comes in one answer: it is there as before, in another form. */
function differences(results: Fields, isLater: boolean): Row[] {
  const removed = rowsAt(results, 'removed')
  const gone = new Set(removed.flatMap((row) => textAt(row, 'username') ?? []))
  return [
    ...removed.map((columns): Row => ({ columns, change: 'removed', isNew: false })),
    ...rowsAt(results, 'added').map((columns): Row => {
      return { columns, change: 'added', isNew: isLater && !gone.has(textAt(columns, 'username') ?? '') }
    }),
  ]
}

function rowsAt(fields: Fields, name: string): Fields[] {
  return listAt(fields, name)
    .slice(0, MAX_ROWS)
    .filter((row) => isFields(row))
}
