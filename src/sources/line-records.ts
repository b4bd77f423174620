import type { LineBatch } from '../inputs/lines.ts'

/** What `recordOf` makes of the lines of a batch, empty ones passed over; null says that a line is no record. `line` is one-based. */
export function lineRecords<R>(
  { texts, offsets, firstLine }: LineBatch,
  recordOf: (raw: string, line: number, offset: number) => R | null,
): R[] {
  const records: R[] = []
  for (let index = 0; index < texts.length; index++) {
    const raw = texts[index] ?? ''
    if (raw === '') continue
    const record = recordOf(raw, firstLine + index, offsets[index] ?? 0)
    if (record !== null) records.push(record)
  }
  return records
}
