import { gzipSync, zstdCompressSync } from 'node:zlib'

/** A column of a small Parquet file: text, floats, or whole numbers of 32 or 64 bits, also as decimals. Null = absent. */
export interface Column {
  readonly name: string
  readonly type: 'text' | 'int32' | 'int64' | 'double'
  /** The whole numbers are decimals with so many places. */
  readonly scale?: number
  readonly values: readonly (string | number | null)[]
}

export type Codec = 'none' | 'gzip' | 'zstd'

const TYPES = { int32: 1, int64: 2, double: 5, text: 6 }
const CODECS = { none: 0, gzip: 2, zstd: 6 }
const MAGIC = Buffer.from('PAR1')

/** Thrift's compact protocol, as far as it is needed. https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md */
type Thrift = number | bigint | string | Struct | readonly Thrift[]
interface Struct {
  readonly [field: number]: Thrift
}

const I32 = 5
const I64 = 6
const BINARY = 8
const LIST = 9
const STRUCT = 12

function varint(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return bytes
}

function typeOf(value: Thrift): number {
  if (typeof value === 'number') return I32
  if (typeof value === 'bigint') return I64
  if (typeof value === 'string') return BINARY
  return Array.isArray(value) ? LIST : STRUCT
}

function encode(value: Thrift): number[] {
  if (typeof value === 'number' || typeof value === 'bigint') return varint(BigInt(value) << 1n)
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'latin1')
    return [...varint(BigInt(bytes.length)), ...bytes]
  }
  if (isList(value)) {
    const type = value[0] === undefined ? STRUCT : typeOf(value[0])
    const size =
      value.length < 15 ? [(value.length << 4) | type] : [0xf0 | type, ...varint(BigInt(value.length))]
    return [...size, ...value.flatMap(encode)]
  }
  let last = 0
  const fields = Object.entries(value).flatMap(([id, member]: [string, Thrift]) => {
    const delta = Number(id) - last
    last = Number(id)
    return [(delta << 4) | typeOf(member), ...encode(member)]
  })
  return [...fields, 0]
}

function isList(value: Thrift): value is readonly Thrift[] {
  return Array.isArray(value)
}

function plain(type: Column['type'], value: string | number): Buffer {
  if (type === 'text') {
    const text = Buffer.from(String(value))
    const length = Buffer.alloc(4)
    length.writeUInt32LE(text.length)
    return Buffer.concat([length, text])
  }
  const bytes = Buffer.alloc(type === 'int32' ? 4 : 8)
  if (type === 'double') bytes.writeDoubleLE(Number(value))
  else if (type === 'int32') bytes.writeInt32LE(Number(value))
  else bytes.writeBigInt64LE(BigInt(value))
  return bytes
}

/** Definition levels in runs of one value: whether there is one. */
function levels(values: Column['values']): Buffer {
  const runs = values.flatMap((value) => [...varint(2n), value === null ? 0 : 1])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(runs.length)
  return Buffer.concat([length, Buffer.from(runs)])
}

function pack(page: Buffer, codec: Codec): Buffer {
  if (codec === 'gzip') return gzipSync(page)
  return codec === 'zstd' ? zstdCompressSync(page) : page
}

/** Row groups of at most `groupRows` rows, one page a column, all values plain and optional. */
export function parquetFile(columns: readonly Column[], codec: Codec = 'none', groupRows = 100): Buffer {
  const rows = columns[0]?.values.length ?? 0
  const parts: Buffer[] = [MAGIC]
  let size = MAGIC.length
  const groups: Struct[] = []
  for (let start = 0; start < rows; start += groupRows) {
    const chunks = columns.map(({ name, type, values: all }): Struct => {
      const values = all.slice(start, start + groupRows)
      const present = values.filter((value) => value !== null)
      const page = Buffer.concat([levels(values), ...present.map((value) => plain(type, value))])
      const packed = pack(page, codec)
      const header = Buffer.from(
        encode({ 1: 0, 2: page.length, 3: packed.length, 5: { 1: values.length, 2: 0, 3: 3, 4: 3 } }),
      )
      const offset = size
      parts.push(header, packed)
      size += header.length + packed.length
      const bytes = BigInt(header.length + packed.length)
      const statistics = type === 'int64' ? { 12: statisticsOf(present.map(Number)) } : {}
      return {
        2: BigInt(offset),
        3: {
          1: TYPES[type],
          2: [0, 3],
          3: [name],
          4: CODECS[codec],
          5: BigInt(values.length),
          6: BigInt(header.length + page.length),
          7: bytes,
          9: BigInt(offset),
          ...statistics,
        },
      }
    })
    groups.push({ 1: chunks, 2: BigInt(size), 3: BigInt(Math.min(groupRows, rows - start)) })
  }
  const schema: Struct[] = [
    { 4: 'schema', 5: columns.length },
    ...columns.map(({ name, type, scale }): Struct => ({
      1: TYPES[type],
      3: 1,
      4: name,
      ...(type === 'text' ? { 6: 0 } : {}),
      ...(scale === undefined ? {} : { 6: 5, 7: scale, 8: 18 }),
    })),
  ]
  const footer = Buffer.from(encode({ 1: 1, 2: schema, 3: BigInt(rows), 4: groups }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(footer.length)
  return Buffer.concat([...parts, footer, length, MAGIC])
}

function statisticsOf(values: readonly number[]): Struct {
  return { 5: bytesOf(Math.max(...values)), 6: bytesOf(Math.min(...values)) }
}

function bytesOf(value: number): string {
  return plain('int64', value).toString('latin1')
}
