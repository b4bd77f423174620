/** What extended headers say about the members behind them. */
export interface PaxRecords {
  readonly path?: Buffer
  readonly size?: number
  readonly modifiedAt?: number
  readonly isSparse?: boolean
}

const SPACE = 32
const EQUALS = 61
const LINE_FEED = 10

/** Records of the form "25 ctime=1084839148.1212\n" (POSIX pax); reading stops at the first that makes no sense. */
export function readPax(bytes: Buffer): PaxRecords {
  const records: { -readonly [K in keyof PaxRecords]: PaxRecords[K] } = {}
  for (let position = 0; position < bytes.length;) {
    const space = bytes.indexOf(SPACE, position)
    const length =
      space < 0 ? NaN : Number(bytes.toString('latin1', position, Math.min(space, position + 12)))
    const end = position + length
    if (!Number.isInteger(length) || end > bytes.length || end <= space + 2 || bytes[end - 1] !== LINE_FEED)
      break
    const equals = bytes.indexOf(EQUALS, space)
    if (equals < 0 || equals >= end) break
    apply(records, bytes.toString('latin1', space + 1, equals), bytes.subarray(equals + 1, end - 1))
    position = end
  }
  return records
}

function apply(
  records: { -readonly [K in keyof PaxRecords]: PaxRecords[K] },
  key: string,
  value: Buffer,
): void {
  if (key === 'path') records.path = value
  else if (key === 'size') records.size = decimal(value)
  else if (key === 'mtime') records.modifiedAt = decimal(value) * 1000
  else if (key === 'GNU.sparse.name') records.path = value
  if (key.startsWith('GNU.sparse.')) records.isSparse = true
}

/** NaN where it is no number. */
function decimal(value: Buffer): number {
  const text = value.toString('latin1', 0, 40)
  return /^\d{1,16}(\.\d*)?$/.test(text) ? Number(text) : NaN
}
