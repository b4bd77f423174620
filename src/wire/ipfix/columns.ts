/** What ipfixprobe (UniRec) calls a column; types before the name are left out. */
export const NEEDED = ['PPI_PKT_DIRECTIONS', 'PPI_PKT_FLAGS', 'PPI_PKT_LENGTHS', 'PPI_PKT_TIMES'] as const
const USED = [
  ...NEEDED,
  'BYTES',
  'BYTES_REV',
  'PACKETS',
  'PACKETS_REV',
  'TIME_FIRST',
  'TIME_LAST',
  'PROTOCOL',
  'SRC_IP',
  'DST_IP',
  'SRC_PORT',
  'DST_PORT',
  'LABEL',
] as const
export type Column = (typeof USED)[number]

export interface Columns {
  /** Where a column is in a row; -1 where it is missing. */
  at(column: Column): number
  readonly missing: readonly Column[]
}

const QUOTES = /^"|"$/gu

/** Reads a header: `uint64 BYTES,time TIME_FIRST,…`, with or without types, in any order. */
export function readHeader(line: string): Columns {
  const places = new Map<string, number>()
  for (const [at, cell] of line
    .replace(/^\uFEFF/u, '')
    .split(',')
    .entries()) {
    const name = cell.trim().replace(QUOTES, '').trim().split(/\s+/u).at(-1)?.toUpperCase() ?? ''
    if (!places.has(name)) places.set(name, at)
  }
  return {
    at: (column) => places.get(column) ?? -1,
    missing: USED.filter((column) => !places.has(column)),
  }
}
