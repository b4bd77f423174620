import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { ColumnMetaData, Compressors, RowGroup } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { compressors } from 'hyparquet-compressors'
import type { ParquetBytes } from './bytes.ts'

/** Pages are a mebibyte as a rule. */
const MAX_PAGE_BYTES = 64 << 20
export const MAX_GROUP_ROWS = 4_000_000

/** As the headers say how long a page is, and no longer. */
export const BOUNDED_COMPRESSORS: Compressors = {
  ...compressors,
  BROTLI: (page, maxOutputLength) => brotliDecompressSync(page, { maxOutputLength }),
  GZIP: (page, maxOutputLength) => gunzipSync(page, { maxOutputLength }),
  ZSTD: (page, maxOutputLength) => zstdDecompressSync(page, { maxOutputLength }),
}

/**
 * Throws where the pages of a row group claim more than it can hold: the decoder reserves what they claim. Of
 * flat columns only, which have one value a row.
 */
export function checkPages(file: ParquetBytes, group: RowGroup, columns: ReadonlySet<string>): void {
  const rows = Number(group.num_rows)
  if (!(rows >= 0 && rows <= MAX_GROUP_ROWS)) throw new Error('a row group of too many rows')
  for (const { meta_data: column } of group.columns)
    if (column !== undefined && columns.has(column.path_in_schema.join('.'))) checkColumn(file, column, rows)
}

function checkColumn(file: ParquetBytes, column: ColumnMetaData, rows: number): void {
  const start = Number(column.dictionary_page_offset || column.data_page_offset)
  const size = Number(column.total_compressed_size)
  const view = new DataView(file.slice(start, start + size))
  const reader = { view, offset: 0 }
  let values = 0
  while (reader.offset < view.byteLength - 1) {
    const header = parquetHeader(reader)
    const packed = header.compressed_page_size
    const unpacked = header.uncompressed_page_size
    const isPossible =
      packed >= 0 && packed <= view.byteLength - reader.offset && unpacked >= 0 && unpacked <= MAX_PAGE_BYTES
    if (!isPossible) throw new Error('a page of an impossible size')
    reader.offset += packed
    const dictionary = header.dictionary_page_header?.num_values
    if (dictionary !== undefined && !(dictionary >= 0 && dictionary <= unpacked))
      throw new Error('a dictionary that is too large')
    values += countOf(header.data_page_header?.num_values) + countOf(header.data_page_header_v2?.num_values)
    if (values > rows) throw new Error('a column of more values than rows')
  }
}

function countOf(count: number | undefined): number {
  if (count === undefined) return 0
  if (!(count >= 0)) throw new Error('a page of fewer than no values')
  return count
}
