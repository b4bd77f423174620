/** Names of columns, each telling alone, as a Parquet footer holds them. */
const TELLING = [
  'BilledCost',
  'billed_cost',
  'line_item_unblended_cost',
  'lineItem/UnblendedCost',
  'EffectiveCost',
  'effective_cost',
]

/** Whether the end of a Parquet file names columns of a bill: its footer names them once a row group. */
export function isBillParquet(tail: Uint8Array | null): boolean {
  if (tail === null) return false
  const text = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength)
  return TELLING.some((name) => text.includes(name))
}
